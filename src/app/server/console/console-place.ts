/**
 * Where the console of a running `up` is, for `flowgauge console`.
 *
 * In:    the data directory. Out: `run/console.json` in it: the address, and the directory whose state file the server reads.
 * Holds: written whole, its owner's alone; taken away when `up` ends. Of what a dead process left its lock tells, or that nobody
 *        answers: the processes of a lab cannot be seen from outside.
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

const ANSWER_MILLIS = 10_000;

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
export async function readConsolePlace(dataDirectory: string): Promise<ConsolePlace> {
  const { url, state } = readPlace(dataDirectory);
  const runs = processLockHolder(join(dataDirectory, 'lock')) !== null || (await answers(url));
  if (!runs) throw failure('FG_CONSOLE_NOT_RUNNING', dataDirectory);
  return { url, state: state === 'demo' ? 'demo' : '' };
}

function readPlace(dataDirectory: string): ConsolePlace {
  try {
    return JSON.parse(readFileSync(pathIn(join(dataDirectory, 'run')), 'utf8')) as ConsolePlace;
  } catch (error) {
    throw failureFrom(error, 'FG_CONSOLE_NOT_RUNNING', dataDirectory);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MILLIS) })).body?.cancel();
    return true;
  } catch {
    return false;
  }
}
