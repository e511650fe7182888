/**
 * From an address to a number, by hash.
 *
 * In:    addresses of one family with a positive number each. Out: the number of an address, 0 where it has none.
 * Holds: open addressing with linear probing, at most half full; a look-up makes no object.
 */

function hash4(w0: number): number {
  const h = Math.imul(w0, 0x9e3779b1);
  return h ^ (h >>> 15);
}

function hash6(w0: number, w1: number, w2: number, w3: number): number {
  return hash4(Math.imul(w0 ^ Math.imul(w1, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(w2, 0x27d4eb2f) ^ w3);
}

/** A table for addresses of one family. */
export class AddressTable {
  readonly words: 1 | 4;
  size = 0;
  #keys: Uint32Array;
  #values: Uint32Array;
  #mask: number;

  constructor(family: 4 | 6, capacity: number = 16) {
    this.words = family === 4 ? 1 : 4;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
    this.#mask = slots - 1;
    this.#keys = new Uint32Array(slots * this.words);
    this.#values = new Uint32Array(slots);
  }

  /** IPv4. */
  find4(w0: number): number {
    const keys = this.#keys;
    const values = this.#values;
    const mask = this.#mask;
    for (let slot = hash4(w0) & mask; ; slot = (slot + 1) & mask) {
      const value = values[slot] as number;
      if (value === 0 || keys[slot] === w0) return value;
    }
  }

  /** IPv6. */
  find6(w0: number, w1: number, w2: number, w3: number): number {
    const keys = this.#keys;
    const values = this.#values;
    const mask = this.#mask;
    for (let slot = hash6(w0, w1, w2, w3) & mask; ; slot = (slot + 1) & mask) {
      const value = values[slot] as number;
      if (value === 0) return 0;
      const at = slot * 4;
      if (keys[at] === w0 && keys[at + 1] === w1 && keys[at + 2] === w2 && keys[at + 3] === w3) return value;
    }
  }

  /** Either; of a table for IPv4 only the first word counts. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    return this.words === 1 ? this.find4(w0) : this.find6(w0, w1, w2, w3);
  }

  /** Sets the number of an address, which is not 0. */
  set(words: readonly number[], value: number): void {
    if (this.size * 2 > this.#mask) this.#grow();
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
    const stride = this.words;
    let slot = (stride === 1 ? hash4(w0) : hash6(w0, w1, w2, w3)) & this.#mask;
    while (this.#values[slot] !== 0 && words.some((word, i) => this.#keys[slot * stride + i] !== word))
      slot = (slot + 1) & this.#mask;
    if (this.#values[slot] === 0) this.size++;
    this.#keys.set(words, slot * stride);
    this.#values[slot] = value;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#mask = values.length * 2 - 1;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Uint32Array(values.length * 2);
    this.size = 0;
    for (const [slot, value] of values.entries())
      if (value !== 0) this.set([...keys.subarray(slot * this.words, (slot + 1) * this.words)], value);
  }
}
