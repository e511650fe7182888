/**
 * Connections, and conversations that were judged, at interfaces (rule V3).
 *
 * In:    a key: interface, protocol, unordered pair of addresses and ports. Out: the number of its entry.
 * Holds: entries are rows of typed arrays, 64 bytes each and 32 more once there is IPv6. An index of one word a slot
 *        leads to them: the entry in the low bits, in the others a part of the hash, so that few probes read an entry.
 *        Number 0 is none. What an entry means is `states.ts`'s.
 */

import type { PacketBatch } from '../../model/batch.ts';

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
  /** Twice as many slots as there may be entries. */
  #index = new Uint32Array(INDEX_START * 2);
  #mask = INDEX_START * 2 - 1;
  /** Bits of a slot that are the entry. */
  #entryBits = INDEX_START - 1;
  /** Entry numbers that were used and left; then `#fresh` and above were never used. */
  #free: number[] = [];
  #fresh = 1;
  /** What `warm` read; kept so that reading is not left out. */
  warmth = 0;
  // Of what was looked for last: its hash, and of IPv6 those of its addresses.
  #hash = 0;
  #low = 0;
  #high = 0;
  /** Entry found last. Both interfaces of a connection are opened by one packet, so their entries lie side by side. */
  #last = 1;

  /** Entry numbers below this may be in use. */
  get end(): number {
    return this.#fresh;
  }

  /** Room for another entry without growing. The last is never used: what stands beside an entry can always be read. */
  get hasRoom(): boolean {
    return this.#free.length > 0 || (this.#fresh + 1) * STRIDE < this.words.length;
  }

  /** Entries that fit without growing. */
  get capacity(): number {
    return this.words.length / STRIDE - 2;
  }

  /** @param k0  interface * 256 + protocol; `k1`, `k2` the lower and the higher address; `k3` ports */
  find4(k0: number, k1: number, k2: number, k3: number): number {
    // Saves a miss of the cache for each packet that is seen at two interfaces.
    const last = this.#last;
    if (this.#is(last + 1, k0, k1, k2, k3, 0)) return (this.#last = last + 1);
    if (this.#is(last - 1, k0, k1, k2, k3, 0)) return (this.#last = last - 1);
    const hash = mix(k0 & 255, k1, k2, k3);
    this.#hash = hash;
    const index = this.#index;
    const mask = this.#mask;
    const entryBits = this.#entryBits;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = index[slot] as number;
      if (word === 0) return 0;
      if (((word ^ hash) & ~entryBits) === 0 && this.#is(word & entryBits, k0, k1, k2, k3, 0))
        return (this.#last = word & entryBits);
    }
  }

  /**
   * Reads what rows of a batch will look up, so that the cache has it. The misses of a few rows overlap here; one after
   * the other they are most of the time that a packet of a large table costs.
   */
  warm(packets: PacketBatch, from: number, to: number): void {
    const { src4, dst4, ports, protocol } = packets;
    const words = this.words;
    const index = this.#index;
    const mask = this.#mask;
    const entryBits = this.#entryBits;
    let read = 0;
    for (let row = from; row < to; row++) {
      const src = src4[row] as number;
      const dst = dst4[row] as number;
      const own = ports[row] as number;
      const hash =
        src < dst
          ? mix(protocol[row] as number, src, dst, own)
          : mix(protocol[row] as number, dst, src, ((own << 16) | (own >>> 16)) >>> 0);
      const at = ((index[hash & mask] as number) & entryBits) * STRIDE;
      read ^= (words[at] as number) ^ (words[at + STRIDE] as number);
    }
    this.warmth = read;
  }

  #is(entry: number, k0: number, k1: number, k2: number, k3: number, family: number): boolean {
    const words = this.words;
    const at = entry * STRIDE;
    return (
      words[at] === k0 &&
      words[at + 1] === k1 &&
      words[at + 2] === k2 &&
      words[at + 3] === k3 &&
      ((words[at + FLAGS] as number) & FAMILY_6) === family
    );
  }

  /** @param pair  eight words: the lower address, then the higher */
  find6(k0: number, pair: Uint32Array, k3: number): number {
    const k1 = mix(pair[0] as number, pair[1] as number, pair[2] as number, pair[3] as number);
    const k2 = mix(pair[4] as number, pair[5] as number, pair[6] as number, pair[7] as number);
    const last = this.#last;
    if (this.#is(last + 1, k0, k1, k2, k3, FAMILY_6) && this.#hasPair(last + 1, pair)) return (this.#last = last + 1);
    if (this.#is(last - 1, k0, k1, k2, k3, FAMILY_6) && this.#hasPair(last - 1, pair)) return (this.#last = last - 1);
    const hash = mix(k0 & 255, k1, k2, k3);
    this.#hash = hash;
    this.#low = k1;
    this.#high = k2;
    const index = this.#index;
    const mask = this.#mask;
    const entryBits = this.#entryBits;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = index[slot] as number;
      if (word === 0) return 0;
      if (((word ^ hash) & ~entryBits) !== 0) continue;
      const entry = word & entryBits;
      if (this.#is(entry, k0, k1, k2, k3, FAMILY_6) && this.#hasPair(entry, pair)) return (this.#last = entry);
    }
  }

  #hasPair(entry: number, pair: Uint32Array): boolean {
    const six = this.#six as Uint32Array;
    let i = 0;
    while (i < 8 && six[entry * 8 + i] === pair[i]) i++;
    return i === 8;
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

  /** Adds what `find6` just did not find. Its address words hold hashes; the addresses are beside. */
  add6(k0: number, pair: Uint32Array, k3: number): number {
    const entry = this.#take();
    this.#six ??= new Uint32Array((this.words.length / STRIDE) * 8);
    this.#six.set(pair, entry * 8);
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 1] = this.#low;
    this.words[at + 2] = this.#high;
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
    const entryBits = this.#entryBits;
    let slot = this.#hashOf(entry) & mask;
    while (((index[slot] as number) & entryBits) !== entry) slot = (slot + 1) & mask;
    // Later entries of the run move up, so that no look-up stops early and no tombstones gather.
    for (let next = (slot + 1) & mask; index[next] !== 0; next = (next + 1) & mask) {
      const home = this.#hashOf((index[next] as number) & entryBits) & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      index[slot] = index[next] as number;
      slot = next;
    }
    index[slot] = 0;
    words.fill(0, at, at + STRIDE);
    this.#free.push(entry);
    this.size--;
  }

  #hashOf(entry: number): number {
    const at = entry * STRIDE;
    const words = this.words;
    return mix((words[at] as number) & 255, words[at + 1] as number, words[at + 2] as number, words[at + 3] as number);
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
    while (index[slot] !== 0) slot = (slot + 1) & mask;
    index[slot] = ((hash & ~this.#entryBits) | entry) >>> 0;
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
    const entries = words.length / STRIDE;
    this.#entryBits = entries - 1;
    this.#index = new Uint32Array(entries * 2);
    this.#mask = entries * 2 - 1;
    for (let entry = 1; entry < this.#fresh; entry++)
      if (words[entry * STRIDE] !== 0) this.#link(this.#hashOf(entry), entry);
  }
}
