/**
 * What names this host for ever in the names of objects (rule D3).
 *
 * In:    the file that keeps it. Out: 32 hex digits.
 * Holds: made once; whoever has the directory has the id.
 * Fails: with the error of the disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The id in a file, which is made where it does not exist. */
export function hostIdIn(path: string): string {
  const before = idIn(path);
  if (before !== '') return before;
  const id = randomBytes(16).toString('hex');
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, `${id}\n`);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  return id;
}

/** '' where the file is not there, or has nothing in it: a full disk left it. */
function idIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
