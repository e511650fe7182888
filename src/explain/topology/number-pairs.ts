/**
 * Pairs of numbers, numbered in the order in which they are met.
 *
 * In:    two numbers from 0 to 2^31. Out: the number of the pair.
 * Holds: no object for a pair: a `Map` of a million of them costs as much as all else that is done with them.
 */
export class NumberPairs {
  size = 0;
  /** By number of the pair. */
  first: Int32Array = new Int32Array(1024);
  second: Int32Array = new Int32Array(1024);
  /** One more than the number of the pair; 0: free. Twice as many as there may be pairs. */
  #slots: Int32Array = new Int32Array(2048);

  /** The number of a pair; the next one where it was not met before. */
  numberOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let at = hash(first, second) & mask;
    for (;;) {
      const found = this.#slots[at] as number;
      if (found === 0) break;
      if (this.first[found - 1] === first && this.second[found - 1] === second) return found - 1;
      at = (at + 1) & mask;
    }
    if (this.size === this.first.length) {
      this.#grow();
      return this.numberOf(first, second);
    }
    this.first[this.size] = first;
    this.second[this.size] = second;
    this.#slots[at] = ++this.size;
    return this.size - 1;
  }

  #grow(): void {
    const [first, second] = [this.first, this.second];
    this.first = new Int32Array(first.length * 2);
    this.second = new Int32Array(first.length * 2);
    this.first.set(first);
    this.second.set(second);
    const slots = new Int32Array(first.length * 4);
    const mask = slots.length - 1;
    for (let pair = 0; pair < this.size; pair++) {
      let at = hash(first[pair] as number, second[pair] as number) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = pair + 1;
    }
    this.#slots = slots;
  }
}

function hash(first: number, second: number): number {
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
