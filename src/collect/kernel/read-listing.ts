/**
 * Reads what `nft list set` prints of the flow tables.
 *
 * In:    text in pieces, cut anywhere. Out: rows of flows, packets lost by decision.
 * Holds: never throws. An element that cannot be read is counted in `odd`, and the first one kept; its packets then lack in
 *        the sum, which whoever compares it with the counters sees. Times come from the element that the swap put into each
 *        set: all elements of a set were made with one life, so what they differ in what is left of it is what their packets
 *        differ in time.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import { MARK_FLAGS, MARK_FIN, MARK_RST, MARK_SYN, MARK_SYN_ACK } from './book.ts';
import type { FlowRows } from '../../model/batch.ts';
import { createFlowRows, growFlowRows } from './flow-rows.ts';
import type { FlowKind } from './flow-sets.ts';

const BEGIN = 'elements = {';
const ELEMENT =
  /^((?:0x[0-9a-f]{1,8}|\d{1,10})(?: \. [0-9a-f.:]+)*)(?: counter packets (\d+) bytes (\d+))?(?: timeout [0-9a-z]+)?(?: expires ([0-9a-z]+))?$/;
/** By the character code of `w`, `d`, `h`, `m`, `s`. */
const UNITS: ReadonlyMap<number, number> = new Map([
  [119, 604_800_000],
  [100, 86_400_000],
  [104, 3_600_000],
  [109, 60_000],
  [115, 1000],
]);

/** `59m57s980ms` in milliseconds; NaN where it is none. Each element has one: no regular expression. */
export function millisOf(text: string): number {
  let sum = text === '' ? Number.NaN : 0;
  let value = Number.NaN;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      value = (Number.isNaN(value) ? 0 : value * 10) + code - 48;
      continue;
    }
    const isMillis = code === 109 && text.charCodeAt(i + 1) === 115;
    if (isMillis) i++;
    sum += value * (isMillis ? 1 : (UNITS.get(code) ?? Number.NaN));
    value = Number.NaN;
  }
  // Digits without a unit at the end are none.
  return Number.isNaN(value) ? sum : Number.NaN;
}

/** What the first field of a key says: whose the flow is, and the TCP flags of its packets in the bits of a mark. */
export type KeyWord = { subject(word: number): number; flags(word: number): number };

/** Decisions, as they stand in marks. */
const MARKS: KeyWord = {
  subject: (word) => word >>> MARK_FLAGS,
  flags: (word) => word & (MARK_FIN | MARK_SYN | MARK_RST | MARK_SYN_ACK),
};

/** Cuts listings into elements. */
class Elements {
  #rest = '';
  #isInside = false;
  readonly #take: (element: string) => void;

  constructor(take: (element: string) => void) {
    this.#take = take;
  }

  push(text: string): void {
    let rest = this.#rest + text;
    for (;;) {
      if (!this.#isInside) {
        const begin = rest.indexOf(BEGIN);
        if (begin < 0) {
          this.#rest = rest.slice(-BEGIN.length);
          return;
        }
        rest = rest.slice(begin + BEGIN.length);
        this.#isInside = true;
      }
      const end = rest.indexOf('}');
      const elements = (end < 0 ? rest : rest.slice(0, end)).split(',');
      rest = end < 0 ? elements.pop()! : rest.slice(end + 1);
      for (const element of elements) this.#take(element.trim());
      if (end < 0) {
        this.#rest = rest;
        return;
      }
      this.#isInside = false;
    }
  }
}

/** Reads one generation; to be told of each set before its text. */
export class ListingReader {
  readonly rows: FlowRows = createFlowRows(1024);
  /** Packets that found no room, by subject. */
  readonly lost: Map<number, number> = new Map<number, number>();
  /** Packets in rows and lost ones. */
  packets = 0;
  /** Elements that could not be read, and the first of them. */
  odd = 0;
  firstOdd: string | null = null;
  readonly #endMicros: number;
  readonly #words: KeyWord;
  readonly #rowOf = new Map<string, number>();
  #kind: FlowKind | null = null;
  #isLast = false;
  /** Rows whose times are still what was left of their elements, with that. */
  readonly #left: { row: number; millis: number }[] = [];
  #markLeft = Number.NaN;

  /**
   * @param endMicros  when the generation ended
   * @param words      how to read the first field of keys; what it gives for `subject` is in the column `decision`
   */
  constructor(endMicros: number, words: KeyWord = MARKS) {
    this.#endMicros = endMicros;
    this.#words = words;
  }

  /**
   * Reads a set of a kind.
   *
   * @param last         true: the one with the last packets, after the one with the counts
   * @param beganMicros  when the element of a known time was put there before all others; null: when the generation ended
   */
  flows(kind: FlowKind, last: boolean, beganMicros: number | null = null): { push(text: string): void; end(): void } {
    this.#kind = kind;
    this.#isLast = last;
    this.#left.length = 0;
    this.#markLeft = Number.NaN;
    if (!last) this.#rowOf.clear();
    const elements = new Elements((element) => this.#element(element));
    return { push: (text) => elements.push(text), end: () => this.#time(beganMicros) };
  }

  /** Reads the set of what found no room. */
  over(): { push(text: string): void } {
    return new Elements((element) => {
      const [, key, packets] = ELEMENT.exec(element) ?? [];
      if (key === undefined || packets === undefined || key.includes(' ')) return this.#isOdd(element);
      const decision = this.#words.subject(Number(key));
      this.lost.set(decision, (this.lost.get(decision) ?? 0) + Number(packets));
      this.packets += Number(packets);
    });
  }

  #isOdd(element: string): void {
    this.odd++;
    this.firstOdd ??= element.slice(0, 200);
  }

  #element(element: string): void {
    const [, key, packets, bytes, expires] = ELEMENT.exec(element) ?? [];
    const millis = millisOf(expires ?? '');
    if (key === undefined || Number.isNaN(millis) || (packets === undefined) !== this.#isLast)
      return this.#isOdd(element);
    // No packet's key begins with 0: the element of a known time (`markElement`).
    if (/^0(?:x0+)? /.test(key)) {
      this.#markLeft = millis;
      return;
    }
    const known = this.#rowOf.get(key);
    if (this.#isLast) {
      if (known !== undefined) this.#left.push({ row: known, millis });
      return;
    }
    const row = this.#add(key, Number(packets), Number(bytes));
    if (row < 0) return this.#isOdd(element);
    this.#rowOf.set(key, row);
    this.#left.push({ row, millis });
  }

  /** A new row; -1 where the key is none. */
  #add(key: string, packets: number, bytes: number): number {
    const { family, protocol } = this.#kind!;
    const [mark, from, to, third, fourth] = key.split(' . ');
    const [src, dst] = [parseAddress(from ?? ''), parseAddress(to ?? '')];
    const isWhole = protocol === 0 ? fourth === undefined : fourth !== undefined;
    if (src?.family !== family || dst?.family !== family || third === undefined || !isWhole) return -1;
    const { rows } = this;
    if (rows.rows === rows.decision.length) growFlowRows(rows);
    const row = rows.rows++;
    const word = Number(mark);
    const flags = this.#words.flags(word);
    rows.decision[row] = this.#words.subject(word);
    rows.tcpFlags[row] = (flags & ~MARK_SYN_ACK) | ((flags & MARK_SYN_ACK) !== 0 ? 16 : 0);
    rows.family[row] = family;
    rows.protocol[row] = protocol === 0 ? Number(third) : protocol;
    rows.ports[row] = protocol === 0 ? 0 : ((Number(third) << 16) | Number(fourth)) >>> 0;
    rows.src.set(src.words, row * 4);
    rows.dst.set(dst.words, row * 4);
    rows.packets[row] = packets;
    rows.bytes[row] = bytes;
    rows.firstMicros[row] = rows.lastMicros[row] = this.#endMicros;
    this.packets += packets;
    return row;
  }

  /** The times of a set, when it is read to its end. */
  #time(beganMicros: number | null): void {
    const { firstMicros, lastMicros } = this.rows;
    // Without that element the set was never swapped: its rows end with the generation.
    if (Number.isNaN(this.#markLeft)) return;
    for (const { row, millis } of this.#left) {
      const at =
        beganMicros === null
          ? this.#endMicros - Math.max(0, this.#markLeft - millis) * 1000
          : Math.min(this.#endMicros, beganMicros + Math.max(0, millis - this.#markLeft) * 1000);
      if (this.#isLast) lastMicros[row] = Math.max(at, firstMicros[row]!);
      else firstMicros[row] = at;
    }
  }
}
