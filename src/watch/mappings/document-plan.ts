/**
 * The pieces that documents of a batch are put together of.
 *
 * In:    columns of records, pieces one by one. Out: where the list of pieces is, for the loops.
 * Holds: what several pieces need of a column is put into the room once. Objects and lists in which a row has nothing are left out by the loops;
 *        text that every row has is put before the next value that every row has, as one piece with it.
 * Fails: never.
 */
import type { RecordColumn, RecordColumns } from '../../record/columns.ts';
import { valuesOf } from '../../record/values.ts';
import type { BatchAddresses } from './batch-addresses.ts';
import * as loops from './document-loops.ts';
import type { DocumentRoom, TextTable } from './document-room.ts';

/** The numbers of a column, -1 where there is none. */
export type ColumnNumbers = { readonly numbers: Float64Array; readonly isWhole: boolean };

/** The pieces of a document, in their order. */
export class Plan {
  readonly batch: RecordColumns;
  readonly room: DocumentRoom;
  readonly columns: ReadonlyMap<string, RecordColumn>;
  readonly #pieces: number[] = [];
  readonly #indexes = new Map<string, Int32Array>();
  readonly #placed = new Map<string, number>();
  readonly #quoted = new Map<string, TextTable>();
  /** Null: not all of it are numbers that a double has. */
  readonly #numbers = new Map<string, ColumnNumbers | null>();
  readonly #doubles = new Map<string, number>();
  /** Text of every row that is no piece yet. */
  #pending = '';

  constructor(batch: RecordColumns, room: DocumentRoom) {
    this.batch = batch;
    this.room = room;
    this.columns = new Map(batch.columns.map((column) => [column.name, column]));
  }

  #add(kind: number, text: string, ...rest: readonly number[]): void {
    const [from, length] = this.room.text(text);
    const words = [kind, from, length, ...rest];
    while (words.length < loops.PIECE_WORDS) words.push(0);
    this.#pieces.push(...words);
  }

  /** Text that every row has. */
  text(text: string): void {
    const isFirst = text.startsWith(',') && /[{[]$/u.test(this.#pending);
    this.#pending += isFirst ? text.slice(1) : text;
  }

  /** `{…}` or `[…]` behind a name; left out where nothing is in it. `isSure`: something is, in every row. */
  inside(begin: string, end: string, isSure: boolean, fill: () => void): void {
    if (isSure) this.text(begin);
    else this.#value(false, loops.OPEN, begin);
    fill();
    if (isSure) this.text(end);
    else this.#value(false, loops.CLOSE, end);
  }

  place(text: string): void {
    this.#value(true, loops.PLACE, text);
  }

  /** A text of each row, by its number in a table; -1 none. `isSure`: every row has one, and none is empty. */
  word(name: string, column: number, table: TextTable, isSure = false): void {
    this.#value(isSure, loops.WORD, name, column, table);
  }

  /** A piece behind the text that is pending; as one with it where every row has both. */
  #value(isSure: boolean, kind: number, name: string, ...rest: readonly number[]): void {
    if (isSure) this.text(name);
    else if (this.#pending !== '') this.#add(loops.TEXT, this.#pending);
    this.#add(kind, isSure ? this.#pending : name, ...rest);
    this.#pending = '';
  }

  /** A column of the record as it is. */
  field(name: string, column: RecordColumn): void {
    const isSure = this.isWhole(column);
    if (column.dictionary !== null) {
      this.word(name, this.placed(column), this.quoted(column), isSure);
      return;
    }
    const at = this.#doublesOf(column);
    if (at >= 0) this.#value(isSure, loops.NUMBER, name, at);
    else this.#exact(name, column);
  }

  /** Whether every row has a value in it. */
  isWhole(column: RecordColumn): boolean {
    if (column.dictionary !== null) return column.valid === null;
    return this.numbersOf(column)?.isWhole ?? false;
  }

  /** The texts of a column in quotes, put there once. */
  quoted(column: RecordColumn): TextTable {
    const known = this.#quoted.get(column.name) ?? this.room.quoted(column.dictionary!);
    this.#quoted.set(column.name, known);
    return known;
  }

  /** The numbers of a column; null where one is beyond 2^53, or they are texts. */
  numbersOf(column: RecordColumn): ColumnNumbers | null {
    let known = this.#numbers.get(column.name);
    if (known !== undefined) return known;
    known = numbersIn(column, this.batch.rows);
    this.#numbers.set(column.name, known);
    return known;
  }

  /** The same in the room, put there once; -1 where there are none. */
  #doublesOf(column: RecordColumn): number {
    let at = this.#doubles.get(column.name);
    if (at !== undefined) return at;
    const known = this.numbersOf(column);
    at = known === null ? -1 : this.room.doubles(known.numbers);
    this.#doubles.set(column.name, at);
    return at;
  }

  /** Numbers beyond what a double has exactly. */
  #exact(name: string, column: RecordColumn): void {
    const read = valuesOf(column);
    const texts: string[] = [];
    const rows = Int32Array.from({ length: this.batch.rows }, (_, row) => {
      const value = read(row);
      return value === null ? -1 : texts.push(String(value)) - 1;
    });
    this.word(name, this.room.words(rows), this.room.texts(texts));
  }

  #numbersAt(name: string): number {
    const column = this.columns.get(name);
    const at = column === undefined ? -1 : this.#doublesOf(column);
    return at >= 0 ? at : this.room.doubles(new Float64Array(this.batch.rows).fill(-1));
  }

  community(source: BatchAddresses, destination: BatchAddresses): void {
    const { room } = this;
    this.#value(
      false,
      loops.COMMUNITY,
      ',"community_id":"1:',
      this.placed(this.columns.get('srcaddr')!),
      room.words(new Int32Array(source.words.buffer)),
      this.placed(this.columns.get('dstaddr')!),
      room.words(new Int32Array(destination.words.buffer)),
      this.#numbersAt('protocol'),
      this.#numbersAt('srcport'),
      this.#numbersAt('dstport'),
    );
  }

  /** For each row which text of the column's; -1 none. To be read only. */
  indexes(column: RecordColumn): Int32Array {
    const known = this.#indexes.get(column.name);
    if (known !== undefined) return known;
    const { rows } = this.batch;
    const { data, valid } = column;
    let indexes = new Int32Array(data.buffer, data.byteOffset, rows);
    if (valid !== null) {
      indexes = indexes.slice();
      for (let row = 0; row < rows; row++) if (!has(valid, row)) indexes[row] = -1;
    }
    this.#indexes.set(column.name, indexes);
    return indexes;
  }

  /** The same in the room, put there once. */
  placed(column: RecordColumn): number {
    const known = this.#placed.get(column.name);
    if (known !== undefined) return known;
    const at = this.room.words(this.indexes(column));
    this.#placed.set(column.name, at);
    return at;
  }

  end(): { readonly at: number; readonly count: number } {
    if (this.#pending !== '') this.#add(loops.TEXT, this.#pending);
    this.#pending = '';
    return { at: this.room.words(Int32Array.from(this.#pieces)), count: this.#pieces.length / loops.PIECE_WORDS };
  }
}

function has(valid: Uint8Array, row: number): boolean {
  return (valid[row >> 3]! & (1 << (row & 7))) !== 0;
}

function numbersIn(column: RecordColumn, rows: number): ColumnNumbers | null {
  const { data, valid, type, dictionary } = column;
  if (dictionary !== null) return null;
  const numbers = new Float64Array(rows);
  let isWhole = valid === null;
  if (type === 'i64') {
    const words = new Uint32Array(data.buffer, data.byteOffset, rows * 2);
    for (let row = 0; row < rows; row++) {
      const high = words[row * 2 + 1]!;
      if (high >= 0x20_0000 && (valid === null || has(valid, row))) return null;
      numbers[row] = high * 0x1_0000_0000 + words[row * 2]!;
    }
  } else {
    const words = new Int32Array(data.buffer, data.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const number = words[row]!;
      if (number < 0) isWhole = false;
      numbers[row] = number;
    }
  }
  if (valid !== null) for (let row = 0; row < rows; row++) if (!has(valid, row)) numbers[row] = -1;
  return { numbers, isWhole };
}
