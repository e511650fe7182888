/**
 * One file, or what comes on standard input.
 *
 * In:    a path; `-` is standard input. Out: a source with one part.
 * Holds: the first bytes decide what it is, not its name: gzip or plain text, or Parquet.
 * Fails: FG_SOURCE_UNREADABLE.
 */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basename, dirname } from 'node:path';
import { failureFrom } from '../../model/errors.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { TableSource } from './source.ts';

/** A source over one file of `store`, which is the directory that it lies in. */
export async function fileSource(path: string, store: (directory: string) => ObjectStore): Promise<TableSource> {
  const key = basename(path);
  const { head, sizeBytes, etag } = await look(path);
  const kind = head.subarray(0, 4).toString('latin1') === 'PAR1' ? 'parquet' : 'text';
  const part = { ref: { key, sizeBytes, etag }, store: store(dirname(path)), kind, format: null, path } as const;
  return {
    name: path,
    async *plan() {
      yield part;
    },
    stray: () => ({ count: 0, example: null }),
  };
}

/** A source over text that comes once, such as standard input. */
export function streamSource(name: string, stream: Readable): TableSource {
  const nothing = (): never => {
    throw new Error(`${name} is read once, from its beginning`);
  };
  const store: ObjectStore = {
    name,
    async *list() {
      yield ref;
    },
    read: () => stream,
    put: nothing,
    remove: nothing,
  };
  const ref = { key: name, sizeBytes: 0, etag: '' };
  return {
    name,
    async *plan() {
      yield { ref, store, kind: 'text', format: null, path: null, once: true };
    },
    stray: () => ({ count: 0, example: null }),
  };
}

async function look(path: string): Promise<{ head: Buffer; sizeBytes: number; etag: string }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size, mtimeMs, ino } = await file.stat();
      const head = Buffer.alloc(4);
      const { bytesRead } = await file.read(head, 0, 4, 0);
      return { head: head.subarray(0, bytesRead), sizeBytes: size, etag: `${ino}-${size}-${mtimeMs}` };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw failureFrom(cause, 'FG_SOURCE_UNREADABLE', path, cause instanceof Error ? cause.message : String(cause));
  }
}
