/**
 * The SQLite file that holds what a data directory knows of a network.
 *
 * In:    a path. Out: an open database in the newest format.
 * Holds: `user_version` is the format number. A newer program brings an older file forward, step by step, in one
 *        transaction; an older program refuses a newer file and leaves it as it is. Readers and one writer do not wait
 *        for each other (WAL). The file is its user's alone.
 * Fails: FG_STATE_MISSING, FG_STATE_NEWER, FG_STATE_UNREADABLE, FG_STATE_BUSY, and those of a disk.
 */
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, failureFrom, FlowgaugeError } from '../../model/errors.ts';
import { fileFailure } from '../object/file-errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long a writer waits for another one. */
const WAIT_MILLIS = 10_000;

/** SQLite's primary result codes. */
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const FULL = 13;
const CANNOT_OPEN = 14;

/** An open state file. */
export type StateFile = {
  readonly path: string;
  readonly database: DatabaseSync;
  /** All of `work` or nothing of it; nobody else writes meanwhile. Within another it is a part of that, and can fail alone. */
  transaction<T>(work: () => T): T;
  /** What `work` reads; what SQLite says of the file is said in our words. */
  reading<T>(work: () => T): T;
  close(): void;
};

/** The state file of a data directory. */
export function statePath(directory: string): string {
  return join(directory, 'state.sqlite');
}

/**
 * Opens a state file.
 *
 * @param make  true makes it where there is none
 */
export function openState(path: string, make: boolean): StateFile {
  if (!existsSync(path)) {
    if (!make) throw failure('FG_STATE_MISSING', path);
    try {
      closeSync(openSync(path, 'a', 0o600));
    } catch (error) {
      throw fileFailure(error, path);
    }
  }
  return inWords(path, () => {
    const database = new DatabaseSync(path, { timeout: WAIT_MILLIS });
    try {
      const state = stateFile(path, database);
      bringForward(state);
      return state;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function stateFile(path: string, database: DatabaseSync): StateFile {
  return {
    path,
    database,
    transaction: (work) =>
      inWords(path, () => {
        const isPart = database.isTransaction;
        database.exec(isPart ? 'SAVEPOINT part' : 'BEGIN IMMEDIATE');
        try {
          const result = work();
          database.exec(isPart ? 'RELEASE part' : 'COMMIT');
          return result;
        } catch (error) {
          // A full disk may have ended all of it.
          if (database.isTransaction) database.exec(isPart ? 'ROLLBACK TO part; RELEASE part' : 'ROLLBACK');
          throw error;
        }
      }),
    reading: (work) => inWords(path, work),
    close: () => database.close(),
  };
}

function formatOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function bringForward(state: StateFile): void {
  const { database, path } = state;
  const known = MIGRATIONS.length;
  const found = formatOf(database);
  if (found > known) throw failure('FG_STATE_NEWER', path, found, known);
  if (found === 0 && database.prepare('SELECT 1 FROM sqlite_master').get() !== undefined && formatOf(database) === 0)
    throw failure('FG_STATE_UNREADABLE', path, 'another program made it');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
  if (found === known) return;
  state.transaction(() => {
    // Another process may have done it since.
    for (const step of MIGRATIONS.slice(formatOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${known}`);
  });
}

/** Runs `work`; what SQLite says of the file is said in our words. */
function inWords<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FlowgaugeError || !(error instanceof Error) || !('errcode' in error)) throw error;
    const code = Number(error.errcode) & 0xff;
    if (code === BUSY || code === LOCKED) throw failureFrom(error, 'FG_STATE_BUSY', path);
    if (code === FULL) throw failureFrom(error, 'FG_DISK_FULL', path);
    if (code === READ_ONLY || code === CANNOT_OPEN) throw failureFrom(error, 'FG_NOT_WRITABLE', path, error.message);
    throw failureFrom(error, 'FG_STATE_UNREADABLE', path, error.message);
  }
}
