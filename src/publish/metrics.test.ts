import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readExposition } from './exposition.fixture.ts';
import { publishMetrics } from './metrics.ts';
import { readStatus } from './status.ts';
import type { PublishStatus } from './status.ts';

const SLOT = 1_795_435_500;
const status: PublishStatus = {
  status: 1,
  writtenMillis: (SLOT + 900) * 1000,
  pid: 1,
  hostId: 'h',
  count: { in: 100, out: 40, held: 30, lost: { 'spool-full': 20, 'too-old': 10 }, notes: { 'possible-duplicates': 5 } },
  spool: { maxBytes: 1000, maxAgeSeconds: 1, reserveBytes: 1, bytes: 600, full: 'bytes' },
  destinations: [
    {
      destination: 'a "b"\\c',
      segments: 2,
      records: 30,
      oldestSlotSeconds: SLOT,
      waitingSeconds: 0,
      failures: 3,
      deliveries: 4,
      latencySeconds: 12.5,
      latencyCounts: [1, 0, 0, 2],
      nextAttemptMillis: null,
      lastDeliveredMillis: null,
      lastError: null,
    },
  ],
  problems: [],
};

test('what came in is what went out, is held or lost, and every destination has its own line', () => {
  const { samples } = readExposition(publishMetrics(status));
  const at = (name: string): number => samples.get(`flowgauge_publish_${name}`)!;
  const lost = [...samples].filter(([name]) => name.includes('_lost_total')).reduce((sum, [, value]) => sum + value, 0);
  assert.equal(at('records_in_total'), at('records_total') + at('records_held') + lost);
  assert.equal(at('records_lost_total{cause="spool-full"}'), 20);
  assert.equal(at('records_noted_total{note="possible-duplicates"}'), 5);
  assert.deepEqual([at('spool_bytes'), at('spool_full')], [600, 1]);
  const label = '{destination="a \\"b\\"\\\\c"}';
  assert.equal(at(`oldest_waiting_seconds${label}`), 600);
  assert.equal(at(`failures${label}`), 3);
});

test('latencies are a histogram: each bound has those below it too, and the last has all', () => {
  const { samples, types } = readExposition(publishMetrics(status));
  const name = 'flowgauge_publish_delivery_latency_seconds';
  assert.equal(types.get(name), 'histogram');
  const of = '{destination="a \\"b\\"\\\\c"';
  const bucket = (le: string): number | undefined => samples.get(`${name}_bucket${of},le="${le}"}`);
  assert.deepEqual(['1', '5', '10', '86400', '+Inf'].map(bucket), [1, 1, 3, 3, 4]);
  assert.deepEqual([samples.get(`${name}_sum${of}}`), samples.get(`${name}_count${of}}`)], [12.5, 4]);
});

test('a status that an older program wrote, without latencies one by one, is read', async (t) => {
  const spool = mkdtempSync(join(tmpdir(), 'flowgauge-status-'));
  t.after(() => rmSync(spool, { recursive: true }));
  const older = JSON.stringify(status, (key, value: unknown) => (key === 'latencyCounts' ? undefined : value));
  writeFileSync(join(spool, 'status.json'), older);
  const { samples } = readExposition(publishMetrics((await readStatus(spool))!));
  assert.equal([...samples].find(([name]) => name.includes('le="+Inf"'))?.[1], 4);
});
