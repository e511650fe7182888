/**
 * Connections, and conversations that were judged, at interfaces (rule V3).
 *
 * In:    a key: protocol, unordered pair of addresses and ports; an interface. Out: the number of its entry.
 * Holds: an entry is what one interface has of a conversation: a row of typed arrays, 64 bytes, one line of the cache.
 *        The entries of a conversation are a chain; an index of one word a slot leads to its first, the head: the entry
 *        in the low bits, in the others a part of the hash, so that few probes read an entry. IPv6 addresses, 32 bytes
 *        a conversation, lie apart. Number 0 is none. What an entry means is `states.ts`'s; `ways.ts` keeps in a chain
 *        where its packets go. Rows grow in large steps: pages that no entry was put on take no memory, and little is
 *        copied. Row 0 is the table's own, for loops add entries too.
 */

import { LinearMemory, loopsOver } from '../../model/linear-memory.ts';
import { hash4, hash6 } from './conversation-hash.ts';
import {
  STRIDE,
  FLAGS,
  NEXT,
  ORIGINS,
  DOUBLES,
  FAMILY_6,
  FIRST,
  STUB,
  SIZE,
  FRESH,
  FREE,
  CHAINS,
  MASK,
  ENTRY_BITS,
  OPENINGS,
  SIX_FREE,
  SIX_FRESH,
  SIX_ROOM,
} from './entry-words.ts';
import { RELINK_LOOPS_CODE } from './relink-loops.generated.ts';
import type { RelinkLoops } from './relink-loops.ts';

const ROW_SHIFT = 4;
const START = 1 << 12;
/** From here on rows are doubled; before, they grow by more. */
const LARGE = 1 << 20;
const GROWTH = 16;
const ROW_BYTES = STRIDE * 4;
const SIX_BYTES = 32;

/** The table. Callers read and write `words` and `doubles` of an entry in place; both move when the table grows. */
export class Connections {
  words: Uint32Array;
  doubles: Float64Array;
  /** Rows, slots of the index and addresses of IPv6, for loops. */
  readonly rows: LinearMemory = new LinearMemory(START * ROW_BYTES);
  readonly slots: LinearMemory = new LinearMemory(START * 8);
  readonly six: LinearMemory = new LinearMemory(64 * SIX_BYTES);
  readonly opened: LinearMemory = new LinearMemory(START * 4);
  /** When an entry was opened, in the order of openings; for `newest.ts`. */
  serials: Uint32Array;
  /** Addresses of IPv6, eight words; word 1 of an entry says which, word 2 is their hash. */
  #six: Uint32Array;
  /** At most three quarters of the slots are used: one that differs is told by a part of its hash, in the same line of the cache. */
  #index: Int32Array;
  readonly #relink: () => void;

  constructor() {
    const loops = loopsOver(RELINK_LOOPS_CODE, { table: this.rows, index: this.slots }) as RelinkLoops;
    this.#relink = () => loops.relink();
    this.words = this.#wordsOf(START);
    this.words[FRESH] = 1;
    this.words[MASK] = START * 2 - 1;
    this.words[ENTRY_BITS] = START - 1;
    this.serials = new Uint32Array(this.opened.u8.buffer, 0, START);
    this.doubles = this.#doublesOf(START);
    this.#six = new Uint32Array(this.six.u8.buffer);
    this.#six[SIX_FRESH] = 1;
    this.#six[SIX_ROOM] = this.#six.length / 8;
    this.#index = this.slots.i32.subarray(0, START * 2);
  }

  #wordsOf(entries: number): Uint32Array {
    return new Uint32Array(this.rows.u8.buffer, 0, entries * STRIDE);
  }

  #doublesOf(entries: number): Float64Array {
    return new Float64Array(this.rows.u8.buffer, 0, entries * DOUBLES);
  }

  /** Entries in use. */
  get size(): number {
    return this.words[SIZE] as number;
  }

  /** Entry numbers below this may be in use. */
  get end(): number {
    return this.words[FRESH] as number;
  }

  /** Room for another entry without growing. */
  get hasRoom(): boolean {
    return this.words[FREE] !== 0 || this.end <= this.capacity;
  }

  /** Entries that fit without growing. */
  get capacity(): number {
    return this.words[ENTRY_BITS] as number;
  }

  /** The number of another opening. */
  nextOpening(): number {
    return (this.words[OPENINGS] = (this.words[OPENINGS] as number) + 1);
  }

  /**
   * The head of a conversation of IPv4, 0 none: protocol, the lower address, the higher, ports in that order. Words of a
   * key are signed wherever they are not in the table: numbers that V8 passes without making an object of them.
   */
  find4(hash: number, protocol: number, low: number, high: number, ports: number): number {
    const index = this.#index;
    const mask = this.words[MASK] as number;
    const entryBits = this.words[ENTRY_BITS] as number;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = index[slot] as number;
      if (word === 0) return 0;
      const entry = word & entryBits;
      if (((word ^ hash) & ~entryBits) === 0 && this.is4(entry, protocol, low, high, ports)) return entry;
    }
  }

  /** Whether an entry is of a conversation of IPv4. */
  is4(entry: number, protocol: number, low: number, high: number, ports: number): boolean {
    const words = this.words;
    const at = entry << ROW_SHIFT;
    // One branch for all of it.
    const differs =
      (((words[at] as number) ^ protocol) & 255) |
      ((words[at + 1] as number) ^ low) |
      ((words[at + 2] as number) ^ high) |
      ((words[at + 3] as number) ^ ports) |
      ((words[at + FLAGS] as number) & FAMILY_6);
    return differs === 0;
  }

  /**
   * The head of a conversation of IPv6, 0 none.
   *
   * @param pair   hash of the addresses
   * @param low    where the four words of the lower address begin in `a`
   * @param high   where those of the higher begin in `b`
   */
  find6(
    hash: number,
    protocol: number,
    pair: number,
    ports: number,
    a: Uint32Array,
    low: number,
    b: Uint32Array,
    high: number,
  ): number {
    const index = this.#index;
    const mask = this.words[MASK] as number;
    const entryBits = this.words[ENTRY_BITS] as number;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = index[slot] as number;
      if (word === 0) return 0;
      const entry = word & entryBits;
      if (((word ^ hash) & ~entryBits) === 0 && this.is6(entry, protocol, pair, ports, a, low, b, high)) return entry;
    }
  }

  /** Whether an entry is of a conversation of IPv6. */
  is6(
    entry: number,
    protocol: number,
    pair: number,
    ports: number,
    a: Uint32Array,
    low: number,
    b: Uint32Array,
    high: number,
  ): boolean {
    const words = this.words;
    const at = entry << ROW_SHIFT;
    if (((words[at + 3] as number) | 0) !== ports || ((words[at + 2] as number) | 0) !== pair) return false;
    if (((words[at] as number) & 255) !== protocol || ((words[at + FLAGS] as number) & FAMILY_6) === 0) return false;
    const six = this.#six;
    const own = (words[at + 1] as number) * 8;
    return (
      six[own] === a[low] &&
      six[own + 1] === a[low + 1] &&
      six[own + 2] === a[low + 2] &&
      six[own + 3] === a[low + 3] &&
      six[own + 4] === b[high] &&
      six[own + 5] === b[high + 1] &&
      six[own + 6] === b[high + 2] &&
      six[own + 7] === b[high + 3]
    );
  }

  /** The entry that an interface has in the chain of a head, which may be 0; 0 none. */
  entryAt(head: number, interfaceNumber: number): number {
    const words = this.words;
    let entry = head;
    while (entry !== 0 && (words[entry * STRIDE] as number) >>> 8 !== interfaceNumber) entry = this.#after(entry);
    return entry;
  }

  #after(entry: number): number {
    const at = entry * STRIDE;
    return ((this.words[at + FLAGS] as number) & STUB) !== 0 ? 0 : (this.words[at + NEXT] as number);
  }

  /**
   * Adds an entry to the chain of a head, or begins a chain where the head is 0; its flags and times are 0.
   *
   * @param k0  interface * 256 + protocol
   */
  add4(head: number, hash: number, k0: number, low: number, high: number, ports: number): number {
    const entry = this.#take();
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 1] = low;
    this.words[at + 2] = high;
    this.words[at + 3] = ports;
    this.#join(head, hash, entry);
    return entry;
  }

  /** As `add4`, with what `find6` takes. */
  add6(
    head: number,
    hash: number,
    k0: number,
    pair: number,
    ports: number,
    a: Uint32Array,
    low: number,
    b: Uint32Array,
    high: number,
  ): number {
    const entry = this.#take();
    const number = head === 0 ? this.#addSix(a, low, b, high) : (this.words[head * STRIDE + 1] as number);
    const at = entry * STRIDE;
    this.words[at] = k0;
    this.words[at + 1] = number;
    this.words[at + 2] = pair;
    this.words[at + 3] = ports;
    this.words[at + FLAGS] = FAMILY_6;
    this.#join(head, hash, entry);
    return entry;
  }

  #addSix(a: Uint32Array, low: number, b: Uint32Array, high: number): number {
    const number = this.#takeSix();
    const six = this.#six;
    for (let i = 0; i < 4; i++) {
      six[number * 8 + i] = a[low + i] as number;
      six[number * 8 + 4 + i] = b[high + i] as number;
    }
    return number;
  }

  #takeSix(): number {
    const free = this.#six[SIX_FREE] as number;
    if (free !== 0) {
      this.#six[SIX_FREE] = this.#six[free * 8] as number;
      return free;
    }
    const fresh = this.#six[SIX_FRESH] as number;
    if (fresh === this.#six[SIX_ROOM]) {
      this.six.reserve(fresh * SIX_BYTES * 2);
      this.#six = new Uint32Array(this.six.u8.buffer);
      this.#six[SIX_ROOM] = this.#six.length / 8;
    }
    this.#six[SIX_FRESH] = fresh + 1;
    return fresh;
  }

  #join(head: number, hash: number, entry: number): void {
    if (head === 0) {
      const at = entry * STRIDE + FLAGS;
      this.words[at] = (this.words[at] as number) | FIRST;
      const chains = (this.words[CHAINS] = (this.words[CHAINS] as number) + 1);
      if (chains * 4 > this.#index.length * 3) {
        const slots = this.#index.length * 2;
        this.slots.reserve(slots * 4);
        this.#index = this.slots.i32.subarray(0, slots).fill(0);
        this.#linkAll();
      } else this.#link(hash, entry);
      return;
    }
    let last = head;
    for (let next = this.#after(last); next !== 0; next = this.#after(last)) last = next;
    this.#changeChain(head);
    this.words[last * STRIDE + NEXT] = entry;
  }

  /** What `ways.ts` knows of a chain is wrong when it changes. */
  #changeChain(head: number): void {
    const { words } = this;
    const at = head * STRIDE;
    words[at + ORIGINS] = 0;
    if (((words[at + FLAGS] as number) & STUB) !== 0) {
      words[at + FLAGS] = (words[at + FLAGS] as number) & ~STUB;
      words[at + NEXT] = 0;
    } else words[(words[at + NEXT] as number) * STRIDE + ORIGINS] = 0;
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
    const slot = this.#slotOf(entry);
    const entryBits = words[ENTRY_BITS] as number;
    const head = (this.#index[slot] as number) & entryBits;
    this.#changeChain(head);
    const next = words[at + NEXT] as number;
    if (head !== entry) {
      let before = head;
      while (words[before * STRIDE + NEXT] !== entry) before = words[before * STRIDE + NEXT] as number;
      words[before * STRIDE + NEXT] = next;
    } else if (next !== 0) {
      words[next * STRIDE + FLAGS] = (words[next * STRIDE + FLAGS] as number) | FIRST;
      this.#index[slot] = ((this.#index[slot] as number) & ~entryBits) | next;
    } else {
      this.#unlink(slot);
      if (((words[at + FLAGS] as number) & FAMILY_6) !== 0) this.#leaveSix(words[at + 1] as number);
    }
    words.fill(0, at, at + STRIDE);
    words[at + 1] = words[FREE] as number;
    words[FREE] = entry;
    words[SIZE] = (words[SIZE] as number) - 1;
  }

  #leaveSix(number: number): void {
    this.#six[number * 8] = this.#six[SIX_FREE] as number;
    this.#six[SIX_FREE] = number;
  }

  /** The slot that leads to the chain of an entry. */
  #slotOf(entry: number): number {
    const mask = this.words[MASK] as number;
    const entryBits = this.words[ENTRY_BITS] as number;
    for (let slot = this.#hashOf(entry) & mask; ; slot = (slot + 1) & mask) {
      let one = (this.#index[slot] as number) & entryBits;
      while (one !== 0 && one !== entry) one = this.#after(one);
      if (one === entry) return slot;
    }
  }

  #unlink(from: number): void {
    const index = this.#index;
    const mask = this.words[MASK] as number;
    const entryBits = this.words[ENTRY_BITS] as number;
    let slot = from;
    // Later heads of the run move up, so that no look-up stops early and no tombstones gather.
    for (let next = (slot + 1) & mask; index[next] !== 0; next = (next + 1) & mask) {
      const home = this.#hashOf((index[next] as number) & entryBits) & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      index[slot] = index[next] as number;
      slot = next;
    }
    index[slot] = 0;
    this.words[CHAINS] = (this.words[CHAINS] as number) - 1;
  }

  #hashOf(entry: number): number {
    const at = entry * STRIDE;
    const words = this.words;
    const protocol = (words[at] as number) & 255;
    const high = (words[at + 2] as number) | 0;
    const ports = (words[at + 3] as number) | 0;
    if (((words[at + FLAGS] as number) & FAMILY_6) !== 0) return hash6(protocol, high, ports);
    return hash4(protocol, (words[at + 1] as number) | 0, high, ports);
  }

  #take(): number {
    if (!this.hasRoom) this.#grow();
    const { words } = this;
    words[SIZE] = (words[SIZE] as number) + 1;
    const free = words[FREE] as number;
    if (free === 0) return (words[FRESH] = (words[FRESH] as number) + 1) - 1;
    words[FREE] = words[free * STRIDE + 1] as number;
    words[free * STRIDE + 1] = 0;
    return free;
  }

  #link(hash: number, entry: number): void {
    const index = this.#index;
    const mask = this.words[MASK] as number;
    let slot = hash & mask;
    while (index[slot] !== 0) slot = (slot + 1) & mask;
    index[slot] = (hash & ~(this.words[ENTRY_BITS] as number)) | entry;
  }

  #linkAll(): void {
    this.words[MASK] = this.#index.length - 1;
    this.#relink();
  }

  #grow(): void {
    const before = this.capacity + 1;
    const entries = before * (before < LARGE ? GROWTH : 2);
    this.rows.reserve(entries * ROW_BYTES);
    this.opened.reserve(entries * 4);
    this.words = this.#wordsOf(entries);
    this.doubles = this.#doublesOf(entries);
    this.serials = new Uint32Array(this.opened.u8.buffer, 0, entries);
    this.words[ENTRY_BITS] = entries - 1;
    this.#index.fill(0);
    this.#linkAll();
  }
}
