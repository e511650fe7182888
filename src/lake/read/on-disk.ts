/**
 * Writing rows to a disk, with the errors that say what to do.
 *
 * In:    bytes. Out: they are written.
 * Fails: FG_ROWS_NO_ROOM where the disk is full; FG_ROWS_NO_PLACE where it may not be written.
 */
import { writeSync } from 'node:fs';
import { failureFrom } from '../../model/errors.ts';

/**
 * Writes all. Some file systems take less than they were given, before they are full.
 *
 * @param position  in the file; null: behind what was written last
 */
export function writeAll(directory: string, fd: number, bytes: Uint8Array, position: number | null = null): void {
  onDisk(directory, () => {
    for (let at = 0; at < bytes.length;)
      at += writeSync(fd, bytes, at, bytes.length - at, position === null ? null : position + at);
  });
}

/** Does what may meet a full disk or a directory that may not be written. */
export function onDisk<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) throw failureFrom(error, 'FG_ROWS_NO_ROOM', directory);
    if (code !== '') throw failureFrom(error, 'FG_ROWS_NO_PLACE', directory, code);
    throw error;
  }
}
