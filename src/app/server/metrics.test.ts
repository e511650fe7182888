import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageCount } from '../../model/counters.ts';
import { readExposition } from '../../publish/exposition.fixture.ts';
import type { PublishStatus } from '../../publish/status.ts';
import { metricsText } from './metrics.ts';
import { createStanding } from './standing.ts';
import type { Standing } from './standing.ts';

/** A count that adds up, other than those of other seeds. */
const count = (seed: number): StageCount => ({
  in: seed * 10,
  out: seed * 6,
  held: seed,
  lost: { 'a "cause"': seed * 2, 'never-logged/arp': seed },
  notes: { late: seed },
});
const publish: PublishStatus = {
  status: 1,
  writtenMillis: 1_795_435_500_000,
  pid: 1,
  hostId: 'h',
  count: count(6),
  spool: { maxBytes: 10, maxAgeSeconds: 1, reserveBytes: 1, bytes: 4, full: null },
  destinations: [],
  problems: [],
};
const standing: Standing = {
  ...createStanding(),
  capture: { is: 'running', sinceMillis: 0 },
  drops: new Uint32Array([17]),
  toldMillis: 1,
  pids: { collector: process.pid, capture: null },
  stages: {
    counts: {
      capture: count(1),
      verdict: count(2),
      observations: count(3),
      aggregate: { '60': count(4), '600': count(40) },
    },
    tables: { openWindows: 2, openSince: 0, flowRows: 3, maxFlowRows: 4, tracked: 5, maxConnections: 6 },
    print: count(5),
    publish,
  },
};

test('at every stage what came in went out, is held or lost', () => {
  const { samples } = readExposition(metricsText(standing));
  const stages = [...samples].flatMap(([name]) => /^(.*)_in_total(.*)$/u.exec(name)?.slice(1, 3).join(' ') ?? []);
  assert.deepEqual(stages, [
    'flowgauge_capture_frames ',
    'flowgauge_verdict_packets ',
    'flowgauge_verdict_observations ',
    'flowgauge_aggregate_observations {interval="60"}',
    'flowgauge_aggregate_observations {interval="600"}',
    'flowgauge_print_flows ',
    'flowgauge_publish_records ',
  ]);
  for (const [at, stage] of stages.entries()) {
    const [name, labels] = stage.split(' ') as [string, string];
    const of = (kind: string): number => samples.get(`${name}${kind}${labels}`)!;
    const own = `${name}_lost_total{${labels === '' ? '' : `${labels.slice(1, -1)},`}`;
    const lost = [...samples].filter(([sample]) => sample.startsWith(own)).reduce((sum, [, value]) => sum + value, 0);
    assert.equal(of('_in_total'), of('_total') + of('_held') + lost, stage);
    assert.equal(of('_in_total'), [10, 20, 30, 40, 400, 50, 60][at], stage);
  }
});

test('tables, drops, version and processes are told', () => {
  const { samples } = readExposition(metricsText(standing));
  const at = (name: string): number | undefined => samples.get(`flowgauge_${name}`);
  assert.deepEqual(
    ['open_windows', 'flow_rows', 'flow_rows_max', 'tracked_connections', 'tracked_connections_max'].map(at),
    [2, 3, 4, 5, 6],
  );
  assert.deepEqual([at('capture_drops_total'), at('capturing')], [17, 1]);
  assert.ok([...samples.keys()].some((name) => /^flowgauge_build_info\{version="\d/u.test(name)));
  if (process.platform !== 'linux') return;
  assert.ok(at('process_resident_memory_bytes{process="server"}')! > 1_000_000);
  assert.ok(at('process_cpu_seconds_total{process="collector"}')! > 0);
  assert.equal(at('process_cpu_seconds_total{process="capture"}'), undefined, 'none runs');
});

test('before anything is told there are names without samples, and that nothing is captured', () => {
  const { samples, types } = readExposition(metricsText(createStanding()));
  assert.equal(samples.get('flowgauge_capturing'), 0);
  assert.ok(types.has('flowgauge_publish_records_total'));
  assert.ok(![...samples.keys()].some((name) => name.includes('records')));
});
