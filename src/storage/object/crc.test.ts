import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { crcOfBoth } from './crc.ts';

test('says of two texts what reading both says', () => {
  const text = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0, 1, 1, 3, 5000)).map(([bytes, times]) => {
    const many = new Uint8Array(bytes.length * times);
    for (let at = 0; at < times; at++) many.set(bytes, at * bytes.length);
    return many;
  });
  fc.assert(
    fc.property(text, text, (first, second) => {
      assert.equal(crcOfBoth(crc32(first), crc32(second), second.length), crc32(Buffer.concat([first, second])));
    }),
  );
});
