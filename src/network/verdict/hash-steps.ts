/**
 * Hashes of conversations, for the table of connections.
 *
 * In:    the words of a key. Out: 32 bits.
 * Holds: `approach-loops.ts` and `relink-loops.ts` have it in their modules; it runs as it stands too.
 * Fails: never.
 */

/** What others call. */
export type HashLoops = {
  /** The hash of a conversation of IPv4: protocol, the lower address, the higher, ports in that order. */
  readonly hash4: (protocol: number, low: number, high: number, ports: number) => number;
  /** The hash of a conversation of IPv6, from that of its addresses. */
  readonly hash6: (protocol: number, pair: number, ports: number) => number;
};

/** It needs no memory. */
export function hashLoops(): HashLoops {
  function hash4(protocol: number, low: number, high: number, ports: number): number {
    let h = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(ports, 0x27d4eb2f);
    h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(protocol, 0x165667b1);
    h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
    return h ^ (h >>> 16);
  }

  function hash6(protocol: number, pair: number, ports: number): number {
    return hash4(protocol, pair, 6, ports);
  }

  return { hash4, hash6 };
}
