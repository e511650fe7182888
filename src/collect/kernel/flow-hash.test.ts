import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowHash, swapped } from './flow-hash.ts';

test('gives the numbers that the kernel gave for the same fields', () => {
  // Read from sets of Linux 6.18, filled by rules with `hashOf` of a device or mark, addresses, and ports or protocol.
  const [loopback, second] = [swapped(0x7f000001), swapped(0x7f000002)];
  const ports = [swapped(40001 << 16), swapped(53 << 16)];
  const of = (...words: number[]): number => flowHash(Uint32Array.from(words), words.length);
  assert.equal(of(0x142, loopback, second, ...ports), 0xeb48049f);
  const one = [0, 0, 0, swapped(1)];
  assert.equal(of(0x1000001, ...one, ...one, ...ports), 0x7b0be220);
  assert.equal(of(0x1000001, loopback, second, 17), 0x4aaac7e6);
  assert.equal(of(0x1000001, second, loopback, 1), 0x4389cbf9);
});
