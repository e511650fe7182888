/**
 * The memory that documents are made in: columns and texts of a batch, and the lines that come out.
 *
 * In:    columns, texts. Out: where they are, for the loops.
 * Holds: filled from the beginning for each batch; a memory grows to the largest batch and is used again for other objects. Texts have
 *        `SLACK` bytes behind them.
 * Fails: with a RangeError where there is no memory left.
 */
import { LinearMemory, PlainMemory, loopsOver } from '../../model/linear-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import type { RecordColumn } from '../../record/columns.ts';
import { DOCUMENT_LOOPS_CODE } from './document-loops.generated.ts';
import { BASE64, DIGITS, END, FREE_WORDS, PAIRS, SLACK, TWO_DIGITS, documentLoops } from './document-loops.ts';
import type { DocumentLoops } from './document-loops.ts';

/** Bytes of lines in one bulk request, about: servers take 10 MB and more, and small ones are slower. */
const LIMIT_BYTES = 4 << 20;
/** A document has a few times the bytes of its line, which has 65,536 at most. */
const LONGEST_DOCUMENT = 2 << 20;
const FIRST_BYTES = 1 << 20;
/** As many as one object has under way. */
const MOST_SPARE_LINES = 2;

/** Where a table of texts is: words, where each begins, one more than there are. */
export type TextTable = number;

const encoder = new TextEncoder();

/** Memory for the documents of one object at a time. */
export class DocumentRoom {
  readonly #plan: Views;
  readonly #out: Views;
  readonly #loops: DocumentLoops;
  #free = FREE_WORDS * 4;
  /** Of lines that were given back. */
  readonly #spare: ArrayBuffer[] = [];

  /** @param plain  the loops run as they are written: tests compare the two */
  constructor(plain = false) {
    const outBytes = LIMIT_BYTES + LONGEST_DOCUMENT + SLACK;
    if (plain) {
      [this.#plan, this.#out] = [new PlainMemory(FIRST_BYTES), new PlainMemory(outBytes)];
      this.#loops = documentLoops(this.#out, this.#plan);
    } else {
      const [plan, out] = [new LinearMemory(FIRST_BYTES), new LinearMemory(outBytes)];
      [this.#plan, this.#out] = [plan, out];
      this.#loops = loopsOver(DOCUMENT_LOOPS_CODE, { out, plan }) as DocumentLoops;
    }
    const letters = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
    for (let bits = 0; bits < PAIRS; bits++)
      this.#plan.u8.set([letters[bits >> 6]!, letters[bits & 63]!], BASE64 * 4 + bits * 2);
    const pairs = Array.from({ length: TWO_DIGITS }, (_, number) => String(number).padStart(2, '0'));
    this.#plan.u8.set(encoder.encode(pairs.join('')), DIGITS * 4);
  }

  /** Forgets the last batch. */
  clear(): void {
    this.#free = FREE_WORDS * 4;
  }

  /** Room for so many bytes, at a multiple of eight; `SLACK` behind it. */
  #take(bytes: number): number {
    const at = this.#free;
    this.#free = at + Math.ceil((bytes + SLACK) / 8) * 8;
    this.#plan.reserve(this.#free);
    return at;
  }

  /** Puts whole numbers; the word where they are. */
  words(values: Int32Array): number {
    const at = this.#take(values.length * 4) / 4;
    this.#plan.i32.set(values, at);
    return at;
  }

  /** Puts numbers; the double where they are. */
  doubles(values: Float64Array): number {
    const at = this.#take(values.length * 8) / 8;
    this.#plan.f64.set(values, at);
    return at;
  }

  /** Puts a text as it is: the byte where it begins, and its bytes. */
  text(text: string): readonly [from: number, length: number] {
    const bytes = encoder.encode(text);
    const at = this.#take(bytes.length);
    this.#plan.u8.set(bytes, at);
    return [at, bytes.length];
  }

  /** Puts texts as they are. */
  texts(texts: readonly string[]): TextTable {
    const parts = texts.map((text) => encoder.encode(text));
    const starts = new Int32Array(parts.length + 1);
    const at = this.#take(parts.reduce((sum, { length }) => sum + length, 0));
    let end = at;
    for (const [number, part] of parts.entries()) {
      starts[number] = end;
      this.#plan.u8.set(part, end);
      end += part.length;
    }
    starts[parts.length] = end;
    return this.words(starts);
  }

  /** Puts the texts of a column in quotes. */
  quoted({ starts, bytes }: NonNullable<RecordColumn['dictionary']>): TextTable {
    const count = starts.length - 1;
    const from = this.#take(bytes.length);
    this.#plan.u8.set(bytes, from);
    const begins = this.words(new Int32Array(starts.buffer, starts.byteOffset, starts.length));
    const table = this.#take((count + 1) * 4) / 4;
    // As many bytes as it needs: of words that are all escapes it is six times as many.
    const escapes = this.#loops.escapes(from, from + bytes.length);
    const to = this.#take(bytes.length + escapes * 5 + count * 2);
    this.#loops.quote(begins, count, from, table, to, escapes === 0 ? 1 : 0);
    return table;
  }

  /**
   * Lines of rows from `from` on, as many as fit into a request.
   *
   * @param pieces  of `PIECE_WORDS` words each, `count` of them, at that word
   * @param place   number of row 0 in its object
   */
  lines(
    from: number,
    rows: number,
    pieces: number,
    count: number,
    place: number,
  ): { readonly row: number; readonly lines: Uint8Array<ArrayBuffer>; readonly starts: Int32Array } {
    const begins = this.#take((rows - from + 1) * 4) / 4;
    const row = this.#loops.run(from, rows, pieces, count, place, LIMIT_BYTES, begins);
    const size = this.#plan.i32[END]!;
    const known = this.#spare.at(-1);
    const buffer = known !== undefined && known.byteLength >= size ? known : new ArrayBuffer(size + (size >> 4));
    this.#spare.pop();
    const lines = new Uint8Array(buffer, 0, size);
    lines.set(this.#out.u8.subarray(0, size));
    return { row, lines, starts: this.#plan.i32.slice(begins, begins + row - from) };
  }

  /** Takes lines back that nobody reads any longer: the kernel takes as long to give new memory as all else does to fill it. */
  giveBack({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (this.#spare.length < MOST_SPARE_LINES) this.#spare.push(buffer);
  }
}

const spare: DocumentRoom[] = [];
/** Objects that are read at one time, and a few. */
const MOST_SPARE = 8;

/** A room for an object. */
export function takeRoom(): DocumentRoom {
  return spare.pop() ?? new DocumentRoom();
}

/** For the next object. */
export function giveRoomBack(room: DocumentRoom): void {
  if (spare.length < MOST_SPARE) spare.push(room);
}
