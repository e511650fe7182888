/**
 * Makes docs/metrics.md from the tables of metrics: `bin/node scripts/make-metrics-doc.ts`.
 *
 * In:    the tables. Out: the page. Holds: a test compares page and tables, so neither is ahead of the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_METRICS } from '../src/app/server/agent-metrics.ts';
import { DETECTION_METRICS } from '../src/app/server/detection/metrics.ts';
import { KEEPING_METRICS } from '../src/app/server/keeping/metrics.ts';
import { HOST_METRICS } from '../src/app/server/metrics.ts';
import type { Metric } from '../src/publish/metric-text.ts';
import { PUBLISH_METRICS } from '../src/publish/metrics.ts';
import { WATCH_METRICS } from '../src/watch/metrics.ts';
import { ROOT } from './files.ts';

type Told = Pick<Metric<never>, 'name' | 'type' | 'help' | 'labels' | 'alert'>;

function table(metrics: readonly Told[]): string[] {
  const rows = metrics.map(
    ({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labels.join(', ') || '-'} | ${help} |`,
  );
  return ['| name | type | labels | meaning |', '|---|---|---|---|', ...rows];
}

/** The page. */
export function metricsPage(
  host: readonly Told[],
  publish: readonly Told[],
  detection: readonly Told[],
  keeping: readonly Told[],
  agents: readonly Told[],
  watch: readonly Told[],
): string {
  const alerts = [...host, ...publish, ...detection, ...keeping, ...agents, ...watch].flatMap(({ alert }) =>
    alert === undefined ? [] : [alert],
  );
  const lines = [
    '# Metrics',
    '',
    'Made by `bin/node scripts/make-metrics-doc.ts` from `src/app/server/metrics.ts`, `src/app/server/detection/metrics.ts`, `src/app/server/keeping/metrics.ts`, `src/app/server/agent-metrics.ts`, `src/publish/metrics.ts` and `src/watch/metrics.ts`; do not edit it here.',
    '',
    '`flowgauge up` answers `GET /metrics` in the text format of Prometheus ([where](operate.md)); `flowgauge status --prometheus` prints those of',
    'publishing for a directory, running or not.',
    '',
    'Every stage counts in the unit of its input, and at each scrape `…_in_total` = `…_total` + `…_held` + the sum of `…_lost_total`. Counters begin',
    'at 0 when `up` starts. The collector tells once a second; what it has not told yet, and all of it in the demonstration, has no samples.',
    '',
    '## From packet to record',
    '',
    ...table(host),
    '',
    '## From record to object',
    '',
    ...table(publish),
    '',
    '## Findings and alerts',
    '',
    'Of [detection](detect.md#in-up) in `up`, and of [a worker](watch.md#findings-while-it-runs) with `--detect`.',
    '',
    ...table(detection),
    '',
    '## The lake',
    '',
    'Of [compaction and retention](lake.md#in-up) in `up`.',
    '',
    ...table(keeping),
    '',
    '## Agents on other hosts',
    '',
    'What each [agent](agents.md) told last; at least every 10 s while it reaches the server.',
    '',
    ...table(agents),
    '',
    '## Workers of a queue',
    '',
    'Of [`watch worker`](watch.md#while-it-runs) with `--port`, each of itself.',
    '',
    ...table(watch),
    '',
    '## Alerts',
    '',
    'Hints, to be fitted to what is usual at your place.',
    '',
    '| when | it means |',
    '|---|---|',
    ...alerts.map(({ when, means }) => `| \`${when}\` | ${means} |`),
  ];
  return `${lines.join('\n')}\n`;
}

if (import.meta.main)
  writeFileSync(
    join(ROOT, 'docs/metrics.md'),
    metricsPage(HOST_METRICS, PUBLISH_METRICS, DETECTION_METRICS, KEEPING_METRICS, AGENT_METRICS, WATCH_METRICS),
  );
