import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpareArrays } from './spare-arrays.ts';

test('gives the longest array that was given back, whole, and a new one where none is long enough', () => {
  const arrays = createSpareArrays(2, 100);
  const [short, long] = [new Uint8Array(10), new Uint8Array(60)];
  arrays.give(short);
  arrays.give(long.subarray(3, 5));
  assert.equal(arrays.take(61).length, 61);
  assert.equal(arrays.take(5).buffer, long.buffer);
  assert.equal(arrays.take(5).buffer, short.buffer);
  assert.equal(arrays.take(5).length, 5);
});

test('keeps no more than so many, the longest of them, and none that is longer than the limit', () => {
  const arrays = createSpareArrays(2, 100);
  for (const bytes of [20, 101, 30, 40]) arrays.give(new Uint8Array(bytes));
  assert.deepEqual(
    [1, 1, 1].map((bytes) => arrays.take(bytes).length),
    [40, 30, 1],
  );
});
