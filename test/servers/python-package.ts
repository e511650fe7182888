/**
 * Packages from PyPI, for tests that want a program that has nothing of ours.
 *
 * In:    a package and its version. Out: the place of a Python environment that has it.
 * Holds: it is in the user's cache directory and is made once, by the first of those who need it at one time.
 * Fails: NotHere where it cannot be installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { giveProcessLockBack, takeProcessLock } from '../../src/storage/object/process-lock.ts';
import { NotHere } from './server.ts';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge');
const LOOK_AGAIN_MILLIS = 100;

/** The Python that has a package. */
export function pythonWith(name: string, version: string): string {
  const pythonOf = (place: string): string => join(place, 'bin', 'python');
  const has = (place: string): boolean => spawnSync(pythonOf(place), ['-c', `import ${name}`]).status === 0;
  return pythonOf(pythonEnvironment(`${name}-${version}`, `${name}==${version}`, has));
}

/**
 * An environment.
 *
 * @param requirement  as pip takes it
 * @param isWhole      whether a place has what it was made for
 */
export function pythonEnvironment(name: string, requirement: string, isWhole: (place: string) => boolean): string {
  const place = join(CACHE, name);
  mkdirSync(CACHE, { recursive: true });
  const lock = `${place}.lock`;
  // Some files of the suite run at one time, and one of them installs.
  while (takeProcessLock(lock) !== null)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MILLIS);
  try {
    if (isWhole(place)) return place;
    execFileSync('python3', ['-m', 'venv', place], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    execFileSync(join(place, 'bin', 'python'), pip, { stdio: 'pipe' });
    return place;
  } catch (cause) {
    rmSync(place, { recursive: true, force: true });
    throw new NotHere(`${requirement} is missing and could not be installed from PyPI: ${String(cause)}`, { cause });
  } finally {
    giveProcessLockBack(lock);
  }
}
