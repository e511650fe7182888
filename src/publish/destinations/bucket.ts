/**
 * A bucket: objects in AWS's layout in a store, a directory or S3.
 *
 * In:    a sealed segment with its finished object. Out: the object in the store, whole, and its entry in the ledger.
 * Holds: name and bytes come from the segment, so a second delivery finds the same bytes and is done.
 * Fails: `FG_OBJECT_DIFFERS` where the name has other bytes; errors of the store.
 */
import { createReadStream } from 'node:fs';
import { FlowgaugeError, failure } from '../../model/errors.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { Destination, SealedSegment } from '../destination.ts';
import { problemFrom } from '../destination.ts';
import { ledgerBytes, ledgerKey } from '../ledger.ts';
import { keyOfSegment } from '../object-name.ts';

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
        for await (const ref of store.list(`${below}AWSLogs/`, null, signal)) if (ref.key !== '') break;
        return null;
      } catch (error) {
        return problemFrom(error);
      }
    },
    async deliver(segment, signal) {
      const { object, records } = segment;
      if (object === null) throw failure('FG_NOT_A_BUCKET', segment.flowLog.id, segment.flowLog.destination.type);
      const key = below + keyOfSegment(segment);
      await store.put(key, bytesOf(object.path), object.sizeBytes, signal);
      await enter(store, segment, key, signal);
      return {
        objects: [{ key, sizeBytes: object.sizeBytes, sha256: object.sha256, records }],
        refused: {},
        possibleDuplicates: 0,
      };
    },
  };
}

/** Writes the ledger's entry. One that an older version wrote for the same object stands. */
async function enter(store: ObjectStore, segment: SealedSegment, key: string, signal: AbortSignal): Promise<void> {
  const bytes = ledgerBytes(segment, key);
  if (bytes === null) return;
  try {
    await store.put(ledgerKey(key), once(bytes), bytes.length, signal);
  } catch (error) {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_OBJECT_DIFFERS') throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The bytes of a file. It is opened with the first of them: a store that refuses before leaves nothing open. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}
