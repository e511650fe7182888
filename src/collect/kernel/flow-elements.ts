/**
 * Elements of a generation's sets, gathered into rows.
 *
 * In:    elements in numbers, set by set, from whoever reads them. Out: rows of flows, packets lost by subject.
 * Holds: never throws. An element that cannot be read is counted in `odd`, and the first one kept; its packets then lack in
 *        the sum, which whoever compares it with the counters sees. Times come from the element that is put into each
 *        set: all elements of a set were made with one life, so what they differ in what is left of it is what their packets
 *        differ in time. A flow of one packet ends when it began; one of more whose last packet is not known, with its generation.
 */
import { MARK_FLAGS, MARK_FIN, MARK_RST, MARK_SYN, MARK_SYN_ACK } from './book.ts';
import type { FlowRows } from '../../model/batch.ts';
import { flowHash, swapped } from './flow-hash.ts';
import { createFlowRows, growFlowRows } from './flow-rows.ts';
import type { FlowKind } from './flow-sets.ts';

/** What the first field of a key says. */
export type KeyWord = {
  /** Whose the flow is. */
  subject(word: number): number;
  /** The TCP flags of its packets, in the bits of a mark. */
  flags(word: number): number;
  /** What stands in its place where last packets are kept. */
  timed(word: number): number;
};

/** Decisions, as they stand in marks. */
const MARKS: KeyWord = {
  subject: (word) => word >>> MARK_FLAGS,
  flags: (word) => word & (MARK_FIN | MARK_SYN | MARK_RST | MARK_SYN_ACK),
  timed: (word) => word,
};

/** What a set holds: flows of a kind with their counts, when their last packets came, or what found no room. */
export type SetUse =
  | { readonly is: 'flows' | 'last'; readonly kind: FlowKind; readonly beganMicros: number | null }
  | { readonly is: 'over' };

/** Gathers the sets of one generation; each `last` behind the flows that it is about. */
export class FlowElements {
  readonly rows: FlowRows;
  /** Packets that found no room, by subject. */
  readonly lost: Map<number, number> = new Map<number, number>();
  /** Packets in rows and lost ones. */
  packets = 0;
  /** Elements that could not be read, and the first of them. */
  odd = 0;
  firstOdd: string | null = null;
  /** Addresses of the flow that `flow` adds; one word or four. */
  readonly src: Uint32Array = new Uint32Array(4);
  readonly dst: Uint32Array = new Uint32Array(4);
  readonly #endMicros: number;
  readonly #words: KeyWord;
  #use: SetUse | null = null;
  /** Of the flows that were read last: the first row, and first fields of keys. */
  #from = 0;
  #first = new Uint32Array(256);
  /** What is left of the elements of the set that is read, so many: of rows from `#from` on, or of those in `#rowsOfLast`. */
  #count = 0;
  #left = new Float64Array(256);
  #rowsOfLast = new Uint32Array(256);
  #markLeft = Number.NaN;
  /** Rows from `#from` on by their numbers in `last` sets; `#hashes` has these. */
  #isIndexed = false;
  #slots = new Int32Array(512);
  #hashes = new Uint32Array(256);

  /**
   * @param endMicros  when the generation ended
   * @param words      how to read the first field of keys; what it gives for `subject` is in the column `decision`
   * @param capacity   rows for which there is room at once
   */
  constructor(endMicros: number, words: KeyWord = MARKS, capacity = 1024) {
    this.rows = createFlowRows(capacity);
    this.#endMicros = endMicros;
    this.#words = words;
  }

  /** What the set that is read holds; null before the first. */
  get use(): SetUse | null {
    return this.#use;
  }

  /** Begins a set. `beganMicros`: when its element of a known time was put there; null: when the generation ended. */
  begin(use: SetUse): void {
    this.#use = use;
    this.#count = 0;
    this.#markLeft = Number.NaN;
    if (use.is === 'flows') {
      this.#from = this.rows.rows;
      this.#isIndexed = false;
    }
  }

  /** The element of a known time. */
  mark(leftMillis: number): void {
    this.#markLeft = leftMillis;
  }

  /**
   * A flow whose addresses are in `src` and `dst`.
   *
   * @param word      first field of the key
   * @param ports     srcport << 16 | dstport; the protocol where the kind has none of its own
   */
  flow(word: number, ports: number, packets: number, bytes: number, leftMillis: number): void {
    const { rows } = this;
    const { family, protocol } = (this.#use as { readonly kind: FlowKind }).kind;
    if (rows.rows === rows.decision.length) growFlowRows(rows);
    const row = rows.rows++;
    const flags = this.#words.flags(word);
    rows.decision[row] = this.#words.subject(word);
    rows.tcpFlags[row] = (flags & ~MARK_SYN_ACK) | ((flags & MARK_SYN_ACK) !== 0 ? 16 : 0);
    rows.family[row] = family;
    rows.protocol[row] = protocol === 0 ? ports : protocol;
    rows.ports[row] = protocol === 0 ? 0 : ports;
    const last = row * 4 + (family === 4 ? 1 : 4);
    for (let at = row * 4, word = 0; at < last; at++, word++) {
      rows.src[at] = this.src[word]!;
      rows.dst[at] = this.dst[word]!;
    }
    rows.packets[row] = packets;
    rows.bytes[row] = bytes;
    rows.firstMicros[row] = rows.lastMicros[row] = this.#endMicros;
    this.packets += packets;
    if (this.#count === this.#left.length) this.#grow();
    this.#first[this.#count] = word;
    this.#left[this.#count++] = leftMillis;
  }

  /** When the last packet of a flow came, by its number. */
  last(hash: number, leftMillis: number): void {
    if (!this.#isIndexed) this.#indexFlows();
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const at = this.#slots[slot]! - 1;
      if (this.#hashes[at] !== hash) continue;
      if (this.#count === this.#left.length) this.#grow();
      this.#rowsOfLast[this.#count] = this.#from + at;
      this.#left[this.#count++] = leftMillis;
    }
  }

  /** Packets that found no room; an element that was made beforehand may have none. */
  over(word: number, packets: number): void {
    if (packets === 0) return;
    const subject = this.#words.subject(word);
    this.lost.set(subject, (this.lost.get(subject) ?? 0) + packets);
    this.packets += packets;
  }

  /** An element that is none, in words. */
  isOdd(words: string): void {
    this.odd++;
    this.firstOdd ??= words.slice(0, 200);
  }

  /** Ends a set: now its times are known. */
  end(): void {
    const use = this.#use;
    this.#use = null;
    // Without the element of a known time the set was never swapped: its rows end with the generation.
    if (use === null || use.is === 'over' || Number.isNaN(this.#markLeft)) return;
    const { firstMicros, lastMicros, packets } = this.rows;
    for (let i = 0; i < this.#count; i++) {
      const left = this.#left[i]!;
      const at =
        use.beganMicros === null
          ? this.#endMicros - Math.max(0, this.#markLeft - left) * 1000
          : Math.min(this.#endMicros, use.beganMicros + Math.max(0, left - this.#markLeft) * 1000);
      if (use.is === 'last') {
        const row = this.#rowsOfLast[i]!;
        lastMicros[row] = Math.max(at, firstMicros[row]!);
        continue;
      }
      const row = this.#from + i;
      firstMicros[row] = at;
      if (packets[row] === 1) lastMicros[row] = at;
    }
  }

  #grow(): void {
    const length = this.#left.length * 2;
    const [first, left, rows] = [new Uint32Array(length), new Float64Array(length), new Uint32Array(length)];
    first.set(this.#first);
    left.set(this.#left);
    rows.set(this.#rowsOfLast);
    [this.#first, this.#left, this.#rowsOfLast] = [first, left, rows];
  }

  #indexFlows(): void {
    const { rows } = this;
    const count = rows.rows - this.#from;
    let size = this.#slots.length;
    while (size < count * 2) size *= 2;
    if (size > this.#slots.length) {
      this.#slots = new Int32Array(size);
      this.#hashes = new Uint32Array(size / 2);
    } else this.#slots.fill(0);
    this.#isIndexed = true;
    const words = new Uint32Array(11);
    for (let at = 0; at < count; at++) {
      const row = this.#from + at;
      let length = 0;
      words[length++] = this.#words.timed(this.#first[at]!);
      const addressWords = rows.family[row] === 4 ? 1 : 4;
      for (const column of [rows.src, rows.dst])
        for (let word = 0; word < addressWords; word++) words[length++] = swapped(column[row * 4 + word]!);
      const ports = rows.ports[row]!;
      // A field that is shorter than a register lies in its first bytes.
      if ((this.#use as { readonly kind: FlowKind }).kind.protocol === 0) words[length++] = rows.protocol[row]!;
      else {
        words[length++] = swapped(ports & 0xffff0000);
        words[length++] = swapped(ports << 16);
      }
      const hash = flowHash(words, length);
      this.#hashes[at] = hash;
      let slot = hash & (size - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = at + 1;
    }
  }
}
