/**
 * Connections, and conversations that were judged, at interfaces (rule V3).
 *
 * In:    a key: interface, protocol, unordered pair of addresses and ports. Out: the number of its entry.
 * Holds: entries are rows of typed arrays, 64 bytes each and 32 more once there is IPv6; an index with stored hash
 *        leads to them. Number 0 is none. What an entry means is `tracking.ts`'s.
 */

/** Words of an entry. */
export const STRIDE = 16;
export const FLAGS = 4;
export const ADMITTED = 5;
/** Four answers: direction * 2 + orientation; 0 not asked yet. */
export const ANSWERS = 6;
/** Doubles of an entry, counted from `entry * 8`: last passed packet, end of closing, last judged packet. */
export const DOUBLES = 8;
export const LAST = 5;
export const CLOSES = 6;
export const JUDGED = 7;

/** Set by this file: IPv6 key. */
export const FAMILY_6 = 1;

const INDEX_START = 1 << 12;

function mix(k0: number, k1: number, k2: number, k3: number): number {
  let h = Math.imul(k1, 0x9e3779b1) ^ Math.imul(k2, 0x85ebca6b) ^ Math.imul(k3, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(k0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The table. Callers read and write `words` and `doubles` of an entry in place; both move when the table grows. */
export class Connections {
  words: Uint32Array = new Uint32Array(INDEX_START * STRIDE);
  doubles: Float64Array = new Float64Array(this.words.buffer as ArrayBuffer);
  /** When an entry was opened, in the order of openings; for `newest.ts`. */
  serials: Uint32Array = new Uint32Array(INDEX_START);
  /** Entries in use. */
  size = 0;
  #six: Uint32Array | null = null;
  /** Pairs: hash, entry. */
  #index = new Uint32Array(INDEX_START * 4);
  #mask = INDEX_START * 2 - 1;
  /** Entry numbers that were used and left; then `#fresh` and above were never used. */
  #free: number[] = [];
  #fresh = 1;
  #hash = 0;
  /** Entry found last. Both interfaces of a connection are opened by one packet, so their entries lie side by side. */
  #last = 1;

  /** Entry numbers below this may be in use. */
  get end(): number {
    return this.#fresh;
  }

  /** Room for another entry without growing. */
  get hasRoom(): boolean {
    return this.#free.length > 0 || this.#fresh * STRIDE < this.words.length;
  }

  /** Entries that fit without growing. */
  get capacity(): number {
    return this.words.length / STRIDE - 1;
  }

  /** @param k0  interface * 256 + protocol; `k1`, `k2` the lower and the higher address; `k3` ports */
  find4(k0: number, k1: number, k2: number, k3: number): number {
    const words = this.words;
    // Saves one miss of the cache for each packet that is seen at two interfaces.
    const last = this.#last * STRIDE;
    if (words[last + STRIDE] === k0 && this.#is4(last + STRIDE, k1, k2, k3)) return ++this.#last;
    if (words[last - STRIDE] === k0 && this.#is4(last - STRIDE, k1, k2, k3)) return --this.#last;
    const hash = mix(k0, k1, k2, k3);
    this.#hash = hash;
    const index = this.#index;
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot * 2 + 1] as number;
      if (entry === 0) return 0;
      if (index[slot * 2] !== hash) continue;
      if (words[entry * STRIDE] === k0 && this.#is4(entry * STRIDE, k1, k2, k3)) return (this.#last = entry);
    }
  }

  #is4(at: number, k1: number, k2: number, k3: number): boolean {
    const words = this.words;
    return (
      words[at + 1] === k1 &&
      words[at + 2] === k2 &&
      words[at + 3] === k3 &&
      ((words[at + FLAGS] as number) & FAMILY_6) === 0
    );
  }

  /** @param pair  eight words: the lower address, then the higher */
  find6(k0: number, pair: Uint32Array, k3: number): number {
    const hash = this.#hash6(k0, pair, k3);
    this.#hash = hash;
    const six = this.#six;
    if (!six) return 0;
    const index = this.#index;
    const words = this.words;
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot * 2 + 1] as number;
      if (entry === 0) return 0;
      if (index[slot * 2] !== hash) continue;
      const at = entry * STRIDE;
      if (words[at] !== k0 || words[at + 3] !== k3 || ((words[at + FLAGS] as number) & FAMILY_6) === 0) continue;
      let i = 0;
      while (i < 8 && six[entry * 8 + i] === pair[i]) i++;
      if (i === 8) return entry;
    }
  }

  #hash6(k0: number, pair: Uint32Array, k3: number): number {
    const low = mix(pair[0] as number, pair[1] as number, pair[2] as number, pair[3] as number);
    const high = mix(pair[4] as number, pair[5] as number, pair[6] as number, pair[7] as number);
    return mix(k0, low, high, k3);
  }

  /** Adds what `find4` just did not find; its flags and times are 0. */
  add4(k0: number, k1: number, k2: number, k3: number): number {
    const entry = this.#take();
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 1] = k1;
    this.words[at + 2] = k2;
    this.words[at + 3] = k3;
    this.#link(this.#hash, entry);
    return entry;
  }

  /** Adds what `find6` just did not find. */
  add6(k0: number, pair: Uint32Array, k3: number): number {
    const entry = this.#take();
    this.#six ??= new Uint32Array((this.words.length / STRIDE) * 8);
    this.#six.set(pair, entry * 8);
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 3] = k3;
    this.words[at + FLAGS] = FAMILY_6;
    this.#link(this.#hash, entry);
    return entry;
  }

  /** The pair of addresses of an entry, as IPv6 keys have it; IPv4 in words 0 and 4. */
  pairOf(entry: number, into: Uint32Array): void {
    const at = entry * STRIDE;
    if (((this.words[at + FLAGS] as number) & FAMILY_6) !== 0 && this.#six) {
      into.set(this.#six.subarray(entry * 8, entry * 8 + 8));
      return;
    }
    into.fill(0);
    into[0] = this.words[at + 1] as number;
    into[4] = this.words[at + 2] as number;
  }

  /** Removes an entry; its number may be given to another. */
  remove(entry: number): void {
    const at = entry * STRIDE;
    const words = this.words;
    const index = this.#index;
    const mask = this.#mask;
    let slot = this.#hashOf(entry) & mask;
    while (index[slot * 2 + 1] !== entry) slot = (slot + 1) & mask;
    // Later entries of the run move up, so that no look-up stops early and no tombstones gather.
    for (let next = (slot + 1) & mask; index[next * 2 + 1] !== 0; next = (next + 1) & mask) {
      const home = (index[next * 2] as number) & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      index[slot * 2] = index[next * 2] as number;
      index[slot * 2 + 1] = index[next * 2 + 1] as number;
      slot = next;
    }
    index[slot * 2 + 1] = 0;
    words.fill(0, at, at + STRIDE);
    this.#free.push(entry);
    this.size--;
  }

  #hashOf(entry: number): number {
    const at = entry * STRIDE;
    const words = this.words;
    const k0 = words[at] as number;
    const k3 = words[at + 3] as number;
    if (((words[at + FLAGS] as number) & FAMILY_6) === 0)
      return mix(k0, words[at + 1] as number, words[at + 2] as number, k3);
    return this.#hash6(k0, (this.#six as Uint32Array).subarray(entry * 8, entry * 8 + 8), k3);
  }

  #take(): number {
    if (!this.hasRoom) this.#grow();
    this.size++;
    return this.#free.pop() ?? this.#fresh++;
  }

  #link(hash: number, entry: number): void {
    const index = this.#index;
    const mask = this.#mask;
    let slot = hash & mask;
    while (index[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    index[slot * 2] = hash;
    index[slot * 2 + 1] = entry;
  }

  #grow(): void {
    const words = new Uint32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const serials = new Uint32Array(this.serials.length * 2);
    serials.set(this.serials);
    this.serials = serials;
    if (this.#six) {
      const six = new Uint32Array(this.#six.length * 2);
      six.set(this.#six);
      this.#six = six;
    }
    const old = this.#index;
    this.#index = new Uint32Array(old.length * 2);
    this.#mask = old.length - 1;
    for (let slot = 1; slot < old.length; slot += 2)
      if (old[slot] !== 0) this.#link(old[slot - 1] as number, old[slot] as number);
  }
}
