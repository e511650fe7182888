import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { BuiltBucket } from '../../src/lake/read/build-bucket.ts';
import { SLOT_SECONDS, buildBucket } from '../../src/lake/read/build-bucket.ts';
import { s3Source } from '../../src/lake/read/s3-bucket.ts';
import type { Progress } from '../../src/lake/read/progress.ts';
import type { TimeRange } from '../../src/lake/read/source.ts';
import { ALL_TIME } from '../../src/lake/read/source.ts';
import { ask, planAt } from '../../src/query/ask.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import type { S3Store } from '../../src/storage/object/stores/s3.ts';
import { startMoto } from './moto.ts';
import { s3Error } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { proxiedServer } from './proxied-server.ts';
import { makeBucket, putBytes, upload, useCredentials } from './s3-place.ts';
import { startSwift } from './swift.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const never = new AbortController().signal;
const EVERY = 'SELECT * FROM flow_logs ORDER BY ALL';
const DAY = 86_400;

/** A record that ends in a slot; its number of packets tells it from others. */
function line(packets: number, slot = SLOT_SECONDS): string {
  return `2 123456789012 eni-0123456789abcdef0 10.0.0.4 10.0.0.${packets % 250} 443 50000 6 ${packets} ${packets * 40} ${slot} ${slot + 30} ACCEPT OK`;
}

/** A bucket with every layout, and other things between. */
async function mixed(): Promise<BuiltBucket> {
  const built = buildBucket();
  let packets = 0;
  const text = (name: Parameters<BuiltBucket['text']>[1]): string => built.text([HEADER, line(++packets)], name);
  for (const hive of [false, true])
    for (const hourly of [false, true]) {
      text({ hive, hourly });
      text({ hive, hourly, prefix: 'team/a', accountId: '210987654321' });
      text({ hive, hourly, organization: 'o-abc123def4', region: 'eu-west-1' });
      await built.parquet(
        'SELECT 2::INTEGER AS version, \'10.9.9.9\' AS srcaddr, 7::BIGINT AS packets, 1795435500::BIGINT AS start, 1795435530::BIGINT AS "end"',
        { hive, hourly, region: 'eu-central-1' },
      );
    }
  built.file('AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/23/trail.json.gz', gzipSync('{}'));
  built.file('team/a/readme.txt', 'hello');
  built.file('team/_flowgauge/ledger', 'ours');
  return built;
}

async function rowsOf(from: string, endpoint?: string, range: TimeRange = ALL_TIME) {
  const source = endpoint === undefined ? {} : { access: { endpoint } };
  const answer = await ask(from, EVERY, {}, { source, range });
  const rows = [];
  for await (const batch of answer.rows) rows.push(...batch);
  await answer.close();
  return { columns: answer.columns, rows, notes: answer.notes };
}

async function keysOf(source: ReturnType<typeof s3Source>, range: TimeRange = ALL_TIME): Promise<string[]> {
  const keys: string[] = [];
  for await (const { ref } of source.plan(range, never)) keys.push(ref.key);
  return keys;
}

for (const [name, start] of [
  ['Swift', startSwift],
  ['moto', startMoto],
] as const) {
  suite(name, () => {
    const world = proxiedServer(start);
    const { ready } = world;

    test('objects of other names are read by their bytes, also one in each of many folders', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const built = buildBucket();
      for (let n = 0; n < 40; n++) {
        const name = `export/0f3a5f7c/eni-${n.toString(16).padStart(17, '0')}-all/000000.gz`;
        built.file(name, gzipSync(`2026-11-23T12:05:00.000Z ${line(n + 1)}\n`));
      }
      built.file('export/aws-logs-write-test', 'Permission Check Successful');
      built.file('export/readme.txt', 'hello');
      built.file('export/firehose', JSON.stringify({ message: line(1) }).repeat(3));
      const store = await makeBucket(on, 'other-names');
      await upload(store, built.directory);
      const here = await rowsOf(built.directory);
      const there = await rowsOf('s3://other-names/export/', on.endpoint);
      assert.equal(there.rows.length, 43);
      assert.deepEqual(there, here);
      assert.deepEqual(
        there.notes.map(({ kind }) => kind),
        ['stray', 'no-header'],
      );
      built.remove();
    });

    test('a bucket of every layout gives the rows of the directory with the same files', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const built = await mixed();
      const store = await makeBucket(on, 'mixed');
      await upload(store, built.directory);
      const here = await rowsOf(built.directory);
      const there = await rowsOf('s3://mixed', on.endpoint);
      assert.equal(there.rows.length, 16);
      assert.deepEqual(there.columns, here.columns);
      assert.deepEqual(there.rows, here.rows);
      // The trail of another service is not even listed.
      assert.deepEqual(there.notes, [{ kind: 'stray', file: 'team/a/readme.txt', files: 1 }]);
      const below = await rowsOf('s3://mixed/team/a/', on.endpoint);
      assert.equal(below.rows.length, 4);
      const range = { startSeconds: SLOT_SECONDS, endSeconds: SLOT_SECONDS + 300 };
      assert.deepEqual((await rowsOf('s3://mixed', on.endpoint, range)).rows, here.rows);
      built.remove();
    });

    test('of 2,000 objects only those of the range are listed and read, several at one time', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const store = await makeBucket(on, 'many');
      const key = (at: number): string =>
        objectKey({
          prefix: 'logs',
          organization: null,
          accountId: '123456789012',
          region: 'us-east-1',
          flowLogId: 'fl-0123456789abcdef0',
          slotSeconds: SLOT_SECONDS - (SLOT_SECONDS % DAY) + at * 1800,
          hash: '0000abcd',
          fileFormat: 'plain-text',
          hive: false,
          hourly: at % 2 === 0,
        });
      const slotOf = (at: number): number => SLOT_SECONDS - (SLOT_SECONDS % DAY) + at * 1800;
      const numbers = Array.from({ length: 2000 }, (_, at) => at);
      const waiting = [...numbers];
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let at = waiting.shift(); at !== undefined; at = waiting.shift())
            await putBytes(store, key(at), gzipSync(`${HEADER}\n${line(at + 1, slotOf(at))}\n`));
        }),
      );
      assert.equal((await keysOf(s3Source('s3://many', { endpoint: on.endpoint }))).length, 2000);

      const range = { startSeconds: slotOf(480), endSeconds: slotOf(480) + 6 * 3600 };
      const { rows } = await rowsOf('s3://many', world.proxy.endpoint, range);
      const listed = prefixes(world.proxy);
      const most = world.proxy.most();
      // Those of the range, and of the time behind it in which late files may lie.
      const asked = world.proxy.seen
        .filter(({ query }) => !query.has('list-type'))
        .map(({ path }) => path.slice('/many/'.length));
      const wanted = numbers
        .map(key)
        .filter((_, at) => slotOf(at) > range.startSeconds - 300 && slotOf(at) < range.endSeconds + 4200);
      assert.deepEqual(asked.toSorted(), wanted.toSorted());
      const isIn = (at: number): boolean => slotOf(at) < range.endSeconds && slotOf(at) + 30 >= range.startSeconds;
      assert.equal(rows.length, numbers.filter(isIn).length);
      // The plan of the same range lists, and reads nothing.
      const listings = prefixes(world.proxy).length;
      world.proxy.seen.length = 0;
      const { planned } = await planAt('s3://many', { source: { access: { endpoint: world.proxy.endpoint } }, range });
      assert.deepEqual([planned.objects, planned.requests], [wanted.length, wanted.length]);
      assert.deepEqual([prefixes(world.proxy).length, world.proxy.seen.length], [listings, listings]);
      const stages: string[] = [];
      const onProgress = ({ stage = 'reading' }: Progress): void =>
        void (stages.at(-1) !== stage && stages.push(stage));
      const source = { access: { endpoint: world.proxy.endpoint } };
      await (await ask('s3://many', 'SELECT 1', {}, { source, range, onProgress })).close();
      assert.deepEqual(stages, ['listing', 'fetching', 'reading']);
      const later = { startSeconds: slotOf(2500), endSeconds: slotOf(2600) };
      await assert.rejects(rowsOf('s3://many', world.proxy.endpoint, later), {
        code: 'FG_TIME_EMPTY',
        message: new RegExp(`newest is of ${new Date(slotOf(1999) * 1000).toISOString().slice(0, 16)}`),
      });
      const dated = listed.filter((prefix) => /\/\d{4}\//.test(prefix));
      assert.ok(
        dated.every((prefix) => /\/2026\/12\/(?:03\/(?:0\d\/)?|02\/(?:23\/)?)$/.test(prefix)),
        dated.join(' '),
      );
      assert.ok(listed.length <= 20, `${listed.length} listings`);
      assert.ok(most >= 4 && most <= 32, `${most} at one time`);
    });

    test('a month is listed by a few pages, and years by months', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const source = s3Source('s3://many/logs', { endpoint: on.endpoint });
      const months = { startSeconds: Date.UTC(2026, 11, 1) / 1000, endSeconds: Date.UTC(2027, 1, 1) / 1000 };
      const keys = await keysOf(source, months);
      // Eight days lie before it.
      assert.equal(keys.length, 2000 - 8 * 48);
      assert.ok(source.store.requests.list < 15, `${source.store.requests.list} listings`);
    });

    test('errors, resets and answers that break off are tried again', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const store = await makeBucket(on, 'faulty');
      const noise = Buffer.from(Array.from({ length: 400_000 }, (_, at) => (at * 7919 * at) % 251));
      await putBytes(store, 'noise', noise);
      const counts = new Map<string, number>();
      const faults = [s3Error(500, 'InternalError'), 'reset', s3Error(503, 'SlowDown'), 'cut', 'cut', null] as const;
      world.proxy.fault = ({ query }) => {
        const kind = query.has('list-type') ? 'list' : 'get';
        const at = counts.get(kind) ?? 0;
        counts.set(kind, at + 1);
        const fault = faults[at] ?? null;
        return fault === 'cut' && kind === 'list' ? null : fault;
      };
      const through = s3Store('faulty', { endpoint: world.proxy.endpoint });
      const [ref] = await all(through);
      const pieces: Uint8Array[] = [];
      for await (const piece of through.read(ref!, null, never)) pieces.push(piece);
      assert.ok(Buffer.concat(pieces).equals(noise));
      assert.deepEqual([counts.get('list'), counts.get('get')], [4, 6]);
      const resumed = world.proxy.seen.filter(({ headers }) => headers.range !== undefined);
      assert.equal(resumed.length, 2);
      assert.ok(resumed.every(({ headers }) => headers['if-match'] !== undefined));
    });

    test('a server that falls silent is asked again', async (t) => {
      const on = ready(t);
      if (on === null) return;
      let asked = 0;
      world.proxy.fault = () => (asked++ === 0 ? 'silent' : null);
      const through = s3Store('faulty', { endpoint: world.proxy.endpoint, idleMillis: 200 });
      assert.deepEqual(
        (await all(through)).map(({ key }) => key),
        ['noise'],
      );
      assert.equal(asked, 2);
    });

    test('folders that may not be listed are counted, and the others are read', async (t) => {
      const on = ready(t);
      if (on === null) return;
      world.proxy.fault = ({ query }) =>
        query.get('prefix')?.includes('eu-west-1') === true ? s3Error(403, 'AccessDenied', 'Access Denied') : null;
      const { rows, notes } = await rowsOf('s3://mixed', world.proxy.endpoint);
      assert.equal(rows.length, 12);
      const denied = notes.find((note) => note.kind === 'denied');
      assert.ok(denied !== undefined);
      assert.equal(denied.folders, 2);
      assert.match(denied.why, /s3:ListBucket/);
      world.proxy.fault = () => s3Error(403, 'AccessDenied', 'Access Denied');
      await assert.rejects(rowsOf('s3://mixed', world.proxy.endpoint), { code: 'FG_S3_DENIED' });
      const nothing = await planAt('s3://mixed', { source: { access: { endpoint: world.proxy.endpoint } } });
      assert.deepEqual([nothing.planned.objects, nothing.notes.map(({ kind }) => kind)], [0, ['denied']]);
    });

    test('an object that may not be read is named, and the others are read', async (t) => {
      const on = ready(t);
      if (on === null) return;
      world.proxy.fault = ({ path }) =>
        /eu-(?:west|central)-1_fl/.test(path) ? s3Error(403, 'AccessDenied', 'no kms:Decrypt') : null;
      const { rows, notes } = await rowsOf('s3://mixed', world.proxy.endpoint);
      assert.equal(rows.length, 8);
      const unreadable = notes.filter((note) => note.kind === 'unreadable');
      assert.equal(unreadable.length, 8);
      assert.match(unreadable[0]!.why, /not allowed to read s3:\/\/mixed\/.*kms:Decrypt/);
    });

    test('removes many objects at once, also those that are not there', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const store = s3Store('many', { endpoint: on.endpoint });
      const keys = (await all(store)).map(({ key }) => key);
      await store.remove([...keys, 'nothing'], never);
      assert.equal((await all(store)).length, 0);
      assert.equal(store.requests.remove, 3);
    });

    test('what is there is not overwritten', async (t) => {
      const on = ready(t);
      if (on === null) return;
      const store = await makeBucket(on, 'kept');
      await putBytes(store, 'a b+c=d/é', Buffer.from('one'));
      await putBytes(store, 'a b+c=d/é', Buffer.from('one'));
      await assert.rejects(putBytes(store, 'a b+c=d/é', Buffer.from('two')), { code: 'FG_OBJECT_DIFFERS' });
      assert.deepEqual(
        (await all(store)).map(({ key, sizeBytes }) => [key, sizeBytes]),
        [['a b+c=d/é', 3]],
      );
    });

    test('a wrong secret and a bucket that is not there are said', async (t) => {
      const on = ready(t);
      if (on === null) return;
      await assert.rejects(all(s3Store('nobody-has-this', { endpoint: on.endpoint })), { code: 'FG_S3_NO_BUCKET' });
      // moto takes any secret.
      if (name === 'moto') return;
      process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
      try {
        await assert.rejects(all(s3Store('mixed', { endpoint: on.endpoint })), { code: 'FG_AWS_CREDENTIALS_REFUSED' });
      } finally {
        useCredentials(on);
      }
    });
  });
}

function prefixes({ seen }: Proxy): string[] {
  return seen.flatMap(({ query }) => query.get('prefix') ?? []);
}

async function all(store: S3Store) {
  const refs = [];
  for await (const ref of store.list('', null, never)) refs.push(ref);
  return refs;
}
