import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '../../../storage/object/folders.ts';
import type { FolderStore, ObjectRef } from '../../../storage/object/store.ts';
import { rememberedFolders } from './listings.ts';

const never = new AbortController().signal;
const DAY = 86_400;
const NOW = Math.floor(Date.now() / 1000);
const REGION = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/';

/** The folder of the day that lies so many days back. */
function dayFolder(back: number): string {
  return `${REGION}${new Date((NOW - back * DAY) * 1000).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
}

/** A store that says what it was asked for, and a catalog in memory that says when it was told. */
function places(objects: readonly Partial<ObjectRef>[] = [{}]) {
  const asked: string[] = [];
  const kept = new Map<string, { listedMillis: number; body: Uint8Array }>();
  const refs = (prefix: string): ObjectRef[] =>
    objects.map((each, at) => ({ key: `${prefix}${at}.log.gz`, sizeBytes: 5, etag: `e${at}`, ...each }));
  const nothing = (): never => {
    throw new Error('only listed');
  };
  const store: FolderStore = {
    name: 's3://b',
    async *list(prefix) {
      asked.push(`all ${prefix}`);
      yield* refs(prefix);
    },
    async *listFolder(prefix) {
      asked.push(prefix);
      yield { objects: refs(prefix), folders: [] };
      yield { objects: [], folders: [`${prefix}deeper/`] };
    },
    read: nothing,
    put: nothing,
    remove: nothing,
  };
  const catalog = {
    listing: (prefix: string, recursive: boolean) => kept.get(`${recursive} ${prefix}`) ?? null,
    rememberListing: (prefix: string, recursive: boolean, body: Uint8Array) =>
      void kept.set(`${recursive} ${prefix}`, { listedMillis: Date.now(), body }),
  };
  /** What is listed of a folder for a span, and whether the store was asked. */
  async function look(prefix: string, wanted: Span, refresh = false) {
    asked.length = 0;
    const seen = rememberedFolders(store, catalog, wanted, refresh);
    const objects: ObjectRef[] = [];
    const folders: string[] = [];
    for await (const page of seen.listFolder(prefix, never)) {
      objects.push(...page.objects);
      folders.push(...page.folders);
    }
    const whole: ObjectRef[] = [];
    for await (const ref of seen.list(prefix, null, never)) whole.push(ref);
    return { objects, folders, whole, times: asked.length };
  }
  return { look };
}

const span = (from: number, to: number): Span => ({ startSeconds: NOW - from * DAY, endSeconds: NOW - to * DAY });

test('a folder whose time has long passed is listed once, in both ways, whatever is asked of it', async () => {
  const { look } = places();
  const first = await look(dayFolder(9), span(10, 0));
  assert.equal(first.times, 2);
  const second = await look(dayFolder(9), span(9, 0));
  assert.deepEqual({ ...second, times: 2 }, first);
  assert.equal(second.times, 0);
  assert.equal((await look(dayFolder(9), span(9, 0), true)).times, 2);
});

test('a folder above the days is remembered for what was old when it was listed', async () => {
  const { look } = places();
  await look(REGION, span(10, 5));
  assert.equal((await look(REGION, span(10, 5))).times, 0);
  assert.equal((await look(REGION, span(3, 2))).times, 0);
  assert.equal((await look(REGION, span(10, 0.5))).times, 2);
  assert.equal((await look(REGION, { ...span(10, 0), endSeconds: Number.POSITIVE_INFINITY })).times, 2);
});

test('a young folder is listed each time', async () => {
  const { look } = places();
  for (const back of [0, 1]) {
    await look(dayFolder(back), span(9, 0));
    assert.equal((await look(dayFolder(back), span(9, 0))).times, 2);
  }
});

test('a folder with objects in an archive is listed each time', async () => {
  const { look } = places([{}, { archived: true, storageClass: 'GLACIER' }]);
  await look(dayFolder(9), span(10, 8));
  assert.equal((await look(dayFolder(9), span(10, 8))).times, 2);
});
