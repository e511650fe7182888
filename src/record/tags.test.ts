import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTag, encodeTag } from './tags.ts';

test('encodes everything but letters and digits', () => {
  assert.equal(encodeTag('my-app'), 'my%2Dapp');
  assert.equal(encodeTag('a b:/=_.~'), 'a%20b%3A%2F%3D%5F%2E%7E');
  assert.equal(encodeTag('é😀'), '%C3%A9%F0%9F%98%80');
  assert.equal(encodeTag('-'), '%2D');
});

test('any value comes back, and its text has no space and is never a lone dash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const text = encodeTag(value);
      assert.equal(decodeTag(text), value);
      assert.match(text, /^[A-Za-z0-9%]*$/);
    }),
  );
});

test('text that is no encoding stays as it is', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof decodeTag(text) === 'string'));
  assert.equal(decodeTag('100%'), '100%');
  assert.equal(decodeTag('%zz é😀'), '%zz é😀');
  assert.equal(decodeTag('%FF'), '%FF');
});
