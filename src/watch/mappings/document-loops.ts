/**
 * The inner loops of documents: texts as JSON has them, and a document from the columns of a row, piece by piece.
 *
 * In:    the memories below. Out: lines of a bulk request, one behind the other.
 * Holds: this runs as it stands, for tests, and as WebAssembly that `scripts/make-loops.ts` makes of it (see there what may be written
 *        here). A document is a list of pieces, the same for all rows of a format; what a row does not have is left out with its name,
 *        and an object or list in which nothing is left is left out too. Up to `SLACK` bytes are written behind a text, and read.
 * Fails: never; the caller sees to it that there is room.
 */
import type { Double, Views } from '../../model/linear-memory.ts';

export const SLACK = 32;

/** Words of a piece: what it is, and the text that stands before its value, a letter at least; a comma that it begins with is left out behind `{` and `[`. */
export const PIECE_WORDS = 10;
const TEXT_FROM = 1;
const TEXT_LENGTH = 2;
const COLUMN = 3;
const TABLE = 4;
/** Of a Community ID besides: the other end's column and table; protocol; ports. */
const OTHER_COLUMN = 5;
const OTHER_TABLE = 6;
const PROTOCOLS = 7;
const FROM_PORTS = 8;
const TO_PORTS = 9;

/** Kinds of pieces: a text. */
export const TEXT = 0;
/** Text that opens an object or list; text that closes the last one, or takes it back where nothing is in it. */
export const OPEN = 1;
export const CLOSE = 2;
/** Column: words, an index into the table, -1 none. Table: words, where each text begins, and behind the last its end. */
export const WORD = 3;
/** Column: doubles, whole numbers up to 2^53, below 0 none. */
export const NUMBER = 4;
/** The row's number in its object. */
export const PLACE = 5;
/** Columns: words as above, ports and protocol doubles; tables: family and four words of each address, 0 is no address. */
export const COMMUNITY = 6;

/** Words of `plan` that are not the caller's: where the document's lines end; open objects; the hash. */
export const END = 0;
const STACK = 2;
const HASH = 64;
const HASH_WORDS = 80;
/** Where the two letters of base64 for each twelve bits are, in halves of a word. */
export const BASE64 = 320;
export const PAIRS = 4096;
/** Where the two digits of numbers below 100 are, in halves of a word. */
export const DIGITS = 2368;
export const TWO_DIGITS = 100;
/** The caller's begin here. */
export const FREE_WORDS = 2432;

const COMMA = 44;
const OPEN_OBJECT = 123;
const OPEN_LIST = 91;
const QUOTE = 34;
const BACKSLASH = 92;
const ZERO = 48;
const EQUALS = 61;
const MOST_OPEN = 24;

export type DocumentLoops = {
  /** Bytes of `plan[from, to)` that JSON has an escape for. */
  escapes(from: number, to: number): number;
  /**
   * Texts in quotes. `starts`: word where their begins are, one more than `count`; `outStarts`: where those of the quoted ones go;
   * `to`: byte where the texts go; `isPlain`: 1 where no byte has an escape. Where they end.
   */
  quote(starts: number, count: number, from: number, outStarts: number, to: number, isPlain: number): number;
  /**
   * Documents of the rows from `from` on, until `limit` bytes are reached; `place`: number of row 0 in its object; `begins`: word where their
   * begins are put. The row behind the last; the end of the lines is in `plan[END]`.
   */
  run(from: number, rows: number, pieces: number, count: number, place: Double, limit: number, begins: number): number;
};

/**
 * @param out   lines
 * @param plan  pieces, columns and texts, where the caller put them
 */
export function documentLoops(out: Views, plan: Views): DocumentLoops {
  function isEscaped(byte: number): number {
    return byte < 32 || byte === QUOTE || byte === BACKSLASH || byte === 127 ? 1 : 0;
  }

  function escapes(from: number, to: number): number {
    let count = 0;
    for (let at = from; at < to; at++) count = count + isEscaped(plan.u8[at]!);
    return count;
  }

  function hexDigit(value: number): number {
    return value < 10 ? value + ZERO : value + 87;
  }

  function quote(starts: number, count: number, from: number, outStarts: number, to: number, isPlain: number): number {
    let end = to;
    for (let text = 0; text < count; text++) {
      plan.i32[outStarts + text] = end;
      plan.u8[end] = QUOTE;
      end++;
      const begin = from + plan.i32[starts + text]!;
      const last = from + plan.i32[starts + text + 1]!;
      if (isPlain === 1) {
        for (let at = begin; at < last; at = at + 8)
          plan.view.setFloat64(end + at - begin, plan.view.getFloat64(at, true), true);
        end = end + last - begin;
      }
      for (let at = isPlain === 1 ? last : begin; at < last; at++) {
        const byte = plan.u8[at]!;
        if (isEscaped(byte) === 0) {
          plan.u8[end] = byte;
          end++;
        } else {
          plan.u8[end] = BACKSLASH;
          plan.u8[end + 1] = 117;
          plan.u8[end + 2] = ZERO;
          plan.u8[end + 3] = ZERO;
          plan.u8[end + 4] = hexDigit(byte >>> 4);
          plan.u8[end + 5] = hexDigit(byte & 15);
          end = end + 6;
        }
      }
      plan.u8[end] = QUOTE;
      end++;
    }
    plan.i32[outStarts + count] = end;
    return end;
  }

  /** Digits of a whole number from 0 on, of which there are so many. */
  function digits(to: number, value: number, length: number): number {
    let left = value;
    let at = to + length;
    while (at - to > 1) {
      const rest = (left / 100) | 0;
      at = at - 2;
      out.view.setUint16(at, plan.u16[DIGITS * 2 + left - Math.imul(rest, 100)]!, true);
      left = rest;
    }
    if (at > to) out.u8[to] = ZERO + left;
    return to + length;
  }

  /** Digits of a whole number below a billion. */
  function small(to: number, value: number): number {
    if (value < 10) {
      out.u8[to] = ZERO + value;
      return to + 1;
    }
    if (value < 10_000) return digits(to, value, value < 100 ? 2 : value < 1000 ? 3 : 4);
    if (value < 1_000_000) return digits(to, value, value < 100_000 ? 5 : 6);
    return digits(to, value, value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : 9);
  }

  function number(to: number, value: Double): number {
    if (value < 1_000_000_000) return small(to, value | 0);
    const high = Math.floor(value / 1_000_000_000);
    return digits(small(to, high | 0), (value - high * 1_000_000_000) | 0, 9);
  }

  /** SHA-1 of one block in the words at `HASH`, into the first five of them. */
  function sha1(): void {
    for (let at = 16; at < HASH_WORDS; at++) {
      const word =
        plan.i32[at + HASH - 3]! ^ plan.i32[at + HASH - 8]! ^ plan.i32[at + HASH - 14]! ^ plan.i32[at + HASH - 16]!;
      plan.i32[at + HASH] = (word << 1) | (word >>> 31);
    }
    let a = 1_732_584_193;
    let b = -271_733_879;
    let c = -1_732_584_194;
    let d = 271_733_878;
    let e = -1_009_589_776;
    // Four loops, for to ask in each round which of the four it is took a third of the time.
    for (let at = 0; at < 20; at++) {
      const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + 1_518_500_249 + plan.i32[at + HASH]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (let at = 20; at < 40; at++) {
      const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 1_859_775_393 + plan.i32[at + HASH]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (let at = 40; at < 60; at++) {
      const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e - 1_894_007_588 + plan.i32[at + HASH]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (let at = 60; at < HASH_WORDS; at++) {
      const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e - 899_497_514 + plan.i32[at + HASH]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    plan.i32[HASH] = (a + 1_732_584_193) | 0;
    plan.i32[HASH + 1] = (b - 271_733_879) | 0;
    plan.i32[HASH + 2] = (c - 1_732_584_194) | 0;
    plan.i32[HASH + 3] = (d + 271_733_878) | 0;
    plan.i32[HASH + 4] = (e - 1_009_589_776) | 0;
  }

  /** Four letters for two times twelve bits. */
  function letters(to: number, first: number, second: number): void {
    out.view.setUint32(to, plan.u16[BASE64 * 2 + first]! | (plan.u16[BASE64 * 2 + second]! << 16), true);
  }

  /** 28 characters of base64 of the five words. */
  function base64(to: number): number {
    const a = plan.i32[HASH]!;
    const b = plan.i32[HASH + 1]!;
    const c = plan.i32[HASH + 2]!;
    const d = plan.i32[HASH + 3]!;
    const e = plan.i32[HASH + 4]!;
    letters(to, a >>> 20, (a >>> 8) & 4095);
    letters(to + 4, ((a << 4) | (b >>> 28)) & 4095, (b >>> 16) & 4095);
    letters(to + 8, (b >>> 4) & 4095, ((b << 8) | (c >>> 24)) & 4095);
    letters(to + 12, (c >>> 12) & 4095, c & 4095);
    letters(to + 16, d >>> 20, (d >>> 8) & 4095);
    letters(to + 20, ((d << 4) | (e >>> 28)) & 4095, (e >>> 16) & 4095);
    letters(to + 24, (e >>> 4) & 4095, (e << 8) & 4095);
    out.u8[to + 27] = EQUALS;
    return to + 28;
  }

  /** Whether the address at word `a` comes behind that at `b`: they are compared without sign. */
  function comesBehind(a: number, b: number, words: number): number {
    for (let at = 0; at < words; at++) {
      const left = plan.i32[a + at]!;
      const right = plan.i32[b + at]!;
      if (left >>> 0 > right >>> 0) return 1;
      if (left >>> 0 < right >>> 0) return 0;
    }
    return 2;
  }

  /** Where the id ends that begins at `to`, behind its name; `none` where a row has none. */
  function community(none: number, to: number, piece: number, row: number): number {
    const one = plan.i32[plan.i32[piece + COLUMN]! + row]!;
    const two = plan.i32[plan.i32[piece + OTHER_COLUMN]! + row]!;
    if (one < 0 || two < 0) return none;
    let source = plan.i32[piece + TABLE]! + Math.imul(one, 5);
    let target = plan.i32[piece + OTHER_TABLE]! + Math.imul(two, 5);
    const family = plan.i32[source]!;
    const told = plan.f64[plan.i32[piece + PROTOCOLS]! + row]!;
    if (family === 0 || family !== plan.i32[target]! || told < 0 || told > 255) return none;
    const protocol = told | 0;
    // Records do not have type and code of ICMP, which its id is made of.
    if (protocol === 1 || protocol === 58) return none;
    const hasPorts = protocol === 6 || protocol === 17 || protocol === 132 ? 1 : 0;
    let fromPort = 0;
    let toPort = 0;
    if (hasPorts === 1) {
      const from = plan.f64[plan.i32[piece + FROM_PORTS]! + row]!;
      const into = plan.f64[plan.i32[piece + TO_PORTS]! + row]!;
      if (from < 0 || from > 65_535 || into < 0 || into > 65_535) return none;
      fromPort = from | 0;
      toPort = into | 0;
    }
    const words = family === 4 ? 1 : 4;
    const order = comesBehind(source + 1, target + 1, words);
    if (order === 1 || (order === 2 && fromPort > toPort)) {
      const kept = source;
      source = target;
      target = kept;
      const port = fromPort;
      fromPort = toPort;
      toPort = port;
    }
    for (let at = 3; at < 16; at++) plan.i32[at + HASH] = 0;
    if (family === 4) {
      const low = plan.i32[source + 1]!;
      const high = plan.i32[target + 1]!;
      // Behind the seed, which is 0 in 16 bits.
      plan.i32[HASH] = low >>> 16;
      plan.i32[HASH + 1] = (low << 16) | (high >>> 16);
      plan.i32[HASH + 2] = (high << 16) | (protocol << 8);
    } else {
      let before = 0;
      for (let at = 0; at < 8; at++) {
        const word = at < 4 ? plan.i32[source + 1 + at]! : plan.i32[target - 3 + at]!;
        plan.i32[at + HASH] = (before << 16) | (word >>> 16);
        before = word;
      }
      plan.i32[HASH + 8] = (before << 16) | (protocol << 8);
    }
    // A bit behind the last of them, and how many there are.
    const length = family === 4 ? 3 : 9;
    if (hasPorts === 1) {
      plan.i32[length + HASH] = (fromPort << 16) | toPort;
      plan.i32[length + HASH + 1] = 1 << 31;
      plan.i32[HASH + 15] = (length + 1) << 5;
    } else {
      plan.i32[length + HASH] = 1 << 31;
      plan.i32[HASH + 15] = length << 5;
    }
    sha1();
    const end = base64(to);
    out.u8[end] = QUOTE;
    return end + 1;
  }

  function run(
    from: number,
    rows: number,
    pieces: number,
    count: number,
    place: Double,
    limit: number,
    begins: number,
  ): number {
    const last = pieces + Math.imul(count, PIECE_WORDS);
    let end = 0;
    let row = from;
    while (row < rows && end < limit) {
      plan.i32[begins + row - from] = end;
      let depth = 0;
      for (let piece = pieces; piece < last; piece = piece + PIECE_WORDS) {
        const kind = plan.i32[piece]!;
        let text = plan.i32[piece + TEXT_FROM]!;
        let length = plan.i32[piece + TEXT_LENGTH]!;
        if (plan.u8[text] === COMMA) {
          const before = out.u8[end - 1]!;
          if (before === OPEN_OBJECT || before === OPEN_LIST) {
            text++;
            length--;
          }
        }
        // Also of what the row does not have: then the next piece is written over it.
        for (let at = 0; at < length; at = at + 32) {
          const from = text + at;
          const to = end + at;
          out.view.setFloat64(to, plan.view.getFloat64(from, true), true);
          out.view.setFloat64(to + 8, plan.view.getFloat64(from + 8, true), true);
          out.view.setFloat64(to + 16, plan.view.getFloat64(from + 16, true), true);
          out.view.setFloat64(to + 24, plan.view.getFloat64(from + 24, true), true);
        }
        const next = end + length;
        if (kind === WORD) {
          const index = plan.i32[plan.i32[piece + COLUMN]! + row]!;
          if (index >= 0) {
            const table = plan.i32[piece + TABLE]! + index;
            const begin = plan.i32[table]!;
            const size = plan.i32[table + 1]! - begin;
            for (let at = 0; at < size; at = at + 32) {
              const from = begin + at;
              const to = next + at;
              out.view.setFloat64(to, plan.view.getFloat64(from, true), true);
              out.view.setFloat64(to + 8, plan.view.getFloat64(from + 8, true), true);
              out.view.setFloat64(to + 16, plan.view.getFloat64(from + 16, true), true);
              out.view.setFloat64(to + 24, plan.view.getFloat64(from + 24, true), true);
            }
            if (size > 0) end = next + size;
          }
        } else if (kind === NUMBER) {
          const value = plan.f64[plan.i32[piece + COLUMN]! + row]!;
          if (value >= 0) end = number(next, value);
        } else if (kind === TEXT) end = next;
        else if (kind === OPEN) {
          plan.i32[STACK + (depth << 1)] = end;
          end = next;
          plan.i32[STACK + (depth << 1) + 1] = end;
          if (depth < MOST_OPEN) depth++;
        } else if (kind === CLOSE) {
          if (depth > 0) depth--;
          if (end === plan.i32[STACK + (depth << 1) + 1]!) end = plan.i32[STACK + (depth << 1)]!;
          else end = next;
        } else if (kind === PLACE) end = number(next, place + row);
        else end = community(end, next, piece, row);
      }
      row++;
    }
    plan.i32[END] = end;
    plan.i32[begins + row - from] = end;
    return row;
  }

  return { escapes, quote, run };
}
