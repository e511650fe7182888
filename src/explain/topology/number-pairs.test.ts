import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NumberPairs } from './number-pairs.ts';

test('numbers pairs in the order in which they are met, each once, however many there are', () => {
  const number = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 4000, size: 'max' }), (given) => {
      const pairs = new NumberPairs();
      const plain = new Map<string, number>();
      for (const [first, second] of given) {
        const key = `${first} ${second}`;
        if (!plain.has(key)) plain.set(key, plain.size);
        assert.equal(pairs.numberOf(first, second), plain.get(key));
      }
      assert.equal(pairs.size, plain.size);
      for (const [key, at] of plain) assert.equal(`${pairs.first[at]} ${pairs.second[at]}`, key);
    }),
    { numRuns: 30 },
  );
});
