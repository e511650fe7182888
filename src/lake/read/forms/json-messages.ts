/**
 * Messages in JSON, as lines of records.
 *
 * In:    the bytes of JSON values, one a line or one behind the other, in pieces cut anywhere: what Firehose writes
 *        (`{"message": …}`), what CloudWatch Logs sends to subscriptions (`logEvents`), what the AWS command line prints
 *        (`events`, or a list of messages or of texts).
 * Out:   each message as a line, and for each thing that should have held one and does not, or is no JSON, a line that
 *        no parser takes for a record: it is counted there.
 * Holds: a text that is no JSON is passed on as a line. Control messages of CloudWatch Logs are left out. Memory is that
 *        of one piece and one line. Lines out are in the order of messages in.
 * Fails: never.
 */
import { LONGEST_LINE } from '../../../record/line-code.ts';
import { LineBuffer } from './line-buffer.ts';

const LF = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** What comes next inside a value. */
const VALUE = 0;
const FIRST_ITEM = 1;
const FIRST_KEY = 2;
const KEY = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;
/** Between two values; in a text; behind a backslash; in `\u`; in a number or word; in a line that is no JSON; behind a fault. */
const BETWEEN = 6;
const TEXT = 7;
const ESCAPE = 8;
const HEX = 9;
const WORD = 10;
const PLAIN = 11;
const LOST = 12;

/** Of an open object or array: that it is an array; that its items, or it itself, must be messages; that it held one. */
const ARRAY = 1;
const ITEMS_ARE_MESSAGES = 2;
const IS_MESSAGE = 4;
const FULFILLED = 8;

const DEEPEST = 64;
/** The letters of `\b` … and what they stand for. */
const ESCAPES = new Map<number, number>(
  Object.entries({ '"': 34, '\\': 92, '/': 47, b: 8, f: 12, n: 10, r: 13, t: 9 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);
const HOLDERS: readonly string[] = ['logEvents', 'events'];
const CONTROL = 'CWL CONTROL MESSAGE';

/** Reads one file or stream. */
export class JsonMessages {
  #mode = BETWEEN;
  /** What a text is: a key, a message, or neither. */
  #text: 'key' | 'message' | 'other' = 'other';
  readonly #frames: number[] = [];
  /** The last key of the innermost object. */
  #key = '';
  /** The present key, message or plain line. */
  #held = new Uint8Array(LONGEST_LINE + 8);
  #heldBytes = 0;
  #hexDigits = 0;
  #unit = 0;
  /** The first half of a pair of `\u`. */
  #high = 0;
  #before = 0;
  readonly #out = new LineBuffer();

  /** The lines that became whole. */
  push(piece: Uint8Array): Uint8Array {
    this.#out.clear();
    for (let at = 0; at < piece.length; at++) this.#take(piece[at]!);
    return this.#out.bytes();
  }

  /** Nothing more comes. */
  end(): Uint8Array {
    this.#out.clear();
    if (this.#mode === PLAIN) this.#plainEnds();
    else if (this.#mode !== BETWEEN && this.#mode !== LOST) this.#out.broken();
    this.#reset();
    return this.#out.bytes();
  }

  #take(byte: number): void {
    switch (this.#mode) {
      case TEXT:
        if (byte === QUOTE) this.#textEnds();
        else if (byte === BACKSLASH) this.#mode = ESCAPE;
        else if (byte < 32) this.#fault(byte);
        else if (this.#text !== 'other') {
          if (this.#high > 0) this.#endPair();
          this.#hold(byte);
        }
        return;
      case ESCAPE:
        this.#escape(byte);
        return;
      case HEX:
        this.#hex(byte);
        return;
      case PLAIN:
        if (byte === LF) this.#plainEnds();
        else this.#hold(byte);
        return;
      case LOST:
        if (byte === LF) this.#reset();
        else if (byte === OPEN_OBJECT && this.#before === CLOSE_OBJECT) {
          this.#reset();
          this.#take(byte);
        }
        this.#before = byte;
        return;
      case WORD:
        if (
          (byte >= 48 && byte <= 57) ||
          (byte >= 97 && byte <= 122) ||
          (byte >= 43 && byte <= 46 && byte !== COMMA) ||
          byte === 69
        )
          return;
        this.#mode = AFTER_VALUE;
        this.#take(byte);
        return;
      default:
        if (byte === LF || byte === 32 || byte === 13 || byte === 9) return;
        if (this.#mode === BETWEEN) this.#between(byte);
        else this.#inside(byte);
    }
  }

  #between(byte: number): void {
    if (byte === OPEN_OBJECT) this.#open(IS_MESSAGE);
    else if (byte === OPEN_ARRAY) this.#open(ARRAY | ITEMS_ARE_MESSAGES | FULFILLED);
    else if (byte === QUOTE) this.#beginText('message');
    else if (byte !== COMMA) {
      this.#mode = PLAIN;
      this.#heldBytes = 0;
      this.#hold(byte);
    }
  }

  #inside(byte: number): void {
    const frame = this.#frames.at(-1)!;
    const isArray = (frame & ARRAY) !== 0;
    const mode = this.#mode;
    if (mode === AFTER_KEY) {
      if (byte === COLON) this.#mode = VALUE;
      else this.#fault(byte);
    } else if (mode === AFTER_VALUE && byte === COMMA) this.#mode = isArray ? VALUE : KEY;
    else if (byte === CLOSE_ARRAY && isArray && (mode === AFTER_VALUE || mode === FIRST_ITEM)) this.#close();
    else if (byte === CLOSE_OBJECT && !isArray && (mode === AFTER_VALUE || mode === FIRST_KEY)) this.#close();
    else if (mode === FIRST_KEY || mode === KEY) {
      if (byte === QUOTE) this.#beginText('key');
      else this.#fault(byte);
    } else if (mode === AFTER_VALUE) this.#fault(byte);
    else this.#value(byte, frame);
  }

  /** The begin of a value inside another. */
  #value(byte: number, frame: number): void {
    const inList = (frame & ITEMS_ARE_MESSAGES) !== 0;
    if (byte === QUOTE)
      this.#beginText(inList || ((frame & IS_MESSAGE) !== 0 && this.#key === 'message') ? 'message' : 'other');
    else if (byte === OPEN_OBJECT) this.#open(inList ? IS_MESSAGE : 0);
    else if (byte === OPEN_ARRAY) {
      const isHolder = (frame & IS_MESSAGE) !== 0 && HOLDERS.includes(this.#key);
      if (isHolder) this.#fulfil();
      // A list in a list of messages is none of them.
      this.#open(isHolder ? ARRAY | ITEMS_ARE_MESSAGES | FULFILLED : inList ? ARRAY | IS_MESSAGE : ARRAY);
    } else if ((byte >= 48 && byte <= 57) || byte === 45 || (byte >= 97 && byte <= 122)) {
      if (inList) this.#out.broken();
      this.#mode = WORD;
    } else this.#fault(byte);
  }

  #open(frame: number): void {
    if (this.#frames.length === DEEPEST) {
      this.#fault(0);
      return;
    }
    this.#frames.push(frame);
    this.#mode = (frame & ARRAY) !== 0 ? FIRST_ITEM : FIRST_KEY;
    this.#key = '';
  }

  #close(): void {
    const frame = this.#frames.pop()!;
    if ((frame & IS_MESSAGE) !== 0 && (frame & FULFILLED) === 0) this.#out.broken();
    this.#mode = this.#frames.length === 0 ? BETWEEN : AFTER_VALUE;
    this.#key = '';
  }

  /** The innermost object held a message, or a list of them. */
  #fulfil(): void {
    const last = this.#frames.length - 1;
    if (last >= 0) this.#frames[last]! |= FULFILLED;
  }

  #beginText(text: 'key' | 'message' | 'other'): void {
    this.#text = text;
    this.#heldBytes = 0;
    this.#high = 0;
    this.#mode = TEXT;
  }

  #textEnds(): void {
    this.#endPair();
    if (this.#text === 'key') {
      this.#key = this.#heldBytes > 32 ? '' : String.fromCharCode(...this.#held.subarray(0, this.#heldBytes));
      this.#mode = AFTER_KEY;
      return;
    }
    if (this.#text === 'message') {
      this.#fulfil();
      this.#messageEnds();
    }
    this.#mode = this.#frames.length === 0 ? BETWEEN : AFTER_VALUE;
  }

  #messageEnds(): void {
    let end = this.#heldBytes;
    while (end > 0 && this.#held[end - 1]! <= 32) end--;
    const text = this.#held.subarray(0, end);
    if (end === 0) this.#out.broken();
    else if (!beginsWith(text, CONTROL)) this.#out.line(text);
  }

  #plainEnds(): void {
    this.#out.line(this.#held.subarray(0, this.#heldBytes));
    this.#reset();
  }

  /** One more byte than a line may have is kept: it is too long then, and whoever reads it says so. */
  #hold(byte: number): void {
    if (this.#heldBytes < this.#held.length) this.#held[this.#heldBytes++] = byte;
  }

  #escape(byte: number): void {
    this.#mode = TEXT;
    if (byte === 117) {
      this.#mode = HEX;
      this.#hexDigits = 0;
      this.#unit = 0;
      return;
    }
    const letter = ESCAPES.get(byte);
    if (letter === undefined) this.#fault(byte);
    else {
      this.#endPair();
      if (this.#text !== 'other') this.#hold(letter);
    }
  }

  #hex(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) {
      this.#fault(byte);
      return;
    }
    this.#unit = this.#unit * 16 + digit;
    this.#hexDigits++;
    if (this.#hexDigits < 4) return;
    this.#mode = TEXT;
    const unit = this.#unit;
    if (this.#high > 0 && unit >= 0xdc00 && unit < 0xe000) {
      const code = 0x1_0000 + (this.#high - 0xd800) * 0x400 + unit - 0xdc00;
      this.#high = 0;
      this.#letter(code);
    } else {
      this.#endPair();
      if (unit >= 0xd800 && unit < 0xdc00) this.#high = unit;
      else this.#letter(unit >= 0xdc00 && unit < 0xe000 ? 0xfffd : unit);
    }
  }

  /** The first half of a pair whose second did not come. */
  #endPair(): void {
    if (this.#high > 0) this.#letter(0xfffd);
    this.#high = 0;
  }

  #letter(code: number): void {
    if (this.#text === 'other') return;
    for (const byte of Buffer.from(String.fromCodePoint(code))) this.#hold(byte);
  }

  /** This is no JSON: counted once, and passed over up to the next line or the next object. */
  #fault(byte: number): void {
    this.#out.broken();
    this.#frames.length = 0;
    this.#mode = LOST;
    this.#before = 0;
    this.#take(byte);
  }

  #reset(): void {
    this.#frames.length = 0;
    this.#heldBytes = 0;
    this.#mode = BETWEEN;
  }
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}
