import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import { firehoseSubject, logsSubject, s3Subject, userIn } from '../conformance/destinations/subjects.ts';
import { flowLogTo, printRecords } from '../conformance/destinations/segments.ts';
import type { Subject } from '../conformance/destinations/suite.ts';
import { conformance } from '../conformance/destinations/suite.ts';
import { destinationsOf } from '../../src/publish/destinations/list.ts';
import { openPublisher } from '../../src/publish/publisher.ts';
import type { FlowLog } from '../../src/network/vpc/snapshot.ts';
import { startMoto } from './moto.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { makeBucket, useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';
import { startSwift } from './swift.ts';

/** CloudWatch takes events of the last fourteen days only: a slot that has just ended. */
const SLOT = Math.floor(Date.now() / 1000 / 300) * 300 - 300;
const GROUP = '/vpc/logs';
const ARN = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/logs';
const never = new AbortController().signal;
const kept = { ...process.env };
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-servers-'));
after(() => {
  process.env = kept;
  rmSync(scratch, { recursive: true });
});

const hasAws = ((): string | null => {
  try {
    return execFileSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
})();

/** What the real aws-cli prints. */
async function aws(server: S3Server, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(hasAws!, ['--endpoint-url', server.endpoint, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** Publishes records of one slot the whole way; gives the lines. */
async function publish(server: S3Server, name: string, flowLog: FlowLog, from: number): Promise<string[]> {
  const publisher = await openPublisher({
    flowLogs: [flowLog],
    hostId: name,
    spoolDir: join(scratch, name),
    destinationOf: destinationsOf(scratch, { aws: { endpoint: server.endpoint, region: 'us-east-1' }, writing: {} }),
    isLocal: () => false,
  });
  const lines = printRecords(publisher, flowLog, SLOT, from, from + 700);
  const { count } = await publisher.close();
  assert.deepEqual([count.in, count.out, count.held, count.lost], [700, 700, 0, {}]);
  return lines.sort();
}

for (const [name, start] of [
  ['Swift', startSwift],
  ['moto', startMoto],
] as const)
  suite(name, () => {
    let server: S3Server | null = null;
    let proxy: Proxy;
    let why = '';
    let s3: Subject;
    let logs: Subject;
    let firehose: Subject;
    before(async () => {
      try {
        server = await start();
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        why = error.message;
        return;
      }
      proxy = await startProxy(server.endpoint);
      useCredentials(server);
      const path = join(scratch, `credentials-${name}`);
      const user = userIn(path, server.accessKeyId, server.secretAccessKey, name === 'moto', 4000);
      delete process.env['AWS_ACCESS_KEY_ID'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = path;
      for (const bucket of ['flow-bucket', 'firehose-bucket', 'whole']) await makeBucket(server, bucket);
      s3 = s3Subject(name, proxy, 'flow-bucket', SLOT, user);
      logs = logsSubject(proxy, GROUP, SLOT, user, () => eventsIn(server!));
      firehose = firehoseSubject(proxy, ARN, SLOT, user, () => entriesIn(server!));
      if (name === 'moto') await makeStream(server);
    });
    after(async () => {
      if (server === null) return;
      await proxy.stop();
      await server.stop();
    });
    const open = (subject: () => Subject) => (t: { skip(why: string): void }) => {
      if (server === null) t.skip(why);
      else proxy.fault = () => null;
      return Promise.resolve(server === null ? null : subject());
    };

    suite('S3', () => {
      conformance(open(() => s3));
      test('aws-cli reads what was written, a large object in parts too', async (t) => {
        if (server === null || hasAws === null) return t.skip(why || 'no aws: sudo apt-get install awscli');
        const { destination } = s3.flowLog;
        if (destination.type !== 's3') return;
        const flowLog = flowLogTo({ ...destination, bucket: 'whole', prefix: 'cli' });
        const lines = await publish(server, `cli-${name}`, flowLog, 500_000);
        const listed = (await aws(server, 's3', 'ls', '--recursive', 's3://whole/cli/AWSLogs/')).trim();
        const [key] = listed.split(/\s+/u).slice(-1);
        const copy = join(scratch, `${name}.log.gz`);
        await aws(server, 's3', 'cp', `s3://whole/${key}`, copy);
        const text = execFileSync('zcat', [copy], { encoding: 'utf8' }).trimEnd().split('\n').slice(1);
        assert.deepEqual(text.sort(), lines);
        const large = Buffer.alloc(20 << 20, 'flow');
        async function* body() {
          yield large;
        }
        await s3Store('whole', { endpoint: server.endpoint }).put('large', body(), large.length, never);
        await aws(server, 's3', 'cp', 's3://whole/large', copy);
        assert.equal(execFileSync('cmp', [copy, '-'], { input: large, encoding: 'utf8' }), '');
        const left = await aws(server, 's3api', 'list-multipart-uploads', '--bucket', 'whole', '--output', 'json');
        assert.ok(!left.includes('UploadId'), left);
      });
    });

    // Swift has neither of them.
    if (name === 'Swift') return;
    suite('CloudWatch Logs', () => {
      conformance(open(() => logs));
      test('aws-cli reads what was written', async (t) => {
        if (server === null || hasAws === null) return t.skip(why || 'no aws: sudo apt-get install awscli');
        const flowLog = flowLogTo({ type: 'cloud-watch-logs', logGroup: '/for/cli', roleArn: null });
        const lines = await publish(server, 'cli-logs', flowLog, 510_000);
        const query = 'events[].message';
        const args = [
          'logs',
          'filter-log-events',
          '--log-group-name',
          '/for/cli',
          '--query',
          query,
          '--output',
          'json',
        ];
        assert.deepEqual((JSON.parse(await aws(server, ...args)) as string[]).sort(), lines);
      });
    });
    suite('Firehose', () => conformance(open(() => firehose)));
  });

/** Every message of the group. */
async function eventsIn(server: S3Server): Promise<string[]> {
  const { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } =
    await import('@aws-sdk/client-cloudwatch-logs');
  const client = new CloudWatchLogsClient({ region: 'us-east-1', endpoint: server.endpoint });
  const messages: string[] = [];
  const found = await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
  for (const { logStreamName } of found.logStreams ?? []) {
    let nextToken: string | undefined;
    for (;;) {
      const token = nextToken === undefined ? {} : { nextToken };
      const page = await client.send(
        new GetLogEventsCommand({ logGroupName: GROUP, logStreamName, startFromHead: true, ...token }),
      );
      messages.push(...(page.events ?? []).map(({ message = '' }) => message));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
  }
  client.destroy();
  return messages;
}

/** A stream that puts into a bucket what it gets. */
async function makeStream(server: S3Server): Promise<void> {
  const { CreateDeliveryStreamCommand, FirehoseClient } = await import('@aws-sdk/client-firehose');
  const client = new FirehoseClient({ region: 'us-east-1', endpoint: server.endpoint });
  const into = { BucketARN: 'arn:aws:s3:::firehose-bucket', RoleARN: 'arn:aws:iam::123456789012:role/firehose' };
  await client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName: 'logs', ExtendedS3DestinationConfiguration: into }),
  );
  client.destroy();
}

/** Every record in what the stream put. */
async function entriesIn(server: S3Server): Promise<string[]> {
  const store = s3Store('firehose-bucket', { endpoint: server.endpoint });
  const records: string[] = [];
  for await (const ref of store.list('', null, never)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(ref, null, never)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
    records.push(...[...text.matchAll(/\{"message":"([^"]*)"\}/gu)].map(([, message]) => message!));
  }
  return records;
}
