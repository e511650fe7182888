/**
 * A large plain file in ranges, each of which can be read by itself.
 *
 * In:    a path. Out: ranges of its bytes with its first line; the bytes of the lines that begin in a range.
 * Holds: each line is in one range, whole. A file is not cut where its first line is not plain to see.
 * Fails: as reading the file does.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { LogFormat } from '../../record/format.ts';
import { beginningOf } from '../../record/beginning.ts';

/** `[start, end)` of a file's bytes; `first` is its first line, null for the range that has it itself. */
export type TextRange = { readonly start: number; readonly end: number; readonly first: string | null };

/** A range: as much as a core reads in a tenth of a second. */
export const RANGE_BYTES = 1 << 25;
/** Beyond it a first line is not looked for. */
const LONGEST_FIRST_LINE = 65_536;
/** What is read is still in the cache when it is looked at. */
const READ_BYTES = 1 << 18;
const LF = 10;

/** The ranges of a file; null where it is to be read as one. */
export async function rangesOf(
  path: string,
  sizeBytes: number,
  told: LogFormat | null,
  rangeBytes: number = RANGE_BYTES,
): Promise<readonly TextRange[] | null> {
  if (sizeBytes < rangeBytes * 2) return null;
  const first = await firstLine(path);
  if (first === null || beginningOf(first, told) === null) return null;
  const count = Math.ceil(sizeBytes / rangeBytes);
  return Array.from({ length: count }, (_, at) => ({
    start: at * rangeBytes,
    // Whatever has come behind the last one since is its own.
    end: at === count - 1 ? Number.POSITIVE_INFINITY : (at + 1) * rangeBytes,
    first: at === 0 ? null : first,
  }));
}

/** The first line of a plain text file; null where it is packed, empty or too long. */
async function firstLine(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_FIRST_LINE), 0, LONGEST_FIRST_LINE, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(LF);
    const text = end < 0 ? '' : buffer.toString('utf8', 0, end);
    // Anything but a letter or a digit: gzip, a byte order mark, an empty line.
    return /^[A-Za-z0-9]/.test(text) ? text : null;
  } finally {
    await file.close();
  }
}

/**
 * The bytes of the lines that begin in a range, in chunks that are valid until the next is asked for. For a thread that may
 * be kept waiting.
 */
export function* bytesOfRange(path: string, { start, end }: TextRange): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    // A line begins at `start` where the byte before it is a newline.
    let at = Math.max(0, start - 1);
    let isInside = start === 0;
    for (;;) {
      const bytesRead = readSync(file, buffer, 0, READ_BYTES, at);
      if (bytesRead === 0) return;
      let chunk: Uint8Array = buffer.subarray(0, bytesRead);
      let chunkAt = at;
      at += bytesRead;
      if (!isInside) {
        const newline = chunk.indexOf(LF);
        if (newline < 0) continue;
        isInside = true;
        chunkAt += newline + 1;
        if (chunkAt >= end) return;
        chunk = chunk.subarray(newline + 1);
      }
      // The newline of the last line that begins before `end` is at `end - 1` or behind it.
      const newline = at >= end ? chunk.indexOf(LF, Math.max(0, end - 1 - chunkAt)) : -1;
      yield newline < 0 ? chunk : chunk.subarray(0, newline + 1);
      if (newline >= 0) return;
    }
  } finally {
    closeSync(file);
  }
}
