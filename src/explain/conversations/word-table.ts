/**
 * Numbers for keys of a few words each, such as an address behind the number of a group.
 *
 * In:    the words of a key. Out: its number, from 0 in the order of their coming.
 * Holds: open addressing, at most half full; nothing is made for a key. Beyond the bound a new key has no number.
 */

const START = 1024;

/** A growing table. */
export class WordTable {
  readonly stride: number;
  /** The words of the key to be looked for, set by the caller. */
  readonly key: Uint32Array;
  size = 0;
  /** The words of all keys, one behind the other. */
  words: Uint32Array;
  readonly #most: number;
  /** The number of a key + 1; 0 free. */
  #slots = new Uint32Array(START * 2);

  /** @param most  numbers that it gives at most */
  constructor(stride: number, most: number = 2 ** 31) {
    this.stride = stride;
    this.key = new Uint32Array(stride);
    this.words = new Uint32Array(START * stride);
    this.#most = most;
  }

  /** The number of `key`, a new one where it has none; -1 where there are no more. */
  number(): number {
    const { stride, key } = this;
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key, 0, stride) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot] as number;
      if (found === 0) return this.#add(slot);
      const from = (found - 1) * stride;
      let word = 0;
      while (word < stride && this.words[from + word] === key[word]) word++;
      if (word === stride) return found - 1;
    }
  }

  #add(slot: number): number {
    if (this.size >= this.#most) return -1;
    const { stride } = this;
    const number = this.size++;
    if (this.size * stride > this.words.length) {
      const words = new Uint32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
    }
    this.words.set(this.key, number * stride);
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = hashOf(this.words, number * this.stride, this.stride) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(words: Uint32Array, from: number, count: number): number {
  let h = 0;
  for (let i = from; i < from + count; i++) h = Math.imul((h ^ (h >>> 15)) + (words[i] as number), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Numbers beside the keys of a table: grown to hold `size` of them. */
export function grown(values: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  if (size <= values.length) return values;
  const larger = new Float64Array(Math.max(size, values.length * 2));
  larger.set(values);
  return larger;
}
