import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { s3Source } from '../../src/lake/read/s3-bucket.ts';
import { logGroupSource } from '../../src/lake/read/log-group.ts';
import { ALL_TIME } from '../../src/lake/read/source.ts';
import type { TableSource } from '../../src/lake/read/source.ts';
import { ask } from '../../src/query/ask.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import { startMoto } from './moto.ts';
import { proxiedServer } from './proxied-server.ts';
import { makeBucket, putBytes } from './s3-place.ts';
import type { S3Server } from './server.ts';

const HEADER = 'version srcaddr packets start end';
const never = new AbortController().signal;
/** CloudWatch takes events of the last fourteen days only. */
const NOW = Math.floor(Date.now() / 1000);

function keyAt(slotSeconds: number): string {
  return objectKey({
    prefix: '',
    organization: null,
    accountId: '123456789012',
    region: 'us-east-1',
    flowLogId: 'fl-0123456789abcdef0',
    slotSeconds,
    hash: '00000001',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  });
}

async function planned(source: TableSource): Promise<string[]> {
  const keys: string[] = [];
  for await (const { ref } of source.plan(ALL_TIME, never)) keys.push(ref.key);
  return keys;
}

suite('moto, what Swift does not know', () => {
  const world = proxiedServer(startMoto);
  const { ready } = world;

  test('archived objects are counted, not asked for, and said where nothing else is there', async (t) => {
    const on = ready(t);
    if (on === null) return;
    await makeBucket(on, 'old');
    const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const client = new S3Client({ region: 'us-east-1', endpoint: on.endpoint, forcePathStyle: true });
    const classes = ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR', 'STANDARD_IA'] as const;
    for (const [at, StorageClass] of classes.entries()) {
      const Body = gzipSync(`${HEADER}\n2 10.0.0.${at} ${at} 1795435500 1795435530\n`);
      await client.send(
        new PutObjectCommand({ Bucket: 'old', Key: keyAt(1_795_435_500 + at * 300), Body, StorageClass }),
      );
    }
    client.destroy();
    const source = s3Source('s3://old', { endpoint: world.proxy.endpoint });
    assert.deepEqual(await planned(source), [keyAt(1_795_436_100), keyAt(1_795_436_400)]);
    const [note] = source.notes?.() ?? [];
    assert.ok(note?.kind === 'archived');
    assert.deepEqual([note.files, note.storageClass, note.file], [2, 'GLACIER', keyAt(1_795_435_500)]);
    assert.equal(world.proxy.seen.filter(({ query }) => !query.has('list-type')).length, 0);
    const place = `s3://old/${keyAt(1_795_435_500)}`;
    await assert.rejects(planned(s3Source(place, { endpoint: on.endpoint })), { code: 'FG_S3_ARCHIVED' });
    const ref = { key: keyAt(1_795_435_500), sizeBytes: 1, etag: '' };
    const reading = s3Store('old', { endpoint: on.endpoint }).read(ref, null, never);
    await assert.rejects(
      async () => {
        for await (const _ of reading);
      },
      { code: 'FG_S3_ARCHIVED' },
    );
  });

  test('where a range has no object the newest one is named, and other files are not taken for records', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const store = await makeBucket(on, 'past');
    await putBytes(store, keyAt(1_795_435_500), Buffer.from(`${HEADER}\n2 10.0.0.1 1 1795435500 1795435530\n`));
    await putBytes(store, 'copy.txt', Buffer.from(`${HEADER}\n2 10.0.0.2 1 1577836800 1577836801\n`));
    const range = { startSeconds: 1_577_836_800, endSeconds: 1_577_923_200 };
    const asked = ask(
      's3://past',
      'SELECT * FROM flow_logs',
      {},
      { range, source: { access: { endpoint: on.endpoint } } },
    );
    await assert.rejects(asked, { code: 'FG_TIME_EMPTY', message: /newest is of 2026-11-23T12:05:00Z/ });
  });

  test('whoever pays for the requests says so with each of them', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const access = { endpoint: world.proxy.endpoint, requestPayer: true };
    const place = `s3://old/${keyAt(1_795_436_400)}`;
    const answer = await ask(place, 'SELECT srcaddr FROM flow_logs', {}, { source: { access } });
    const rows = [];
    for await (const batch of answer.rows) rows.push(...batch);
    await answer.close();
    assert.deepEqual(rows, [['10.0.0.3']]);
    await planned(s3Source('s3://old', access));
    assert.ok(world.proxy.seen.length > 3);
    assert.ok(world.proxy.seen.every(({ headers }) => headers['x-amz-request-payer'] === 'requester'));
  });

  test('the command line reaches a bucket, and notes what it lacks', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const place = ['query', '--from', 's3://old', '--endpoint-url', on.endpoint, '-o', 'csv'];
    const run = promisify(execFile);
    const question = 'SELECT srcaddr FROM flow_logs ORDER BY ALL';
    const { stdout, stderr } = await run(join(import.meta.dirname, '../../bin/flowgauge'), [...place, question], {
      env: { ...process.env, FLOWGAUGE_CACHE: 'off' },
    });
    assert.equal(stdout, 'srcaddr\r\n10.0.0.2\r\n10.0.0.3\r\n');
    assert.match(stderr, /note: 2 objects lie in an archive \(GLACIER/);
  });

  async function logs(on: S3Server): Promise<CloudWatchLogsClient> {
    const { CloudWatchLogsClient: Client } = await import('@aws-sdk/client-cloudwatch-logs');
    return new Client({ region: 'us-east-1', endpoint: on.endpoint });
  }

  async function fill(
    client: CloudWatchLogsClient,
    group: string,
    stream: string,
    events: readonly [number, string][],
  ) {
    const { CreateLogStreamCommand, PutLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
    for (let from = 0; from < events.length; from += 10_000) {
      const logEvents = events.slice(from, from + 10_000).map(([at, message]) => ({ timestamp: at * 1000, message }));
      await client.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents }));
    }
  }

  const record = (host: number, at: number): string =>
    `2 123456789012 eni-0123456789abcdef0 10.0.0.${host} 10.0.1.1 443 50000 6 1 40 ${at} ${at + 30} ACCEPT OK`;

  test('a log group gives the records of all its streams, page by page', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const { CreateLogGroupCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const client = await logs(on);
    const group = '/aws/vpc/flow-logs';
    await client.send(new CreateLogGroupCommand({ logGroupName: group }));
    for (let host = 0; host < 60; host++) {
      // One of them fills three pages.
      const count = host === 7 ? 25_000 : 3;
      const events = Array.from({ length: count }, (_, at): [number, string] => {
        const start = NOW - 30_000 + (host === 7 ? at : at * 60);
        return [start, record(host, start)];
      });
      await fill(client, group, `eni-0${host.toString(16).padStart(16, '0')}-all`, events);
    }
    await fill(client, group, 'something-else', [[NOW, 'no record']]);
    const access = { region: 'us-east-1', endpoint: world.proxy.endpoint };
    const question = 'SELECT count(*), count(DISTINCT srcaddr) FROM flow_logs';
    const run = async (range = ALL_TIME) => {
      const answer = await ask(`cloudwatch://${group}`, question, {}, { source: { access }, range });
      const rows = [];
      for await (const batch of answer.rows) rows.push(...batch);
      await answer.close();
      return { rows, notes: answer.notes };
    };
    const { rows, notes } = await run();
    assert.deepEqual(rows, [[25_000 + 59 * 3, 60]]);
    assert.deepEqual(
      notes.map(({ kind }) => kind),
      ['stray', 'no-header'],
    );
    // Each lasts half a minute: those that reach into the thousand seconds, of the host with one a second.
    const part = await run({ startSeconds: NOW - 20_000, endSeconds: NOW - 19_000 });
    assert.deepEqual(part.rows, [[1030, 1]]);
    client.destroy();
  });

  test('records of another format are read by the format that is given', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const { CreateLogGroupCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const client = await logs(on);
    await client.send(new CreateLogGroupCommand({ logGroupName: 'own' }));
    await fill(client, 'own', 'eni-0123456789abcdef0-reject', [[NOW, `10.0.0.4 REJECT ${NOW}`]]);
    client.destroy();
    const access = { region: 'us-east-1', endpoint: on.endpoint };
    const question = 'SELECT srcaddr, action FROM flow_logs';
    await assert.rejects(ask('cloudwatch://own', question, {}, { source: { access } }), {
      code: 'FG_SOURCE_NO_RECORDS',
    });
    const format = '${srcaddr} ${action} ${start}';
    const answer = await ask('cloudwatch://own', question, {}, { source: { access, format } });
    const rows = [];
    for await (const batch of answer.rows) rows.push(...batch);
    await answer.close();
    assert.deepEqual(rows, [['10.0.0.4', 'REJECT']]);
  });

  test('a group that is not there, and one that answers slowly', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const access = { region: 'us-east-1', endpoint: world.proxy.endpoint };
    await assert.rejects(planned(logGroupSource('cloudwatch://nothing', access)), {
      code: 'FG_LOG_GROUP_MISSING',
      message: /"nothing" in region us-east-1/,
    });
    let refused = 0;
    const body = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    world.proxy.fault = () =>
      refused++ < 2 ? { status: 400, body, headers: { 'content-type': 'application/x-amz-json-1.1' } } : null;
    const source = logGroupSource('cloudwatch://own', access);
    assert.deepEqual(await planned(source), ['eni-0123456789abcdef0-reject']);
    assert.equal(source.requests.describe, 3);
    world.proxy.fault = () => null;
  });
});
