import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from '../../network/vpc/addresses.ts';
import { wordsOf } from '../../record/columns.ts';
import { ADDRESS_WORDS, batchAddresses } from './batch-addresses.ts';

test('an address has the words that parsing its text gives, and what is none has no family', () => {
  const part = fc.constantFrom('0', '00', '1', '01', '9', '99', '255', '256', '1000', '', 'a', '::', ':', '-', '１');
  const near = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), near, fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const { count, words } = batchAddresses(wordsOf(texts), new Int32Array());
      assert.equal(count, texts.length);
      for (const [at, own] of texts.entries()) {
        const address = parseAddress(new TextDecoder().decode(new TextEncoder().encode(own)));
        const wanted = address === null ? [0, 0, 0, 0, 0] : [address.family, ...address.words, 0, 0, 0].slice(0, 5);
        assert.deepEqual([...words.subarray(at * ADDRESS_WORDS, (at + 1) * ADDRESS_WORDS)], wanted, own);
      }
    }),
    { numRuns: 300 },
  );
});
