/**
 * Cuts a JSON object at the items of its long lists, so that they are parsed one after the other: what is parsed at once
 * is garbage at once, and never all of it is there.
 *
 * In:    a text in UTF-8. Out: what `JSON.parse` gives, but for long lists of objects, which are `CutList`s.
 * Holds: a text that is no JSON is refused with the words of `JSON.parse`, be it when an item is asked for.
 * Fails: FG_MODEL_NOT_JSON with the name of the file.
 */
import { failureFrom } from '../../model/errors.ts';

/** A text in UTF-8, with the name that messages shall use. */
type Text = { readonly name: string; readonly bytes: Uint8Array };

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPENING_BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

const UTF8 = new TextDecoder();

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(UTF8.decode(bytes));
}

function parseAll({ name, bytes }: Text): unknown {
  try {
    return parse(bytes);
  } catch (error) {
    throw failureFrom(error, 'FG_MODEL_NOT_JSON', name, error instanceof Error ? error.message : String(error));
  }
}

/** A list of objects that are parsed when they are asked for. */
export class CutList {
  readonly #text: Text;
  /** Where an item begins, and where it ends. */
  readonly #bounds: readonly number[];

  constructor(text: Text, bounds: readonly number[]) {
    this.#text = text;
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#bounds.length / 2;
  }

  /** Item number `i`, parsed anew each time. */
  item(i: number): unknown {
    try {
      return parse(this.#text.bytes.subarray(this.#bounds[i * 2], this.#bounds[i * 2 + 1]));
    } catch {
      // The item is at fault, so the text is, and its error tells the place.
      return parseAll(this.#text);
    }
  }

  *[Symbol.iterator](): IterableIterator<unknown> {
    for (let i = 0; i < this.length; i++) yield this.item(i);
  }
}

/**
 * Parses a text.
 *
 * @param name   of its file
 * @param bytes  it may begin with a byte order mark
 * @param lists  members of the object in it whose items are parsed later
 */
export function cutJson(name: string, bytes: Uint8Array, lists: ReadonlySet<string>): unknown {
  const text = { name, bytes };
  return cut(text, lists) ?? parseAll(text);
}

function cut(text: Text, lists: ReadonlySet<string>): unknown {
  try {
    return new Cutter(text).members(lists);
  } catch (error) {
    // Of a piece; what is wrong with the whole tells the place in it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Answers are null, false or below 0 where the text is not what is wanted: then it is not cut. */
class Cutter {
  readonly #text: Text;
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(text: Text) {
    const { bytes } = text;
    this.#text = text;
    this.#bytes = bytes;
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  members(lists: ReadonlySet<string>): Readonly<Record<string, unknown>> | null {
    const members: [string, unknown][] = [];
    if (this.#next() !== OPENING_BRACE) return null;
    for (let code = COMMA; code !== CLOSING_BRACE; code = this.#next()) {
      if (code !== COMMA || this.#next() !== QUOTE) return null;
      const from = this.#at - 1;
      if (!this.#skip(QUOTE)) return null;
      const key = parse(this.#bytes.subarray(from, this.#at)) as string;
      if (this.#next() !== COLON || members.some(([known]) => known === key)) return null;
      const first = this.#next();
      const value = this.#at - 1;
      const list = first === OPENING_BRACKET && lists.has(key) ? this.#list() : null;
      if (list === null) {
        this.#at = value + 1;
        if (!this.#skip(first)) return null;
      }
      members.push([key, list ?? parse(this.#bytes.subarray(value, this.#at))]);
    }
    return this.#next() < 0 ? Object.fromEntries(members) : null;
  }

  /** The list whose bracket has been read; null where it is empty or something in it is no object. */
  #list(): CutList | null {
    const bounds: number[] = [];
    for (let code = COMMA; code !== CLOSING_BRACKET; code = this.#next()) {
      if (code !== COMMA || this.#next() !== OPENING_BRACE) return null;
      bounds.push(this.#at - 1);
      if (!this.#skip(OPENING_BRACE)) return null;
      bounds.push(this.#at);
    }
    return new CutList(this.#text, bounds);
  }

  /** The next character that is not blank, read; -1 at the end. */
  #next(): number {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const code = bytes[this.#at++] as number;
      if (code !== BLANK && code !== LINE_FEED && code !== RETURN && code !== TAB) return code;
    }
    return -1;
  }

  /** Reads to behind the value that began with `first`; false where it does not end. */
  #skip(first: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    if (first === QUOTE) at = endOfText(bytes, at);
    else if (first === OPENING_BRACE || first === OPENING_BRACKET) at = endOfNested(bytes, at);
    else while (at < bytes.length && !ENDS_WORD.has(bytes[at] as number)) at++;
    this.#at = at;
    return at <= bytes.length;
  }
}

const ENDS_WORD: ReadonlySet<number> = new Set([TAB, LINE_FEED, RETURN, BLANK, COMMA, CLOSING_BRACKET, CLOSING_BRACE]);

/** Behind the quote that ends a text; behind the end of all where none does. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const code = bytes[at++];
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return bytes.length + 1;
}

/** Behind the bracket or brace that closes the one before `from`. */
function endOfNested(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let depth = 1;
  let at = from;
  while (at < length) {
    const code = bytes[at++];
    if (code === QUOTE) {
      // A backslash in a text hides what comes after it.
      for (let inside = bytes[at++]; inside !== QUOTE && at < length; inside = bytes[at++])
        if (inside === BACKSLASH) at++;
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) depth++;
    else if ((code === CLOSING_BRACE || code === CLOSING_BRACKET) && --depth === 0) return at;
  }
  return length + 1;
}
