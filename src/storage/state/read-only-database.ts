/**
 * A database of which only reading is allowed, where SQLite's log of writes makes that more than an option.
 *
 * In:    a path in a directory that must not be written to. Out: an open database.
 * Holds: where a process has the file open, its shared index of the log is read as SQLite does it, and questions see whole
 *        imports while others are written. Where none has, there is no index and none may be made: then a copy is read that
 *        stands by itself, so that an import that begins meanwhile does not change what is being read. The copy has no name
 *        once it is open: nothing is left behind however the program ends.
 * Fails: FG_STATE_BUSY where it changed each time it was copied; FG_DISK_FULL and others of files; else as SQLite does.
 */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { failure } from '../../model/errors.ts';
import { fileFailure } from '../object/file-errors.ts';

/** SQLite's codes for an index of the log that is not there and cannot be made: READONLY and CANTOPEN. */
const NO_INDEX: readonly number[] = [8, 14];
/** How long it waits for a lock. */
const WAIT_MILLIS = 10_000;
const COPIES_AT_MOST = 5;

/** Opens it. */
export function readOnlyDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MILLIS });
  try {
    database.prepare('SELECT 1 FROM sqlite_master').get();
    return database;
  } catch (error) {
    database.close();
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (NO_INDEX.includes(code)) return readCopy(path);
    throw error;
  }
}

function readCopy(path: string): DatabaseSync {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-state-'));
  try {
    const copy = join(directory, 'state.sqlite');
    copyWhole(path, copy);
    const url = pathToFileURL(copy);
    // No file beside it is looked for: it may lose its name.
    url.searchParams.set('immutable', '1');
    const database = new DatabaseSync(url, { readOnly: true });
    database.prepare('SELECT 1 FROM sqlite_master').get();
    return database;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Copies a database and what is in its log, while nobody writes to them. */
function copyWhole(path: string, copy: string): void {
  const log = `${path}-wal`;
  for (let tried = 0; tried < COPIES_AT_MOST; tried++) {
    const before = stateOf(path, log);
    try {
      copyFileSync(path, copy);
      if (existsSync(log)) copyFileSync(log, `${copy}-wal`);
      else rmSync(`${copy}-wal`, { force: true });
    } catch (error) {
      if (stateOf(path, log) === before) throw fileFailure(error, path);
      continue;
    }
    if (stateOf(path, log) !== before) continue;
    for (const made of [copy, `${copy}-wal`]) if (existsSync(made)) chmodSync(made, 0o600);
    const database = new DatabaseSync(copy);
    database.exec('PRAGMA journal_mode = DELETE');
    database.close();
    return;
  }
  throw failure('FG_STATE_BUSY', path);
}

/** What is other after anybody wrote. */
function stateOf(...paths: readonly string[]): string {
  return paths
    .map((path) => {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    })
    .join(', ');
}
