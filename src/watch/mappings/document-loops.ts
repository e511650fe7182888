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

/** Words of a piece: what it is, and the text that stands before its value; a comma that it begins with is left out behind `{` and `[`. */
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
/** The row's number in its object; no comma is left out. */
export const PLACE = 5;
/** Columns: words as above, ports and protocol doubles; tables: family and four words of each address, 0 is no address. */
export const COMMUNITY = 6;

/** Words of `plan` that are not the caller's: where the document's lines end; open objects; the hash. */
export const END = 0;
const STACK = 2;
const HASH = 64;
const HASH_WORDS = 80;
/** Bytes of base64, four of a word. */
export const BASE64 = 160;
/** The caller's begin here. */
export const FREE_WORDS = 192;

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
   * `to`: byte where the texts go. Where they end.
   */
  quote(starts: number, count: number, from: number, outStarts: number, to: number): number;
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

  function quote(starts: number, count: number, from: number, outStarts: number, to: number): number {
    let end = to;
    for (let text = 0; text < count; text++) {
      plan.i32[outStarts + text] = end;
      plan.u8[end] = QUOTE;
      end++;
      const last = from + plan.i32[starts + text + 1]!;
      for (let at = from + plan.i32[starts + text]!; at < last; at++) {
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

  /** Copies a text, 32 bytes at a time; where it ends. */
  function copy(to: number, from: number, length: number): number {
    for (let at = 0; at < length; at = at + 32) {
      const source = from + at;
      const target = to + at;
      out.view.setFloat64(target, plan.view.getFloat64(source, true), true);
      out.view.setFloat64(target + 8, plan.view.getFloat64(source + 8, true), true);
      out.view.setFloat64(target + 16, plan.view.getFloat64(source + 16, true), true);
      out.view.setFloat64(target + 24, plan.view.getFloat64(source + 24, true), true);
    }
    return to + length;
  }

  /** Copies a text that may begin with a comma; none stands behind what opens. */
  function member(to: number, from: number, length: number): number {
    if (length === 0 || plan.u8[from] !== COMMA) return copy(to, from, length);
    const before = out.u8[to - 1]!;
    const isFirst = before === OPEN_OBJECT || before === OPEN_LIST ? 1 : 0;
    return copy(to, from + isFirst, length - isFirst);
  }

  /** Digits of a whole number from 0 on. */
  function digits(to: number, value: number): number {
    let length = 1;
    for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) length++;
    let left = value;
    for (let at = to + length - 1; at >= to; at--) {
      const rest = (left / 10) | 0;
      out.u8[at] = ZERO + left - Math.imul(rest, 10);
      left = rest;
    }
    return to + length;
  }

  /** Nine digits. */
  function nineDigits(to: number, value: number): number {
    let left = value;
    for (let at = to + 8; at >= to; at--) {
      const rest = (left / 10) | 0;
      out.u8[at] = ZERO + left - Math.imul(rest, 10);
      left = rest;
    }
    return to + 9;
  }

  function number(to: number, value: Double): number {
    if (value < 1_000_000_000) return digits(to, value | 0);
    const high = Math.floor(value / 1_000_000_000);
    return nineDigits(digits(to, high | 0), (value - high * 1_000_000_000) | 0);
  }

  /** SHA-1 of one block in the words at `HASH`, into the five words behind them. */
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
    for (let at = 0; at < HASH_WORDS; at++) {
      let mixed = b ^ c ^ d;
      let constant = 1_859_775_393;
      if (at < 20) {
        mixed = (b & c) | (~b & d);
        constant = 1_518_500_249;
      } else if (at >= 60) constant = -899_497_514;
      else if (at >= 40) {
        mixed = (b & c) | (b & d) | (c & d);
        constant = -1_894_007_588;
      }
      const next = (((a << 5) | (a >>> 27)) + mixed + e + constant + plan.i32[at + HASH]!) | 0;
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
    // Two bits more are asked for than there are.
    plan.i32[HASH + 5] = 0;
  }

  /** 28 characters of base64 of the five words. */
  function base64(to: number): number {
    for (let at = 0; at < 27; at++) {
      const bit = at * 6;
      const word = HASH + (bit >>> 5);
      const shift = bit & 31;
      // Of six bits that begin near a word's end the next one has the rest.
      const high = (plan.i32[word]! << shift) >>> 26;
      const low = shift > 26 ? plan.i32[word + 1]! >>> (58 - shift) : 0;
      out.u8[to + at] = plan.u8[BASE64 * 4 + (high | low)]!;
    }
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

  /** Puts 16 bits behind the `bytes` that the block has. */
  function half(bytes: number, value: number): number {
    const word = HASH + (bytes >>> 2);
    if ((bytes & 2) === 0) plan.i32[word] = value << 16;
    else plan.i32[word] = plan.i32[word]! | (value & 0xffff);
    return bytes + 2;
  }

  function community(to: number, piece: number, row: number): number {
    const one = plan.i32[plan.i32[piece + COLUMN]! + row]!;
    const two = plan.i32[plan.i32[piece + OTHER_COLUMN]! + row]!;
    if (one < 0 || two < 0) return to;
    let source = plan.i32[piece + TABLE]! + Math.imul(one, 5);
    let target = plan.i32[piece + OTHER_TABLE]! + Math.imul(two, 5);
    const family = plan.i32[source]!;
    const told = plan.f64[plan.i32[piece + PROTOCOLS]! + row]!;
    if (family === 0 || family !== plan.i32[target]! || told < 0 || told > 255) return to;
    const protocol = told | 0;
    // Records do not have type and code of ICMP, which its id is made of.
    if (protocol === 1 || protocol === 58) return to;
    const hasPorts = protocol === 6 || protocol === 17 || protocol === 132 ? 1 : 0;
    let fromPort = 0;
    let toPort = 0;
    if (hasPorts === 1) {
      const from = plan.f64[plan.i32[piece + FROM_PORTS]! + row]!;
      const into = plan.f64[plan.i32[piece + TO_PORTS]! + row]!;
      if (from < 0 || from > 65_535 || into < 0 || into > 65_535) return to;
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
    for (let at = 0; at < 16; at++) plan.i32[at + HASH] = 0;
    // Behind the seed, which is 0.
    let bytes = 2;
    for (let at = 0; at < words; at++) {
      const word = plan.i32[source + 1 + at]!;
      bytes = half(half(bytes, word >>> 16), word & 0xffff);
    }
    for (let at = 0; at < words; at++) {
      const word = plan.i32[target + 1 + at]!;
      bytes = half(half(bytes, word >>> 16), word & 0xffff);
    }
    bytes = half(bytes, protocol << 8);
    if (hasPorts === 1) bytes = half(half(bytes, fromPort), toPort);
    plan.i32[HASH + 15] = bytes << 3;
    half(bytes, 0x8000);
    sha1();
    const end = base64(member(to, plan.i32[piece + TEXT_FROM]!, plan.i32[piece + TEXT_LENGTH]!));
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
    let end = 0;
    let row = from;
    while (row < rows && end < limit) {
      plan.i32[begins + row - from] = end;
      let depth = 0;
      for (let n = 0; n < count; n++) {
        const piece = pieces + Math.imul(n, PIECE_WORDS);
        const kind = plan.i32[piece]!;
        const text = plan.i32[piece + TEXT_FROM]!;
        const length = plan.i32[piece + TEXT_LENGTH]!;
        if (kind === WORD) {
          const index = plan.i32[plan.i32[piece + COLUMN]! + row]!;
          if (index >= 0) {
            const table = plan.i32[piece + TABLE]! + index;
            const begin = plan.i32[table]!;
            const size = plan.i32[table + 1]! - begin;
            if (size > 0) end = member(member(end, text, length), begin, size);
          }
        } else if (kind === NUMBER) {
          const value = plan.f64[plan.i32[piece + COLUMN]! + row]!;
          if (value >= 0) end = number(member(end, text, length), value);
        } else if (kind === TEXT) end = member(end, text, length);
        else if (kind === OPEN) {
          plan.i32[STACK + (depth << 1)] = end;
          end = member(end, text, length);
          plan.i32[STACK + (depth << 1) + 1] = end;
          if (depth < MOST_OPEN) depth++;
        } else if (kind === CLOSE) {
          if (depth > 0) depth--;
          if (end === plan.i32[STACK + (depth << 1) + 1]!) end = plan.i32[STACK + (depth << 1)]!;
          else end = copy(end, text, length);
        } else if (kind === PLACE) end = number(copy(end, text, length), place + row);
        else end = community(end, piece, row);
      }
      row++;
    }
    plan.i32[END] = end;
    plan.i32[begins + row - from] = end;
    return row;
  }

  return { escapes, quote, run };
}
