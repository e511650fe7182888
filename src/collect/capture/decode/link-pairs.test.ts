import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be } from './build-frames.ts';
import { LinkPairs } from './link-pairs.ts';

const pairOf = (n: number): Uint8Array => be(4, n, n * 7, n ^ 0x55);

void test('gives each pair one number, in the order they are first seen', () => {
  const links = new LinkPairs();
  const numbers = [1, 2, 1, 3, 3, 2].map((n) => links.ofEthernet(pairOf(n), 0));
  assert.deepEqual(numbers, [1, 2, 1, 3, 3, 2]);
  assert.deepEqual(links.pairs[0], { src: '', dst: '' });
  assert.deepEqual(links.pairs[1], { src: '00:07:00:00:00:54', dst: '00:00:00:01:00:00' });
});

void test('keeps numbers when its table grows', () => {
  const links = new LinkPairs();
  for (let n = 0; n < 20_000; n += 1) assert.equal(links.ofEthernet(pairOf(n), 0), n + 1);
  for (let n = 0; n < 20_000; n += 1) assert.equal(links.ofEthernet(pairOf(n), 0), n + 1);
});

void test('tells a sender alone from a pair with zeros', () => {
  const links = new LinkPairs();
  const bytes = be(4, 0, 5, 6);
  assert.notEqual(links.ofEthernet(bytes, 0), links.ofSender(bytes, 6));
  assert.equal(links.pairs.at(-1)?.dst, '');
  assert.equal(links.ofSender(bytes, 6), 2);
});

void test('gives no more numbers after 262,143 pairs, and counts', () => {
  const links = new LinkPairs();
  for (let n = 0; n < 262_200; n += 1) links.ofEthernet(pairOf(n), 0);
  assert.equal(links.pairs.length, 262_144);
  assert.equal(links.unnumbered, 262_200 - 262_143);
  assert.equal(links.ofEthernet(pairOf(262_190), 0), 0);
  assert.equal(links.ofEthernet(pairOf(9), 0), 10);
});
