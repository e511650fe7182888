/**
 * Keeps the table of connections within its bound (rule V3).
 *
 * In:    the table, the most connections at once. Out: room, and a count of connections that had to leave.
 * Holds: the one that has been idle longest leaves, exactly; connections that are over are none and do not count.
 *        What is only remembered (closed, or judged before) has as many places of its own; when these are full the
 *        oldest go first, in coarse steps. Entries that mean nothing any more are swept out before the table grows,
 *        120 s late, so that packets somewhat out of order find what they would have found; one packet from far
 *        ahead sweeps nothing (16 in a row do, as in rule W3).
 */
import type { Connections } from './connections.ts';
import { CLOSES, DOUBLES, FLAGS, JUDGED, LAST, STRIDE } from './connections.ts';
import { Heap } from './heap.ts';
import { CLOSING, COUNTED, deadline, LIVE, REMEMBERED_MICROS } from './states.ts';

const SLACK_MICROS = 120e6;
const LEAP_MICROS = 3600e6;
const LEAPS_IN_A_ROW = 16;

/** Keeps room; one for each table. */
export class Room {
  /** Connections that left while they could still have been used. */
  evicted = 0;
  readonly #table: Connections;
  readonly #most: number;
  /** How long, for an entry judged at a time, that matters to nothing but rule V7: until when rule V7 holds. */
  readonly #pickUpEnd: (entry: number) => number;
  /** By end of age and by last packet. Keys may be too low: what comes first is looked at again. Null until needed. */
  #ends: Heap | null = null;
  #idle: Heap | null = null;
  /** Connections that are counted against the bound, once there are heaps. */
  #counted = 0;
  /** Capacity at which a sweep gave too little: the table grows instead. */
  #sweptFor = 0;
  #clock = -Infinity;
  #leaps = 0;

  constructor(table: Connections, most: number, pickUpEnd: (entry: number) => number) {
    this.#table = table;
    this.#most = most;
    this.#pickUpEnd = pickUpEnd;
  }

  /** Before an entry is added. True: entries were removed. */
  prepare(now: number): boolean {
    this.#tick(now);
    const table = this.#table;
    const isFull = table.size >= this.#most * 2;
    if (!isFull && (table.hasRoom || this.#sweptFor === table.capacity)) return false;
    const enough = (isFull ? this.#most : table.capacity) / 4;
    let removed = this.#sweep(this.#clock - SLACK_MICROS);
    if (isFull && removed < enough) removed += this.#sweep(this.#clock + REMEMBERED_MICROS / 2);
    if (isFull && removed < enough) removed += this.#sweep(Infinity);
    // Sweeping once more for a few entries would take longer than growing.
    if (removed < enough) this.#sweptFor = table.capacity;
    return removed > 0;
  }

  /** After an entry became a connection, or another one: at the bound the one idle longest leaves. */
  opened(entry: number, now: number): void {
    const table = this.#table;
    if (this.#ends === null && table.size <= this.#most) return;
    const [ends, idle] = this.#heaps(now, entry);
    if (!this.#isCounted(entry)) {
      this.#expire(ends, now);
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

  /** Time that removing may rely on. */
  #tick(now: number): void {
    if (now <= this.#clock + LEAP_MICROS || this.#clock === -Infinity) this.#leaps = 0;
    else if (++this.#leaps < LEAPS_IN_A_ROW) return;
    this.#clock = Math.max(this.#clock, now);
  }

  #sweep(before: number): number {
    const table = this.#table;
    let removed = 0;
    for (let entry = 1; entry < table.end; entry++) {
      if (table.words[entry * STRIDE] === 0 || this.#keepUntil(entry, before) >= before) continue;
      if (this.#isCounted(entry)) this.#uncount(entry);
      table.remove(entry);
      removed++;
    }
    return removed;
  }

  #keepUntil(entry: number, before: number): number {
    const { words, doubles } = this.#table;
    const times = entry * DOUBLES;
    const flags = words[entry * STRIDE + FLAGS] as number;
    const end = deadline(this.#table, entry);
    // A sweep of what is only remembered never takes a connection.
    if (end >= this.#clock - SLACK_MICROS && before > this.#clock - SLACK_MICROS) return Infinity;
    const closed = (flags & CLOSING) !== 0 ? (doubles[times + CLOSES] as number) + REMEMBERED_MICROS : -Infinity;
    const judged = Math.max(doubles[times + LAST] as number, doubles[times + JUDGED] as number);
    const remembered = judged < this.#pickUpEnd(entry) ? judged + REMEMBERED_MICROS : -Infinity;
    return Math.max(end, closed, remembered);
  }
}
