import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUMBER_WIDTH, writeNumber } from './print-number.ts';

const counter = fc.oneof(
  fc.nat(20_000),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits - 1),
  fc.integer({ min: 0, max: 15 }).map((digits) => 10 ** digits),
);

test('writes any counter as String does', () => {
  fc.assert(
    fc.property(counter, (n) => {
      const out = new Uint8Array(NUMBER_WIDTH).fill(63);
      const end = writeNumber(out, 0, n);
      assert.equal(new TextDecoder().decode(out.subarray(0, end)), String(n));
    }),
    { numRuns: 2000 },
  );
});
