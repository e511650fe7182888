/**
 * What names this host for ever in the names of objects (rule D3).
 *
 * In:    the file that keeps it. Out: 32 hex digits.
 * Holds: made once; whoever has the directory has the id.
 * Fails: with the error of the disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The id in a file, which is made where it does not exist. */
export function hostIdIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const id = randomBytes(16).toString('hex');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${id}\n`, { flag: 'wx' });
    return id;
  }
}
