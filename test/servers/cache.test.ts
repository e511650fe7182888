import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildBucket } from '../../src/lake/read/build-bucket.ts';
import type { CacheOptions } from '../../src/lake/read/cache/place.ts';
import type { TimeRange } from '../../src/lake/read/source.ts';
import { ask } from '../../src/query/ask.ts';
import type { S3Store } from '../../src/storage/object/stores/s3.ts';
import { startMoto } from './moto.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { makeBucket, putBytes, upload, useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';
import { startSwift } from './swift.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const EVERY = 'SELECT * FROM flow_logs ORDER BY ALL';
const DAY = 86_400;
/** Ten days ago, at the begin of a day. */
const OLD = (Math.floor(Date.now() / 1000 / DAY) - 10) * DAY;
const RANGE: TimeRange = { startSeconds: OLD, endSeconds: OLD + 6 * 3600 };
const never = new AbortController().signal;

function line(packets: number, slot: number): string {
  return `2 123456789012 eni-0123456789abcdef0 10.0.0.4 10.0.0.${packets % 250} 443 50000 6 ${packets} ${packets * 40} ${slot} ${slot + 30} ACCEPT OK`;
}

for (const [name, start] of [
  ['Swift', startSwift],
  ['moto', startMoto],
] as const) {
  suite(`the cache over ${name}`, () => {
    let server: S3Server | null = null;
    let proxy: Proxy;
    let store: S3Store;
    let why = '';
    const directory = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
    before(async () => {
      try {
        server = await start();
        proxy = await startProxy(server.endpoint);
        useCredentials(server);
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        why = error.message;
        return;
      }
      const built = buildBucket();
      for (let at = 0; at < 60; at++) {
        const slotSeconds = OLD + at * 300;
        built.text([HEADER, line(at + 1, slotSeconds)], { slotSeconds, hourly: at % 2 === 0 });
      }
      for (let at = 0; at < 3; at++) {
        const rows = `SELECT 2::INTEGER AS version, '10.9.9.${at}' AS srcaddr, 7::BIGINT AS packets, ${OLD + 5}::BIGINT AS start, ${OLD + 9}::BIGINT AS "end"`;
        await built.parquet(rows, { slotSeconds: OLD + at * 300, region: 'eu-central-1' });
      }
      store = await makeBucket(server, 'cached');
      await upload(store, built.directory);
      built.remove();
    });
    after(async () => {
      rmSync(directory, { recursive: true, force: true });
      if (server === null) return;
      await proxy.stop();
      await server.stop();
    });
    /** Asks through the proxy; gives the rows and how often S3 was asked. */
    async function answer(cache: CacheOptions | null, range: TimeRange) {
      proxy.fault = () => null;
      proxy.seen.length = 0;
      const options = { source: { access: { endpoint: proxy.endpoint } }, range };
      const given = await ask('s3://cached', EVERY, {}, cache === null ? options : { ...options, cache });
      const rows = [];
      for await (const batch of given.rows) rows.push(...batch);
      const lists = proxy.seen.filter(({ query }) => query.has('list-type')).length;
      return { rows, notes: given.notes, lists, reads: proxy.seen.length - lists };
    }
    const ready = (context: TestContext): boolean => {
      if (server === null) context.skip(why);
      return server !== null;
    };

    test('the second question over a closed range asks S3 whether there is a lake now, and nothing else', async (t) => {
      if (!ready(t)) return;
      const plain = await answer(null, RANGE);
      assert.equal(plain.rows.length, 63);
      const first = await answer({ directory }, RANGE);
      assert.deepEqual(first.rows, plain.rows);
      assert.equal(first.reads, 63);
      assert.ok(first.lists > 0);
      const second = await answer({ directory }, RANGE);
      assert.deepEqual(second.rows, plain.rows);
      assert.deepEqual([second.lists, second.reads], [1, 0]);
      assert.deepEqual(second.notes, plain.notes);
      // A part of it was in the listings too.
      const part = await answer({ directory }, { startSeconds: OLD, endSeconds: OLD + 900 });
      assert.deepEqual([part.lists, part.reads], [1, 0]);
    });

    test('an open range lists anew, and reads only what is new', async (t) => {
      if (!ready(t)) return;
      const open: TimeRange = { startSeconds: OLD, endSeconds: Number.POSITIVE_INFINITY };
      const before = await answer({ directory }, open);
      assert.ok(before.lists > 0);
      assert.equal(before.reads, 0);
      const slot = Math.floor(Date.now() / 300_000) * 300 - 600;
      const key = await newKey(slot);
      await putBytes(store, key, gzipSync(`${HEADER}\n${line(99, slot)}\n`));
      const later = await answer({ directory }, open);
      assert.equal(later.reads, 1);
      assert.equal(later.rows.length, before.rows.length + 1);
    });

    test('an object that was replaced is seen with --refresh, by its ETag', async (t) => {
      if (!ready(t)) return;
      const [old] = await keys();
      await store.remove([old!], never);
      await putBytes(store, old!, gzipSync(`${HEADER}\n${line(1000, OLD)}\n${line(1001, OLD)}\n`));
      const remembered = await answer({ directory }, RANGE);
      assert.deepEqual([remembered.lists, remembered.reads, remembered.rows.length], [1, 0, 63]);
      const anew = await answer({ directory, refresh: true }, RANGE);
      assert.ok(anew.lists > 0);
      assert.deepEqual([anew.reads, anew.rows.length], [1, 64]);
      assert.deepEqual(anew.rows, (await answer(null, RANGE)).rows);
      const after = await answer({ directory }, RANGE);
      assert.deepEqual([after.lists, after.reads, after.rows.length], [1, 0, 64]);
    });

    test('an object that has gone since it was listed is noted, and listed anew', async (t) => {
      if (!ready(t)) return;
      const fresh = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
      try {
        const [, gone] = await keys();
        assert.ok(gone !== undefined);
        await answer({ directory: fresh }, RANGE);
        rmSync(join(fresh, 'packs'), { recursive: true });
        await store.remove([gone], never);
        const without = await answer({ directory: fresh }, RANGE);
        assert.ok(without.notes.some((note) => note.kind === 'unreadable' && note.file === gone));
        const again = await answer({ directory: fresh }, RANGE);
        assert.ok(again.lists > 0);
        assert.ok(!again.notes.some(({ kind }) => kind === 'unreadable'));
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    });

    async function keys(): Promise<string[]> {
      const found: string[] = [];
      for await (const { key } of store.list('', null, never)) found.push(key);
      return found.filter((key) => key.endsWith('.gz'));
    }

    async function newKey(slotSeconds: number): Promise<string> {
      const built = buildBucket();
      const key = built.text([HEADER], { slotSeconds });
      built.remove();
      return key;
    }
  });
}
