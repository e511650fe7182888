import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CollectCounts } from '../app/collector/collect.ts';
import { nothingKept, summary } from './capture-summary.ts';

function counts(frames: Record<string, number>, packets: Record<string, number>, out: number): CollectCounts {
  const stage = (lost: Record<string, number>, through: number) => {
    const read = Object.values(lost).reduce((sum, one) => sum + one, through);
    return { in: read, out: through, held: 0, lost, notes: {} };
  };
  const verdict = stage(packets, out);
  return {
    capture: stage(frames, verdict.in),
    verdict,
    observations: stage({}, out),
    aggregate: { 60: stage({}, out) },
  };
}

test('tells what was read, what is in flows and what was left out, the most first', () => {
  const some = counts({ 'never-logged/arp': 2, malformed: 0 }, { foreign: 12 }, 46);
  assert.equal(summary(some, null), '60 frames read, 46 packets in flows; left out: 12 foreign, 2 never-logged/arp');
  assert.equal(
    summary(counts({}, {}, 1), { objects: 1, records: 2, packets: 1 }),
    '1 frame read, 1 packet in flows; 2 records in 1 object',
  );
});

test('a full flow table is part of what it tells', () => {
  const full = { in: 5, out: 3, held: 0, lost: { 'table-full': 2 }, notes: {} };
  assert.equal(
    summary({ ...counts({}, {}, 5), aggregate: { 60: full } }, null),
    '5 frames read, 5 packets in flows; 2 found no room in the flow table',
  );
});

test('says that nothing was kept only when something came and nothing was', () => {
  assert.equal(nothingKept(counts({}, {}, 0)), null);
  assert.equal(nothingKept(counts({ 'never-logged/arp': 9 }, { foreign: 3 }, 1)), null);
  assert.equal(
    nothingKept(counts({ 'never-logged/arp': 2 }, { foreign: 58 }, 0)),
    'none of 60 frames is in a record: 58 foreign, 2 never-logged/arp',
  );
});
