/**
 * Numbers that look random and come again with the same seed.
 *
 * In:    a seed. Out: xorshift128 as a closure over four small integers.
 * Holds: the same seed gives the same numbers on every machine; nothing else in bench/generate/ may call Math.random.
 */

export type Random = {
  /** 0 … 2^32 − 1. */
  u32(): number;
  /** 0 … limit − 1. */
  below(limit: number): number;
  /** More than 0 and less than 1. */
  unit(): number;
};

/** A hash of two numbers to 32 bits, for what must not depend on the order in which it is asked. */
export function hash32(value: number, seed: number): number {
  let h = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(seed + 0x165667b1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A generator that begins at `seed`. */
export function createRandom(seed: number): Random {
  let a = hash32(1, seed) | 0;
  let b = hash32(2, seed) | 0;
  let c = hash32(3, seed) | 0;
  let d = hash32(4, seed) | 1;
  const u32 = (): number => {
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return d >>> 0;
  };
  return {
    u32,
    below: (limit) => Math.floor((u32() / 4294967296) * limit),
    unit: () => (u32() + 0.5) / 4294967296,
  };
}
