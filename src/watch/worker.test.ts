import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { failure } from '../model/errors.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { createWatchCounters } from './counters.ts';
import { enrichWith } from './enrich.ts';
import { sqsQueue, urlOfArn } from './queue.ts';
import { deadMessages, redrive } from './redrive.ts';
import { rememberedQueue } from './remembered-queue.fixture.ts';
import { rememberingSink } from './sinks/remembering.fixture.ts';
import { createWorkerStanding, workerHealth } from './standing.ts';
import { runWorker } from './worker.ts';
import type { WorkerEvent, WorkerOptions } from './worker.ts';

const root = mkdtempSync(join(tmpdir(), 'flowgauge-worker-'));
after(() => rmSync(root, { recursive: true }));
const store = directoryStore(root);
const never = new AbortController().signal;

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const body = (...keys: string[]): string =>
  JSON.stringify({
    Records: keys.map((key) => ({
      eventName: 'ObjectCreated:Put',
      eventTime: '2026-11-30T12:00:00Z',
      s3: { bucket: { name: 'logs' }, object: { key } },
    })),
  });

for (const name of ['a', 'b', 'c'])
  writeFileSync(
    join(root, `${name}.log`),
    `srcaddr dstaddr\n10.0.0.1 10.0.0.${name.charCodeAt(0)}\n10.0.0.2 10.0.0.1\n`,
  );
writeFileSync(join(root, 'cut.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1]));

/** A worker that ends when the queue is empty, with what it told. */
function setUp(options: Partial<WorkerOptions> = {}, sink = rememberingSink()) {
  const [queue, deadLetter] = [rememberedQueue('logs'), rememberedQueue('dead')];
  const counters = createWatchCounters();
  const told: WorkerEvent[] = [];
  const standing = createWorkerStanding(counters);
  const run = (more: Partial<WorkerOptions> = {}): Promise<void> =>
    runWorker({
      queue,
      deadLetter,
      context: { sink, counters, format: null, enrich: enrichWith(null), storeOf: () => store },
      standing,
      atOnce: 2,
      attempts: 3,
      holdSeconds: 60,
      stop: never,
      leave: never,
      tell: (event) => told.push(event),
      untilEmpty: true,
      pause: () => Promise.resolve(),
      ...options,
      ...more,
    });
  return { queue, deadLetter, counters, standing, told, sink, run };
}

test('every message three times: the documents are there once', async () => {
  const { queue, counters, sink, run } = setUp();
  for (let time = 0; time < 3; time++) for (const name of ['a', 'b', 'c']) await queue.send(body(`${name}.log`), {});
  await queue.send(body('a.log', 'b.log'), {});
  await queue.send('{"Service":"Amazon S3","Event":"s3:TestEvent"}', {});
  await queue.send(body('_flowgauge/ledger.json'), {});
  await run();
  assert.equal(sink.documents.size, 6);
  assert.deepEqual(queue.messages, []);
  assert.deepEqual(counters.messages, { received: 12, done: 12, again: 0, dead: 0, ignoredEvents: 1 });
  assert.deepEqual(counters.objects, { read: 11, partly: 0, gone: 0, other: 1 });
  assert.deepEqual(counters.documents, { created: 6, existing: 16, refused: 0 });
});

test('what never can succeed goes to the dead-letter queue at once, what may goes after its tries, both with the reason', async () => {
  const { queue, deadLetter, counters, sink, told, run } = setUp();
  await queue.send('no event', { trace: 't' });
  await queue.send(body('cut.log.gz', 'a.log'), {});
  await run();
  // All objects of a message are tried.
  assert.equal(sink.documents.size, 2);
  assert.deepEqual(told.map(({ kind }) => kind).sort(), ['again', 'dead']);
  for (let round = 0; round < 2; round++) {
    queue.pass(1000);
    await run();
  }
  assert.deepEqual(queue.messages, []);
  assert.deepEqual([counters.messages.dead, counters.messages.again, counters.messages.done], [2, 2, 0]);
  const dead = await allOf(deadMessages(deadLetter, never));
  assert.deepEqual(
    dead.map(({ code }) => code),
    ['FG_WATCH_EVENT', 'FG_WATCH_UNREADABLE'],
  );
  assert.match(
    dead[1]!.reason ?? '',
    /s3:\/\/logs\/cut\.log\.gz could not be read to its end: its gzip data ends too early/,
  );
  assert.equal(deadLetter.messages[1]!.message.attributes['flowgauge-receives'], '3');
  assert.equal(deadLetter.messages[0]!.message.attributes['trace'], 't');
});

test('the reason is with a dead message however many attributes it came with, and whatever they are called', async () => {
  const { queue, deadLetter, run } = setUp();
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`a${n}`, 'x']));
  await queue.send('no event', { 'flowgauge-code': 'forged', ...many });
  await run();
  const [dead] = await allOf(deadMessages(deadLetter, never));
  assert.equal(dead!.code, 'FG_WATCH_EVENT');
  assert.match(dead!.reason ?? '', /it is no JSON object/);
  assert.equal(deadLetter.messages[0]!.message.attributes['a5'], 'x');
});

test('redrive sends back what was asked for, without its note', async () => {
  const { queue, deadLetter, sink, run } = setUp();
  await deadLetter.send(body('a.log'), {
    'flowgauge-code': 'FG_WATCH_REFUSED',
    'flowgauge-time': '2026-01-01T00:00:00.000Z',
    trace: 't',
  });
  await deadLetter.send('no event', { 'flowgauge-code': 'FG_WATCH_EVENT' });
  await deadLetter.send(body('b.log'), {});
  const moved = await redrive(deadLetter, queue, ({ code }) => code !== 'FG_WATCH_EVENT', never);
  assert.deepEqual(moved, { moved: 2, kept: 1 });
  assert.deepEqual(
    queue.messages.map(({ message }) => message.attributes),
    [{ trace: 't' }, {}],
  );
  assert.equal((await allOf(deadMessages(deadLetter, never))).length, 1);
  await run();
  assert.equal(sink.documents.size, 4);
});

test('while the sink is out of reach it waits, and no try is used up', async () => {
  let broken = 5;
  const sink = rememberingSink(() => {
    if (broken-- > 0) throw failure('FG_SEARCH_BUSY', 'search', 429, 'queue full');
  });
  const health: unknown[] = [];
  const { queue, deadLetter, told, counters, standing, run } = setUp({ atOnce: 1 }, sink);
  assert.equal(workerHealth(standing).status, 'starting');
  await queue.send(body('a.log'), {});
  await run({ pause: async () => void health.push([standing.held, workerHealth(standing)]) });
  assert.deepEqual(
    told.map((event) => (event.kind === 'waits' ? event.seconds : event.kind)),
    [1, 2, 4, 8, 16],
  );
  const waiting = { status: 'degraded', reasons: [{ reason: 'waiting', code: 'FG_SEARCH_BUSY', about: null }] };
  assert.deepEqual(
    health,
    Array.from({ length: 5 }, () => [1, waiting]),
  );
  assert.deepEqual([standing.held, workerHealth(standing)], [0, { status: 'ok', reasons: [] }]);
  assert.deepEqual([counters.messages.done, deadLetter.messages.length, sink.documents.size], [1, 0, 2]);
});

test('a stop gives back what is not begun, and what cannot be finished', async () => {
  const stop = new AbortController();
  const sink = rememberingSink(() => stop.abort());
  const { queue, counters, run } = setUp({ atOnce: 1, stop: stop.signal, untilEmpty: false }, sink);
  for (const name of ['a', 'b', 'c']) await queue.send(body(`${name}.log`), {});
  await run();
  // What was under way is finished.
  assert.deepEqual([counters.messages.done, queue.messages.length], [1, 2]);
  assert.equal((await queue.receive(10, 0, 60, never)).length, 2);

  const leave = new AbortController();
  const other = setUp(
    { atOnce: 1, leave: leave.signal, untilEmpty: false },
    rememberingSink(() => leave.abort(new Error('left'))),
  );
  await other.queue.send(body('a.log'), {});
  await other.run();
  assert.equal((await other.queue.receive(10, 0, 60, never)).length, 1);
});

test('a queue that cannot be asked at the start ends it; one that fails on the way is waited for', async () => {
  const first = setUp();
  first.queue.trouble = failure('FG_WATCH_QUEUE', 'url', 'receive from', 'QueueDoesNotExist');
  await assert.rejects(first.run({ atOnce: 1 }), /QueueDoesNotExist/);
  const { queue, told, sink, run } = setUp({ atOnce: 1 });
  await queue.send(body('a.log'), {});
  const remove = queue.remove.bind(queue);
  queue.remove = (message) => {
    queue.trouble = new Error('later');
    return remove(message);
  };
  await run();
  assert.deepEqual([sink.documents.size, told.map(({ kind }) => kind)], [2, ['waits']]);
});

test('URLs of queues', () => {
  for (const url of ['logs', 'ftp://a/b', 'https://sqs.eu-west-1.amazonaws.com/'])
    assert.throws(() => sqsQueue(url, {}), /no URL of a queue/);
  assert.equal(
    urlOfArn('arn:aws:sqs:eu-west-1:1:dead', 'https://sqs.eu-west-1.amazonaws.com/1/logs'),
    'https://sqs.eu-west-1.amazonaws.com/1/dead',
  );
  assert.equal(
    urlOfArn('arn:aws:sqs:us-east-1:1:dead', 'http://127.0.0.1:5000/1/logs'),
    'http://127.0.0.1:5000/1/dead',
  );
});
