import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import { createFlowRows } from '../../collect/kernel/flow-rows.ts';
import type { Ended, KernelSource } from '../../collect/kernel/kernel-source.ts';
import { failure } from '../../model/errors.ts';
import { openSnapshot } from './open-snapshot.ts';
import { KernelFeed } from './kernel-feed.ts';

const snapshot = openSnapshot();
const TIES = new Map([
  [1, 'to-a'],
  [2, 'to-b'],
]);
const NETWORK = { snapshot, ties: TIES, changedMicros: 50 };

/** A generation with one flow of so many packets. */
function generation(endMicros: number, packets: number, more: Partial<Ended> = {}): Ended {
  const rows = createFlowRows(1);
  rows.rows = 1;
  rows.packets[0] = packets;
  const base = {
    rows,
    counters: 1,
    lost: new Map<number, number>(),
    unread: 0,
    passedOver: {},
    odd: 0,
    firstOdd: null,
  };
  return { ...base, endMicros, untilMicros: endMicros + 5, errorMicros: 3, ...more };
}

type Step = Ended | Error | undefined;

/** A source that does one step after the other, and says what was asked of it. */
function scripted(steps: Step[]): { readonly source: KernelSource; readonly asked: string[] } {
  const asked: string[] = [];
  const next = (what: string): Promise<Ended | undefined> => {
    asked.push(what);
    const step = steps.shift();
    return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
  };
  const end = async (): Promise<Ended> => (await next('end'))!;
  return { source: { load: (_, ties) => next(`load ${ties.size}`), end, remove: () => next('remove') }, asked };
}

function begin(t: TestContext, steps: Step[]) {
  const { source, asked } = scripted(steps);
  let nowMicros = 100;
  const holds: (() => void)[] = [];
  const feed = new KernelFeed({
    source,
    seconds: 10,
    now: () => nowMicros,
    fromMicros: 100,
    how: 'enforce',
    holds: () => holds.forEach((told) => told()),
  });
  // The timer of the clock is not waited for: here generations end when they are asked to.
  feed.begin(NETWORK);
  t.after(() => feed.stop());
  const given: string[] = [];
  const to = ({ rows, lost, span, incomplete }: CountedFlows): void => {
    const packets = rows.rows === 0 ? 0 : rows.packets[0];
    given.push(`${span.fromMicros}-${span.toMicros} ${packets} lost ${lost.size} incomplete ${incomplete.join(' ')}`);
  };
  return { feed, asked, given, to, holds, at: (micros: number) => (nowMicros = micros) };
}

test('what was counted before a change is given before it, what comes after it waits until it is taken', async (t) => {
  const { feed, given, to, asked } = begin(t, [generation(200, 1), generation(300, 2), generation(400, 3), undefined]);
  feed.came = () => feed.give(to);
  await Promise.all([feed.ask(), feed.change(NETWORK), feed.ask()]);
  assert.deepEqual(given, ['100-200 1 lost 0 incomplete ']);
  feed.takeChange(to);
  assert.deepEqual(given.slice(1), ['200-300 2 lost 0 incomplete ']);
  feed.give(to);
  assert.deepEqual(given.slice(2), ['300-400 3 lost 0 incomplete ']);
  assert.equal(feed.givenMicros, 400);
  await feed.stop();
  assert.deepEqual(asked, ['end', 'load 2', 'end', 'remove']);
  assert.deepEqual(feed.count, { in: 6, out: 6, held: 0, lost: {}, notes: {} });
});

test('every observation is given, lost by name, or makes the windows of all interfaces incomplete', async (t) => {
  const { feed, given, to } = begin(t, [
    generation(200, 10, { lost: new Map([[7, 5]]), passedOver: { 'never-logged': 2, 'not-watched': 0 } }),
    generation(300, 1, { unread: 3 }),
    generation(400, 1, { passedOver: { 'not-watched': 4 } }),
    generation(500, 1, { isUnsure: true }),
    undefined,
  ]);
  for (let i = 0; i < 4; i++) await feed.ask();
  feed.give(to);
  await feed.stop();
  assert.deepEqual(given, [
    '100-200 10 lost 1 incomplete ',
    '200-300 1 lost 0 incomplete 1 2',
    '300-400 1 lost 0 incomplete 1 2',
    '400-500 1 lost 0 incomplete 1 2',
  ]);
  const { count } = feed;
  assert.deepEqual(count.lost, { 'kernel-full': 5, 'never-logged': 2, unread: 3, 'not-watched': 4 });
  assert.equal(count.in, count.out + Object.values(count.lost).reduce((a, b) => a + b, 0));
});

test('packets that were rejected are added up, as are those that were told', async (t) => {
  const { feed } = begin(t, [
    generation(200, 1, { rejects: { seen: 40, told: 40 } }),
    generation(300, 1, { rejects: { seen: 900, told: 150 } }),
    undefined,
  ]);
  assert.equal(feed.standing.rejects, null);
  await feed.ask();
  await feed.ask();
  assert.deepEqual(feed.standing.rejects, { seen: 940, told: 190 });
});

test('where the kernel tells no rejects, whoever is asked to tells those of each generation', async (t) => {
  const { source } = scripted([generation(200, 4), generation(300, 5), undefined]);
  const told: (readonly [number, string])[] = [];
  const feed = new KernelFeed({
    source,
    seconds: 10,
    now: () => 100,
    fromMicros: 100,
    how: 'observe',
    tell: ({ rows }, network) => {
      told.push([rows.packets[0]!, network.interfaces[1]!.id]);
      return { seen: rows.packets[0]!, told: 1 };
    },
  });
  feed.begin(NETWORK);
  t.after(() => feed.stop());
  assert.deepEqual(feed.standing.rejects, { seen: 0, told: 0 });
  await feed.ask();
  await feed.ask();
  const { id } = snapshot.interfaces[1]!;
  assert.deepEqual(told, [
    [4, id],
    [5, id],
  ]);
  assert.deepEqual(feed.standing.rejects, { seen: 9, told: 2 });
});

test('what is given says how late a packet of it may be, and how exact its times are', async (t) => {
  const { feed } = begin(t, [generation(200, 1), generation(300, 1, { untilMicros: 0, errorMicros: 9 }), undefined]);
  const times: (readonly number[])[] = [];
  await feed.ask();
  await feed.ask();
  feed.give(({ span, untilMicros, errorMicros }) => times.push([span.toMicros, untilMicros, errorMicros]));
  assert.deepEqual(times, [
    [200, 205, 3],
    [300, 300, 9],
  ]);
});

test('a table that somebody took away is made anew, and the time since is a gap', async (t) => {
  const { feed, given, to, asked, at } = begin(t, [
    generation(200, 1),
    failure('FG_KERNEL_GONE', 'no such table'),
    undefined,
    generation(600, 2),
    undefined,
  ]);
  await feed.ask();
  at(500);
  await feed.ask();
  assert.equal(feed.standing.problem, null, 'it holds again');
  await feed.ask();
  feed.give(to);
  await feed.stop();
  assert.deepEqual(given, [
    '100-200 1 lost 0 incomplete ',
    '200-500 0 lost 0 incomplete 1 2',
    '500-600 2 lost 0 incomplete ',
  ]);
  assert.deepEqual(asked, ['end', 'end', 'load 2', 'end', 'remove']);
});

test('rules that could not be told are told with the next end; the change is taken all the same', async (t) => {
  const { feed, given, to, asked, holds } = begin(t, [
    failure('FG_NFT_FAILED', 'here', 'busy'),
    generation(300, 4),
    undefined,
  ]);
  const held: number[] = [];
  await feed.change({ ...NETWORK, changedMicros: 70 });
  assert.equal(feed.standing.problem?.code, 'FG_NFT_FAILED');
  assert.equal(feed.standing.inForceMicros, 50, 'it is not in force');
  feed.takeChange(to);
  assert.deepEqual(given, []);
  holds.push(() => held.push(feed.standing.inForceMicros));
  await feed.ask();
  assert.equal(feed.standing.problem, null);
  assert.deepEqual(held, [70], 'told as soon as the kernel has it');
  feed.give(to);
  assert.deepEqual(given, ['100-300 4 lost 0 incomplete ']);
  await feed.stop();
  assert.deepEqual(asked, ['load 2', 'load 2', 'remove']);
});

test('what cannot be read at the end lacks in the records, and they say so', async (t) => {
  const { feed, given, to, at } = begin(t, [failure('FG_KERNEL_SIDE_GONE')]);
  at(900);
  await feed.stop();
  feed.give(to);
  assert.deepEqual(given, ['100-900 0 lost 0 incomplete 1 2']);
  assert.equal(feed.standing.problem?.code, 'FG_KERNEL_SIDE_GONE');
});

test('generations end with the clock, sooner when flows or packets become many, and never skip the end of a window', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_200_000_000_500 });
  const now = (): number => Date.now() * 1000;
  const ends: number[] = [];
  let fresh = 0;
  let received = 0;
  let takesMillis = 0;
  let port = 0;
  /** An end that takes long. */
  let slow = { untilMillis: Infinity, come: (): void => {} };
  const source: KernelSource = {
    load: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(undefined),
    end: () => {
      const endMicros = now();
      ends.push((endMicros / 1e6) % 60);
      const rows = createFlowRows(Math.max(1, fresh));
      const from = endMicros - 1e6;
      for (; rows.rows < fresh; rows.rows++) {
        rows.firstMicros[rows.rows] = from + (rows.rows / fresh) * 1e6;
        rows.ports[rows.rows] = port++;
      }
      const ended = { ...generation(endMicros, 1), rows, counters: fresh };
      if (takesMillis === 0) return Promise.resolve(ended);
      const { promise, resolve } = Promise.withResolvers<Ended>();
      slow = { untilMillis: Date.now() + takesMillis, come: () => resolve(ended) };
      takesMillis = 0;
      return promise;
    },
  };
  const feed = new KernelFeed({
    source,
    seconds: 10,
    now,
    fromMicros: now(),
    received: () => received,
    how: 'enforce',
  });
  feed.begin(NETWORK);
  const pass = async (seconds: number): Promise<void> => {
    for (let millis = 0; millis < seconds * 1000; millis += 100) {
      t.mock.timers.tick(100);
      if (Date.now() >= slow.untilMillis) slow.come();
      for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    }
    ends.splice(0, ends.length, ...ends.map((at) => Math.floor(at)));
  };
  await pass(20);
  assert.deepEqual(ends.splice(0), [10, 20]);
  // Far more packets than before: what they are is looked at with the next second.
  received += 50_000;
  fresh = 80_000;
  await pass(1);
  assert.deepEqual(ends.splice(0), [21]);
  await pass(4);
  assert.deepEqual(ends.splice(0), [22, 23, 24, 25]);
  fresh = 0;
  await pass(16);
  assert.deepEqual(ends.splice(0), [26, 30, 40]);
  // Not when the end of a window is near.
  await pass(17);
  assert.deepEqual(ends.splice(0), [50]);
  received += 50_000;
  await pass(2);
  assert.deepEqual(ends.splice(0), [0]);
  // And one that takes long makes it late by as long, and no more.
  await pass(55);
  ends.length = 0;
  received += 500_000;
  takesMillis = 4500;
  await pass(6);
  assert.deepEqual(ends.splice(0), [56, 0]);
  t.mock.timers.tick(1);
  const stopping = feed.stop();
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  await stopping;
});
