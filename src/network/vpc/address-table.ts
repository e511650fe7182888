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
  /** Slots of the number, 0 free, and the words of its address: so that a look-up meets one line of the cache. */
  #slots: Uint32Array;
  #mask: number;

  constructor(family: 4 | 6, capacity: number = 16) {
    this.words = family === 4 ? 1 : 4;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
    this.#mask = slots - 1;
    this.#slots = new Uint32Array(slots * (1 + this.words));
  }

  /** Slots as they are now: the number, then the words of the address; a power of two of them. */
  get slots(): Uint32Array {
    return this.#slots;
  }

  /** IPv4. */
  find4(w0: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash4(w0) & mask; ; slot = (slot + 1) & mask) {
      const value = slots[slot * 2] as number;
      if (value === 0 || slots[slot * 2 + 1] === w0) return value;
    }
  }

  /** IPv6. */
  find6(w0: number, w1: number, w2: number, w3: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash6(w0, w1, w2, w3) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 5;
      const value = slots[at] as number;
      if (value === 0) return 0;
      if (slots[at + 1] === w0 && slots[at + 2] === w1 && slots[at + 3] === w2 && slots[at + 4] === w3) return value;
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
    const stride = 1 + this.words;
    const slots = this.#slots;
    let at = ((stride === 2 ? hash4(w0) : hash6(w0, w1, w2, w3)) & this.#mask) * stride;
    while (slots[at] !== 0 && !this.#isAt(at, w0, w1, w2, w3)) at = at + stride < slots.length ? at + stride : 0;
    if (slots[at] === 0) this.size++;
    slots[at] = value;
    slots[at + 1] = w0;
    if (stride === 2) return;
    slots[at + 2] = w1;
    slots[at + 3] = w2;
    slots[at + 4] = w3;
  }

  #isAt(at: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const slots = this.#slots;
    if (slots[at + 1] !== w0) return false;
    return this.words === 1 || (slots[at + 2] === w1 && slots[at + 3] === w2 && slots[at + 4] === w3);
  }

  #grow(): void {
    const old = this.#slots;
    const stride = 1 + this.words;
    this.#slots = new Uint32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.size = 0;
    for (let at = 0; at < old.length; at += stride)
      if (old[at] !== 0) this.set([...old.subarray(at + 1, at + stride)], old[at] as number);
  }
}
