/**
 * Hashes of conversations, for the table of connections, as TypeScript asks for them.
 *
 * In:    the words of a key. Out: 32 bits.
 */
import { hashLoops } from './hash-steps.ts';

export const { hash4, hash6 } = hashLoops();

/** A hash of two IPv6 addresses, the lower first; `low` and `high` are where their four words begin. */
export function hashPair(a: Uint32Array, low: number, b: Uint32Array, high: number): number {
  let h = 0;
  for (let i = 0; i < 4; i++) {
    h = Math.imul((h ^ (h >>> 15)) + (a[low + i] as number), 0x85ebca6b);
    h = Math.imul((h ^ (h >>> 13)) + (b[high + i] as number), 0xc2b2ae35);
  }
  return h ^ (h >>> 16);
}
