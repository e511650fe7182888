/**
 * Where the console of a running `up` is, for `flowgauge console`.
 *
 * In:    the data directory. Out: `run/console.json` in it: the address, and the directory whose state file the server reads.
 * Holds: written whole, its owner's alone; taken away when `up` ends. What a dead process left tells its lock.
 * Fails: FG_CONSOLE_NOT_RUNNING; those of a disk.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure, failureFrom } from '../../../model/errors.ts';
import { processLockHolder } from '../../../storage/object/process-lock.ts';

export type ConsolePlace = {
  /** `http://127.0.0.1:8350/console/` */
  readonly url: string;
  /** Under the data directory: `` or `demo`. */
  readonly state: '' | 'demo';
};

const pathIn = (run: string): string => join(run, 'console.json');

/** @param run  the directory `run` of the data directory */
export function writeConsolePlace(run: string, place: ConsolePlace): void {
  const path = pathIn(run);
  writeFileSync(`${path}.tmp`, `${JSON.stringify(place)}\n`, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** Takes it away. */
export function removeConsolePlace(run: string): void {
  rmSync(pathIn(run), { force: true });
}

/** The console of the `up` that runs with a data directory. */
export function readConsolePlace(dataDirectory: string): ConsolePlace {
  if (processLockHolder(join(dataDirectory, 'lock')) === null) throw failure('FG_CONSOLE_NOT_RUNNING', dataDirectory);
  try {
    const { url, state } = JSON.parse(readFileSync(pathIn(join(dataDirectory, 'run')), 'utf8')) as ConsolePlace;
    return { url, state: state === 'demo' ? 'demo' : '' };
  } catch (error) {
    throw failureFrom(error, 'FG_CONSOLE_NOT_RUNNING', dataDirectory);
  }
}
