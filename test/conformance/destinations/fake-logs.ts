/**
 * As much of CloudWatch Logs and Firehose as a writer asks for, in memory, with the limits of AWS's documents. moto, which
 * is asked in test/servers/, does not keep these limits.
 *
 * In:    requests in JSON. Out: streams and their events, records of delivery streams.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Event = { readonly timestamp: number; readonly message: string };

export type FakeLogs = {
  readonly endpoint: string;
  /** By group, by stream. */
  readonly groups: Map<string, Map<string, Event[]>>;
  /** Records of all delivery streams, as they came. */
  readonly delivered: string[];
  /** Calls that stored something: entries and bytes by AWS's count. */
  readonly calls: { readonly entries: number; readonly bytes: number }[];
  /** Milliseconds by the server's clock. */
  nowMillis: number;
  /** Positions of a Firehose call that are refused. */
  refuse: (entries: number) => readonly number[];
  stop(): void;
};

const DAY = 86_400_000;

class Refused extends Error {}

/** Starts it. */
export async function fakeLogs(nowMillis: number): Promise<FakeLogs> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      let status = 200;
      let body: object;
      try {
        const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
        body = answerTo(fake, action, JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      } catch (error) {
        status = 400;
        body = {
          __type: error instanceof Refused ? error.message : 'InvalidParameterException',
          message: String(error),
        };
      }
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeLogs = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    groups: new Map(),
    delivered: [],
    calls: [],
    nowMillis,
    refuse: () => [],
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return fake;
}

function answerTo(fake: FakeLogs, action: string, asked: Record<string, unknown>): object {
  const group = String(asked['logGroupName']);
  const stream = String(asked['logStreamName']);
  switch (action) {
    case 'DescribeLogGroups':
      return { logGroups: [...fake.groups.keys()].map((logGroupName) => ({ logGroupName })) };
    case 'DescribeDeliveryStream':
      return { DeliveryStreamDescription: { DeliveryStreamType: 'DirectPut' } };
    case 'CreateLogGroup':
      if (fake.groups.has(group)) throw new Refused('ResourceAlreadyExistsException');
      fake.groups.set(group, new Map());
      return {};
    case 'CreateLogStream':
      if (fake.groups.get(group)?.has(stream) !== false) throw new Refused('ResourceAlreadyExistsException');
      fake.groups.get(group)!.set(stream, []);
      return {};
    case 'PutLogEvents':
      return putEvents(fake, fake.groups.get(group)?.get(stream), asked['logEvents'] as Event[]);
    case 'PutRecordBatch':
      return putRecords(fake, asked['Records'] as { Data: string }[]);
    default:
      throw new Refused('UnknownOperationException');
  }
}

function putEvents(fake: FakeLogs, stream: Event[] | undefined, events: readonly Event[]): object {
  if (stream === undefined) throw new Refused('ResourceNotFoundException');
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  const times = events.map(({ timestamp }) => timestamp);
  if (events.length === 0 || events.length > 10_000 || bytes > 1_048_576) throw new Error('limits');
  if (times.some((at, n) => n > 0 && at < times[n - 1]!)) throw new Error('order');
  if (times.at(-1)! - times[0]! >= DAY) throw new Error('span');
  const old = times.filter((at) => at < fake.nowMillis - 14 * DAY).length;
  const inTime = times.filter((at) => at <= fake.nowMillis + DAY / 12).length;
  stream.push(...events.slice(old, inTime));
  fake.calls.push({ entries: events.length, bytes });
  return {
    nextSequenceToken: '1',
    rejectedLogEventsInfo: {
      ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
      ...(inTime < events.length ? { tooNewLogEventStartIndex: inTime } : {}),
    },
  };
}

function putRecords(fake: FakeLogs, records: readonly { Data: string }[]): object {
  const data = records.map(({ Data }) => Buffer.from(Data, 'base64'));
  const bytes = data.reduce((sum, { length }) => sum + length, 0);
  if (data.length === 0 || data.length > 500 || bytes > 4 << 20) throw new Error('limits');
  const refused = new Set(fake.refuse(data.length));
  fake.delivered.push(...data.filter((_, at) => !refused.has(at)).map(String));
  fake.calls.push({ entries: data.length, bytes });
  return {
    FailedPutCount: refused.size,
    RequestResponses: data.map((_, at) =>
      refused.has(at)
        ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }
        : { RecordId: `${at}` },
    ),
  };
}
