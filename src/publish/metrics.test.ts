import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishMetrics } from './metrics.ts';
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
      nextAttemptMillis: null,
      lastDeliveredMillis: null,
      lastError: null,
    },
  ],
  problems: [],
};

/** Samples by name and labels, as Prometheus reads them. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name, value] = /^([a-z_]+(?:\{[a-z]+="(?:[^"\\]|\\.)*"\})?) (\S+)$/u.exec(line)!;
    found.set(name!, Number(value));
  }
  return found;
}

test('what came in is what went out, is held or lost, and every destination has its own line', () => {
  const text = publishMetrics(status);
  const all = samples(text);
  const at = (name: string): number => all.get(`flowgauge_publish_${name}`)!;
  const lost = [...all].filter(([name]) => name.includes('_lost_total')).reduce((sum, [, value]) => sum + value, 0);
  assert.equal(at('records_in_total'), at('records_total') + at('records_held') + lost);
  assert.equal(at('records_lost_total{cause="spool-full"}'), 20);
  assert.equal(at('records_noted_total{note="possible-duplicates"}'), 5);
  assert.deepEqual([at('spool_bytes'), at('spool_full')], [600, 1]);
  const label = '{destination="a \\"b\\"\\\\c"}';
  assert.equal(at(`oldest_waiting_seconds${label}`), 600);
  assert.equal(at(`delivery_latency_seconds_total${label}`), 12.5);
  assert.equal(at(`failures${label}`), 3);
});

test('every name has its help and type once, before its samples', () => {
  const lines = publishMetrics(status).trimEnd().split('\n');
  const heads = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]!);
  assert.equal(new Set(heads).size, heads.length);
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('#')) continue;
    const name = /^[a-z_]+/u.exec(line)![0];
    const head = lines.findIndex((one) => one.startsWith(`# TYPE ${name} `));
    assert.ok(head !== -1 && head < at, line);
  }
});
