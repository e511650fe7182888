import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AGENT_METRICS } from '../src/app/server/agent-metrics.ts';
import { DETECTION_METRICS } from '../src/app/server/detection/metrics.ts';
import { KEEPING_METRICS } from '../src/app/server/keeping/metrics.ts';
import { HOST_METRICS } from '../src/app/server/metrics.ts';
import { PUBLISH_METRICS } from '../src/publish/metrics.ts';
import { WATCH_METRICS } from '../src/watch/metrics.ts';
import { ROOT } from './files.ts';
import { metricsPage } from './make-metrics-doc.ts';

test('docs/metrics.md is made from the tables (else: bin/node scripts/make-metrics-doc.ts)', () => {
  assert.equal(
    readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8'),
    metricsPage(HOST_METRICS, PUBLISH_METRICS, DETECTION_METRICS, KEEPING_METRICS, AGENT_METRICS, WATCH_METRICS),
  );
});

test('an alert names metrics that there are', () => {
  const all = [...HOST_METRICS, ...PUBLISH_METRICS, ...DETECTION_METRICS, ...KEEPING_METRICS, ...WATCH_METRICS];
  const names = new Set(all.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`] : [name])));
  for (const { alert } of all)
    for (const [name] of alert?.when.matchAll(/flowgauge_\w+/gu) ?? []) assert.ok(names.has(name), name);
});
