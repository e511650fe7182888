import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectStore } from '../../storage/object/store.ts';
import { heldObjects } from './held-objects.ts';

const never = new AbortController().signal;

/** A store of objects of one letter each, and how often it was asked. */
function letters(): { store: ObjectStore; asked: string[] } {
  const asked: string[] = [];
  const nothing = (): never => assert.fail('only read');
  const store: ObjectStore = {
    name: 'letters',
    list: nothing,
    async *read(ref, range) {
      asked.push(`${ref.key} ${range === null ? 'all' : `${range.start}-${range.end}`}`);
      if (ref.key === '!') throw new Error('broken');
      yield Buffer.alloc(range === null ? ref.sizeBytes : Math.min(range.end, ref.sizeBytes) - range.start, ref.key);
    },
    put: nothing,
    remove: nothing,
  };
  return { store, asked };
}

async function lengthOf(store: ObjectStore, key: string, sizeBytes: number, end: number | null): Promise<number> {
  let length = 0;
  const range = end === null ? null : { start: 0, end };
  for await (const bytes of store.read({ key, sizeBytes, etag: '' }, range, never)) length += bytes.length;
  return length;
}

test('a small object is asked for once: its begin, then all of it', async () => {
  const { store, asked } = letters();
  const held = heldObjects(store);
  assert.equal(await lengthOf(held, 'a', 1000, 10), 10);
  assert.equal(await lengthOf(held, 'a', 1000, 10), 10);
  assert.equal(await lengthOf(held, 'a', 1000, null), 1000);
  assert.deepEqual(asked, ['a all']);
  assert.equal(await lengthOf(held, 'a', 1000, null), 1000);
  assert.equal(asked.length, 2);
});

test('a large object, and what is beyond the bound, is asked for twice', async () => {
  const { store, asked } = letters();
  const held = heldObjects(store);
  assert.equal(await lengthOf(held, 'b', 1 << 20, 10), 10);
  assert.equal(await lengthOf(held, 'b', 1 << 20, null), 1 << 20);
  assert.deepEqual(asked, ['b 0-10', 'b all']);
  for (let at = 0; at < 300; at++) await lengthOf(held, `c${at}`, 1 << 18, 10);
  assert.equal(asked.filter((each) => each.endsWith('all')).length, 1 + 256);
  // What was read makes room.
  await lengthOf(held, 'c0', 1 << 18, null);
  await lengthOf(held, 'd', 1 << 18, 10);
  assert.equal(asked.at(-1), 'd all');
});

test('an object that cannot be read takes no room', async () => {
  const { store, asked } = letters();
  const held = heldObjects(store);
  for (let at = 0; at < 300; at++) await assert.rejects(lengthOf(held, '!', 1 << 18, 10), /broken/);
  await lengthOf(held, 'a', 1 << 18, 10);
  assert.equal(asked.at(-1), 'a all');
});
