/**
 * The whole pipeline against programs of others: packets of a capture, objects in S3, notifications in SQS (both moto's), workers, documents in
 * OpenSearch of its own jars. OpenSearch has no plugins here, so its policies (ISM) are not tried.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import type { KeptFinding } from '../../src/api/findings.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import type { S3Store } from '../../src/storage/object/stores/s3.ts';
import { searchIndexReceiver } from '../../src/watch/alerts/search-index.ts';
import type { WatchCounters } from '../../src/watch/counters.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from '../../src/watch/mappings/ecs-fields.ts';
import { FINDINGS_INDEX, putTemplates } from '../../src/watch/sinks/index-template.ts';
import { createSearchClient } from '../../src/watch/sinks/opensearch-client.ts';
import type { SearchClient } from '../../src/watch/sinks/opensearch-client.ts';
import { livePackets } from './live-packets.ts';
import { startMoto } from './moto.ts';
import { startOpenSearch } from './opensearch.ts';
import type { SearchServer } from './opensearch.ts';
import { makeBucket, putBytes, useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEMO = join(ROOT, 'src/app/server/demo');
const BUCKET = 'flow-logs';
const signal = new AbortController().signal;
const FINDING: KeptFinding = {
  id: 'fnd-1',
  series: 'ser-1',
  detection: 'port-scan',
  severity: 'high',
  meaning: 'A meaning.',
  technique: 'T1110.001',
  subject: { interfaceId: 'eni-1', client: '198.51.100.7', server: '10.0.0.5', port: 22, protocol: 6, ruleId: 'sgr-1' },
  firstSeconds: 1000,
  lastSeconds: 2000,
  rows: 1,
  facts: { ports: 120 },
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
  foundSeconds: 2000,
  seenSeconds: 2000,
  source: 's3://flow-logs',
};
const kept = { ...process.env };

type World = {
  moto: S3Server;
  search: SearchServer;
  client: SearchClient;
  store: S3Store;
  queue: string;
  dead: string;
  sqs: sqs.SQSClient;
};

suite('moto and OpenSearch', () => {
  let world: World | null = null;
  let why = '';
  const stops: (() => Promise<void>)[] = [];

  before(async () => {
    try {
      const search = await startOpenSearch();
      stops.push(() => search.stop());
      const moto = await startMoto();
      stops.push(() => moto.stop());
      useCredentials(moto);
      process.env['AWS_ENDPOINT_URL'] = moto.endpoint;
      process.env['AWS_REGION'] = 'us-east-1';
      const store = await makeBucket(moto, BUCKET);
      const client = createSearchClient({ url: search.url, login: { kind: 'none' } });
      world = { moto, search, client, store, ...(await queues(moto)) };
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
    }
  });
  after(async () => {
    process.env = kept;
    for (const stop of stops) await stop();
  });

  /** A test in that world. */
  const given = (work: (world: World) => Promise<void>) => async (t: TestContext) => {
    if (world === null) return t.skip(why);
    await work(world).catch((error: unknown) => {
      if (!(error instanceof NotHere)) throw error;
      t.skip(error.message);
    });
  };

  test(
    'takes the templates, and says that it has no policies',
    given(async ({ client, search }) => {
      const put = await putTemplates(client, 30, signal);
      assert.deepEqual([put.server, put.version], ['opensearch', search.version]);
      assert.match(put.policy ?? '', /no handler found/);
      // Once more is no error.
      await putTemplates(client, 30, signal);
    }),
  );

  test(
    'packets of a capture become documents, once, with whose addresses they are',
    given(async (world) => {
      const model = join(DEMO, 'model.json');
      await run(['capture', '-r', join(DEMO, 'capture.pcap.gz'), '--vpc', model, '-w', `s3://${BUCKET}/demo`]);
      const first = await worker(world, ['--vpc', model]);
      const { records } = first;
      assert.ok(records.read > 50);
      assert.equal(await count(world), records.read);
      const named = await world.client.request(
        'POST',
        '/flowgauge-flows/_count',
        JSON.stringify({ query: { exists: { field: 'flowgauge.source.interface_id' } } }),
        signal,
      );
      assert.ok((named.json as { count: number }).count > 0);
      await sent(world, 'demo/', 3);
      const again = await worker(world, ['--vpc', model]);
      assert.deepEqual([again.documents.created, again.documents.existing], [0, records.read * 3]);
      assert.equal(await count(world), records.read);
    }),
  );

  test(
    'every field of a document is in the template',
    given(async ({ client }) => {
      const { json } = await client.request('GET', '/flowgauge-flows/_mapping', null, signal);
      const known = new Set(FLOW_FIELDS.map(({ name }) => name));
      for (const { mappings } of Object.values(json as Record<string, { mappings: Mapping }>))
        for (const name of leaves(mappings.properties ?? {})) assert.ok(known.has(name), name);
    }),
  );

  test(
    'what comes again after a rollover is not there twice',
    given(async (world) => {
      const before = await count(world);
      await world.client.request('POST', '/flowgauge-flows/_rollover', '{}', signal);
      await sent(world, 'demo/', 1);
      const { documents } = await worker(world, []);
      assert.deepEqual([documents.created, documents.existing], [0, before]);
      assert.equal(await count(world), before);
    }),
  );

  test(
    'packets between namespaces, workers that are killed at random, and every message three times: nothing is lost, nothing is there twice',
    given(async (world) => {
      const before = await count(world);
      const packets = await livePackets(world.moto, BUCKET, 'live');
      const live = await recordsBelow(world, 'live/');
      assert.ok(live > 0);
      const [objects, rows] = [12, 400];
      for (let n = 0; n < objects; n++) await putBytes(world.store, `many/${n}.log.gz`, logOf(n, rows));
      for (const prefix of ['many/', 'live/']) await sent(world, prefix, 2);
      for (let round = 0; round < 2; round++) {
        const at = await count(world);
        const workers = [spawnWorker(world), spawnWorker(world)];
        // In the middle of it, as far as one can tell.
        await until(
          async () => (await count(world)) > at + rows * (1 + Math.random() * 3) || (await left(world)) === 0,
        );
        for (const one of workers) one.kill('SIGKILL');
        for (const one of workers) if ((one.exitCode ?? one.signalCode) === null) await once(one, 'exit');
      }
      // What they held comes again.
      await until(async () => {
        await worker(world, []);
        return (await left(world)) === 0;
      });
      assert.equal(await count(world), before + objects * rows + live);
      const many = { prefix: { 'aws.s3.object.key': 'many/' } };
      assert.equal(await sumOf(world, 'network.bytes', many), (objects * rows * (rows + 1)) / 2);
      const sentTo = [{ prefix: { 'aws.s3.object.key': 'live/' } }, { range: { 'destination.port': { gte: 20_000 } } }];
      assert.equal(await sumOf(world, 'network.packets', { bool: { filter: sentTo } }), packets);
    }),
  );

  test(
    'an object that breaks off goes to the dead-letter queue with the reason, and comes whole by a redrive',
    given(async (world) => {
      const before = await count(world);
      const whole = logOf(99, 3000);
      await putBytes(world.store, 'cut/a.log.gz', whole.subarray(0, whole.length >> 1));
      const first = await worker(world, ['--attempts', '1']);
      assert.equal(first.messages.dead, 1);
      const between = (await count(world)) - before;
      assert.ok(between > 0 && between < 3000);
      const listed = await run(['watch', 'redrive', '--queue', world.queue, '--list']);
      assert.match(
        listed,
        /FG_WATCH_UNREADABLE\n {2}s3:\/\/flow-logs\/cut\/a\.log\.gz could not be read to its end: its gzip data ends too early/,
      );
      await world.store.remove(['cut/a.log.gz'], signal);
      await putBytes(world.store, 'cut/a.log.gz', whole);
      assert.equal(await run(['watch', 'redrive', '--queue', world.queue]), '1 message sent back, 0 left\n');
      await worker(world, []);
      assert.equal(await count(world), before + 3000);
    }),
  );

  test(
    'an object that is gone before it is read is done, and counted',
    given(async (world) => {
      const before = await count(world);
      await putBytes(world.store, 'gone/a.log.gz', logOf(98, 10));
      await world.store.remove(['gone/a.log.gz'], signal);
      const { objects, messages } = await worker(world, []);
      assert.deepEqual([objects.gone, messages.again, messages.dead], [1, 0, 0]);
      assert.equal(await count(world), before);
    }),
  );

  test(
    'an alert is a document of the index of findings, once, and every field of it is in the template',
    given(async ({ client, search }) => {
      const settings = {
        name: 'search',
        least: 'low',
        url: search.url,
        index: FINDINGS_INDEX,
        login: { kind: 'none' },
      };
      const receiver = searchIndexReceiver(settings as Parameters<typeof searchIndexReceiver>[0]);
      const alert = { key: 'fnd-1-5000', finding: FINDING, link: 'https://f.example/findings' };
      for (const _ of [1, 2]) assert.deepEqual(await receiver.send(alert, signal), { is: 'sent' });
      await client.request('POST', `/${FINDINGS_INDEX}/_refresh`, null, signal);
      const { json } = await client.request('GET', `/${FINDINGS_INDEX}/_search?q=event.id:fnd-1`, null, signal);
      const { hits } = (json as { hits: { hits: { _source: { rule: { name: string } } }[] } }).hits;
      assert.deepEqual(
        hits.map((hit) => hit._source.rule.name),
        ['port-scan'],
      );
      const mapping = await client.request('GET', `/${FINDINGS_INDEX}/_mapping`, null, signal);
      const known = new Set(FINDING_FIELDS.map(({ name }) => name));
      for (const { mappings } of Object.values(mapping.json as Record<string, { mappings: Mapping }>))
        for (const name of leaves(mappings.properties ?? {})) assert.ok(known.has(name), name);
    }),
  );

  // The last: what it was about to receive when it ended, moto gives to nobody else for a while.
  test(
    'a worker answers how it stands while it runs, finds what is in the bucket, and ends in order',
    given(async (world) => {
      await putBytes(world.store, ...scanOf('scanned'));
      const data = mkdtempSync(join(tmpdir(), 'flowgauge-watch-data-'));
      stops.push(async () => rmSync(data, { recursive: true }));
      const looks = ['--detect', `s3://${BUCKET}/scanned`, '--data', data];
      const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words(world), '--port', '0', ...looks], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const ended = once(child, 'exit');
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
      await until(async () => said.includes(' answers ') || child.exitCode !== null);
      const [url = ''] = /http:\S+/u.exec(said) ?? [];
      await until(async () => (await fetch(`${url}/health`)).status === 200);
      assert.match(await (await fetch(`${url}/metrics`)).text(), /^flowgauge_watch_messages_held \d+$/m);
      await until(async () => said.includes('found LOW port-scan') || child.exitCode !== null);
      assert.match(await (await fetch(`${url}/metrics`)).text(), /^flowgauge_findings_open\{severity="low"\} 1$/m);
      child.kill('SIGINT');
      assert.deepEqual(await ended, [0, null], said);
    }),
  );
});

type Mapping = { properties?: Record<string, Mapping> };

function leaves(properties: Record<string, Mapping>, before = ''): string[] {
  return Object.entries(properties).flatMap(([name, each]) =>
    each.properties === undefined ? [`${before}${name}`] : leaves(each.properties, `${before}${name}.`),
  );
}

/** A flow log of so many records, whose bytes are 1, 2, …. */
function logOf(n: number, rows: number): Buffer {
  const lines = Array.from(
    { length: rows },
    (_, row) => `10.0.${n}.${row & 255} 10.1.0.${row >> 8} ${row + 1} ${1_764_504_000 + row}\n`,
  );
  return gzipSync(`srcaddr dstaddr bytes start\n${lines.join('')}`);
}

/** An object that AWS might have written a moment ago: an address was scanned. */
function scanOf(prefix: string): readonly [key: string, bytes: Buffer] {
  const now = Math.floor(Date.now() / 1000);
  const lines = Array.from(
    { length: 120 },
    (_, n) => `eni-0a 198.51.100.7 10.0.0.5 40000 ${1000 + n} 6 1 40 ${now - 60} ${now - 50} REJECT OK\n`,
  );
  const header = 'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const key = objectKey({
    prefix,
    organization: null,
    accountId: '123456789012',
    region: 'us-east-1',
    flowLogId: 'fl-0123456789abcdef0',
    slotSeconds: Math.floor(now / 300) * 300,
    hash: '0123abcd',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  });
  return [key, gzipSync(`${header}\n${lines.join('')}`)];
}

/** A queue that S3 notifies, and one for what cannot be handled. */
async function queues({ endpoint }: S3Server): Promise<Pick<World, 'queue' | 'dead' | 'sqs'>> {
  const client = new sqs.SQSClient({ region: 'us-east-1', endpoint });
  const made = async (
    name: string,
    attributes: Record<string, string>,
  ): Promise<readonly [url: string, arn: string]> => {
    const { QueueUrl = '' } = await client.send(
      new sqs.CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    const { Attributes } = await client.send(
      new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    return [QueueUrl, Attributes?.QueueArn ?? ''];
  };
  const [dead, deadArn] = await made('flow-logs-dead', {});
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 20 });
  const [queue, arn] = await made('flow-logs-new', { RedrivePolicy });
  const storage = new s3.S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true });
  await storage.send(
    new s3.PutBucketNotificationConfigurationCommand({
      Bucket: BUCKET,
      NotificationConfiguration: { QueueConfigurations: [{ QueueArn: arn, Events: ['s3:ObjectCreated:*'] }] },
    }),
  );
  storage.destroy();
  return { queue, dead, sqs: client };
}

/** Sends what S3 told of the objects below a prefix so many times more. */
async function sent({ store, queue, sqs: client }: World, prefix: string, times: number): Promise<void> {
  for await (const { key } of store.list(prefix, null, signal)) {
    const record = {
      eventName: 'ObjectCreated:Put',
      eventTime: '2026-01-01T00:00:00.000Z',
      s3: { bucket: { name: BUCKET }, object: { key: encodeURIComponent(key) } },
    };
    for (let time = 0; time < times; time++)
      await client.send(
        new sqs.SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify({ Records: [record] }) }),
      );
  }
}

async function count({ client }: World): Promise<number> {
  await client.request('POST', '/flowgauge-flows/_refresh', null, signal);
  const { json } = await client.request('GET', '/flowgauge-flows/_count', null, signal);
  // Where nothing was written as yet there is no stream.
  return (json as { count?: number }).count ?? 0;
}

/** Sum of a field of the documents that a question finds. */
async function sumOf({ client }: World, field: string, query: object): Promise<number> {
  const asked = JSON.stringify({ size: 0, query, aggs: { all: { sum: { field } } } });
  const { json } = await client.request('POST', '/flowgauge-flows/_search', asked, signal);
  return (json as { aggregations: { all: { value: number } } }).aggregations.all.value;
}

/** Lines of objects below a prefix, without their headers. */
async function recordsBelow({ store }: World, prefix: string): Promise<number> {
  let lines = 0;
  for await (const ref of store.list(prefix, null, signal)) {
    if (!ref.key.endsWith('.log.gz')) continue;
    const parts: Uint8Array[] = [];
    for await (const part of store.read(ref, null, signal)) parts.push(part);
    lines += gunzipSync(Buffer.concat(parts)).toString('latin1').trimEnd().split('\n').length - 1;
  }
  return lines;
}

/** Messages that wait or are under way. */
async function left({ queue, sqs: client }: World): Promise<number> {
  const { Attributes: told } = await client.send(
    new sqs.GetQueueAttributesCommand({
      QueueUrl: queue,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(told?.ApproximateNumberOfMessages) + Number(told?.ApproximateNumberOfMessagesNotVisible);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(100);
}

/** Runs a verb; what it prints. */
async function run(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${said}`);
  return out;
}

const words = ({ queue, search }: World): string[] => [
  'watch',
  'worker',
  '--queue',
  queue,
  '--opensearch',
  search.url,
  '--hold',
  '3',
  '--workers',
  '2',
];

/** A worker until the queue is empty; its counts. */
async function worker(world: World, more: readonly string[]): Promise<WatchCounters> {
  return JSON.parse(await run([...words(world), '--until-empty', '--json', ...more])) as WatchCounters;
}

/** A worker that goes on until it is killed. */
function spawnWorker(world: World): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words(world)], { stdio: 'ignore' });
}
