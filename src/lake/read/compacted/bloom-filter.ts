/**
 * Bloom filters of Parquet: whether a column of a row group may hold a text.
 *
 * In:    the bytes of a filter as they lie in the file, a text. Out: false where no row of the group has it.
 * Holds: never false for a text that was put in. A filter of a kind that the format does not define says nothing.
 * Fails: never; bytes that are no filter say nothing.
 * @see   Apache Parquet format 2.10: "Parquet Bloom Filter" (split blocks, xxHash64 of the value with seed 0)
 */

/** Bytes of a block: eight words, in each of which a value sets one bit. */
const BLOCK_BYTES = 32;
const SALTS = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31] as const;

/** The header as Thrift has it: a number of bytes, then three choices, each of what is defined: an empty structure in a structure. */
const NUMBER_FIELD = 0x15;
const CHOICES = [0x1c, 0x1c, 0, 0, 0x1c, 0x1c, 0, 0, 0x1c, 0x1c, 0, 0, 0] as const;
/** Bytes of the number at most. */
const NUMBER_BYTES = 5;

/** Whether a text may have been put into a filter. */
export function mayBeIn(filter: Uint8Array, text: string): boolean {
  const bits = bitsOf(filter);
  if (bits === null) return true;
  const hash = xxHash64(Buffer.from(text));
  const block = Number(((hash >> 32n) * BigInt(bits.length / BLOCK_BYTES)) >> 32n) * BLOCK_BYTES;
  const key = Number(hash & 0xffffffffn);
  const words = new DataView(bits.buffer, bits.byteOffset + block, BLOCK_BYTES);
  return SALTS.every((salt, at) => ((words.getUint32(at * 4, true) >>> (Math.imul(key, salt) >>> 27)) & 1) === 1);
}

/** What follows the header; null where it is another one, or of another length than it says. */
function bitsOf(filter: Uint8Array): Uint8Array | null {
  if (filter[0] !== NUMBER_FIELD) return null;
  let twice = 0;
  let at = 1;
  for (let byte = 128; byte > 127 && at <= NUMBER_BYTES; at++) {
    byte = filter[at] ?? 0;
    twice += (byte & 127) * 128 ** (at - 1);
  }
  if (!CHOICES.every((byte, place) => filter[at + place] === byte)) return null;
  const bits = filter.subarray(at + CHOICES.length);
  return bits.length > 0 && bits.length === twice / 2 && bits.length % BLOCK_BYTES === 0 ? bits : null;
}

const MASK = 0xffffffffffffffffn;
const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

/** The hash with seed 0. @see xxHash, "XXH64 algorithm description" */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash = PRIME_5;
  if (bytes.length >= 32) {
    const lanes = [(PRIME_1 + PRIME_2) & MASK, PRIME_2, 0n, -PRIME_1 & MASK];
    for (; at + 32 <= bytes.length; at += 32)
      for (const [lane, value] of lanes.entries()) lanes[lane] = round(value, view.getBigUint64(at + lane * 8, true));
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (turned(a, 1n) + turned(b, 7n) + turned(c, 12n) + turned(d, 18n)) & MASK;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8)
    hash = (turned(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME_1 + PRIME_4) & MASK;
  if (at + 4 <= bytes.length) {
    const word = (BigInt(view.getUint32(at, true)) * PRIME_1) & MASK;
    hash = (turned(hash ^ word, 23n) * PRIME_2 + PRIME_3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++)
    hash = (turned(hash ^ ((BigInt(view.getUint8(at)) * PRIME_5) & MASK), 11n) * PRIME_1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * PRIME_2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * PRIME_3) & MASK;
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, word: bigint): bigint {
  return (turned((lane + word * PRIME_2) & MASK, 31n) * PRIME_1) & MASK;
}

function turned(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}
