/**
 * Keeps the table of connections within its bound (rule V3).
 *
 * In:    the table, the most connections at once. Out: room, and a count of connections that had to leave.
 * Holds: the one that has been idle longest leaves, exactly; connections that are over are none and do not count.
 *        What is only remembered (closed, or judged before) has as many places of its own; when these are full the
 *        oldest go first, in coarse steps. Entries are swept out before the table grows, once they mean nothing to
 *        any packet: an hour after their end by the guarded time (rule W3), so that when it is done decides nothing.
 */
import type { Connections } from './connections.ts';
import { BOUND, CLOSES, DOUBLES, FLAGS, JUDGED, LAST, STRIDE } from './connections.ts';
import { Heap } from './heap.ts';
import { CLOSING, COUNTED, deadline, LIVE, REMEMBERED_MICROS } from './states.ts';

/** How late a packet may be and still find what it would have found. */
export const LATE_MICROS = 3600e6;

/** Keeps room; one for each table. */
export class Room {
  /** Connections that left while they could still have been used. */
  evicted = 0;
  readonly #table: Connections;
  readonly #most: number;
  /** Until when rule V7 holds for an entry; -Infinity where it never does. */
  readonly #pickUpEnd: (entry: number) => number;
  /** By end of age and by last packet. Keys may be too low: what comes first is looked at again. Null until needed. */
  #ends: Heap | null = null;
  #idle: Heap | null = null;
  /** Connections that are counted against the bound, once there are heaps. */
  #counted = 0;
  /** Capacity at which a sweep gave too little: the table grows instead. */
  #sweptFor = 0;

  constructor(table: Connections, most: number, pickUpEnd: (entry: number) => number) {
    this.#table = table;
    this.#most = most;
    this.#pickUpEnd = pickUpEnd;
    table.words[BOUND] = most;
  }

  /**
   * Before an entry is added. True: entries were removed.
   *
   * @param clock  guarded time
   */
  prepare(clock: number): boolean {
    const table = this.#table;
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
    return removed > 0;
  }

  /** After an entry became a connection, or another one: at the bound the one idle longest leaves. */
  opened(entry: number, now: number, clock: number): void {
    const table = this.#table;
    if (this.#ends === null && table.size <= this.#most) return;
    const [ends, idle] = this.#heaps(clock, entry);
    if (!this.#isCounted(entry)) {
      this.#expire(ends, clock);
      if (this.#counted >= this.#most) this.#evict(idle);
      this.#count(entry);
    }
    const serial = table.serials[entry] as number;
    ends.push(entry, serial, deadline(table, entry));
    idle.push(entry, serial, now);
    // Those that left have their ends far ahead, where nothing else would find them.
    if (ends.size > this.#counted * 3 + 1024) this.#ends = this.#pushAll(new Heap());
  }

  #pushAll(ends: Heap): Heap {
    const table = this.#table;
    for (let entry = 1; entry < table.end; entry++)
      if (this.#isCounted(entry)) ends.push(entry, table.serials[entry] as number, deadline(table, entry));
    return ends;
  }

  /** After a connection got an end that is sooner than before. */
  closing(entry: number): void {
    if (this.#ends && this.#isCounted(entry))
      this.#ends.push(entry, this.#table.serials[entry] as number, deadline(this.#table, entry));
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

  #heaps(now: number, opened: number): readonly [Heap, Heap] {
    if (this.#ends && this.#idle) return [this.#ends, this.#idle];
    const [ends, idle] = [new Heap(), new Heap()];
    const table = this.#table;
    table.words[BOUND] = 0;
    for (let entry = 1; entry < table.end; entry++) {
      const end = deadline(table, entry);
      if (end < now || entry === opened) continue;
      idle.push(entry, table.serials[entry] as number, table.doubles[entry * DOUBLES + LAST] as number);
      this.#count(entry);
    }
    this.#ends = this.#pushAll(ends);
    this.#idle = idle;
    return [ends, idle];
  }

  /** Whether what a heap has first is still what it was when it was pushed. */
  #isCurrent(heap: Heap): boolean {
    const entry = heap.firstEntry;
    return this.#table.serials[entry] === heap.firstSerial && this.#isCounted(entry);
  }

  #expire(ends: Heap, now: number): void {
    while (ends.size > 0 && ends.firstKey < now) {
      if (this.#isCurrent(ends)) {
        const entry = ends.firstEntry;
        const end = deadline(this.#table, entry);
        if (end >= now) {
          ends.rekey(end);
          continue;
        }
        this.#uncount(entry);
      }
      ends.shift();
    }
  }

  #evict(idle: Heap): void {
    const { words, doubles } = this.#table;
    for (;;) {
      const entry = idle.firstEntry;
      if (!this.#isCurrent(idle)) {
        idle.shift();
        continue;
      }
      const last = doubles[entry * DOUBLES + LAST] as number;
      if (last > idle.firstKey) {
        idle.rekey(last);
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
