/**
 * How much memory DuckDB may take, and where it puts what does not fit.
 *
 * In:    the machine. Out: bytes; a directory.
 * Holds: the machine's, or the container's, memory is never all taken: our own buffers and other programs have a share. A
 *        directory in memory (tmpfs) is none to spill into, unless the user named it.
 */
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';

/** Of all memory that this process may have, and of what is free now. */
const SHARE = 0.6;
const SHARE_OF_FREE = 0.8;
const LEAST_BYTES = 256e6;
const TMPFS = 0x01021994;

/** Bytes that are a good bound where nobody gives one. */
export function memoryBudget(): number {
  const bound = process.constrainedMemory();
  const all = bound > 0 ? Math.min(bound, totalmem()) : totalmem();
  return Math.floor(Math.max(LEAST_BYTES, Math.min(all * SHARE, process.availableMemory() * SHARE_OF_FREE)));
}

/** `TMPDIR` where it is set, else a directory for temporary files that is on a disk. */
export function spillDirectory(): string {
  const usual = tmpdir();
  if (process.env['TMPDIR'] !== undefined || !isInMemory(usual)) return usual;
  return isUsable('/var/tmp') ? '/var/tmp' : usual;
}

/** Free bytes there; 0 where nobody can say. */
export function freeBytesOf(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

function isUsable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return !isInMemory(directory);
  } catch {
    return false;
  }
}

function isInMemory(directory: string): boolean {
  try {
    return statfsSync(directory).type === TMPFS;
  } catch {
    return false;
  }
}
