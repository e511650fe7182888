/**
 * The pieces that documents of a batch are put together of.
 *
 * In:    columns of records, pieces one by one. Out: where the list of pieces is, for the loops.
 * Holds: what several pieces need of a column is put into the room once. Objects and lists in which a row has nothing are left out by the loops.
 * Fails: never.
 */
import type { Address } from '../../network/vpc/snapshot.ts';
import type { RecordColumn, RecordColumns } from '../../record/columns.ts';
import { valuesOf } from '../../record/values.ts';
import * as loops from './document-loops.ts';
import type { DocumentRoom, TextTable } from './document-room.ts';

/** Addresses of a batch: distinct ones, and for each row which; -1 none. */
export type BatchAddresses = {
  readonly addresses: readonly (Address | null)[];
  readonly texts: readonly string[];
  readonly column: Int32Array;
};

/** The pieces of a document, in their order. */
export class Plan {
  readonly batch: RecordColumns;
  readonly room: DocumentRoom;
  readonly columns: ReadonlyMap<string, RecordColumn>;
  readonly #pieces: number[] = [];
  readonly #indexes = new Map<string, Int32Array>();
  readonly #placed = new Map<string, number>();
  readonly #quoted = new Map<string, TextTable>();
  /** -1: not all of it are numbers that a double has. */
  readonly #doubles = new Map<string, number>();

  constructor(batch: RecordColumns, room: DocumentRoom) {
    this.batch = batch;
    this.room = room;
    this.columns = new Map(batch.columns.map((column) => [column.name, column]));
  }

  #add(kind: number, text: string, ...rest: readonly number[]): void {
    const [from, length] = text === '' ? [0, 0] : this.room.text(text);
    const words = [kind, from, length, ...rest];
    while (words.length < loops.PIECE_WORDS) words.push(0);
    this.#pieces.push(...words);
  }

  text(text: string): void {
    this.#add(loops.TEXT, text);
  }

  /** `{…}` or `[…]` behind a name; left out where nothing is in it. */
  inside(begin: string, end: string, fill: () => void): void {
    this.#add(loops.OPEN, begin);
    fill();
    this.#add(loops.CLOSE, end);
  }

  place(text: string): void {
    this.#add(loops.PLACE, text);
  }

  /** A text of each row, by its number in a table; -1 none. */
  word(name: string, column: number, table: TextTable): void {
    this.#add(loops.WORD, name, column, table);
  }

  /** A column of the record as it is. */
  field(name: string, column: RecordColumn): void {
    if (column.dictionary !== null) {
      this.word(name, this.placed(column), this.quoted(column));
      return;
    }
    const at = this.#doublesOf(column);
    if (at >= 0) this.#add(loops.NUMBER, name, at);
    else this.#exact(name, column);
  }

  /** The texts of a column in quotes, put there once. */
  quoted(column: RecordColumn): TextTable {
    const known = this.#quoted.get(column.name) ?? this.room.quoted(column.dictionary!);
    this.#quoted.set(column.name, known);
    return known;
  }

  /** The numbers of a column, put there once. */
  #doublesOf(column: RecordColumn): number {
    let at = this.#doubles.get(column.name);
    if (at !== undefined) return at;
    const numbers = numbersOf(column, this.batch.rows);
    at = numbers === null ? -1 : this.room.doubles(numbers);
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

  numbers(name: string): number {
    const column = this.columns.get(name);
    const at = column === undefined ? -1 : this.#doublesOf(column);
    return at >= 0 ? at : this.room.doubles(new Float64Array(this.batch.rows).fill(-1));
  }

  community(source: BatchAddresses, destination: BatchAddresses): void {
    const { room } = this;
    this.#add(
      loops.COMMUNITY,
      ',"community_id":"1:',
      this.placed(this.columns.get('srcaddr')!),
      room.words(addressWords(source)),
      this.placed(this.columns.get('dstaddr')!),
      room.words(addressWords(destination)),
      this.numbers('protocol'),
      this.numbers('srcport'),
      this.numbers('dstport'),
    );
  }

  /** For each row which text of the column's; -1 none. */
  indexes(column: RecordColumn): Int32Array {
    const known = this.#indexes.get(column.name);
    if (known !== undefined) return known;
    const { rows } = this.batch;
    const indexes = new Int32Array(rows);
    indexes.set(new Int32Array(column.data.buffer, column.data.byteOffset, rows));
    if (column.valid !== null) for (let row = 0; row < rows; row++) if (!has(column.valid, row)) indexes[row] = -1;
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
    return { at: this.room.words(Int32Array.from(this.#pieces)), count: this.#pieces.length / loops.PIECE_WORDS };
  }
}

function has(valid: Uint8Array, row: number): boolean {
  return (valid[row >> 3]! & (1 << (row & 7))) !== 0;
}

/** Numbers of a column, -1 where there is none; null where one is beyond 2^53. */
export function numbersOf(column: RecordColumn, rows: number): Float64Array | null {
  const { data, valid, type } = column;
  const numbers = new Float64Array(rows);
  if (type === 'i64') {
    const words = new Uint32Array(data.buffer, data.byteOffset, rows * 2);
    for (let row = 0; row < rows; row++) {
      const high = words[row * 2 + 1]!;
      if (high >= 0x20_0000 && (valid === null || has(valid, row))) return null;
      numbers[row] = high * 0x1_0000_0000 + words[row * 2]!;
    }
  } else {
    const words = new Int32Array(data.buffer, data.byteOffset, rows);
    for (let row = 0; row < rows; row++) numbers[row] = words[row]!;
  }
  if (valid !== null) for (let row = 0; row < rows; row++) if (!has(valid, row)) numbers[row] = -1;
  return numbers;
}

/** Five words of each: family and address; 0 is no address. */
function addressWords({ addresses }: BatchAddresses): Int32Array {
  const words = new Int32Array(addresses.length * 5);
  for (const [at, address] of addresses.entries()) {
    if (address === null) continue;
    words[at * 5] = address.family;
    for (const [n, word] of address.words.entries()) words[at * 5 + 1 + n] = word;
  }
  return words;
}
