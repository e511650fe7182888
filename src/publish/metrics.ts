/**
 * How publishing stands, for Prometheus.
 *
 * In:    what the publisher told last. Out: its metrics.
 * Holds: in = delivered + held + the sum of lost, in records, as everywhere (rule C). Counters are of the process that told.
 */
import { SLOT_SECONDS } from '../storage/object/keys.ts';
import type { LaneStatus } from './lane.ts';
import { LATENCY_BOUNDS_SECONDS } from './lane.ts';
import type { Metric, Sample } from './metric-text.ts';
import { metricText, stageMetrics } from './metric-text.ts';
import type { PublishStatus } from './status.ts';

/** Every metric of publishing; nothing has been told where there is no status. */
export const PUBLISH_METRICS: readonly Metric<PublishStatus | null>[] = [
  ...stageMetrics<PublishStatus | null>(
    'flowgauge_publish_records',
    {
      in: 'Records printed and taken, or not taken because the spool is full.',
      out: 'Records that a destination has confirmed.',
      held: 'Records in the spool.',
      lost: 'Records lost, by cause.',
    },
    [],
    (status) => (status === null ? [] : [[{}, status.count]]),
    {
      when: 'increase(flowgauge_publish_records_lost_total[10m]) > 0',
      means: 'Records were lost for good; SKIPDATA lines say of which interfaces and windows.',
    },
  ),
  spool('spool_bytes', 'Bytes in the spool.', ({ bytes }) => bytes, {
    when: 'flowgauge_publish_spool_bytes / flowgauge_publish_spool_max_bytes > 0.8',
    means: 'A destination has taken too little for too long; when the spool is full, new records become SKIPDATA.',
  }),
  spool('spool_max_bytes', 'Bytes that the spool may have.', ({ maxBytes }) => maxBytes),
  spool(
    'spool_full',
    '1: new records become SKIPDATA, because of bytes, age or the disk.',
    ({ full }) => (full === null ? 0 : 1),
    { when: 'flowgauge_publish_spool_full == 1', means: 'Records are being lost now.' },
  ),
  lanes('waiting_records', 'gauge', 'Records that wait for a destination.', ({ records }) => records),
  lanes(
    'oldest_waiting_seconds',
    'gauge',
    'Age of the slot that waits longest, from its end; none where nothing waits.',
    ({ oldestSlotSeconds: oldest }, { writtenMillis }) =>
      oldest === null ? null : Math.max(0, writtenMillis / 1000 - oldest - SLOT_SECONDS),
    {
      when: 'flowgauge_publish_oldest_waiting_seconds > 1800',
      means: 'Records of half an hour ago have not arrived; `flowgauge status` says why.',
    },
  ),
  lanes('failures', 'gauge', 'Failed attempts in a row.', ({ failures }) => failures, {
    when: 'flowgauge_publish_failures > 5',
    means: 'A destination takes nothing; `flowgauge status` has the words of its last error.',
  }),
  lanes('deliveries_total', 'counter', 'Segments delivered.', ({ deliveries }) => deliveries),
  {
    name: 'flowgauge_publish_delivery_latency_seconds',
    type: 'histogram',
    help: 'Seconds from the end of a slot of five minutes to the delivery of a segment of it; 0 for one delivered before.',
    labels: ['destination'],
    bounds: LATENCY_BOUNDS_SECONDS,
    histograms: (status) =>
      (status?.destinations ?? []).map((one) => ({
        labels: { destination: one.destination },
        counts: one.latencyCounts,
        total: one.deliveries,
        sum: one.latencySeconds,
      })),
    alert: {
      when: 'histogram_quantile(0.95, sum by (le, destination) (rate(flowgauge_publish_delivery_latency_seconds_bucket[1h]))) > 1200',
      means: 'One delivery in twenty comes later than 20 minutes after its slot.',
    },
  },
  {
    name: 'flowgauge_publish_told_timestamp_seconds',
    type: 'gauge',
    help: 'When the publisher told this, in Unix time.',
    labels: [],
    samples: (status) => (status === null ? [] : [[{}, status.writtenMillis / 1000]]),
    alert: {
      when: 'time() - flowgauge_publish_told_timestamp_seconds > 60',
      means: 'The collector has told nothing for a minute: it hangs, or the disk does.',
    },
  },
];

type Alert = NonNullable<Metric<unknown>['alert']>;

function spool(
  name: string,
  help: string,
  of: (spool: PublishStatus['spool']) => number,
  alert?: Alert,
): Metric<PublishStatus | null> {
  return {
    name: `flowgauge_publish_${name}`,
    type: 'gauge',
    help,
    labels: [],
    samples: (status) => (status === null ? [] : [[{}, of(status.spool)]]),
    ...(alert === undefined ? {} : { alert }),
  };
}

function lanes(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  of: (lane: LaneStatus, status: PublishStatus) => number | null,
  alert?: Alert,
): Metric<PublishStatus | null> {
  return {
    name: `flowgauge_publish_${name}`,
    type,
    help,
    labels: ['destination'],
    samples: (status) =>
      (status?.destinations ?? []).flatMap((one): Sample[] => {
        const value = of(one, status!);
        return value === null ? [] : [[{ destination: one.destination }, value]];
      }),
    ...(alert === undefined ? {} : { alert }),
  };
}

/** The text. */
export function publishMetrics(status: PublishStatus): string {
  return metricText(PUBLISH_METRICS, status);
}
