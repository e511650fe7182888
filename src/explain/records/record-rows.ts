/**
 * A batch of records as arrays, for loops over millions of rows.
 *
 * In:    a batch of columns as the parser gives them. Out: numbers by row; of texts their place among the distinct ones.
 * Holds: each distinct address is parsed once for a batch. A column that is not there and a value that is absent are the
 *        same: -1.
 * Fails: never; text that is no address counts as absent.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import type { RecordColumn, RecordColumns } from '../../record/columns.ts';
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
] as const;
export type ReadColumn = (typeof READ_COLUMNS)[number];

/** A number or a place that a record does not have. */
export const ABSENT = -1;

/** What is read of a batch. */
export type RecordBatch = Pick<RecordColumns, 'rows' | 'columns'>;

/** A column of texts: the place of each row's among the distinct ones. */
export type Words = { readonly at: Int32Array; readonly texts: readonly string[] };

/** A column of addresses: of each distinct one besides its family (0 no address) and four words, IPv4 in the first. */
export type AddressWords = Words & { readonly family: Uint8Array; readonly words: Uint32Array };

/** The columns of one batch. */
export class RecordRows {
  readonly rows: number;
  readonly #columns: ReadonlyMap<string, RecordColumn>;

  constructor(batch: RecordBatch) {
    this.rows = batch.rows;
    this.#columns = new Map(batch.columns.map((column) => [column.name, column]));
  }

  /** Whether the format has the column. */
  has(name: ReadColumn): boolean {
    return this.#columns.has(name);
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
    const { at, texts } = this.words(name);
    const family = new Uint8Array(texts.length);
    const words = new Uint32Array(texts.length * 4);
    for (const [i, text] of texts.entries()) {
      const address = parseAddress(text);
      if (address === null) continue;
      family[i] = address.family;
      words.set(address.words, i * 4);
    }
    for (let row = 0; row < at.length; row++)
      if (at[row] !== ABSENT && family[at[row] as number] === 0) at[row] = ABSENT;
    return { at, texts, family, words };
  }

  /** A column of numbers to 2^53. */
  numbers(name: ReadColumn): Float64Array {
    const column = this.#columns.get(name);
    if (!column || column.dictionary !== null) return new Float64Array(this.rows).fill(ABSENT);
    const numbers = column.type === 'i64' ? largeIn(column, this.rows) : Float64Array.from(wordsIn(column, this.rows));
    return withoutAbsent(numbers, column);
  }
}

/** Values of four bytes. */
function wordsIn({ data }: RecordColumn, rows: number): Int32Array {
  const { buffer, byteOffset } = data;
  return byteOffset % 4 === 0
    ? new Int32Array(buffer, byteOffset, rows)
    : new Int32Array(data.slice(0, rows * 4).buffer, 0, rows);
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
