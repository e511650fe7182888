/**
 * A finished object while it is written into the spool.
 *
 * In:    its bytes, in order. Out: the file, and the facts that a segment's end keeps of it.
 * Holds: it is hashed as it is written. It is not brought to disk: what is lost here is made again from the segment.
 * Fails: with errors of the disk; a write that failed may be tried again.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { writeAll } from '../storage/object/stores/directory.ts';
import type { ObjectFacts } from './segment.ts';

export type ObjectFile = {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<ObjectFacts>;
  /** Closes the file as it is. */
  abandon(): Promise<void>;
};

/** Begins an object with its first bytes. */
export async function createObjectFile(path: string, first: Uint8Array): Promise<ObjectFile> {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  // What fails half-way is written over by the next attempt: it counts when it is whole.
  const write = async (bytes: Uint8Array): Promise<void> => {
    await writeAll(file, bytes, sizeBytes);
    sizeBytes += bytes.length;
    hash.update(bytes);
  };
  try {
    await write(first);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    write,
    async finish() {
      await file.close();
      return { sizeBytes, sha256: hash.digest('hex') };
    },
    abandon: () => file.close(),
  };
}
