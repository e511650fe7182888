/**
 * A file of this machine unpacked in one go, in a thread that may be kept waiting.
 *
 * In:    a path, and an inflater. Out: its text in chunks, valid until the inflater's next file.
 * Holds: as `unpacked`, which reads what is not packed with gzip, or is large, broken or packed twice, from its begin. In one go
 *        an object of five minutes takes half of the time that it takes as a stream.
 * Fails: as `unpacked`.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { packingOf } from '../../collect/capture/sources/unpack.ts';
import { unpacked } from './forms/packing.ts';
import type { Inflater } from '../../storage/object/inflate.ts';

/** Of what is unpacked in one go. */
const MOST_BYTES = 1 << 23;
const MOST_TEXT_BYTES = 1 << 25;

/** The text of a file. */
export async function* textOfFile(path: string, inflater: Inflater, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const whole = unpackWhole(path, inflater);
  if (whole !== null) {
    yield whole;
    return;
  }
  // Seldom needed, and it brings much of Node along.
  const { directoryStore } = await import('../../storage/object/stores/directory.ts');
  const ref = { key: basename(path), sizeBytes: 0, etag: '' };
  yield* unpacked(directoryStore(dirname(path)).read(ref, null, signal));
}

/** All of a small gzip file that is well; null for any other: reading it as a stream finds out what it is. */
function unpackWhole(path: string, inflater: Inflater): Uint8Array | null {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > MOST_BYTES || readSync(file, inflater.input(size), 0, size, 0) < size) return null;
      const text = inflater.inflate(MOST_TEXT_BYTES);
      return text === null || packingOf(text) !== null ? null : text;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
