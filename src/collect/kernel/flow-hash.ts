/**
 * The number under which the time of a flow's last packet is kept in the kernel.
 *
 * In:    the fields of a key. Out: words of a rule that make the number there, and the number here.
 * Holds: both are one, on machines whose words begin with their lowest byte. It takes a fifth of what a key of five fields does
 *        to list. Two flows of a set have the same one with a chance of 1 in 4 billion; then each may end when the other did. 0 is
 *        no flow's.
 * @see linux/include/linux/jhash.h, linux/net/netfilter/nft_hash.c: `jhash`, then scaled to the modulus
 */
const SEED = 1;
const MODULUS = 2 ** 32 - 2;

/** What makes the number in a rule. */
export function hashOf(fields: string): string {
  return `jhash ${fields} mod ${MODULUS} seed 0x${SEED} offset 1`;
}

/** A word with its bytes the other way round: what stands in a packet, as the kernel's hash takes it. */
export function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/**
 * The number of a key.
 *
 * @param words  the fields as they lie in the kernel's registers, four bytes each
 * @param count  of them
 */
export function flowHash(words: Uint32Array, count: number): number {
  let a = (0xdeadbeef + count * 4 + SEED) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = count;
  for (; left > 3; left -= 3, at += 3) {
    a = (a + words[at]!) | 0;
    b = (b + words[at + 1]!) | 0;
    c = (c + words[at + 2]!) | 0;
    a = ((a - c) ^ turned(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turned(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turned(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ turned(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turned(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turned(b, 4)) | 0;
    b = (b + a) | 0;
  }
  if (left > 2) c = (c + words[at + 2]!) | 0;
  if (left > 1) b = (b + words[at + 1]!) | 0;
  a = (a + words[at]!) | 0;
  c = ((c ^ b) - turned(b, 14)) | 0;
  a = ((a ^ c) - turned(c, 11)) | 0;
  b = ((b ^ a) - turned(a, 25)) | 0;
  c = ((c ^ b) - turned(b, 16)) | 0;
  a = ((a ^ c) - turned(c, 4)) | 0;
  b = ((b ^ a) - turned(a, 14)) | 0;
  c = ((c ^ b) - turned(b, 24)) | 0;
  const hash = c >>> 0;
  // hash * MODULUS / 2 ** 32, rounded down.
  return hash - (hash === 0 ? 0 : hash <= 2 ** 31 ? 1 : 2) + 1;
}
