import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openCatalog } from './catalog.ts';
import type { NewPack, ObjectRow } from './catalog.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-catalog-'));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const file = (): string => join(directory, `${++files}.sqlite`);

const object = (id: number, key: string, more: Partial<ObjectRow> = {}): ObjectRow => ({
  id,
  key,
  etag: 'e',
  sizeBytes: 9,
  kind: 'text',
  rows: 3,
  header: 'srcaddr',
  headerless: false,
  notes: '[]',
  ...more,
});
const pack = (name: string, rows: number): NewPack => ({ name, bytes: 100, crc: 7, rows });

test('an object is found by server, reader, key, ETag, size and kind, and by nothing less', async () => {
  const path = file();
  const one = await openCatalog(path, 'aws b', '1');
  assert.equal(one.add(pack('p', 3), [object(one.reserve(1), 'k')]), 1);
  assert.equal(one.find('k', 'e', 9, 'text')?.pack?.name, 'p');
  for (const [key, etag, size, kind] of [
    ['j', 'e', 9, 'text'],
    ['k', 'f', 9, 'text'],
    ['k', 'e', 8, 'text'],
    ['k', 'e', 9, 'parquet'],
  ] as const)
    assert.equal(one.find(key, etag, size, kind), null);
  for (const [place, reader] of [
    ['http://127.0.0.1:9000 b', '1'],
    ['aws b', '2'],
  ] as const) {
    const other = await openCatalog(path, place, reader);
    assert.equal(other.find('k', 'e', 9, 'text'), null);
    // One does not take the other's place either.
    assert.equal(other.add(pack(`${place} ${reader}`, 3), [object(other.reserve(1), 'k')]), 1);
    other.close();
  }
  assert.equal(one.find('k', 'e', 9, 'text')?.pack?.name, 'p');
  one.close();
});

test('of two who add the same object the first is believed, and another ETag takes its place', async () => {
  const catalog = await openCatalog(file(), 'b', '1');
  assert.equal(catalog.add(pack('first', 3), [object(1, 'k')]), 1);
  assert.equal(catalog.add(pack('second', 3), [object(2, 'k')]), 0);
  assert.equal(catalog.isKnown('second'), false);
  assert.equal(catalog.add(pack('third', 3), [object(3, 'k', { etag: 'new' })]), 1);
  assert.equal(catalog.find('k', 'e', 9, 'text'), null);
  assert.deepEqual(
    catalog.dead().map(({ name }) => name),
    ['first'],
  );
  catalog.close();
});

test('packs are replaced by one with the same rows, or not at all', async () => {
  const catalog = await openCatalog(file(), 'b', '1');
  catalog.add(pack('a', 3), [object(1, 'a')]);
  catalog.add(pack('b', 5), [object(2, 'b', { rows: 5 })]);
  const ids = catalog.packs().map(({ id }) => id);
  assert.deepEqual(catalog.objectsOf(ids), [1, 2]);
  assert.deepEqual(catalog.replace(ids, pack('ab', 7)), []);
  assert.deepEqual(catalog.replace([...ids, 99], pack('ab', 8)), []);
  assert.equal(catalog.isKnown('ab'), false);
  assert.deepEqual(catalog.replace(ids, pack('ab', 8)), ['a', 'b']);
  assert.deepEqual(
    ['a', 'b'].map((key) => catalog.find(key, 'e', 9, 'text')?.pack?.name),
    ['ab', 'ab'],
  );
  assert.equal(catalog.totals().packs, 1);
  catalog.close();
});

test('numbers are given once, whoever asks', async () => {
  const path = file();
  const [one, two] = [await openCatalog(path, 'b', '1'), await openCatalog(path, 'c', '1')];
  const given = [one.reserve(3), two.reserve(2), one.reserve(1)];
  assert.deepEqual(given, [1, 4, 6]);
  one.close();
  two.close();
});
