/**
 * Rows that were read, in a database file of DuckDB.
 *
 * In:    batches of columns, from several threads. Out: a file with one table, which DuckDB opens.
 * Holds: threads write blocks of their own into the same file, and take their numbers from one count. The file has no headers, and
 *        cannot be opened, before `endDatabase`.
 * Fails: FG_ROWS_NO_ROOM where the disk is full; FG_ROWS_NO_PLACE where it may not be written.
 */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RecordColumn } from '../../record/columns.ts';
import { createTableBlocks } from '../../record/duckdb-blocks.ts';
import type { TableBlocks } from '../../record/duckdb-blocks.ts';
import { BLOCKS_AT, databaseFrame } from '../../record/duckdb-frame.ts';
import { BLOCK_BYTES } from '../../record/duckdb-places.ts';
import type { GroupPlaces } from '../../record/duckdb-places.ts';
import type { RowColumn } from '../../record/parquet-frame.ts';
import { onDisk, writeAll } from './on-disk.ts';
import type { ColumnType } from './parquet-files.ts';

/** The table. */
export const SAVED = 'records';
const ROW_TYPES = { INTEGER: 'i32', BIGINT: 'i64', VARCHAR: 'word' } as const;

/** A database file, for those who write into it. */
export type DatabaseTarget = {
  readonly path: string;
  /** Of the table: all that any text has. */
  readonly columns: readonly RowColumn[];
  /** How many blocks are taken: one number of 32 bits, which threads share. */
  readonly taken: SharedArrayBuffer;
};

/** A file, and those that DuckDB may put beside it while it writes there. */
export function databaseFiles(path: string): string[] {
  return ['', '.wal', '.wal.checkpoint', '.wal.recovery'].map((end) => `${path}${end}`);
}

/** Begins a file, which is not there yet. */
export function beginDatabase(
  path: string,
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): DatabaseTarget {
  onDisk(dirname(path), () => closeSync(openSync(path, 'wx', 0o666)));
  const own = columns.map(({ name, type }) => ({ name, type: ROW_TYPES[type] }));
  return { path, columns: own, taken: new SharedArrayBuffer(4) };
}

/** Lets the file be written anew, when nobody writes it. */
export function restartDatabase({ taken }: DatabaseTarget): void {
  Atomics.store(new Int32Array(taken), 0, 0);
}

/** Ends a file, when all have written into it. */
export function endDatabase({ path, columns, taken }: DatabaseTarget, groups: readonly GroupPlaces[]): void {
  const first = Atomics.load(new Int32Array(taken), 0);
  const { head, blocks } = databaseFrame(SAVED, columns, groups, first);
  const fd = openSync(path, 'r+');
  try {
    for (const [at, block] of blocks.entries()) writeAll(dirname(path), fd, block, placeOf(first + at));
    onDisk(dirname(path), () => ftruncateSync(fd, placeOf(first + blocks.length)));
    writeAll(dirname(path), fd, head, 0);
  } finally {
    closeSync(fd);
  }
}

function placeOf(block: number): number {
  return BLOCKS_AT + block * BLOCK_BYTES;
}

/** What one thread writes into files. */
export type DatabaseRows = {
  /** @param names  of the columns, as the table calls them */
  add(target: DatabaseTarget, names: readonly string[], rows: number, columns: readonly RecordColumn[]): void;
  /** Writes what is left; gives where all rows lie. */
  end(): GroupPlaces[];
  /** Leaves files as they are. */
  leave(): void;
};

type Open = { readonly fd: number; readonly blocks: TableBlocks };

/** Rows of one thread. */
export function createDatabaseRows(): DatabaseRows {
  const files = new Map<string, Open>();
  function open({ path, taken }: DatabaseTarget): Open {
    const known = files.get(path);
    if (known !== undefined) return known;
    const fd = onDisk(dirname(path), () => openSync(path, 'r+'));
    const count = new Int32Array(taken);
    const blocks = createTableBlocks(
      () => Atomics.add(count, 0, 1),
      (block, bytes) => writeAll(dirname(path), fd, bytes, placeOf(block)),
    );
    const made = { fd, blocks };
    files.set(path, made);
    return made;
  }

  function leave(): void {
    for (const { fd } of files.values()) closeSync(fd);
    files.clear();
  }

  return {
    add(target, names, rows, columns) {
      const given = target.columns.map(({ name, type }) => columns[names.indexOf(name)] ?? type);
      open(target).blocks.add(rows, given);
    },
    end() {
      try {
        return [...files.values()].flatMap(({ blocks }) => blocks.end());
      } finally {
        leave();
      }
    },
    leave,
  };
}
