/**
 * A bucket: objects in AWS's layout in a store, a directory or S3.
 *
 * In:    a sealed segment with its finished object. Out: the object in the store, whole, and its entry in the ledger.
 * Holds: name and bytes come from the segment, so a second delivery finds the same bytes and is done.
 * Fails: `FG_OBJECT_DIFFERS` where the name has other bytes; errors of the store.
 */
import { open } from 'node:fs/promises';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { Destination } from '../destination.ts';
import { problemFrom } from '../destination.ts';
import { enterBeside } from '../enter-ledger.ts';
import { keyOfSegment } from '../object-name.ts';

/** A name that no object gets, where objects will be. */
const CHECK_KEY = 'AWSLogs/_flowgauge-check';
const READ_BYTES = 1 << 18;

/**
 * A destination over a store; the flow log's own specification says prefix and layout.
 *
 * @param below  what all keys begin with: '' or a prefix that ends in a slash
 */
export function bucketDestination(store: ObjectStore, below: string = ''): Destination {
  return {
    name: below === '' ? store.name : `${store.name}/${below}`,
    async check(signal) {
      try {
        // Who may write need not be allowed to list.
        if (store.tryPut === undefined) await anyOf(store.list(`${below}AWSLogs/`, null, signal));
        else await store.tryPut(`${below}${CHECK_KEY}`, signal);
        return null;
      } catch (error) {
        return problemFrom(error);
      }
    },
    async deliver(segment, signal) {
      const { object, records } = segment;
      const key = below + keyOfSegment(segment);
      if (object !== null) await store.put(key, bytesOf(object.path), object.sizeBytes, signal);
      await enterBeside(store, segment, key, signal);
      if (object === null) return { objects: [], refused: {}, possibleDuplicates: 0 };
      return {
        objects: [{ key, sizeBytes: object.sizeBytes, sha256: object.sha256, records }],
        refused: {},
        possibleDuplicates: 0,
      };
    },
  };
}

/** Waits for the first of a list. */
async function anyOf(list: AsyncIterable<unknown>): Promise<void> {
  for await (const _one of list) return;
}

/** The bytes of a file, all in one array. It is opened with the first of them: a store that refuses before leaves nothing open. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const array = new Uint8Array(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(array, 0, array.length);
      if (bytesRead === 0) return;
      yield array.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
