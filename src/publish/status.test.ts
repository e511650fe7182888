import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStatus } from './status.ts';
import type { PublishStatus } from './status.ts';

const TOLD: PublishStatus = {
  status: 1,
  writtenMillis: 5,
  pid: 7,
  hostId: 'h',
  count: { in: 10, out: 10, held: 0, lost: { full: 1 }, notes: {} },
  spool: { maxBytes: 10, maxAgeSeconds: 1, reserveBytes: 1, bytes: 1, full: null },
  destinations: [
    {
      destination: 's3://logs',
      segments: 0,
      records: 0,
      oldestSlotSeconds: null,
      waitingSeconds: 0,
      failures: 1,
      deliveries: 1,
      latencySeconds: 2,
      latencyCounts: [0, 1],
      nextAttemptMillis: null,
      lastDeliveredMillis: 1,
      lastError: { code: 'FG_X', message: 'x', atMillis: 1 },
    },
  ],
  problems: [{ code: 'FG_X', message: 'x' }],
};
/** Who wrote it, for people: nothing goes by these. */
const TOLD_ONLY = new Set([
  '.hostId',
  '.destinations.0.lastError.atMillis',
  '.count.lost.full',
  '.destinations.0',
  '.problems.0',
  '.destinations.0.latencyCounts',
  '.destinations.0.latencyCounts.0',
  '.destinations.0.latencyCounts.1',
]);

/** Copies without one member, each with the path of what it lacks. */
function* lacking(json: unknown, path = ''): Generator<readonly [path: string, copy: unknown]> {
  if (typeof json !== 'object' || json === null) return;
  for (const [key, member] of Object.entries(json)) {
    const copy = structuredClone(json) as Record<string, unknown>;
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
    yield [`${path}.${key}`, copy];
    for (const [place, inside] of lacking(member, `${path}.${key}`)) {
      const around = structuredClone(json) as Record<string, unknown>;
      around[key] = inside;
      yield [place, around];
    }
  }
}

test('a file of another format, half a file, and one that lacks a member are no status', async (t) => {
  const spool = mkdtempSync(join(tmpdir(), 'flowgauge-status-'));
  t.after(() => rmSync(spool, { recursive: true }));
  const read = (text: string): Promise<PublishStatus | null> => {
    writeFileSync(join(spool, 'status.json'), text);
    return readStatus(spool);
  };
  assert.equal(await readStatus(spool), null);
  assert.deepEqual(await read(JSON.stringify(TOLD)), TOLD);
  const text = JSON.stringify(TOLD);
  for (const bad of [
    '',
    'null',
    '[]',
    '{}',
    '{"status":1}',
    text.slice(0, 100),
    JSON.stringify({ ...TOLD, status: 2 }),
  ])
    assert.equal(await read(bad), null, bad);
  for (const [path, copy] of lacking(TOLD))
    if (!TOLD_ONLY.has(path)) assert.equal(await read(JSON.stringify(copy)), null, path);
});
