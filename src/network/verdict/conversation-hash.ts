/**
 * Hashes of conversations, for the table of connections; `approach-loops.ts` has the same.
 *
 * In:    the words of a key. Out: 32 bits.
 */

/** The hash of a conversation of IPv4: protocol, the lower address, the higher, ports in that order. */
export function hash4(protocol: number, low: number, high: number, ports: number): number {
  let h = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(ports, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(protocol, 0x165667b1);
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return h ^ (h >>> 16);
}

/** A hash of two IPv6 addresses, the lower first; `low` and `high` are where their four words begin. */
export function hashPair(a: Uint32Array, low: number, b: Uint32Array, high: number): number {
  let h = 0;
  for (let i = 0; i < 4; i++) {
    h = Math.imul((h ^ (h >>> 15)) + (a[low + i] as number), 0x85ebca6b);
    h = Math.imul((h ^ (h >>> 13)) + (b[high + i] as number), 0xc2b2ae35);
  }
  return h ^ (h >>> 16);
}

/** The hash of a conversation of IPv6, from that of its addresses. */
export function hash6(protocol: number, pair: number, ports: number): number {
  return hash4(protocol, pair, 6, ports);
}
