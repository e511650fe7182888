/**
 * Entries of a table by key, the lowest first.
 *
 * In:    entries with a serial number and a key. Out: the one with the lowest key, of several the one with the lowest serial.
 * Holds: an entry may be in it more than once; whether what comes first still means anything its user sees by the
 *        serial. Four children to a node and 16 bytes a node, so that a level costs one line of the cache.
 */
const STRIDE_WORDS = 4;
const STRIDE_DOUBLES = 2;

/** A heap that grows; no object for an entry. */
export class Heap {
  size = 0;
  #doubles = new Float64Array(1024 * STRIDE_DOUBLES);
  /** Words 2 and 3 of a node: entry and serial; its double 0 is the key. */
  #words = new Uint32Array(this.#doubles.buffer);

  get firstEntry(): number {
    return this.#words[2] as number;
  }

  get firstSerial(): number {
    return this.#words[3] as number;
  }

  get firstKey(): number {
    return this.#doubles[0] as number;
  }

  push(entry: number, serial: number, key: number): void {
    if (this.size * STRIDE_DOUBLES === this.#doubles.length) {
      const doubles = new Float64Array(this.#doubles.length * 2);
      doubles.set(this.#doubles);
      this.#doubles = doubles;
      this.#words = new Uint32Array(doubles.buffer);
    }
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!this.#isAbove(parent, key, serial)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, entry, serial, key);
  }

  /** Removes all, and keeps the room. */
  clear(): void {
    this.size = 0;
  }

  /** Removes what is first. */
  shift(): void {
    const last = --this.size;
    if (last === 0) return;
    const at = last * STRIDE_WORDS;
    const key = this.#doubles[last * STRIDE_DOUBLES] as number;
    this.#sink(this.#words[at + 2] as number, this.#words[at + 3] as number, key);
  }

  /** Gives what is first another key. */
  rekey(key: number): void {
    this.#sink(this.firstEntry, this.firstSerial, key);
  }

  #sink(entry: number, serial: number, key: number): void {
    const { size } = this;
    const doubles = this.#doubles;
    let at = 0;
    for (let child = 1; child < size; child = at * 4 + 1) {
      const end = Math.min(child + 4, size);
      let least = child;
      for (let other = child + 1; other < end; other++)
        if (this.#isAbove(least, doubles[other * STRIDE_DOUBLES] as number, this.#serialOf(other))) least = other;
      if (this.#isAbove(least, key, serial)) break;
      this.#move(least, at);
      at = least;
    }
    this.#put(at, entry, serial, key);
  }

  #serialOf(node: number): number {
    return this.#words[node * STRIDE_WORDS + 3] as number;
  }

  /** Whether a node comes behind what has this key and serial. */
  #isAbove(node: number, key: number, serial: number): boolean {
    const own = this.#doubles[node * STRIDE_DOUBLES] as number;
    return own > key || (own === key && this.#serialOf(node) > serial);
  }

  #move(from: number, to: number): void {
    this.#doubles[to * STRIDE_DOUBLES] = this.#doubles[from * STRIDE_DOUBLES] as number;
    // As words: as a double some pairs would be NaN, whose bits need not survive.
    this.#words[to * STRIDE_WORDS + 2] = this.#words[from * STRIDE_WORDS + 2] as number;
    this.#words[to * STRIDE_WORDS + 3] = this.#words[from * STRIDE_WORDS + 3] as number;
  }

  #put(at: number, entry: number, serial: number, key: number): void {
    this.#doubles[at * STRIDE_DOUBLES] = key;
    this.#words[at * STRIDE_WORDS + 2] = entry;
    this.#words[at * STRIDE_WORDS + 3] = serial;
  }
}
