import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectRef, ObjectStore } from '../../../storage/object/store.ts';
import { lakeDays } from './lake-place.ts';
import { emptyDay, manifestBytes, manifestKey } from './manifest.ts';

const { signal } = new AbortController();
const DAY = '2026-11-23';

/** A store with manifests, by key; `read` gets the keys that were read. */
function storeOf(objects: ReadonlyMap<string, { bytes: Uint8Array; etag: string }>, read: string[]): ObjectStore {
  async function* list(prefix: string): AsyncGenerator<ObjectRef> {
    for (const [key, { bytes, etag }] of objects)
      if (key.startsWith(prefix)) yield await Promise.resolve({ key, sizeBytes: bytes.length, etag });
  }
  async function* bytesOf({ key }: ObjectRef): AsyncGenerator<Uint8Array> {
    read.push(key);
    yield await Promise.resolve(objects.get(key)!.bytes);
  }
  return { name: 's3://lake-place-test', list, read: bytesOf } as Pick<ObjectStore, 'name' | 'list' | 'read'> as ObjectStore; // prettier-ignore
}

test('a manifest that was read before is not read again, another one under its key is', async () => {
  const objects = new Map<string, { bytes: Uint8Array; etag: string }>();
  const read: string[] = [];
  const place = { store: storeOf(objects, read), below: '', pathOf: () => null };
  const days = async () => (await lakeDays(place, () => true, signal)).map(({ state }) => state.sources.length);
  const sources = [{ place: null, objects: [] }];
  const key = manifestKey(DAY, 1);
  objects.set(key, { bytes: manifestBytes(emptyDay(DAY)), etag: 'a' });
  assert.deepEqual([await days(), await days()], [[0], [0]]);
  assert.deepEqual(read, [key]);
  objects.set(key, { bytes: manifestBytes({ ...emptyDay(DAY), sources }), etag: 'b' });
  assert.deepEqual(await days(), [1]);
  const next = manifestKey(DAY, 2);
  objects.set(next, { bytes: manifestBytes(emptyDay(DAY)), etag: 'c' });
  assert.deepEqual([await days(), await days()], [[0], [0]]);
  assert.deepEqual(read, [key, key, next]);
  // Without an etag nobody knows whether it is the same.
  objects.set(next, { bytes: manifestBytes({ ...emptyDay(DAY), sources }), etag: '' });
  assert.deepEqual([await days(), await days()], [[1], [1]]);
  assert.deepEqual(read.slice(3), [next, next]);
});
