import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wildcard } from './wildcard.ts';

test('a pattern fits as AWS says', () => {
  for (const [pattern, text, fits] of [
    ['a', 'a', true],
    ['a', 'A', false],
    ['a', 'ab', false],
    ['*', '', true],
    ['?', '', false],
    ['?', '😀', true],
    ['a*c', 'abbc', true],
    ['a*c', 'ac', true],
    ['a*c', 'acb', false],
    ['*b*d', 'abcbd', true],
    ['a?c', 'abc', true],
    ['a\\*c', 'a*c', true],
    ['a\\*c', 'abc', false],
    ['\\?', '?', true],
    ['a\\\\b', 'a\\b', true],
    ['a\\b', 'a\\b', true],
    ['', '', true],
    ['', 'a', false],
  ] as const)
    assert.equal(wildcard(pattern)(text), fits, `${pattern} and ${text}`);
});

test('it fits where a regular expression does', () => {
  const letter = fc.constantFrom('a', 'b', '*', '?');
  fc.assert(
    fc.property(fc.string({ unit: letter }), fc.string({ unit: fc.constantFrom('a', 'b') }), (pattern, text) => {
      const plain = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      assert.equal(wildcard(pattern)(text), new RegExp(`^${plain}$`).test(text));
    }),
    { numRuns: 1000 },
  );
});

test('no pattern takes long', () => {
  const begin = performance.now();
  assert.equal(wildcard(`${'*a'.repeat(120)}b`)('a'.repeat(250)), false);
  assert.ok(performance.now() - begin < 1000);
});
