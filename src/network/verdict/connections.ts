/**
 * Connections, and conversations that were judged, at interfaces (rule V3).
 *
 * In:    a key: interface, protocol, unordered pair of addresses and ports. Out: the number of its entry.
 * Holds: entries are rows of typed arrays, 64 bytes each, and 32 more where they are IPv6. An index of one word a slot
 *        leads to them: the entry in the low bits, in the others a part of the hash, so that few probes read an entry.
 *        Number 0 is none. What an entry means is `states.ts`'s. Rows grow fourfold: pages that no entry was put on
 *        take no memory, and little is copied.
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
const GROWTH = 4;
const LEAD_BYTES = 48;

/** Rows that are a line of the cache each: allocators put large blocks 16 bytes behind a page. */
function createRows(entries: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(new ArrayBuffer(LEAD_BYTES + entries * STRIDE * 4), LEAD_BYTES);
}

function doublesOf(words: Uint32Array): Float64Array {
  return new Float64Array(words.buffer, words.byteOffset, words.length / 2);
}

/** The hash of a conversation of IPv4: protocol, the lower address, the higher, ports in that order. */
export function hash4(k0: number, k1: number, k2: number, k3: number): number {
  let h = Math.imul(k1, 0x9e3779b1) ^ Math.imul(k2, 0x85ebca6b) ^ Math.imul(k3, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(k0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A hash of two IPv6 addresses, the lower first; `low` and `high` are where their four words begin. */
export function hashPair(a: Uint32Array, low: number, b: Uint32Array, high: number): number {
  let h = 0;
  for (let i = 0; i < 4; i++) {
    h = Math.imul((h ^ (h >>> 15)) + (a[low + i] as number), 0x85ebca6b);
    h = Math.imul((h ^ (h >>> 13)) + (b[high + i] as number), 0xc2b2ae35);
  }
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash of a conversation of IPv6, from that of its addresses. */
export function hash6(k0: number, pair: number, k3: number): number {
  return hash4(k0, pair, 6, k3);
}

/** The table. Callers read and write `words` and `doubles` of an entry in place; both move when the table grows. */
export class Connections {
  words: Uint32Array = createRows(INDEX_START);
  doubles: Float64Array = doublesOf(this.words);
  /** When an entry was opened, in the order of openings; for `newest.ts`. */
  serials: Uint32Array = new Uint32Array(INDEX_START);
  /** Entries in use. */
  size = 0;
  /** Addresses of IPv6, eight words; word 1 of an entry says which, word 2 is their hash. */
  #six = new Uint32Array(64 * 8);
  #sixMask = 64 * 8 - 1;
  #sixFree: number[] = [];
  #sixFresh = 0;
  /** Twice as many slots as there may be entries. */
  #index = new Uint32Array(INDEX_START * 2);
  #mask = INDEX_START * 2 - 1;
  /** Bits of a slot that are the entry. */
  #entryBits = INDEX_START - 1;
  /** Entry numbers that were used and left; then `#fresh` and above were never used. */
  #free: number[] = [];
  #fresh = 1;
  // Of what was looked for last: its hash, and of IPv6 that of its addresses.
  #hash = 0;
  #pairHash = 0;
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
    const hash = hash4(k0 & 255, k1, k2, k3);
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

  /** The entry that a look-up by a hash meets first if it is any like it, else 0: for reading ahead of time. */
  likely(hash: number): number {
    const word = this.#index[hash & this.#mask] as number;
    return ((word ^ hash) & ~this.#entryBits) === 0 ? word & this.#entryBits : 0;
  }

  /** Reads the IPv6 addresses that an entry has, if it has some, ahead of time. */
  touchSix(entry: number): number {
    return this.#six[((this.words[entry * STRIDE + 1] as number) * 8) & this.#sixMask] as number;
  }

  /** Whether an entry in use is of a packet's conversation, whatever its interface. */
  isOf(entry: number, turned: number, packets: PacketBatch, row: number): boolean {
    const words = this.words;
    const at = entry * STRIDE;
    const own = packets.ports[row] as number;
    const ports = turned === 0 ? own : ((own << 16) | (own >>> 16)) >>> 0;
    if (words[at + 3] !== ports || ((words[at] as number) & 255) !== packets.protocol[row]) return false;
    const isSix = ((words[at + FLAGS] as number) & FAMILY_6) !== 0;
    if (packets.family[row] === 4) {
      const src = words[at + 1 + turned];
      return !isSix && src === packets.src4[row] && words[at + 2 - turned] === packets.dst4[row];
    }
    if (!isSix) return false;
    const { src6, dst6 } = packets;
    const six = this.#six;
    const low = (words[at + 1] as number) * 8;
    const src = low + turned * 4;
    const dst = low + 4 - turned * 4;
    const own6 = row * 4;
    return (
      six[src] === src6[own6] &&
      six[src + 1] === src6[own6 + 1] &&
      six[src + 2] === src6[own6 + 2] &&
      six[src + 3] === src6[own6 + 3] &&
      six[dst] === dst6[own6] &&
      six[dst + 1] === dst6[own6 + 1] &&
      six[dst + 2] === dst6[own6 + 2] &&
      six[dst + 3] === dst6[own6 + 3]
    );
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
    const pairHash = hashPair(pair, 0, pair, 4);
    this.#pairHash = pairHash;
    const last = this.#last;
    if (this.#isSix(last + 1, k0, pairHash, k3, pair)) return (this.#last = last + 1);
    if (this.#isSix(last - 1, k0, pairHash, k3, pair)) return (this.#last = last - 1);
    const hash = hash6(k0 & 255, pairHash, k3);
    this.#hash = hash;
    const index = this.#index;
    const mask = this.#mask;
    const entryBits = this.#entryBits;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = index[slot] as number;
      if (word === 0) return 0;
      if (((word ^ hash) & ~entryBits) === 0 && this.#isSix(word & entryBits, k0, pairHash, k3, pair))
        return (this.#last = word & entryBits);
    }
  }

  #isSix(entry: number, k0: number, pairHash: number, k3: number, pair: Uint32Array): boolean {
    const words = this.words;
    const at = entry * STRIDE;
    if (words[at] !== k0 || words[at + 2] !== pairHash || words[at + 3] !== k3) return false;
    if (((words[at + FLAGS] as number) & FAMILY_6) === 0) return false;
    const six = this.#six;
    const first = (words[at + 1] as number) * 8;
    let i = 0;
    while (i < 8 && six[first + i] === pair[i]) i++;
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

  /** Adds what `find6` just did not find. */
  add6(k0: number, pair: Uint32Array, k3: number): number {
    const entry = this.#take();
    const number = this.#sixFree.pop() ?? this.#sixFresh++;
    if (number * 8 === this.#six.length) {
      const six = new Uint32Array(this.#six.length * 4);
      six.set(this.#six);
      this.#six = six;
      this.#sixMask = six.length - 1;
    }
    for (let i = 0; i < 8; i++) this.#six[number * 8 + i] = pair[i] as number;
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 1] = number;
    this.words[at + 2] = this.#pairHash;
    this.words[at + 3] = k3;
    this.words[at + FLAGS] = FAMILY_6;
    this.#link(this.#hash, entry);
    return entry;
  }

  /** The pair of addresses of an entry, as IPv6 keys have it; IPv4 in words 0 and 4. */
  pairOf(entry: number, into: Uint32Array): void {
    const at = entry * STRIDE;
    if (((this.words[at + FLAGS] as number) & FAMILY_6) !== 0) {
      const first = (this.words[at + 1] as number) * 8;
      for (let i = 0; i < 8; i++) into[i] = this.#six[first + i] as number;
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
    if (((words[at + FLAGS] as number) & FAMILY_6) !== 0) this.#sixFree.push(words[at + 1] as number);
    words.fill(0, at, at + STRIDE);
    this.#free.push(entry);
    this.size--;
  }

  #hashOf(entry: number): number {
    const at = entry * STRIDE;
    const words = this.words;
    const protocol = (words[at] as number) & 255;
    const high = words[at + 2] as number;
    const ports = words[at + 3] as number;
    if (((words[at + FLAGS] as number) & FAMILY_6) !== 0) return hash6(protocol, high, ports);
    return hash4(protocol, words[at + 1] as number, high, ports);
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
    const words = createRows((this.words.length / STRIDE) * GROWTH);
    words.set(this.words);
    this.words = words;
    this.doubles = doublesOf(words);
    const serials = new Uint32Array(this.serials.length * GROWTH);
    serials.set(this.serials);
    this.serials = serials;
    const entries = words.length / STRIDE;
    this.#entryBits = entries - 1;
    this.#index = new Uint32Array(entries * 2);
    this.#mask = entries * 2 - 1;
    for (let entry = 1; entry < this.#fresh; entry++)
      if (words[entry * STRIDE] !== 0) this.#link(this.#hashOf(entry), entry);
  }
}
