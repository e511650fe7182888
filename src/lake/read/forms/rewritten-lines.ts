/**
 * Lines with something around the record, as the record alone.
 *
 * In:    bytes in pieces cut anywhere. Out: lines of records, one for each line in.
 * Holds: a line that does not have what the form says is passed on as it is, for whoever reads it to judge. A line that is
 *        longer than any record is passed on whole. Memory is that of one piece and one line.
 * Fails: never.
 */
import { LONGEST_LINE } from '../../../record/line-code.ts';
import { LineBuffer } from './line-buffer.ts';

const LF = 10;
const BLANK = 32;
const TAB = 9;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
/** The first line of what the console saves. */
export const CSV_HEADER: RegExp = /^timestamp,message\r?$/;
/** More than the longest stamp there is. */
const STAMP_BYTES = 40;

/** Writes what a line, `bytes[from, to)` without its newline, stands for. */
export type Rewrite = (bytes: Uint8Array, from: number, to: number, out: LineBuffer) => void;

/** Reads one file or stream. */
export class RewrittenLines {
  readonly #rewrite: Rewrite;
  readonly #out = new LineBuffer();
  #carry: Uint8Array = new Uint8Array();
  /** The begin of the present line has been passed on as it was. */
  #isLong = false;

  constructor(rewrite: Rewrite) {
    this.#rewrite = rewrite;
  }

  /** The lines that became whole. */
  push(piece: Uint8Array): Uint8Array {
    this.#out.clear();
    let from = 0;
    if (this.#isLong) {
      const end = piece.indexOf(LF);
      this.#out.part(piece, 0, end < 0 ? piece.length : end + 1);
      if (end < 0) return this.#out.bytes();
      this.#isLong = false;
      from = end + 1;
    }
    const bytes = this.#carry.length === 0 ? piece : Buffer.concat([this.#carry, piece.subarray(from)]);
    if (bytes !== piece) from = 0;
    for (let end = bytes.indexOf(LF, from); end >= 0; end = bytes.indexOf(LF, from)) {
      // However the bytes are cut, a line that is too long is none.
      if (end - from > LONGEST_LINE + STAMP_BYTES) this.#out.line(bytes, from, end);
      else this.#rewrite(bytes, from, end, this.#out);
      from = end + 1;
    }
    this.#carry = bytes.slice(from);
    if (this.#carry.length > LONGEST_LINE + STAMP_BYTES) {
      this.#out.part(this.#carry, 0, this.#carry.length);
      this.#carry = new Uint8Array();
      this.#isLong = true;
    }
    return this.#out.bytes();
  }

  /** Nothing more comes. */
  end(): Uint8Array {
    this.#out.clear();
    if (this.#carry.length > 0) this.#rewrite(this.#carry, 0, this.#carry.length, this.#out);
    this.#carry = new Uint8Array();
    return this.#out.bytes();
  }
}

/**
 * Leaves out the time that CloudWatch Logs puts before a message.
 *
 * @param columns  2: the log stream's name stands behind the time, as `aws logs tail` prints it
 */
export function withoutStamp(columns: 1 | 2): Rewrite {
  return (bytes, from, to, out) => {
    let at = from;
    if (isStamp(bytes, from, to)) {
      at = behindBlank(bytes, from, to);
      if (columns === 2) at = behindBlank(bytes, at, to);
    }
    out.line(bytes, at, to);
  };
}

function behindBlank(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== BLANK) at++;
  return at < to ? at + 1 : from;
}

/** Whether the line begins with `2026-11-23T12:05:00`, whatever stands behind it up to the blank. */
function isStamp(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 20 || bytes[from + 10] !== 84) return false;
  for (let n = 0; n < 19; n++) {
    const byte = bytes[from + n]!;
    if (n === 4 || n === 7) {
      if (byte !== 45) return false;
    } else if (n === 13 || n === 16) {
      if (byte !== 58) return false;
    } else if (n !== 10 && (byte < 48 || byte > 57)) return false;
  }
  return true;
}

/** What the AWS command line prints with `--output text`: of a line `EVENTS` the one piece that is a message. */
export function eventOfText(bytes: Uint8Array, from: number, to: number, out: LineBuffer): void {
  const word = (text: string): boolean =>
    to - from >= text.length && Buffer.from(bytes.subarray(from, from + text.length)).toString('latin1') === text;
  if (!word('EVENTS\t')) {
    // Tokens and names of streams, which tell of no traffic; anything else is for the parser to judge.
    if (word('SEARCHEDLOGSTREAMS\t') || word('b/') || word('f/')) out.line(bytes, from, from);
    else out.line(bytes, from, to);
    return;
  }
  let begin = -1;
  let end = to;
  for (let at = from, piece = from; at <= to; at++) {
    if (at < to && bytes[at] !== TAB) continue;
    const blank = bytes.indexOf(BLANK, piece);
    if (blank >= 0 && blank < at) {
      begin = piece;
      end = at;
    }
    piece = at + 1;
  }
  if (begin < 0) out.broken();
  else out.line(bytes, begin, end);
}

/**
 * Records with tabs between them, as `--query 'events[].message' --output text` prints them: a tab ends a line, for all of
 * an answer may be in one.
 */
export class TabbedRecords {
  /** The lines so far. */
  push(piece: Uint8Array): Uint8Array {
    return piece.map((byte) => (byte === TAB ? LF : byte));
  }

  /** Nothing more comes. */
  end(): Uint8Array {
    return new Uint8Array();
  }
}

/** What the console of CloudWatch Logs saves: milliseconds and a message, perhaps in quotes; its header line tells of no traffic. */
export function messageOfCsv(bytes: Uint8Array, from: number, to: number, out: LineBuffer): void {
  let at = from;
  while (at < to && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  if (at === from || bytes[at] !== COMMA) {
    const line = Buffer.from(bytes.subarray(from, Math.min(to, from + STAMP_BYTES))).toString('latin1');
    out.line(bytes, from, CSV_HEADER.test(line) ? from : to);
    return;
  }
  let end = to > at && bytes[to - 1] === CR ? to - 1 : to;
  at++;
  if (end - at >= 2 && bytes[at] === QUOTE && bytes[end - 1] === QUOTE) {
    at++;
    end--;
  }
  if (end > at) out.line(bytes, at, end);
  else out.broken();
}
