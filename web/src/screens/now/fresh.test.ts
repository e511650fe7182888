import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessOf } from './fresh.ts';

const row = {
  newestSeconds: 10_000,
  intervalSeconds: 60,
  createdSeconds: 100,
  delivery: { state: 'goes' },
  destination: { isLocal: true },
} as const;

test('a window of a minute ago is fresh, one of an hour ago is late, and a delivery that fails is said', () => {
  assert.deepEqual(freshnessOf(row, 10_070), { type: 'success', words: '1 min 10 s ago' });
  assert.equal(freshnessOf(row, 13_600).type, 'warning');
  assert.equal(freshnessOf({ ...row, destination: { isLocal: false } }, 10_500).type, 'success');
  assert.deepEqual(freshnessOf({ ...row, delivery: { state: 'fails' } }, 10_070).type, 'error');
  assert.equal(freshnessOf({ ...row, delivery: { state: 'not-here' } }, 99_999).type, 'info');
});

test('one that was just made waits for its first window, one that never had any is told', () => {
  assert.equal(freshnessOf({ ...row, newestSeconds: null, createdSeconds: 9990 }, 10_000).type, 'pending');
  assert.equal(freshnessOf({ ...row, newestSeconds: null }, 10_000).type, 'warning');
});
