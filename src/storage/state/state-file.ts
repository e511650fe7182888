/**
 * The SQLite file that holds what a data directory knows of a network.
 *
 * In:    a path. Out: an open database in the newest format.
 * Holds: `user_version` is the format number. A newer program brings an older file forward, step by step, in one
 *        transaction; an older program refuses a newer file and leaves it as it is. Readers and one writer do not wait
 *        for each other (WAL). The file is its user's alone.
 * Fails: FG_STATE_MISSING, FG_STATE_NEWER, FG_STATE_UNREADABLE, FG_STATE_BUSY, and those of a disk.
 */
import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, failureFrom, FlowgaugeError } from '../../model/errors.ts';
import { fileFailure } from '../object/file-errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { readOnlyDatabase } from './read-only-database.ts';

/** How long a writer waits for another one. */
const WAIT_MILLIS = 10_000;
/** How often it asks meanwhile. */
const ASK_AGAIN_MILLIS = 50;

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
  /**
   * The same of work that takes long and takes a breath now and then. Another process that writes is waited for, a while,
   * with the event loop going on; the signal ends both the waiting and the work.
   */
  longTransaction<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** What `work` reads; what SQLite says of the file is said in our words. */
  reading<T>(work: () => T): T;
  close(): void;
};

/** The state file of a data directory. */
export function statePath(directory: string): string {
  return join(directory, 'state.sqlite');
}

/**
 * Opens a state file to write into it.
 *
 * @param make  false refuses where there is none
 */
export function openState(path: string, make: boolean = true): StateFile {
  if (!existsSync(path)) {
    if (!make) throw failure('FG_STATE_MISSING', path);
    try {
      closeSync(openSync(path, 'a', 0o600));
    } catch (error) {
      throw fileFailure(error, path);
    }
  }
  return inWords(path, () => opened(path, new DatabaseSync(path, { timeout: WAIT_MILLIS }), bringForward));
}

/**
 * Opens a state file for questions. Who may write there brings an older one forward; who may only read there, as of
 * another user's directory or a medium that is mounted so, reads it as it is and leaves nothing behind.
 */
export function readState(path: string): StateFile {
  const mayWrite = [path, dirname(path)].every((place) => may(place, constants.W_OK));
  if (mayWrite || !existsSync(path)) return openState(path, false);
  if (!may(path, constants.R_OK)) throw failure('FG_STATE_NOT_READABLE', path);
  return inWords(path, () => opened(path, readOnlyDatabase(path), refuseOlder));
}

function may(path: string, right: number): boolean {
  try {
    accessSync(path, right);
    return true;
  } catch {
    return false;
  }
}

function opened(path: string, database: DatabaseSync, check: (state: StateFile) => void): StateFile {
  try {
    const state = stateFile(path, database);
    check(state);
    return state;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseOlder(state: StateFile): void {
  const found = knownFormat(state);
  if (found < MIGRATIONS.length) throw failure('FG_STATE_OLDER', state.path, found, MIGRATIONS.length);
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
    async longTransaction(work, signal) {
      if (database.isTransaction) return work();
      try {
        await begin(database, signal);
        const result = await work();
        signal?.throwIfAborted();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw inOurWords(error, path);
      }
    },
    reading: (work) => inWords(path, work),
    close: () => database.close(),
  };
}

function formatOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** The format of a file that this program may use. */
function knownFormat({ database, path }: StateFile): number {
  const found = formatOf(database);
  if (found > MIGRATIONS.length) throw failure('FG_STATE_NEWER', path, found, MIGRATIONS.length);
  if (found === 0 && database.prepare('SELECT 1 FROM sqlite_master').get() !== undefined && formatOf(database) === 0)
    throw failure('FG_STATE_UNREADABLE', path, 'another program made it');
  return found;
}

function bringForward(state: StateFile): void {
  const { database } = state;
  const known = MIGRATIONS.length;
  const found = knownFormat(state);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
  if (found === known) return;
  state.transaction(() => {
    // Another process may have done it since.
    for (const step of MIGRATIONS.slice(formatOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${known}`);
  });
}

/** Begins to write; the event loop goes on while another process does. */
async function begin(database: DatabaseSync, signal: AbortSignal | undefined): Promise<void> {
  for (let left = WAIT_MILLIS / ASK_AGAIN_MILLIS; ; left--) {
    signal?.throwIfAborted();
    database.exec('PRAGMA busy_timeout = 0');
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (left <= 0 || resultCode(error) !== BUSY) throw error;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${WAIT_MILLIS}`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MILLIS));
  }
}

/** Runs `work`; what SQLite says of the file is said in our words. */
function inWords<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inOurWords(error, path);
  }
}

/** SQLite's primary result code; null for an error that is not SQLite's. */
function resultCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null;
}

function inOurWords(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (error instanceof FlowgaugeError || !(error instanceof Error) || code === null) return error;
  if (code === BUSY || code === LOCKED) return failureFrom(error, 'FG_STATE_BUSY', path);
  if (code === FULL) return failureFrom(error, 'FG_DISK_FULL', path);
  if (code === READ_ONLY || code === CANNOT_OPEN) return failureFrom(error, 'FG_NOT_WRITABLE', path, error.message);
  return failureFrom(error, 'FG_STATE_UNREADABLE', path, error.message);
}
