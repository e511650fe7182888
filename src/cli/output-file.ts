/**
 * The file that an answer is written to.
 *
 * In:    its path, and what writes. Out: the file, whole or as it was before.
 * Holds: it is written aside, in the same directory, and renamed when it is whole.
 * Fails: with FG_NOT_WRITABLE and the other errors of files.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { fileFailure } from '../storage/object/file-errors.ts';
import type { TextOutput } from './table.ts';

function asideOf(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Gives a stream to write to; the file has its name when `work` is done. */
export async function withOutputFile(path: string, work: (output: TextOutput) => Promise<void>): Promise<void> {
  const aside = asideOf(path);
  const stream = createWriteStream(aside, { flags: 'wx' });
  const ended = finished(stream);
  ended.catch(() => {});
  try {
    await Promise.race([work(stream), ended]);
    stream.end();
    await ended;
    await rename(aside, path);
  } catch (error) {
    stream.destroy();
    await rm(aside, { force: true });
    throw isOfFiles(error) ? fileFailure(error, path) : error;
  }
}

/**
 * Gives a path to write to.
 *
 * @param path  null: the bytes go to standard output when `work` is done
 */
export async function withOutputPath<T>(path: string | null, work: (path: string) => Promise<T>): Promise<T> {
  const aside = asideOf(path ?? join(tmpdir(), 'flowgauge-answer'));
  try {
    const done = await work(aside);
    if (path === null) await pipeline(createReadStream(aside), process.stdout, { end: false });
    else await rename(aside, path);
    return done;
  } catch (error) {
    throw isOfFiles(error) ? fileFailure(error, path ?? 'standard output') : error;
  } finally {
    await rm(aside, { force: true });
  }
}

function isOfFiles(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
