/** The bundle for AWS Lambda, on events as AWS sends them, against moto's S3 and SQS. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as sqs from '@aws-sdk/client-sqs';
import { parseSync } from 'oxc-parser';
import { buildLambda } from '../../scripts/build-lambda.ts';
import { startMoto } from './moto.ts';
import { makeBucket, putBytes, useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Below the clone, so that it finds AWS's clients as Lambda's runtime does. */
const OUT = join(ROOT, 'build', `lambda-${process.pid}`);
const MOST_BYTES = 1_000_000;
const LINE = '10.0.0.1 10.0.0.2 40 1764504000\n';

suite('the bundle for Lambda', () => {
  let path = '';
  let server: S3Server | null = null;
  let why = '';
  const kept = { ...process.env };

  before(async () => {
    path = await buildLambda(OUT);
    try {
      server = await startMoto();
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
    }
  });
  after(async () => {
    process.env = kept;
    await server?.stop();
    rmSync(OUT, { recursive: true, force: true });
  });

  test('has under 1 MB, and imports nothing but what Node and Lambda bring', () => {
    const text = readFileSync(path, 'utf8');
    assert.ok(Buffer.byteLength(text) < MOST_BYTES, `${Buffer.byteLength(text)} bytes`);
    const { module } = parseSync(path, text);
    const named = module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
    const late = module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    );
    for (const name of [...named, ...late]) {
      const isOfNode = builtinModules.includes(name.replace('node:', ''));
      assert.ok(isOfNode || /^@(?:aws-sdk|smithy)\//.test(name), name);
    }
    assert.ok(
      named.every((name) => !name.startsWith('@')),
      'no cloud client before it is needed',
    );
    assert.doesNotMatch(text, /\.node['"`]|@duckdb|process\.dlopen/);
  });

  test('reads objects that messages tell of, and takes what it cannot read to the dead-letter queue', async (t) => {
    if (server === null) return t.skip(why);
    useCredentials(server);
    process.env['AWS_ENDPOINT_URL'] = server.endpoint;
    process.env['AWS_REGION'] = 'us-east-1';
    process.env['FLOWGAUGE_ATTEMPTS'] = '2';
    const store = await makeBucket(server, 'lambda-logs');
    const client = new sqs.SQSClient({ region: 'us-east-1', endpoint: server.endpoint });
    const { QueueUrl = '' } = await client.send(new sqs.CreateQueueCommand({ QueueName: 'lambda-dead' }));
    process.env['FLOWGAUGE_DEAD_LETTER_URL'] = QueueUrl;
    const whole = gzipSync(`srcaddr dstaddr bytes start\n${LINE.repeat(2000)}`);
    await putBytes(store, 'a=1/b c.log.gz', whole);
    await putBytes(store, 'cut.log.gz', whole.subarray(0, whole.length >> 1));
    const { handler } = (await import(path)) as { handler: (event: unknown) => Promise<unknown> };
    const body = (...keys: string[]): string =>
      JSON.stringify({
        Records: keys.map((key) => ({
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: 'lambda-logs' }, object: { key } },
        })),
      });
    const message = (messageId: string, own: string, count: string): object => ({
      messageId,
      body: own,
      receiptHandle: 'r',
      eventSource: 'aws:sqs',
      attributes: { ApproximateReceiveCount: count },
    });
    const said: string[] = [];
    const { log, error } = console;
    console.log = (line: string) => void said.push(line);
    console.error = () => {};
    try {
      const answer = await handler({
        Records: [
          message('good', body('a%3D1/b+c.log.gz', 'gone.gz'), '1'),
          message('first', body('cut.log.gz'), '1'),
          message('last', body('cut.log.gz'), '2'),
          message('poison', '{}', '1'),
        ],
      });
      assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'first' }] });
      // S3 that calls directly, and EventBridge, which does not encode keys.
      await handler(JSON.parse(body('a%3D1/b+c.log.gz')));
      await handler({
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: 'lambda-logs' }, object: { key: 'a=1/b c.log.gz' } },
      });
    } finally {
      Object.assign(console, { log, error });
    }
    const counts = said.map(
      (line) => JSON.parse(line) as { messages: object; objects: object; records: { read: number } },
    );
    assert.deepEqual(counts[0]!.messages, { received: 4, done: 1, again: 1, dead: 2, ignoredEvents: 0 });
    assert.deepEqual(counts[0]!.objects, { read: 1, partly: 2, gone: 1, other: 0 });
    assert.deepEqual(
      counts.slice(1).map(({ records }) => records.read),
      [2000, 2000],
    );
    const { Messages: dead = [] } = await client.send(
      new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    assert.deepEqual(
      dead
        .map(({ MessageAttributes: own }) => own?.['flowgauge-code']?.StringValue ?? '')
        .toSorted((a, b) => a.localeCompare(b)),
      ['FG_WATCH_EVENT', 'FG_WATCH_UNREADABLE'],
    );
  });
});
