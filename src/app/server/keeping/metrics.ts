/**
 * The metrics of keeping the lake.
 *
 * In:    how it stands. Out: text for Prometheus.
 * Holds: where it is off there are no samples but that.
 */
import type { Metric, Sample } from '../../../publish/metric-text.ts';
import type { Standing } from '../standing.ts';
import type { KeepingStanding } from './standing.ts';

/** Every metric of it. */
export const KEEPING_METRICS: readonly Metric<Standing>[] = [
  {
    name: 'flowgauge_lake_enabled',
    type: 'gauge',
    help: '1: the objects of the bucket `local` are compacted again and again.',
    labels: [],
    samples: ({ keeping }) => [[{}, keeping.is === 'off' ? 0 : 1]],
  },
  whenOn('lake_runs_total', 'counter', 'Runs of compaction that went well.', ({ runs }) => [[{}, runs]]),
  whenOn('lake_failures_total', 'counter', 'Runs that failed.', ({ failures }) => [[{}, failures]], {
    when: 'increase(flowgauge_lake_failures_total[1h]) > 2',
    means: 'Objects are not compacted and nothing is removed: the log and *Storage* say why.',
  }),
  whenOn('lake_seconds_total', 'counter', 'Time that runs took by the clock.', ({ seconds }) => [[{}, seconds]]),
  whenOn(
    'lake_last_run_seconds',
    'gauge',
    'When the last run that went well began, in seconds since 1970 UTC.',
    ({ last }) => (last === null ? [] : [[{}, last.atSeconds]]),
    {
      when: 'time() - flowgauge_lake_last_run_seconds > 86400',
      means: 'Compaction takes very long on this machine, fails, or another process changes the lake.',
    },
  ),
  whenOn('lake_compacted_objects_total', 'counter', 'Objects whose records came into the lake.', ({ sums }) => [
    [{}, sums.objects],
  ]),
  whenOn('lake_compacted_records_total', 'counter', 'Records that came into it.', ({ sums }) => [[{}, sums.records]]),
  whenOn('lake_files_total', 'counter', 'Files of records that were made.', ({ sums }) => [[{}, sums.files]]),
  whenOn(
    'lake_removed_objects_total',
    'counter',
    'Objects that were removed once they had been compared with the lake.',
    ({ sums }) => [[{}, sums.expired]],
  ),
  whenOn('lake_retired_records_total', 'counter', 'Records that went for their age.', ({ sums }) => [
    [{}, sums.retiredRecords],
  ]),
  whenOn(
    'lake_kept_objects',
    'gauge',
    'Objects that are old enough to be removed and stay, for they could not be compared with the lake, at the last run.',
    ({ last }) => (last === null ? [] : [[{}, last.keptObjects]]),
    { when: 'flowgauge_lake_kept_objects > 0 for a day', means: '`flowgauge compact --expire` says of each file why.' },
  ),
  whenOn(
    'lake_run_files',
    'gauge',
    'Of the run that goes on, objects that are done, and all of them.',
    ({ progress }): readonly Sample[] =>
      progress === null
        ? []
        : [
            [{ which: 'done' }, progress.files],
            [{ which: 'all' }, progress.of],
          ],
    undefined,
    ['which'],
  ),
];

function whenOn(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: (keeping: KeepingStanding) => readonly Sample[],
  alert?: { readonly when: string; readonly means: string },
  labels: readonly string[] = [],
): Metric<Standing> {
  return {
    name: `flowgauge_${name}`,
    type,
    help,
    labels,
    samples: ({ keeping }) => (keeping.is === 'off' ? [] : samples(keeping)),
    ...(alert === undefined ? {} : { alert }),
  };
}
