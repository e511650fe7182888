/**
 * Numbers for pairs of link-layer addresses.
 *
 * In:    where the addresses stand in a frame. Out: the position of their pair in `pairs`.
 * Holds: position 0 is the pair that is not known; a position never changes its meaning. Consecutive frames of one pair
 *        cost a comparison. At most 262,144 pairs are kept (a flood of made-up addresses must not fill the memory);
 *        further ones are 0 and counted in `unnumbered`.
 * Fails: never.
 */

const PAIRS_LIMIT = 262_144;
const WORDS = 4;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A MAC address as text: lower-case, colons. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = 1; i < 6; i += 1) text += `:${HEX[bytes[at + i]!]!}`;
  return text;
}

export class LinkPairs {
  readonly pairs: { src: string; dst: string }[] = [{ src: '', dst: '' }];
  /** Frames whose pair has no number because the table was full. */
  unnumbered = 0;
  #slots = 1024;
  #keys = new Uint32Array(this.#slots * WORDS);
  #numbers = new Uint32Array(this.#slots);
  /** So that nobody can choose addresses that all fall together. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000);
  #last0 = 0;
  #last1 = 0;
  #last2 = 0;
  #last = 0;

  /** The pair of an Ethernet header: destination at `at`, source behind it. */
  ofEthernet(bytes: Uint8Array, at: number): number {
    const w0 = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const w1 = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
    const w2 = (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!;
    if (w0 === this.#last0 && w1 === this.#last1 && w2 === this.#last2 && this.#last !== 0) return this.#last;
    const number = this.#find(w0, w1, w2, 1, bytes, at + 6, at);
    this.#last0 = w0;
    this.#last1 = w1;
    this.#last2 = w2;
    this.#last = number;
    return number;
  }

  /** The pair of a header that holds the sender's address alone; its `dst` is ''. */
  ofSender(bytes: Uint8Array, at: number): number {
    const w1 = (bytes[at]! << 8) | bytes[at + 1]!;
    const w2 = (bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
    return this.#find(0, w1, w2, 2, bytes, at, -1);
  }

  #find(w0: number, w1: number, w2: number, kind: number, bytes: Uint8Array, src: number, dst: number): number {
    const mask = this.#slots - 1;
    let slot = hash(w0, w1, w2, kind ^ this.#seed) & mask;
    for (;;) {
      const number = this.#numbers[slot]!;
      if (number === 0) break;
      const key = slot * WORDS;
      if (
        this.#keys[key] === w0 >>> 0 &&
        this.#keys[key + 1] === w1 >>> 0 &&
        this.#keys[key + 2] === w2 >>> 0 &&
        this.#keys[key + 3] === kind
      ) {
        return number;
      }
      slot = (slot + 1) & mask;
    }
    if (this.pairs.length >= PAIRS_LIMIT) {
      this.unnumbered += 1;
      return 0;
    }
    const number = this.pairs.length;
    this.pairs.push({ src: macText(bytes, src), dst: dst < 0 ? '' : macText(bytes, dst) });
    this.#keys.set([w0, w1, w2, kind], slot * WORDS);
    this.#numbers[slot] = number;
    if (this.pairs.length * 2 > this.#slots) this.#grow();
    return number;
  }

  #grow(): void {
    const keys = this.#keys;
    const numbers = this.#numbers;
    this.#slots *= 2;
    this.#keys = new Uint32Array(this.#slots * WORDS);
    this.#numbers = new Uint32Array(this.#slots);
    const mask = this.#slots - 1;
    for (let old = 0; old < numbers.length; old += 1) {
      if (numbers[old] === 0) continue;
      const key = old * WORDS;
      let slot = hash(keys[key]!, keys[key + 1]!, keys[key + 2]!, keys[key + 3]! ^ this.#seed) & mask;
      while (this.#numbers[slot] !== 0) slot = (slot + 1) & mask;
      this.#keys.set(keys.subarray(key, key + WORDS), slot * WORDS);
      this.#numbers[slot] = numbers[old]!;
    }
  }
}

function hash(w0: number, w1: number, w2: number, seed: number): number {
  let h = Math.imul(w0 ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ w1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ w2, 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
