import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { KeptFinding } from '../../src/api/findings.ts';
import { signedHeaders } from '../../src/storage/object/sign-request.ts';
import { snsReceiver } from '../../src/watch/alerts/sns.ts';
import { startMoto } from './moto.ts';
import { useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

const REGION = 'us-east-1';
const signal = new AbortController().signal;
const FINDING: KeptFinding = {
  id: 'fnd-0123456789abcdef',
  series: 'ser-0123456789abcdef',
  detection: 'port-scan',
  severity: 'high',
  meaning: 'A public address tried a hundred ports.',
  technique: 'T1046',
  subject: { interfaceId: null, client: '2001:db8::7', server: '10.0.0.5', port: 22, protocol: 6, ruleId: null },
  firstSeconds: 1_795_435_200,
  lastSeconds: 1_795_435_260,
  rows: 1,
  facts: { ports: 120, note: 'ünüsual & <odd>' },
  evidence: { sql: 'SELECT 1', records: null },
  suppressedUntilSeconds: null,
  foundSeconds: 1_795_435_300,
  seenSeconds: 1_795_435_300,
  source: 'up',
};

suite('SNS of moto', () => {
  let server: S3Server | null = null;
  let why = '';
  before(async () => {
    try {
      server = await startMoto();
      useCredentials(server);
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
    }
  });
  after(() => server?.stop());

  /** Asks a service by AWS's Query protocol; the text of an element of its answer. */
  async function call(service: string, parameters: Record<string, string>, element: string): Promise<string> {
    const url = new URL(server!.endpoint);
    const keys = { accessKeyId: server!.accessKeyId, secretAccessKey: server!.secretAccessKey };
    const body = new URLSearchParams(parameters).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = { host: url.host, path: '/', headers, body };
    const { host: _, ...signed } = signedHeaders(request, keys, REGION, service, new Date());
    const answer = await fetch(url, { method: 'POST', headers: signed, body });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return new RegExp(`<${element}>([^<]*)</${element}>`, 'u').exec(text)?.[1] ?? '';
  }

  /** A topic, and a queue that gets its messages. */
  async function topic(
    name: string,
  ): Promise<{ arn: string; held: () => Promise<string>; next: () => Promise<string> }> {
    const arn = await call('sns', { Action: 'CreateTopic', Name: name, ...fifo(name) }, 'TopicArn');
    const queue = await call('sqs', { Action: 'CreateQueue', QueueName: name, ...fifoQueue(name) }, 'QueueUrl');
    const endpoint = `arn:aws:sqs:${REGION}:123456789012:${name}`;
    await call(
      'sns',
      { Action: 'Subscribe', TopicArn: arn, Protocol: 'sqs', Endpoint: endpoint, ...RAW },
      'SubscriptionArn',
    );
    const next = (): Promise<string> => call('sqs', { Action: 'ReceiveMessage', QueueUrl: queue }, 'Body');
    const counts = { Action: 'GetQueueAttributes', QueueUrl: queue, 'AttributeName.1': 'ApproximateNumberOfMessages' };
    return { arn, held: () => call('sqs', counts, 'Value'), next };
  }
  const RAW = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true' };
  const fifo = (name: string): Record<string, string> =>
    name.endsWith('.fifo') ? { 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' } : {};
  const fifoQueue = (name: string): Record<string, string> =>
    name.endsWith('.fifo') ? { 'Attribute.1.Name': 'FifoQueue', 'Attribute.1.Value': 'true' } : {};

  const receiver = (topicArn: string) =>
    snsReceiver({ name: 'topic', least: 'low', topicArn, access: { endpoint: server!.endpoint } });
  const alert = { key: 'fnd-0123456789abcdef-5000', finding: FINDING, link: 'https://f.example/findings' };

  test('a topic is told of a finding', async (t) => {
    if (server === null) return t.skip(why);
    const { arn, next } = await topic('alerts');
    assert.deepEqual(await receiver(arn).send(alert, signal), { is: 'sent' });
    const said = await next();
    assert.match(said, /^HIGH port-scan: 2001:db8::7 to 10\.0\.0\.5:22\n/);
    assert.match(said, /ports 120, note ünüsual &amp; &lt;odd&gt;\n/);
    assert.match(said, /https:\/\/f\.example\/findings$/);
    assert.equal(await next(), '');
  });

  test('a FIFO topic takes an alert once that is sent twice', async (t) => {
    if (server === null) return t.skip(why);
    const { arn, held } = await topic('alerts.fifo');
    assert.deepEqual(await receiver(arn).send(alert, signal), { is: 'sent' });
    assert.deepEqual(await receiver(arn).send(alert, signal), { is: 'sent' });
    assert.equal(await held(), '1');
    assert.deepEqual(await receiver(arn).send({ ...alert, key: 'fnd-0123456789abcdef-6000' }, signal), { is: 'sent' });
    assert.equal(await held(), '2');
  });

  test('a topic that is not there is tried again', async (t) => {
    if (server === null) return t.skip(why);
    const answer = await receiver(`arn:aws:sns:${REGION}:123456789012:gone`).send(alert, signal);
    assert.equal(
      answer.is === 'refused' && answer.again && /HTTP 404 \(NotFound\)/.test(answer.why),
      true,
      JSON.stringify(answer),
    );
  });
});
