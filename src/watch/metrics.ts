/**
 * The metrics of `watch worker`: what it counts, and whether it waits.
 *
 * In:    how a worker stands. Out: entries for Prometheus; docs/metrics.md is made of them.
 * Holds: no name of a bucket, an object or an address is in a label.
 */
import type { Metric, Sample } from '../publish/metric-text.ts';
import type { WorkerStanding } from './standing.ts';

type Counts = Readonly<Record<string, number>>;

const by =
  (label: string, of: (standing: WorkerStanding) => Counts) =>
  (standing: WorkerStanding): readonly Sample[] =>
    Object.entries(of(standing)).map(([word, count]): Sample => [{ [label]: word }, count]);

function counter(
  name: string,
  help: string,
  of: (standing: WorkerStanding) => number,
  alert?: Metric<WorkerStanding>['alert'],
): Metric<WorkerStanding> {
  return {
    name: `flowgauge_watch_${name}`,
    type: 'counter',
    help,
    labels: [],
    samples: (standing) => [[{}, of(standing)]],
    ...(alert === undefined ? {} : { alert }),
  };
}

function outcomes(
  name: string,
  help: string,
  of: (standing: WorkerStanding) => Counts,
  alert?: Metric<WorkerStanding>['alert'],
): Metric<WorkerStanding> {
  return {
    name: `flowgauge_watch_${name}`,
    type: 'counter',
    help,
    labels: ['outcome'],
    samples: by('outcome', of),
    ...(alert === undefined ? {} : { alert }),
  };
}

/** Every metric of a worker. */
export const WATCH_METRICS: readonly Metric<WorkerStanding>[] = [
  counter('messages_received_total', 'Messages that the queue gave.', ({ counters }) => counters.messages.received),
  outcomes(
    'messages_total',
    'Messages by what became of them: `done`, `again` (given back or failed: they come again), `dead` (sent to the dead-letter queue).',
    ({ counters: { messages } }) => ({ done: messages.done, again: messages.again, dead: messages.dead }),
    {
      when: 'increase(flowgauge_watch_messages_total{outcome="dead"}[15m]) > 0',
      means: 'Objects could not be handled: `flowgauge watch redrive --list` says which and why.',
    },
  ),
  {
    name: 'flowgauge_watch_messages_held',
    type: 'gauge',
    help: 'Messages that are held now: under way, or received and not begun.',
    labels: [],
    samples: ({ held }) => [[{}, held]],
  },
  counter(
    'ignored_events_total',
    'Events that are of no new object: tests, removals.',
    ({ counters }) => counters.messages.ignoredEvents,
  ),
  outcomes(
    'objects_total',
    'Objects by what became of them: `read`, `partly` (not to the end, or with documents that were refused), `gone` (removed before it was read), `other` (no flow log).',
    ({ counters }) => counters.objects,
    {
      when: 'increase(flowgauge_watch_objects_total{outcome="gone"}[1h]) > 0',
      means: 'Objects are removed before they are read: the worker is too late, or a lifecycle rule too early.',
    },
  ),
  counter('records_total', 'Records that were read.', ({ counters }) => counters.records.read),
  {
    name: 'flowgauge_watch_records_noted_total',
    type: 'counter',
    help: 'Of those, NODATA and SKIPDATA.',
    labels: ['note'],
    samples: by('note', ({ counters: { records } }) => ({ nodata: records.noData, skipdata: records.skipData })),
  },
  counter(
    'bad_lines_total',
    'Lines that are no record and were left out.',
    ({ counters }) => counters.records.badLines,
  ),
  counter(
    'fields_left_out_total',
    'Values of unknown fields that were left out: of a file with more than 50 of them.',
    ({ counters }) => counters.records.fieldsLeftOut,
  ),
  outcomes(
    'documents_total',
    'Documents that the search server answered for: `created`, `existing` (there before: a message that came again), `refused`.',
    ({ counters }) => counters.documents,
    {
      when: 'increase(flowgauge_watch_documents_total{outcome="refused"}[15m]) > 0',
      means: 'The search server refuses documents: the reason is with the dead letters.',
    },
  ),
  counter(
    'back_pressure_total',
    'Requests that the search server had no room for, or could not answer.',
    ({ counters }) => counters.backPressure,
  ),
  {
    name: 'flowgauge_watch_waiting',
    type: 'gauge',
    help: 'Lanes of work that wait because search server or AWS cannot be asked; `/health` has the code.',
    labels: [],
    samples: ({ waiting }) => [[{}, waiting.size]],
    alert: {
      when: 'flowgauge_watch_waiting > 0 for 10 minutes',
      means: 'Nothing is written: the search server or AWS is out of reach, or does not let the worker in.',
    },
  },
];
