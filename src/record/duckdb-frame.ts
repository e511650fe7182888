/**
 * What stands around the values of a table in a database file of DuckDB: headers, catalog, and where each segment lies.
 *
 * In:    a table, its row groups, and how many blocks they have. Out: the file's first bytes, and the blocks behind theirs.
 * Holds: storage version 64, which DuckDB reads since 0.10 and writes by default: one schema, one table, all of whose columns may be
 *        absent. Only what every file has: no index, no sample, no sketch of distinct values.
 * Fails: never.
 *
 * @see DuckDB 1.5.6: src/storage/single_file_block_manager.cpp, checkpoint_manager.cpp, metadata, statistics
 */
import { DUCKDB_BLOCKS_CODE } from './duckdb-blocks-code.ts';
import { BLOCK_BYTES, NO_BLOCK } from './duckdb-places.ts';
import type { ColumnPlaces, ColumnType, GroupPlaces, NumberRange, Segment, WordRange } from './duckdb-places.ts';
import { SerialBytes } from './duckdb-values.ts';
import { createLoopMemory } from './loop-memory.ts';
import type { RowColumn } from './parquet-frame.ts';

export type DatabaseFrame = {
  /** The first bytes of the file. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Blocks behind those of the row groups. */
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
};

/** A header's bytes. There are three before the first block: one of the file, two of states of it, of which the newer one holds. */
const HEADER_BYTES = 4096;
/** Where the first block begins. */
export const BLOCKS_AT = 3 * HEADER_BYTES;
const STORAGE_VERSION = 64n;
const VECTOR_ROWS = 2048n;
const NOTHING = (1n << 64n) - 1n;
/** A block of metadata is 64 small ones, each with the place of the next one first. */
const SMALL_BYTES = 4088;
const SMALL_COUNT = 64;
const NEXT_BYTES = 8;

/** DuckDB's numbers of entries of a catalog, and of types. */
const TABLE = 1;
const SCHEMA = 2;
const TYPES = { i32: 13, i64: 14, word: 25 } as const;
const LEAST = { i32: -(2n ** 31n), i64: -(2n ** 63n) } as const;
const MOST = { i32: 2n ** 31n - 1n, i64: 2n ** 63n - 1n } as const;
const NO_LEAST = new Uint8Array(8).fill(255);
const NO_MOST = new Uint8Array(8);

const encoder = new TextEncoder();

/** Makes it. */
export function databaseFrame(
  name: string,
  columns: readonly RowColumn[],
  groups: readonly GroupPlaces[],
  blocks: number,
): DatabaseFrame {
  const small = new SmallBlocks(blocks);
  const tableAt = putTable(small.chain(), columns, groups);
  const catalog = small.chain();
  const catalogAt = catalog.place();
  catalog.put(catalogOf(name, columns, groups, tableAt));
  const unused = putUnused(small, groups);
  const count = BigInt(small.blocks.length + blocks);
  const head = new Uint8Array(BLOCKS_AT);
  const view = new DataView(head.buffer);
  head.set(encoder.encode('DUCK'), 8);
  view.setBigUint64(12, STORAGE_VERSION, true);
  head.set(encoder.encode('flowgauge'), 52);
  const state = [1n, catalogAt.pointer, unused.pointer, count, BigInt(BLOCK_BYTES), VECTOR_ROWS, 1n];
  const none = [0n, NOTHING, NOTHING, 0n, BigInt(BLOCK_BYTES), VECTOR_ROWS, 1n];
  for (const [at, values] of [state, none].entries())
    for (const [place, value] of values.entries())
      view.setBigUint64((at + 1) * HEADER_BYTES + 8 + place * 8, value, true);
  for (let at = 0; at < BLOCKS_AT; at += HEADER_BYTES) seal(head.subarray(at, at + HEADER_BYTES));
  for (const block of small.blocks) seal(block);
  return { head, blocks: small.blocks };
}

function seal(bytes: Uint8Array<ArrayBuffer>): void {
  const memory = createLoopMemory<{ seal(at: number, end: number): void }>(DUCKDB_BLOCKS_CODE, BLOCK_BYTES);
  memory.bytes.set(bytes);
  memory.loops.seal(0, bytes.length);
  bytes.set(memory.bytes.subarray(0, 8));
}

/** A place in metadata: the small block, with the number of its block in the lower bytes; and behind its begin. */
type Place = { readonly pointer: bigint; readonly offset: number };

class SmallBlocks {
  readonly blocks: Uint8Array<ArrayBuffer>[] = [];
  /** Small blocks that are taken. */
  count = 0;
  readonly first: number;

  /** @param first  number of the first block */
  constructor(first: number) {
    this.first = first;
  }

  take(): { pointer: bigint; bytes: Uint8Array<ArrayBuffer> } {
    const at = this.count % SMALL_COUNT;
    if (at === 0) this.blocks.push(new Uint8Array(BLOCK_BYTES));
    const block = this.blocks.length - 1;
    this.count++;
    const from = 8 + at * SMALL_BYTES;
    const bytes = this.blocks[block]!.subarray(from, from + SMALL_BYTES);
    bytes.fill(255, 0, NEXT_BYTES);
    return { pointer: BigInt(this.first + block) | (BigInt(at) << 56n), bytes };
  }

  chain(): Chain {
    return new Chain(this);
  }
}

/** Bytes that go on in the next small block. */
class Chain {
  readonly #all: SmallBlocks;
  #small: { pointer: bigint; bytes: Uint8Array<ArrayBuffer> };
  #length = NEXT_BYTES;

  constructor(all: SmallBlocks) {
    this.#all = all;
    this.#small = all.take();
  }

  #more(): void {
    const next = this.#all.take();
    new DataView(this.#small.bytes.buffer, this.#small.bytes.byteOffset).setBigUint64(0, next.pointer, true);
    this.#small = next;
    this.#length = NEXT_BYTES;
  }

  /** Where the next byte will be. */
  place(): Place {
    if (this.#length === SMALL_BYTES) this.#more();
    return { pointer: this.#small.pointer, offset: this.#length };
  }

  put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#length === SMALL_BYTES) this.#more();
      const part = bytes.subarray(at, at + SMALL_BYTES - this.#length);
      this.#small.bytes.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
    }
  }

  values(put: (values: SerialBytes) => void): void {
    const values = new SerialBytes();
    put(values);
    this.put(values.out.all());
  }
}

/** Puts where the columns of each row group lie, then what is known of the table, which begins at the place that it gives. */
function putTable(chain: Chain, columns: readonly RowColumn[], groups: readonly GroupPlaces[]): Place {
  const places: Place[][] = [];
  let row = 0;
  for (const group of groups) {
    const first = row;
    places.push(
      group.columns.map((column, at) => {
        const place = chain.place();
        chain.values((values) => putColumn(values, columns[at]!.type, column, first));
        return place;
      }),
    );
    row += group.rows;
  }
  const begin = chain.place();
  chain.values((values) => putBounds(values, columns, groups));
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(groups.length), true);
  chain.put(count);
  row = 0;
  for (const [at, group] of groups.entries()) {
    chain.values((values) => {
      values.field(100).unsigned(row).field(101).unsigned(group.rows).field(102).unsigned(places[at]!.length);
      for (const place of places[at]!) putPlace(values, place);
      values.field(103).unsigned(0).end();
    });
    row += group.rows;
  }
  return begin;
}

function putPlace(values: SerialBytes, { pointer, offset }: Place): void {
  values.field(100).unsigned(pointer).field(101).unsigned(offset).end();
}

function putColumn(values: SerialBytes, type: ColumnType, column: ColumnPlaces, first: number): void {
  const put = (segments: readonly Segment[], of: ColumnType | 'valid'): void => {
    values.field(100).unsigned(segments.length);
    let row = first;
    for (const { rows, block, offset, how, lacks, has, range } of segments) {
      if (row > 0) values.field(100).unsigned(row);
      values.field(101).unsigned(rows).field(102).field(100).signed(block);
      if (offset > 0) values.field(101).unsigned(offset);
      values.end().field(103).unsigned(how).field(104);
      putStatistics(values, of, lacks, has, range);
      values.end();
      row += rows;
    }
  };
  put(column.values, type);
  values.field(101);
  put(column.valid, 'valid');
  values.end().end();
}

/** What may be in rows: no value, a value, and between which bounds. Distinct ones were not counted. */
function putStatistics(
  values: SerialBytes,
  type: ColumnType | 'valid',
  lacks: boolean,
  has: boolean,
  range: Segment['range'],
): void {
  values
    .field(100)
    .unsigned(lacks ? 1 : 0)
    .field(101)
    .unsigned(has ? 1 : 0)
    .field(102)
    .unsigned(0)
    .field(103);
  if (type === 'word') {
    const words = range as WordRange | null;
    values
      .field(200)
      .data(words?.least ?? NO_LEAST)
      .field(201)
      .data(words?.most ?? NO_MOST);
    values
      .field(202)
      .unsigned(words?.isAscii === false ? 1 : 0)
      .field(203)
      .unsigned(1);
    values.field(204).unsigned(words?.longest ?? 0);
  } else if (type !== 'valid') {
    const numbers = range as NumberRange | null;
    // Of no value the smallest is the largest that there can be.
    values
      .field(200)
      .field(100)
      .unsigned(1)
      .field(101)
      .signed(numbers?.least ?? MOST[type])
      .end();
    values
      .field(201)
      .field(100)
      .unsigned(1)
      .field(101)
      .signed(numbers?.most ?? LEAST[type])
      .end();
  }
  values.end().end();
}

/** What is known of the table's columns. */
function putBounds(values: SerialBytes, columns: readonly RowColumn[], groups: readonly GroupPlaces[]): void {
  values.field(100).unsigned(columns.length);
  for (const [at, { type }] of columns.entries()) {
    const all = groups.flatMap((group) => group.columns[at]!.values);
    const ranges = all.flatMap(({ range }) => range ?? []);
    const joined =
      ranges.length === 0
        ? null
        : type === 'word'
          ? (ranges as WordRange[]).reduce(joinWords)
          : (ranges as NumberRange[]).reduce(joinNumbers);
    values.unsigned(1).field(100);
    putStatistics(
      values,
      type,
      all.some(({ lacks }) => lacks),
      all.some(({ has }) => has),
      joined,
    );
    values.end();
  }
  values.end();
}

function joinNumbers(a: NumberRange, b: NumberRange): NumberRange {
  return { least: a.least < b.least ? a.least : b.least, most: a.most > b.most ? a.most : b.most };
}

function joinWords(a: WordRange, b: WordRange): WordRange {
  return {
    least: isBefore(a.least, b.least) ? a.least : b.least,
    most: isBefore(a.most, b.most) ? b.most : a.most,
    longest: Math.max(a.longest, b.longest),
    isAscii: a.isAscii && b.isAscii,
  };
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at]! < b[at]!;
  return false;
}

function catalogOf(
  name: string,
  columns: readonly RowColumn[],
  groups: readonly GroupPlaces[],
  table: Place,
): Uint8Array {
  const values = new SerialBytes();
  values.field(100).unsigned(2);
  values.field(99).unsigned(SCHEMA).field(100).unsigned(1);
  values.field(100).unsigned(SCHEMA).field(102).text('main').field(105).unsigned(0).end().end();
  values.field(99).unsigned(TABLE).field(100).unsigned(1);
  values.field(100).unsigned(TABLE).field(102).text('main').field(105).unsigned(0);
  values.field(200).text(name).field(201).field(100).unsigned(columns.length);
  for (const column of columns) {
    values.field(100).text(column.name).field(101).field(100).unsigned(TYPES[column.type]).end();
    values.field(103).unsigned(0).field(104).unsigned(0).end();
  }
  values.end().end().field(101);
  putPlace(values, table);
  values.field(102).unsigned(groups.reduce((sum, { rows }) => sum + rows, 0));
  return values.field(103).unsigned(0).field(104).unsigned(0).end().end().out.all();
}

/** Puts which blocks are free (none), which have several segments, and which small blocks are free. */
function putUnused(small: SmallBlocks, groups: readonly GroupPlaces[]): Place {
  const uses = new Map<number, number>();
  for (const { columns } of groups) {
    for (const { values, valid } of columns) {
      for (const { block } of [...values, ...valid])
        if (block !== NO_BLOCK) uses.set(block, (uses.get(block) ?? 0) + 1);
    }
  }
  const shared = [...uses].filter(([, count]) => count > 1).sort(([a], [b]) => a - b);
  // The chain takes small blocks itself, and all must be there before it is written: so it is counted first.
  const sizeWith = (taken: number): number => 24 + shared.length * 12 + Math.ceil(taken / SMALL_COUNT) * 16;
  let own = 1;
  while (own * (SMALL_BYTES - NEXT_BYTES) < sizeWith(small.count + own)) own++;
  const taken = small.count + own;
  const chain = small.chain();
  const begin = chain.place();
  const bytes = new Uint8Array(sizeWith(taken));
  const view = new DataView(bytes.buffer);
  let at = 8;
  const put = (value: bigint): void => {
    view.setBigUint64(at, value, true);
    at += 8;
  };
  put(BigInt(shared.length));
  for (const [block, count] of shared) {
    put(BigInt(block));
    view.setUint32(at, count, true);
    at += 4;
  }
  const blocks = Math.ceil(taken / SMALL_COUNT);
  put(BigInt(blocks));
  for (let block = 0; block < blocks; block++) {
    put(BigInt(small.first + block));
    const used = Math.min(SMALL_COUNT, taken - block * SMALL_COUNT);
    put(NOTHING ^ ((1n << BigInt(used)) - 1n));
  }
  chain.put(bytes);
  return begin;
}
