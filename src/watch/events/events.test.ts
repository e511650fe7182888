import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { FlowgaugeError } from '../../model/errors.ts';
import { firehoseAnswer, firehoseRecords } from './firehose.ts';
import { messagesIn } from './log-subscription.ts';
import { objectsIn } from './sqs.ts';

const TIME = '2026-11-30T12:05:00.000Z';
const SECONDS = Date.parse(TIME) / 1000;

const record = (key: string, eventName = 'ObjectCreated:Put', bucket = 'logs'): object => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventTime: TIME,
  eventName,
  s3: { bucket: { name: bucket }, object: { key, size: 10, eTag: 'e' } },
});
const notification = (...records: object[]): string => JSON.stringify({ Records: records });
const sns = (message: string): string =>
  JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: message });
const bridge = (key: string, type = 'Object Created'): string =>
  JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': type,
    time: TIME,
    detail: { bucket: { name: 'logs' }, object: { key } },
  });

const isEventError = (error: unknown): boolean => error instanceof FlowgaugeError && error.code === 'FG_WATCH_EVENT';

suite('messages of a queue', () => {
  test('an S3 notification, directly, in SNS, and in SNS that calls a function', () => {
    const place = { bucket: 'logs', key: 'a b=c/d+é.gz', otherKey: null, seconds: SECONDS };
    const direct = notification(record('a+b%3Dc/d%2B%C3%A9.gz'));
    assert.deepEqual(objectsIn(direct), { objects: [place], ignored: 0 });
    assert.deepEqual(objectsIn(sns(direct)), { objects: [place], ignored: 0 });
    const called = JSON.stringify({ Records: [{ EventSource: 'aws:sns', Sns: JSON.parse(sns(direct)) as object }] });
    assert.deepEqual(objectsIn(called), { objects: [place], ignored: 0 });
    assert.equal(
      objectsIn(notification(record('a%2Fb', 's3:ObjectCreated:CompleteMultipartUpload'))).objects[0]!.key,
      'a/b',
    );
  });

  test('several records, and other events among them', () => {
    const told = objectsIn(
      notification(record('a'), record('b', 'ObjectRemoved:Delete'), record('c', 'ObjectCreated:Copy')),
    );
    assert.deepEqual([told.objects.map(({ key }) => key), told.ignored], [['a', 'c'], 1]);
    assert.deepEqual(objectsIn('{"Records":[]}'), { objects: [], ignored: 0 });
  });

  test('EventBridge writes keys as they are; the other reading is kept', () => {
    assert.deepEqual(objectsIn(bridge('a b=c+d')).objects, [
      { bucket: 'logs', key: 'a b=c+d', otherKey: 'a b=c d', seconds: SECONDS },
    ]);
    assert.equal(objectsIn(bridge('a%3Db')).objects[0]!.otherKey, 'a=b');
    assert.equal(objectsIn(bridge('100%')).objects[0]!.otherKey, null);
    assert.equal(objectsIn(bridge('plain/key.gz')).objects[0]!.otherKey, null);
    assert.deepEqual(objectsIn(bridge('a', 'Object Deleted')), { objects: [], ignored: 1 });
  });

  test('test messages tell of nothing', () => {
    assert.deepEqual(objectsIn('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}'), {
      objects: [],
      ignored: 1,
    });
    assert.deepEqual(objectsIn(sns('{"Service":"Amazon S3","Event":"s3:TestEvent"}')), { objects: [], ignored: 1 });
  });

  test('what is none of these is refused, with why', () => {
    const hostile = [
      '',
      'null',
      '[]',
      '"text"',
      '{}',
      '{"Records":[null]}',
      '{"Records":[{"s3":{}}]}',
      '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"logs"},"object":{"key":7}}}]}',
      '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"../x"},"object":{"key":"a"}}}]}',
      '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"logs"},"object":{"key":"%ZZ"}}}]}',
      '{"__proto__":{"Records":[]}}',
      '{"source":"aws.s3","detail-type":"Object Created"}',
      `{"Records":[${JSON.stringify(record('k'.repeat(1025)))}]}`,
      `{"Records":[${'{"s3":1},'.repeat(6000)}1]}`,
      sns(sns(sns(notification(record('a'))))),
    ];
    for (const body of hostile) assert.throws(() => objectsIn(body), isEventError, body.slice(0, 100));
    assert.throws(() => objectsIn('{"future":1}'), /it has future/);
  });

  test('no body makes it fail otherwise', () => {
    const text = notification(record('a+b'), record('c'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.nat(text.length).map((at) => text.slice(0, at)),
          fc.json().map(sns),
        ),
        (body) => {
          try {
            objectsIn(body);
          } catch (error) {
            assert.ok(isEventError(error));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

suite('subscriptions of CloudWatch Logs', () => {
  const pack = (json: unknown): object => ({ awslogs: { data: gzipSync(JSON.stringify(json)).toString('base64') } });
  const data = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/vpc/logs',
    logStream: 'eni-1-all',
    logEvents: [
      { id: '1', timestamp: 1_764_515_060_000, message: '2 a\nb' },
      { id: '2', timestamp: 1_764_515_000_000, message: '2 c\n' },
    ],
  };

  test('messages become lines', () => {
    assert.deepEqual(messagesIn(pack(data)), {
      group: '/vpc/logs',
      stream: 'eni-1-all',
      accountId: '123456789012',
      ids: ['1', '2'],
      seconds: 1_764_515_000,
      lines: '2 a b\n2 c\n',
    });
    assert.equal(messagesIn(pack({ messageType: 'CONTROL_MESSAGE' })), null);
  });

  test('what is none is refused', () => {
    const bomb = { awslogs: { data: gzipSync(Buffer.alloc(80 << 20)).toString('base64') } };
    for (const event of [
      null,
      {},
      { awslogs: { data: 'AAAA' } },
      pack([]),
      pack(7),
      pack({ ...data, logEvents: {} }),
      pack({ ...data, logEvents: [null] }),
      pack({ ...data, logGroup: 1 }),
      bomb,
    ])
      assert.throws(
        () => messagesIn(event),
        (error) => error instanceof FlowgaugeError && error.code === 'FG_WATCH_SUBSCRIPTION',
      );
  });
});

suite('records of Firehose', () => {
  const event = {
    invocationId: 'i',
    deliveryStreamArn: 'arn:aws:firehose:eu-west-1:1:deliverystream/x',
    records: ['a', 'b', 'c'].map((recordId) => ({ recordId, data: 'AA==' })),
  };

  test('each record has its result', () => {
    const records = firehoseRecords(event)!;
    assert.deepEqual(firehoseAnswer(records, [['{}', '{"a":1}'], [], null]).records, [
      { recordId: 'a', result: 'Ok', data: Buffer.from('{}\n{"a":1}\n').toString('base64') },
      { recordId: 'b', result: 'Dropped', data: 'AA==' },
      { recordId: 'c', result: 'ProcessingFailed', data: 'AA==' },
    ]);
    for (const other of [
      null,
      {},
      { records: [] },
      { ...event, records: [{ recordId: 1 }] },
      { ...event, records: [null] },
    ])
      assert.equal(firehoseRecords(other), null);
  });

  test('an answer that is too large is refused with the way out', () => {
    const records = firehoseRecords(event)!;
    assert.throws(
      () => firehoseAnswer(records, [['x'.repeat(5e6)], [], []]),
      /buffer of its transformation to 0\.2 MB/,
    );
  });
});
