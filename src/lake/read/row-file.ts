/**
 * Rows that were read, in files that the question reads them from.
 *
 * In:    batches of columns, each for a table. Out: Parquet files, whole when they are closed.
 * Holds: few rows wait for more, whatever text they are of: an engine takes as long for a row group of fifty rows as for one
 *        of some thousands. Memory is that of a batch or two for each table, whatever there is to write. One thread
 *        writes a file.
 * Fails: FG_ROWS_NO_ROOM where the disk is full; FG_ROWS_NO_PLACE where it may not be written.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import type { RecordColumn } from '../../record/columns.ts';
import { BATCH_ROWS, BLOCK_BYTES } from '../../record/duckdb-places.ts';
import type { GroupPlaces } from '../../record/duckdb-places.ts';
import { joinColumns } from '../../record/join-columns.ts';
import type { JoinedColumns } from '../../record/join-columns.ts';
import type { RowColumn } from '../../record/parquet-frame.ts';
import { createRowGroups } from '../../record/row-groups.ts';
import type { RowGroups } from '../../record/row-groups.ts';
import { createDatabaseRows } from './database-file.ts';
import type { DatabaseTarget } from './database-file.ts';
import { onDisk, writeAll } from './on-disk.ts';

/** Where the rows of a text go. */
export type RowTarget = {
  /** The table that they are part of. */
  readonly table: string;
  readonly directory: string;
  /** Names of the columns in the file, in their order. */
  readonly names: readonly string[];
  /** A further column that has the same number in all rows of the text. */
  readonly number: { readonly name: string; readonly value: number } | null;
  /** Where the rows go instead of files of their own. */
  readonly database: DatabaseTarget | null;
};

/** A file that is written, of some rows of a table. */
export type RowFile = { readonly table: string; readonly path: string };

/** What was written: files, and row groups in databases. */
export type WrittenRows = { readonly files: readonly RowFile[]; readonly groups: readonly GroupPlaces[] };

export type RowFiles = {
  /** Puts rows behind those of the target's table; the columns are the caller's again when it comes back. */
  write(target: RowTarget, rows: number, columns: readonly RecordColumn[]): void;
  /** Ends the files; gives those that there are. */
  close(): WrittenRows;
  /** Leaves those that are open as they are, which nobody can read. */
  leave(): void;
};

/** Rows that are a row group by themselves. */
const ENOUGH_ROWS = 1 << 14;
/** Bytes of texts that are enough, however few rows have them. */
const ENOUGH_TEXT = 1 << 22;
/** Bytes of a dictionary and its numbers in a database, behind which another batch may not fit into a block. */
const ENOUGH_OF_BLOCK = BLOCK_BYTES * 0.75;
/** Row groups of a file: its end, which lists them, is made in memory. */
const MOST_GROUPS = 1024;

type Table = {
  readonly name: string;
  readonly directory: string;
  readonly shape: readonly RowColumn[];
  readonly names: readonly string[];
  readonly database: DatabaseTarget | null;
  readonly waiting: JoinedColumns;
  /** Files that were begun. */
  files: number;
  open: { readonly path: string; readonly fd: number; readonly groups: RowGroups; count: number } | null;
};

/** Makes a directory for files of rows; the one above it is there. */
export function makeRowDirectory(directory: string): void {
  onDisk(directory, () => mkdirSync(directory, { mode: 0o700 }));
}

/**
 * Files of one thread.
 *
 * @param thread      tells its files from those of others
 * @param mostGroups  row groups of a file; for tests
 */
export function createRowFiles(thread: string, mostGroups: number = MOST_GROUPS): RowFiles {
  const tables = new Map<string, Table>();
  const whole: RowFile[] = [];
  const databases = createDatabaseRows();

  function tableOf({ table, directory, names, database }: RowTarget, columns: readonly RecordColumn[]): Table {
    const key = `${directory}/${table}`;
    const known = tables.get(key);
    if (known !== undefined) return known;
    const shape = columns.map(({ name, type, dictionary }, at): RowColumn => {
      const own = names[at] ?? name;
      if (dictionary !== null) return { name: own, type: 'word' };
      if (type !== 'i32' && type !== 'i64') throw new Error(`no column of rows is ${type}`);
      return { name: own, type };
    });
    const made: Table = {
      name: table,
      directory,
      shape,
      names: shape.map(({ name }) => name),
      database,
      waiting: joinColumns(),
      files: 0,
      open: null,
    };
    tables.set(key, made);
    return made;
  }

  function writeGroup(table: Table, rows: number, columns: readonly RecordColumn[]): void {
    const { directory, database, names } = table;
    if (database !== null) {
      databases.add(database, names, rows, columns);
      return;
    }
    if (table.open === null) {
      const path = `${directory}/${table.name}-${thread}-${table.files++}.parquet`;
      const fd = onDisk(directory, () => openSync(path, 'wx', 0o600));
      table.open = { path, fd, groups: createRowGroups(table.shape), count: 0 };
    }
    const { fd, groups } = table.open;
    writeAll(directory, fd, groups.add(rows, columns));
    if (++table.open.count === mostGroups) end(table);
  }

  /** Its row groups are made of many batches: few rows wait only until their texts fill a dictionary. */
  function writeToDatabase(table: Table, rows: number, columns: readonly RecordColumn[]): void {
    const { waiting } = table;
    if (rows >= BATCH_ROWS / 2) {
      writeGroup(table, rows, columns);
      return;
    }
    if (waiting.rows + rows > BATCH_ROWS) writeWaiting(table);
    waiting.add(rows, columns);
    if (waiting.largestDictionary() + waiting.rows * 2 >= ENOUGH_OF_BLOCK) writeWaiting(table);
  }

  function writeWaiting(table: Table): void {
    const { rows } = table.waiting;
    if (rows > 0) writeGroup(table, rows, table.waiting.take());
  }

  function end(table: Table): void {
    if (table.open === null) return;
    const { path, fd, groups } = table.open;
    writeAll(table.directory, fd, groups.end());
    table.open = null;
    closeSync(fd);
    whole.push({ table: table.name, path });
  }

  function leave(): void {
    for (const { open } of tables.values()) if (open !== null) closeSync(open.fd);
    tables.clear();
    whole.length = 0;
    databases.leave();
  }

  return {
    write(target, rows, given) {
      const { number } = target;
      const columns = number === null ? given : [...given, numberColumn(rows, number)];
      const table = tableOf(target, columns);
      const { waiting } = table;
      if (table.database !== null) {
        writeToDatabase(table, rows, columns);
        return;
      }
      if (waiting.rows === 0 && rows >= ENOUGH_ROWS) {
        writeGroup(table, rows, columns);
        return;
      }
      waiting.add(rows, columns);
      if (waiting.rows >= ENOUGH_ROWS || waiting.textBytes >= ENOUGH_TEXT) writeWaiting(table);
    },
    close() {
      try {
        for (const table of tables.values()) {
          writeWaiting(table);
          end(table);
        }
        return { files: [...whole], groups: databases.end() };
      } finally {
        leave();
      }
    },
    leave,
  };
}

function numberColumn(rows: number, { name, value }: NonNullable<RowTarget['number']>): RecordColumn {
  const data = new Uint8Array(new Int32Array(rows).fill(value).buffer);
  return { name, type: 'i32', data, valid: null, dictionary: null };
}
