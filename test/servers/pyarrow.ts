/**
 * pyarrow, a reader of Parquet that has nothing of ours.
 *
 * In:    Parquet files. Out: what it reads in them.
 * Holds: `python3` of PATH where that has it, else of a Python environment in the user's cache directory, which is made once.
 * Fails: NotHere where neither is to be had.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pythonWith } from './python-package.ts';

const VERSION = '26.0.1';
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
  return pythonWith('pyarrow', VERSION);
}

/** Reads files, each by itself. */
export function readByArrow(python: string, paths: readonly string[]): readonly Read[] {
  const out = execFileSync(python, [SCRIPT, ...paths], { encoding: 'utf8', maxBuffer: 1 << 29 });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);
}
