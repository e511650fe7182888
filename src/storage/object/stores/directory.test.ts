import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { FlowgaugeError } from '../../../model/errors.ts';
import type { ObjectStore } from '../store.ts';
import { directoryStore } from './directory.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-store-'));
after(() => rmSync(scratch, { recursive: true }));
let stores = 0;
const signal = new AbortController().signal;

function emptyStore(): ObjectStore {
  return directoryStore(join(scratch, String(++stores), 'deep'));
}

async function* bytesOf(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

function put(store: ObjectStore, key: string, text: string): Promise<unknown> {
  return store.put(key, bytesOf(text), Buffer.byteLength(text), signal);
}

async function textOf(store: ObjectStore, key: string, range: { start: number; end: number } | null = null) {
  const parts: Uint8Array[] = [];
  for await (const part of store.read({ key, sizeBytes: 0, etag: '' }, range, signal)) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function keysOf(store: ObjectStore, prefix = '', from: string | null = null): Promise<string[]> {
  const keys: string[] = [];
  for await (const ref of store.list(prefix, from, signal)) keys.push(ref.key);
  return keys;
}

const coded = (code: string) => (error: unknown) => error instanceof FlowgaugeError && error.code === code;

test('gives back what was put, or a range of it', async () => {
  const store = emptyStore();
  const ref = await store.put('a/b/c.log', bytesOf('hello ', 'there'), 11, signal);
  assert.deepEqual([ref.key, ref.sizeBytes], ['a/b/c.log', 11]);
  assert.equal(await textOf(store, 'a/b/c.log'), 'hello there');
  assert.equal(await textOf(store, 'a/b/c.log', { start: 6, end: 8 }), 'th');
  await store.remove(['a/b/c.log', 'a/b/c.log'], signal);
  assert.deepEqual(await keysOf(store), []);
});

test('accepts the same bytes again and refuses others', async () => {
  const store = emptyStore();
  await put(store, 'k', 'one');
  await put(store, 'k', 'one');
  await assert.rejects(put(store, 'k', 'two'), coded('FG_OBJECT_DIFFERS'));
  await assert.rejects(put(store, 'k', 'two'), /`mergecap -w all\.pcap FILE…`.*a directory of its own/);
  await assert.rejects(put(store, 'k', 'one and more'), coded('FG_OBJECT_DIFFERS'));
  assert.equal(await textOf(store, 'k'), 'one');
});

test('shows nothing of an object that was not finished', async () => {
  const store = emptyStore();
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    assert.deepEqual(await keysOf(store), []);
    throw new Error('the source broke');
  }
  await assert.rejects(store.put('a/k', breaking(), 8, signal));
  await assert.rejects(store.put('a/k', bytesOf('short'), 8, signal), /5 bytes where 8/);
  assert.deepEqual(await keysOf(store), []);
  assert.deepEqual(readdirSync(join(store.name, 'a')), []);
});

test('refuses keys that leave the directory', async () => {
  const store = emptyStore();
  for (const key of ['..', '../x', 'a/../../x', '/etc/x', 'a//b', 'a/', '.', '', 'a\0b']) {
    await assert.rejects(put(store, key, 'x'), coded('FG_KEY_REFUSED'), key);
  }
  await assert.rejects(keysOf(store, '../'), coded('FG_KEY_REFUSED'));
});

test('names a file in a directory’s place, and a directory that may not be written', async (t) => {
  const store = emptyStore();
  await put(store, 'a', 'file');
  await assert.rejects(put(store, 'a/b', 'x'), coded('FG_NOT_A_DIRECTORY'));
  if (process.getuid?.() === 0) {
    t.diagnostic('the rest is not looked at: root may write everywhere');
    return;
  }
  mkdirSync(join(store.name, 'closed'));
  chmodSync(join(store.name, 'closed'), 0o500);
  await assert.rejects(put(store, 'closed/x', 'x'), coded('FG_NOT_WRITABLE'));
});

test('lists nothing where there is no directory yet, and leaves out its own temporary files', async () => {
  const store = emptyStore();
  assert.deepEqual(await keysOf(store), []);
  await put(store, 'a', 'x');
  writeFileSync(join(store.name, '.flowgauge-00ff.tmp'), 'half');
  assert.deepEqual(await keysOf(store), ['a']);
});

test('a link that leads nowhere is nothing that is listed', async () => {
  const root = join(scratch, String(++stores));
  const store = directoryStore(root);
  await put(store, 'x', 'x');
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('gone', join(root, 'dangling'));
  assert.deepEqual(await keysOf(store), ['x']);
});

test('lists in key order, whatever prefix and start', async () => {
  const part = fc.stringMatching(/^[ab.!-]{1,3}$/u).filter((name) => name !== '.' && name !== '..');
  const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 12 }),
      fc.stringMatching(/^[ab]{0,2}$/u),
      fc.option(key),
      async (wanted, prefix, from) => {
        const keys = wanted.filter((one) => !wanted.some((other) => one.startsWith(`${other}/`)));
        const store = emptyStore();
        for (const one of keys) await put(store, one, one);
        const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
        const expected = keys.filter((one) => one.startsWith(prefix) && (from === null || order(one, from) > 0));
        assert.deepEqual(await keysOf(store, prefix, from), expected.sort(order));
      },
    ),
    { numRuns: 60 },
  );
});

test('folders that are passed over are not looked into, all else is listed in order', async () => {
  const store = directoryStore(join(scratch, String(++stores)));
  for (const key of ['a/1', 'b/c/3', 'b/d/4', 'b/2', 'e']) await put(store, key, key);
  const asked: string[] = [];
  const keys: string[] = [];
  const isPassedOver = (folder: string): boolean => {
    asked.push(folder);
    return folder === 'b/c/';
  };
  for await (const { key } of store.listBeside(isPassedOver, signal)) keys.push(key);
  assert.deepEqual(keys, ['a/1', 'b/2', 'b/d/4', 'e']);
  assert.deepEqual(asked, ['a/', 'b/', 'b/c/', 'b/d/']);
});
