/**
 * pyarrow, a reader of Parquet that has nothing of ours.
 *
 * In:    Parquet files. Out: what it reads in them.
 * Holds: `python3` of PATH where that has it, else of a Python environment in the user's cache directory, which is made once.
 * Fails: NotHere where neither is to be had.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NotHere } from './server.ts';

const VERSION = '26.0.1';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge', `pyarrow-${VERSION}`);
const SCRIPT = join(import.meta.dirname, 'read_parquet.py');

/** A file as pyarrow has it: `-` for null; of a column name, physical, converted and arrow's type. */
export type Read = {
  readonly rowGroups: readonly number[];
  readonly bounds: readonly (readonly (readonly [unknown, unknown, number])[])[];
  readonly columns: readonly (readonly [string, string, string, string])[];
  readonly lines: readonly string[];
};

/** The Python that has pyarrow; installed from PyPI where it is missing. */
export function pythonWithArrow(): string {
  if (spawnSync('python3', ['-c', 'import pyarrow.parquet']).status === 0) return 'python3';
  const own = join(CACHE, 'bin', 'python');
  if (existsSync(own) && spawnSync(own, ['-c', 'import pyarrow.parquet']).status === 0) return own;
  try {
    execFileSync('python3', ['-m', 'venv', CACHE], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `pyarrow==${VERSION}`];
    execFileSync(own, pip, { stdio: 'pipe' });
    return own;
  } catch (cause) {
    rmSync(CACHE, { recursive: true, force: true });
    throw new NotHere(`pyarrow is missing and could not be installed from PyPI: ${String(cause)}`, { cause });
  }
}

/** Reads files, each by itself. */
export function readByArrow(python: string, paths: readonly string[]): readonly Read[] {
  const out = execFileSync(python, [SCRIPT, ...paths], { encoding: 'utf8', maxBuffer: 1 << 29 });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);
}
