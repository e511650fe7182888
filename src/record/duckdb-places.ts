/**
 * Where the values of a table lie in a database file of DuckDB, and what a reader may know of them before it reads them.
 *
 * In:    nothing. Out: the types, which are posted from the threads that write to the one that ends the file.
 */
import type { RowColumn } from './parquet-frame.ts';

/** Bytes of a block; the first eight are its checksum. */
export const BLOCK_BYTES = 262_144;
/** Rows of a row group at most. */
export const MOST_ROWS = 122_880;
/** Rows of a batch: a tenth of a row group. The texts of as many IPv4 addresses, all different, fit into a block. */
export const BATCH_ROWS = 12_288;
/** The block of a segment that stores nothing. */
export const NO_BLOCK = -1;

/** How values are stored, by DuckDB's number. */
export const PLAIN = 1;
export const CONSTANT = 2;
export const DICTIONARY = 4;

export type ColumnType = RowColumn['type'];

/** Bounds of values; of texts their first eight bytes, with zeros behind short ones. */
export type NumberRange = { readonly least: bigint; readonly most: bigint };
export type WordRange = {
  readonly least: Uint8Array<ArrayBuffer>;
  readonly most: Uint8Array<ArrayBuffer>;
  readonly longest: number;
  readonly isAscii: boolean;
};

/** Values of a column that lie in one place. */
export type Segment = {
  readonly rows: number;
  readonly block: number;
  /** Behind the block's checksum. */
  readonly offset: number;
  readonly how: typeof PLAIN | typeof CONSTANT | typeof DICTIONARY;
  /** Whether rows have no value, and whether rows have one. */
  readonly lacks: boolean;
  readonly has: boolean;
  /** Null where no row has a value, and of bits of presence. */
  readonly range: NumberRange | WordRange | null;
};

/** Places of a column in the order of its rows: of values, and of bits of presence. */
export type ColumnPlaces = { readonly values: readonly Segment[]; readonly valid: readonly Segment[] };

/** A row group; its columns are those of the table. */
export type GroupPlaces = { readonly rows: number; readonly columns: readonly ColumnPlaces[] };
