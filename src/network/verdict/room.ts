/**
 * Keeps the table of connections within its bound (rule V3).
 *
 * In:    the table, the most connections at once. Out: room, and a count of connections that had to leave.
 * Holds: the one that has been idle longest leaves, exactly; connections that are over are none and do not count.
 *        What is only remembered (closed, or judged before) has as many places of its own; when these are full the
 *        oldest go first, in coarse steps. Entries are swept out before the table grows, once they mean nothing to
 *        any packet: an hour after their end by the guarded time (rule W3), so that when it is done decides nothing.
 *        Far from the bound nothing is kept of connections: they are counted now and then. Near it heaps hold those that come
 *        first, up to a time behind which nobody is known; when they are through, the table is looked at again.
 */
import type { Connections } from './connections.ts';
import { BOUND, CLOSES, DOUBLES, FLAGS, JUDGED, LAST, REOPENED, STRIDE } from './entry-words.ts';
import { Heap } from './heap.ts';
import { CLOSING, COUNTED, deadline, LIVE, REMEMBERED_MICROS } from './states.ts';

/** About how many connections a heap is filled with; of which part of the table that is, so many entries tell. */
const KEPT = 1 << 16;
const SAMPLES = 1 << 14;
/** Connections are all counted where fewer than this part of the bound is free. */
const NEAR = 16;
/** How late a packet may be and still find what it would have found. */
export const LATE_MICROS = 3600e6;

/** Keeps room; one for each table. */
export class Room {
  /** Connections that left while they could still have been used. */
  evicted = 0;
  readonly #table: Connections;
  readonly #most: number;
  readonly #kept: number;
  /** Until when rule V7 holds for an entry; -Infinity where it never does. */
  readonly #pickUpEnd: (entry: number) => number;
  /** While nothing is counted: how many entries there may be before there could be too many connections among them. */
  #bound: number;
  #isCounting = false;
  /** Connections that are counted against the bound. */
  #counted = 0;
  /**
   * Those that are counted by end of age, all that end before a time; and by last packet, all that had theirs up to a time. Keys
   * may be too low: what comes first is looked at again.
   */
  readonly #ends = new Heap();
  #endsTo = -Infinity;
  #mostEnds: number;
  readonly #idle = new Heap();
  #idleTo = -Infinity;
  #mostIdle: number;
  /** Capacity at which a sweep gave too little: the table grows instead. */
  #sweptFor = 0;

  /** @param kept  about how many connections a heap is filled with */
  constructor(table: Connections, most: number, pickUpEnd: (entry: number) => number, kept: number = KEPT) {
    this.#table = table;
    this.#kept = kept;
    this.#mostEnds = kept * 4;
    this.#mostIdle = kept * 4;
    this.#most = most;
    this.#pickUpEnd = pickUpEnd;
    this.#bound = most;
    table.words[BOUND] = most;
  }

  /**
   * Before an entry is added. True: entries were removed.
   *
   * @param clock  guarded time
   */
  prepare(clock: number): boolean {
    const table = this.#table;
    this.#follow();
    const isFull = table.size >= this.#most * 2;
    if (!isFull && (table.hasRoom || this.#sweptFor === table.capacity)) return false;
    const enough = (isFull ? this.#most : table.capacity) / 4;
    let removed = this.#sweep(clock - LATE_MICROS, -Infinity);
    // In a full table as well what only late packets would find, then what is only remembered; no connection.
    if (isFull && removed < enough) removed += this.#sweep(clock, clock);
    if (isFull && removed < enough) removed += this.#sweep(clock + REMEMBERED_MICROS / 2, clock);
    if (isFull && removed < enough) removed += this.#sweep(Infinity, clock);
    // Sweeping once more for a few entries would take longer than growing.
    if (removed < enough) this.#sweptFor = table.capacity;
    this.#lower(removed);
    return removed > 0;
  }

  /** Takes what loops did, which lowered their bound themselves. */
  #follow(): void {
    const { words } = this.#table;
    this.#bound -= words[REOPENED] as number;
    words[REOPENED] = 0;
  }

  /** Some entries are gone, or others have become connections. */
  #lower(entries: number): void {
    this.#bound -= entries;
    this.#tellLoops(this.#bound);
  }

  /** Loops may add entries up to so many; where they were forbidden to, that is for good. */
  #tellLoops(entries: number): void {
    const { words } = this.#table;
    if (words[BOUND] !== 0) words[BOUND] = Math.max(1, entries);
  }

  /**
   * After an entry became a connection, or another one: at the bound the one idle longest leaves.
   *
   * @param isNew  the entry was added for it
   */
  opened(entry: number, clock: number, isNew: boolean): void {
    this.#follow();
    if (!this.#isCounting) {
      if (!isNew) this.#lower(1);
      if (this.#table.size <= this.#bound || !this.#begin(clock, entry)) return;
    }
    if (!this.#isCounted(entry)) {
      this.#expire(clock);
      if (this.#counted >= this.#most) this.#evict();
      this.#count(entry);
    }
    this.#keep(entry);
    if (this.#ends.size > this.#mostEnds) this.#lookAhead(clock);
    if (this.#idle.size > this.#mostIdle) this.#lookBack();
  }

  /** Counts connections; all of them are counted from now on where there are nearly too many. */
  #begin(clock: number, opened: number): boolean {
    const table = this.#table;
    let live = 0;
    for (let entry = 1; entry < table.end; entry++) if (deadline(table, entry) >= clock) live++;
    if (live <= this.#most - this.#most / NEAR) {
      this.#bound = table.size + this.#most - live;
      this.#tellLoops(this.#bound);
      return false;
    }
    this.#isCounting = true;
    table.words[BOUND] = 0;
    for (let entry = 1; entry < table.end; entry++)
      if (entry !== opened && deadline(table, entry) >= clock) this.#count(entry);
    return true;
  }

  /** Has a connection in the heaps where it must be. */
  #keep(entry: number): void {
    const table = this.#table;
    const serial = table.serials[entry] as number;
    const end = deadline(table, entry);
    const last = table.doubles[entry * DOUBLES + LAST] as number;
    if (end < this.#endsTo) this.#ends.push(entry, serial, end);
    if (last <= this.#idleTo) this.#idle.push(entry, serial, last);
  }

  /** After a connection got an end that is sooner than before. */
  closing(entry: number): void {
    if (this.#isCounting && this.#isCounted(entry)) this.#keep(entry);
  }

  /** Below or at which about `kept` connections are, by what `of` says of them; some are. */
  #share(of: (entry: number) => number): number {
    const table = this.#table;
    const step = Math.ceil(table.end / SAMPLES);
    const found: number[] = [];
    for (let entry = 1; entry < table.end; entry += step) if (this.#isCounted(entry)) found.push(of(entry));
    found.sort((a, b) => a - b);
    return found[Math.floor(found.length * (this.#kept / this.#counted))] ?? Infinity;
  }

  /** Forgets connections that have ended, and finds those that end next. */
  #lookAhead(clock: number): void {
    const table = this.#table;
    const share = this.#share((entry) => deadline(table, entry));
    // No more often than once a second of packets, however many end in it.
    const to = Math.max(share, clock + 1e6);
    this.#endsTo = to;
    this.#ends.clear();
    for (let entry = 1; entry < table.end; entry++) {
      if (!this.#isCounted(entry)) continue;
      const end = deadline(table, entry);
      if (end < clock) this.#uncount(entry);
      else if (end < to) this.#ends.push(entry, table.serials[entry] as number, end);
    }
    this.#mostEnds = Math.max(this.#kept * 4, this.#ends.size * 2);
  }

  /** Finds the connections that have been idle longest. */
  #lookBack(): void {
    const table = this.#table;
    const { doubles } = table;
    const to = this.#share((entry) => doubles[entry * DOUBLES + LAST] as number);
    this.#idleTo = to;
    this.#idle.clear();
    for (let entry = 1; entry < table.end; entry++) {
      const last = doubles[entry * DOUBLES + LAST] as number;
      if (last <= to && this.#isCounted(entry)) this.#idle.push(entry, table.serials[entry] as number, last);
    }
    this.#mostIdle = Math.max(this.#kept * 4, this.#idle.size * 2);
  }

  #isCounted(entry: number): boolean {
    return ((this.#table.words[entry * STRIDE + FLAGS] as number) & COUNTED) !== 0;
  }

  #count(entry: number): void {
    const at = entry * STRIDE + FLAGS;
    this.#table.words[at] = (this.#table.words[at] as number) | COUNTED;
    this.#counted++;
  }

  #uncount(entry: number): void {
    const at = entry * STRIDE + FLAGS;
    this.#table.words[at] = (this.#table.words[at] as number) & ~COUNTED;
    this.#counted--;
  }

  /** Whether what a heap has first is still what it was when it was pushed. */
  #isCurrent(heap: Heap): boolean {
    const entry = heap.firstEntry;
    return this.#table.serials[entry] === heap.firstSerial && this.#isCounted(entry);
  }

  #expire(clock: number): void {
    if (clock > this.#endsTo) return this.#lookAhead(clock);
    const ends = this.#ends;
    while (ends.size > 0 && ends.firstKey < clock) {
      if (this.#isCurrent(ends)) {
        const entry = ends.firstEntry;
        const end = deadline(this.#table, entry);
        if (end >= clock && end < this.#endsTo) {
          ends.rekey(end);
          continue;
        }
        if (end < clock) this.#uncount(entry);
      }
      ends.shift();
    }
  }

  #evict(): void {
    const { words, doubles } = this.#table;
    const idle = this.#idle;
    for (;;) {
      if (idle.size === 0) this.#lookBack();
      const entry = idle.firstEntry;
      if (!this.#isCurrent(idle)) {
        idle.shift();
        continue;
      }
      const last = doubles[entry * DOUBLES + LAST] as number;
      if (last > idle.firstKey) {
        if (last <= this.#idleTo) idle.rekey(last);
        else idle.shift();
        continue;
      }
      idle.shift();
      this.#uncount(entry);
      const at = entry * STRIDE + FLAGS;
      words[at] = (words[at] as number) & ~(LIVE | CLOSING);
      this.evicted++;
      return;
    }
  }

  /** Removes what means nothing from `before` on, but no connection that lives at `clock`. */
  #sweep(before: number, clock: number): number {
    const table = this.#table;
    let removed = 0;
    for (let entry = 1; entry < table.end; entry++) {
      if (table.words[entry * STRIDE] === 0 || this.#keepUntil(entry) >= before) continue;
      if (clock > -Infinity && deadline(table, entry) >= clock) continue;
      if (this.#isCounted(entry)) this.#uncount(entry);
      table.remove(entry);
      removed++;
    }
    return removed;
  }

  #keepUntil(entry: number): number {
    const { words, doubles } = this.#table;
    const times = entry * DOUBLES;
    const flags = words[entry * STRIDE + FLAGS] as number;
    const closed = (flags & CLOSING) !== 0 ? (doubles[times + CLOSES] as number) + REMEMBERED_MICROS : -Infinity;
    const judged = Math.max(doubles[times + LAST] as number, doubles[times + JUDGED] as number);
    const remembered = this.#pickUpEnd(entry) === -Infinity ? -Infinity : judged + REMEMBERED_MICROS;
    return Math.max(deadline(this.#table, entry), closed, remembered);
  }
}
