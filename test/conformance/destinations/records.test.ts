import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { eventBatches, logGroupDestination } from '../../../src/publish/destinations/cloudwatch-logs.ts';
import { firehoseDestination, readStreamArn, recordBatches } from '../../../src/publish/destinations/firehose.ts';
import type { FlowgaugeError } from '../../../src/model/errors.ts';
import type { FakeLogs } from './fake-logs.ts';
import { fakeLogs } from './fake-logs.ts';
import { flowLogTo, sealed } from './segments.ts';
import { recordOfEntry } from './subjects.ts';

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const DAY = 86_400;
const never = new AbortController().signal;
const ARN = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/logs';
const kept = { ...process.env };
let server: FakeLogs;

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  server = await fakeLogs((SLOT + 600) * 1000);
});
afterEach(() => {
  server.refuse = () => [];
  server.delivered.length = 0;
  server.calls.length = 0;
});
after(() => {
  process.env = kept;
  server.stop();
});

test('batches of events keep AWS’s limits and the order of time, and lose nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * DAY }), fc.integer({ min: 1, max: 400_000 })), { maxLength: 30 }),
      (events) => {
        const lines = events.map(([at, length], n) => `${n} ${SLOT + at} ${'x'.repeat(length)}`);
        const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const batches = [...eventBatches(text, 1, SLOT)];
        for (const batch of batches) {
          const bytes = batch.reduce((sum, { message }) => sum + message.length + 26, 0);
          assert.ok(bytes <= 1_048_576, `${bytes}`);
          const times = batch.map(({ timestamp }) => timestamp);
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          );
          assert.ok(times.at(-1)! - times[0]! < DAY * 1000);
          for (const { message, timestamp } of batch) assert.equal(timestamp, Number(message.split(' ')[1]) * 1000);
        }
        assert.deepEqual(batches.flatMap((batch) => batch.map(({ message }) => message)).sort(), lines.sort());
      },
    ),
    { numRuns: 50 },
  );
});

test('no batch has more than 10,000 events', () => {
  const batches = [...eventBatches(Buffer.from('1\n'.repeat(25_000)), 0, SLOT)];
  assert.deepEqual(
    batches.map(({ length }) => length),
    [10_000, 10_000, 5000],
  );
});

test('an event without a time of its own has that of its slot', () => {
  for (const at of [-1, 1, 7])
    assert.equal([...eventBatches(Buffer.from('a -\n'), at, SLOT)][0]![0]!.timestamp, SLOT * 1000);
});

test('batches for Firehose keep its limits', async () => {
  const text = Buffer.from(`${'x'.repeat(900_000)}\n`.repeat(9) + 'short\n'.repeat(1200));
  const block = { flowLogId: '', slotSeconds: 0, stream: '', text, records: 0, packets: 0, lostPackets: 0 };
  async function* blocks() {
    yield block;
  }
  const sizes: number[] = [];
  for await (const batch of recordBatches(blocks())) {
    assert.ok(batch.length <= 500 && batch.reduce((sum, { length }) => sum + length, 0) <= 4 << 20);
    sizes.push(batch.length);
  }
  assert.deepEqual(
    sizes.reduce((sum, size) => sum + size, 0),
    1209,
  );
  assert.ok(sizes.includes(500));
});

test('both spellings of a stream’s ARN name it', () => {
  for (const mark of ['/', ':'])
    assert.deepEqual(readStreamArn(`arn:aws:firehose:eu-west-1:123456789012:deliverystream${mark}a`), {
      region: 'eu-west-1',
      stream: 'a',
    });
  assert.equal(readStreamArn('arn:aws:s3:::deliverystream/a'), null);
  assert.throws(() => firehoseDestination('arn:aws:s3:::x', {}), { code: 'FG_DESTINATION_ARN' });
});

suite('what is refused for good', () => {
  test('events too old or too new are counted by cause, and not sent again', async () => {
    const access = { endpoint: server.endpoint, region: 'us-east-1' };
    const flowLog = flowLogTo({ type: 'cloud-watch-logs', logGroup: 'times', roleArn: null });
    const expected = new Map([
      [SLOT - 15 * DAY, { 'too-old': 300 }],
      [SLOT, {}],
      [SLOT + DAY, { 'too-new': 300 }],
    ]);
    for (const [slot, refused] of expected) {
      const { segments, lines, remove } = await sealed(flowLog, slot, 300);
      const destination = logGroupDestination('times', access);
      const delivery = await destination.deliver(segments[0]!, never);
      assert.deepEqual(delivery.refused, refused);
      const lost = Object.values(refused).reduce((sum, n) => sum + n, 0);
      assert.equal(delivery.objects[0]!.records, lines.length - lost);
      const calls = server.calls.length;
      assert.deepEqual(await destination.deliver(segments[0]!, never), delivery);
      assert.equal(server.calls.length, calls);
      remove();
    }
    const there = [...server.groups.get('times')!.values()].flat();
    assert.equal(there.length, 300);
  });
});

suite('what is refused in part', () => {
  test('only the entries that failed are sent again, each once', async () => {
    const { segments, lines, remove } = await sealed(
      flowLogTo({ type: 'kinesis-data-firehose', streamArn: ARN }),
      SLOT,
      1200,
    );
    const destination = firehoseDestination(ARN, { endpoint: server.endpoint });
    // Every third of a call; then every second; then none.
    const plans = [3, 2, 5, 4];
    let errors = 0;
    for (;;) {
      const every = plans.shift() ?? 0;
      server.refuse = (entries) =>
        Array.from({ length: entries }, (_, at) => at).filter((at) => every > 0 && at % every === 0);
      const done = await destination.deliver(segments[0]!, never).catch((error: FlowgaugeError) => {
        assert.equal(error.code, 'FG_BATCH_PARTLY');
        assert.match(error.message, /ServiceUnavailableException Slow down/);
        errors++;
        return null;
      });
      if (done === null) continue;
      assert.deepEqual(done.refused, {});
      assert.equal(done.possibleDuplicates, 0);
      break;
    }
    assert.equal(errors, 4);
    assert.deepEqual(server.delivered.map(recordOfEntry).sort(), [...lines].sort());
    assert.deepEqual(
      server.calls.map(({ entries }) => entries),
      [500, 167, 84, 17, 5, 500, 200],
    );
    remove();
  });
});
