import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure } from '../../model/errors.ts';
import type { FolderStore, ObjectRef } from '../../storage/object/store.ts';
import { isOurs } from './bucket.ts';
import { newestStamp, walkBucket } from './bucket-walk.ts';

const never = new AbortController().signal;
const ALL = { startSeconds: Number.NEGATIVE_INFINITY, endSeconds: Number.POSITIVE_INFINITY };
const R = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/';
const isLog = (key: string): boolean => key.endsWith('.log.gz');

/** A store that remembers what was listed, in which `refused` folders may not be. */
function storeOf(keys: readonly string[], refused = /^$/): { store: FolderStore; asked: string[] } {
  const asked: string[] = [];
  const refs = keys.map((key): ObjectRef => ({ key, sizeBytes: 1, etag: key }));
  const look = (prefix: string): ObjectRef[] => {
    asked.push(prefix);
    if (prefix !== '' && refused.test(prefix)) throw failure('FG_S3_DENIED', 'list', prefix, 'Access Denied', false);
    return refs.filter(({ key }) => key.startsWith(prefix));
  };
  const nothing = (): never => assert.fail('only listed');
  const store: FolderStore = {
    name: 's3://b',
    async *list(prefix) {
      yield* look(prefix);
    },
    async *listFolder(prefix) {
      const all = look(prefix);
      const rest = (key: string): string => key.slice(prefix.length);
      const folders = all.filter(({ key }) => rest(key).includes('/'));
      yield {
        objects: all.filter(({ key }) => !rest(key).includes('/')),
        folders: [...new Set(folders.map(({ key }) => `${prefix}${rest(key).split('/')[0]}/`))],
      };
    },
    read: nothing,
    put: nothing,
    remove: nothing,
  };
  return { store, asked };
}

test('asks for the days of a short range by name, and not for other services', async () => {
  const keys = [
    `${R}2026/11/22/a.log.gz`,
    `${R}2026/11/23/05/b.log.gz`,
    `${R}2026/11/23/c.log.gz`,
    'AWSLogs/123456789012/Config/x',
  ];
  const { store, asked } = storeOf(keys);
  const wanted = { startSeconds: Date.UTC(2026, 10, 23, 4) / 1000, endSeconds: Date.UTC(2026, 10, 23, 7) / 1000 };
  const { objects } = await walkBucket(store, '', wanted, isLog, never);
  assert.deepEqual(
    objects.map(({ key }) => key),
    [keys[1], keys[2]],
  );
  assert.deepEqual(asked, [
    '',
    'AWSLogs/',
    'AWSLogs/123456789012/vpcflowlogs/',
    `${R}2026/11/23/`,
    `${R}2026/11/23/05/`,
  ]);
});

test('begins wherever the prefix lies', async () => {
  const keys = [`${R}2026/11/22/a.log.gz`, `${R}2026/11/23/b.log.gz`];
  for (const [prefix, count] of [
    [R, 2],
    [`${R}2026/11/`, 2],
    [`${R}2026/11/23/`, 1],
    ['AWSLogs/123456789012/', 2],
  ] as const) {
    const { objects } = await walkBucket(storeOf(keys).store, prefix, ALL, isLog, never);
    assert.equal(objects.length, count, prefix);
  }
});

test('finds flow logs in folders of any name, with strays and without markers of folders', async () => {
  const keys = ['old/', 'old/2019/x/1_vpcflowlogs_.log.gz', 'note.txt', `${R}tmp/y.log.gz`, '_flowgauge/z.log.gz'];
  const { objects } = await walkBucket(storeOf(keys).store, '', ALL, isLog, never);
  assert.deepEqual(
    objects.map(({ key }) => key),
    [keys[3], keys[2], keys[1]],
  );
});

test('what a data directory keeps beside flow logs is neither, a folder of the same name elsewhere is', () => {
  const ours = [
    'state.sqlite-wal',
    'cache/catalog.sqlite',
    'cache/packs/new-1.parquet',
    'cache/use/1/a',
    '_flowgauge/x',
  ];
  assert.deepEqual(
    [...ours, 'logs/cache/packs/a.parquet', 'cache/a.log.gz'].filter((key) => !isOurs(key)),
    ['logs/cache/packs/a.parquet', 'cache/a.log.gz'],
  );
});

test('counts folders that may not be listed, also the first', async () => {
  const keys = [`${R}2026/11/22/a.log.gz`, `${R.replace('us-east-1', 'eu-west-1')}2026/11/22/b.log.gz`];
  const some = await walkBucket(storeOf(keys, /us-east/).store, '', ALL, isLog, never);
  assert.deepEqual([some.objects.length, some.denied], [1, [R]]);
  const none = await walkBucket(storeOf(keys, /./).store, 'x/', ALL, isLog, never);
  assert.deepEqual([none.denied, none.deniedBy?.code], [['x/'], 'FG_S3_DENIED']);
});

test('does not look through a lake of other things, and says so', async () => {
  const folders = Array.from({ length: 1500 }, (_, at) => `lake/${at}/x.csv`);
  const wide = await walkBucket(storeOf([...folders, `${R}2026/11/22/a.log.gz`]).store, '', ALL, isLog, never);
  assert.equal(wide.objects.filter(({ key }) => isLog(key)).length, 1);
  assert.ok(wide.left.length > 400, String(wide.left.length));
  const deep = Array.from({ length: 12_000 }, (_, at) => `lake/${at}.csv`);
  assert.deepEqual((await walkBucket(storeOf(deep).store, '', ALL, isLog, never)).left, ['lake/']);
});

test('an error that is no refusal ends the walk', async () => {
  const { store } = storeOf([`${R}2026/11/22/a.log.gz`]);
  const broken: FolderStore = {
    ...store,
    async *listFolder(prefix, signal) {
      if (prefix.includes('vpcflowlogs')) throw new Error('gone');
      yield* store.listFolder(prefix, signal);
    },
  };
  await assert.rejects(walkBucket(broken, '', ALL, isLog, never), /gone/);
});

/** Stamps of these tests' keys are the numbers in their names. */
const stampOf = (key: string): number | null => Number(/(\d+)\.log\.gz$/.exec(key)?.[1] ?? Number.NaN) || null;

test('finds the newest object by the newest folders of each region, and looks into few', async () => {
  const years = Array.from({ length: 300 }, (_, at) => {
    const day = new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10).replaceAll('-', '/');
    return `${R}${day}/0${at % 10}/${1000 + at}.log.gz`;
  });
  const hive =
    'AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=02/day=01/5000.log.gz';
  const { store, asked } = storeOf([...years, 'a.txt', `${R}2027/01/01/note.txt`]);
  assert.equal(await newestStamp(store, '', stampOf, never), 1299);
  assert.ok(asked.length < 15, asked.join(' '));
  assert.equal(await newestStamp(storeOf([...years, hive]).store, '', stampOf, never), 5000);
  assert.equal(await newestStamp(storeOf([...years, hive]).store, R, stampOf, never), 1299);
  assert.equal(await newestStamp(storeOf(['x/y.txt']).store, '', stampOf, never), null);
  assert.equal(await newestStamp(storeOf([...years, hive], /us-east/).store, '', stampOf, never), 5000);
});

test('a stop does not wait for a listing that does not answer', async () => {
  const { store } = storeOf([`${R}2026/11/22/a.log.gz`]);
  const stop = new AbortController();
  const silent: FolderStore = {
    ...store,
    async *listFolder(prefix, signal) {
      stop.abort();
      await new Promise(() => {});
      yield* store.listFolder(prefix, signal);
    },
  };
  await assert.rejects(walkBucket(silent, '', ALL, isLog, stop.signal), { name: 'AbortError' });
});
