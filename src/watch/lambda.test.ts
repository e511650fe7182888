import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FlowgaugeError } from '../model/errors.ts';
import { handler } from './lambda.ts';

console.log = () => {};
console.error = () => {};

const LINE = '2 123456789010 eni-0a 10.0.0.1 10.0.0.2 1024 443 6 3 120 1764504000 1764504060 ACCEPT OK';
const encode = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const ARN = 'arn:aws:firehose:eu-west-1:1:deliverystream/x';
type Results = { records: { recordId: string; result: string; data: string }[] };
const firehose = async (...data: string[]): Promise<{ result: string; documents: Record<string, unknown>[] }[]> => {
  const records = data.map((each, n) => ({ recordId: String(n), data: each }));
  const answer = (await handler({ invocationId: 'i', deliveryStreamArn: ARN, records })) as Results;
  assert.deepEqual(
    answer.records.map(({ recordId }) => recordId),
    records.map(({ recordId }) => recordId),
  );
  return answer.records.map(({ result, data: own }) => ({
    result,
    documents:
      result !== 'Ok'
        ? []
        : Buffer.from(own, 'base64')
            .toString()
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>),
  }));
};
const ipOf = (document: Record<string, unknown> | undefined): unknown =>
  (document?.['destination'] as Record<string, unknown> | undefined)?.['ip'];

test('a setting that is none is told by the first call, and the next one looks again', async () => {
  process.env['FLOWGAUGE_ATTEMPTS'] = 'many';
  await assert.rejects(
    async () => handler({ Event: 's3:TestEvent' }),
    (error) =>
      error instanceof FlowgaugeError && error.code === 'FG_SETTING' && /FLOWGAUGE_ATTEMPTS/.test(error.message),
  );
  process.env['FLOWGAUGE_ATTEMPTS'] = '3';
  assert.equal(await handler({ Event: 's3:TestEvent' }), null);
  delete process.env['FLOWGAUGE_ATTEMPTS'];
});

suite('records of Firehose', () => {
  test('each becomes its document: lines, JSON, several in one, a subscription of CloudWatch Logs', async () => {
    const [one, two] = await firehose(encode(`${LINE}\n`), encode(LINE.replace('10.0.0.2', '10.0.0.3')));
    assert.deepEqual([one!.result, ipOf(one!.documents[0]), ipOf(two!.documents[0])], ['Ok', '10.0.0.2', '10.0.0.3']);
    assert.deepEqual((one!.documents[0]!['aws'] as Record<string, unknown>)['firehose'], { arn: ARN });
    const json = await firehose(encode(JSON.stringify({ message: LINE })), encode(JSON.stringify({ message: LINE })));
    assert.deepEqual(
      json.map(({ result }) => result),
      ['Ok', 'Ok'],
    );
    const [pair] = await firehose(encode(`${LINE}\n${LINE}\n`));
    assert.equal(pair!.documents.length, 2);
    const packed = gzipSync(
      JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents: [{ message: LINE }] }),
    );
    assert.equal((await firehose(encode(packed)))[0]!.documents.length, 1);
  });

  test('one that cannot be read fails alone', async () => {
    const results = await firehose(encode(LINE), encode('no record'), encode(''), encode(LINE));
    assert.deepEqual(
      results.map(({ result }) => result),
      ['Ok', 'ProcessingFailed', 'Dropped', 'Ok'],
    );
  });
});

suite('other events', () => {
  test('a subscription is read, a control message is not', async () => {
    const event = (json: object): object => ({ awslogs: { data: encode(gzipSync(JSON.stringify(json))) } });
    const logEvents = [{ id: '1', timestamp: 1_764_504_060_000, message: LINE }];
    assert.equal(
      await handler(event({ messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'g', logStream: 's', logEvents })),
      null,
    );
    assert.equal(await handler(event({ messageType: 'CONTROL_MESSAGE' })), null);
    const broken = event({
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logGroup: 'g',
      logStream: 's',
      logEvents: [{ id: '1', message: 'x' }],
    });
    await assert.rejects(
      async () => handler(broken),
      (error) => error instanceof FlowgaugeError && error.code === 'FG_WATCH_UNREADABLE',
    );
  });

  test('of messages of a queue those come again that could not be handled', async () => {
    const record = (messageId: string, body: string): object => ({
      eventSource: 'aws:sqs',
      messageId,
      body,
      attributes: { ApproximateReceiveCount: '1' },
    });
    const event = {
      Records: [record('a', '{"Event":"s3:TestEvent"}'), record('b', 'nothing'), record('c', '{"Records":[]}')],
    };
    assert.deepEqual(await handler(event), { batchItemFailures: [{ itemIdentifier: 'b' }] });
  });

  test('what is no event is refused', async () => {
    for (const event of [null, {}, 7, { Records: [{}] }])
      await assert.rejects(
        async () => handler(event),
        (error) => error instanceof FlowgaugeError && error.code === 'FG_WATCH_EVENT',
      );
    assert.equal(await handler({ Service: 'Amazon S3', Event: 's3:TestEvent' }), null);
  });
});
