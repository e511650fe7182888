/**
 * A batch of records as arrays, for loops over millions of rows.
 *
 * In:    a batch of columns as the parser gives them. Out: numbers by row; of texts their place among the distinct ones.
 * Holds: each distinct address is parsed once for a batch. A column that is not there and a value that is absent are the
 *        same: -1.
 * Fails: never; text that is no address counts as absent.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import type { RecordColumn, RecordColumns, RecordWords } from '../../record/columns.ts';
import { textsOf } from '../../record/columns.ts';

/** Columns that are read of records; those that a format has not are done without. */
export const READ_COLUMNS = [
  'interface_id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'vpc_id',
  'tcp_flags',
  'pkt_srcaddr',
  'pkt_dstaddr',
  'flow_direction',
  'reject_reason',
  'x_rule_id',
  'x_verdict_stage',
  'x_verdict_source',
] as const;
export type ReadColumn = (typeof READ_COLUMNS)[number];

/** A number or a place that a record does not have. */
export const ABSENT = -1;

/** What is read of a batch. */
export type RecordBatch = Pick<RecordColumns, 'rows' | 'columns'> & {
  /** Columns that some of the files that the rows came from have not: absent may mean that a record does not tell. */
  readonly partly?: readonly string[];
};

/** A column of texts: the place of each row's among the distinct ones. */
export type Words = { readonly at: Int32Array; readonly texts: readonly string[] };

/**
 * A column of addresses: the place of each row's among the distinct ones, and of those the family (0 no address) and four
 * words, IPv4 in the first.
 */
export type AddressWords = {
  readonly at: Int32Array;
  readonly family: Uint8Array;
  readonly words: Uint32Array;
  /** The text of a place; made when it is asked for, since there are many. */
  text(place: number): string | null;
};

const decoder = new TextDecoder();

const DOT = 46;
const ZERO = 48;

/** The word that bytes of a text are, -1 where they are no IPv4 address: without a string for each. */
function ipv4In(bytes: Uint8Array, from: number, to: number): number {
  let word = 0;
  let byte = 0;
  let digits = 0;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const code = bytes[i] as number;
    if (code === DOT) {
      if (digits === 0) return -1;
      word = word * 256 + byte;
      byte = 0;
      digits = 0;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    // Nothing follows a 0 that a byte begins with.
    if (digit < 0 || digit > 9 || (digits > 0 && byte === 0)) return -1;
    byte = byte * 10 + digit;
    digits++;
    if (byte > 255) return -1;
  }
  return dots === 3 && digits > 0 ? word * 256 + byte : -1;
}

function textIn({ starts, bytes }: RecordWords, place: number): string | null {
  return place < 0 || place + 1 >= starts.length
    ? null
    : decoder.decode(bytes.subarray(starts[place], starts[place + 1]));
}

/** The columns of one batch. */
export class RecordRows {
  readonly rows: number;
  readonly #columns: ReadonlyMap<string, RecordColumn>;
  readonly #partly: readonly string[];

  constructor(batch: RecordBatch) {
    this.rows = batch.rows;
    this.#partly = batch.partly ?? [];
    this.#columns = new Map(batch.columns.map((column) => [column.name, column]));
  }

  /** Whether the format of each record has the column. */
  has(name: ReadColumn): boolean {
    return this.#columns.has(name) && !this.#partly.includes(name);
  }

  /** A column of texts. */
  words(name: ReadColumn): Words {
    const column = this.#columns.get(name);
    if (!column?.dictionary) return { at: new Int32Array(this.rows).fill(ABSENT), texts: [] };
    return {
      at: withoutAbsent(Int32Array.from(wordsIn(column, this.rows)), column),
      texts: textsOf(column.dictionary),
    };
  }

  /** A column of addresses. */
  addresses(name: ReadColumn): AddressWords {
    const column = this.#columns.get(name);
    const none = { family: new Uint8Array(0), words: new Uint32Array(0), text: () => null };
    if (!column?.dictionary) return { at: new Int32Array(this.rows).fill(ABSENT), ...none };
    const { dictionary } = column;
    const { starts, bytes } = dictionary;
    const count = starts.length - 1;
    const family = new Uint8Array(count);
    const words = new Uint32Array(count * 4);
    for (let i = 0; i < count; i++) {
      const word = ipv4In(bytes, starts[i] as number, starts[i + 1] as number);
      if (word >= 0) {
        family[i] = 4;
        words[i * 4] = word;
        continue;
      }
      const address = parseAddress(textIn(dictionary, i) ?? '');
      if (address === null) continue;
      family[i] = address.family;
      words.set(address.words, i * 4);
    }
    const at = withoutAbsent(Int32Array.from(wordsIn(column, this.rows)), column);
    for (let row = 0; row < at.length; row++)
      if ((at[row] as number) >= 0 && family[at[row] as number] === 0) at[row] = ABSENT;
    return { at, family, words, text: (place) => textIn(dictionary, place) };
  }

  /** A column of numbers to 2^53. */
  numbers(name: ReadColumn): Float64Array {
    const column = this.#columns.get(name);
    if (!column || column.dictionary !== null) return new Float64Array(this.rows).fill(ABSENT);
    return withoutAbsent(numbersIn(column, this.rows), column);
  }
}

/** Values of four bytes. */
function wordsIn({ data }: RecordColumn, rows: number): Int32Array {
  const { buffer, byteOffset } = data;
  return byteOffset % 4 === 0
    ? new Int32Array(buffer, byteOffset, rows)
    : new Int32Array(data.slice(0, rows * 4).buffer, 0, rows);
}

function numbersIn(column: RecordColumn, rows: number): Float64Array {
  if (column.type === 'i64') return largeIn(column, rows);
  if (column.type === 'f64') return new Float64Array(column.data.slice(0, rows * 8).buffer);
  return Float64Array.from(wordsIn(column, rows));
}

function largeIn(column: RecordColumn, rows: number): Float64Array {
  const words = wordsIn(column, rows * 2);
  const numbers = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    numbers[row] = (words[row * 2 + 1] as number) * 4_294_967_296 + ((words[row * 2] as number) >>> 0);
  return numbers;
}

function withoutAbsent<T extends Int32Array | Float64Array>(numbers: T, { valid }: RecordColumn): T {
  if (valid === null) return numbers;
  for (let row = 0; row < numbers.length; row++)
    if (((valid[row >> 3] as number) & (1 << (row & 7))) === 0) numbers[row] = ABSENT;
  return numbers;
}
