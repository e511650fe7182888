/**
 * Size and SHA-256 of a file.
 *
 * In:    a path. Out: the facts that a segment's end keeps of its object.
 * Fails: with the error of the operating system.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ObjectFacts } from './segment.ts';

/** Reads a file once. */
export async function hashFile(path: string): Promise<ObjectFacts> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    hash.update(bytes);
    sizeBytes += bytes.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
