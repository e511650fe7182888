import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { failure } from '../model/errors.ts';
import type { Destination, SealedSegment } from './destination.ts';
import { createLane, LATENCY_BOUNDS_SECONDS } from './lane.ts';
import type { Pace } from './pace.ts';
import { pauseMillis } from './pace.ts';

const away = failure('FG_AWS_UNREACHABLE', 'x', 'y', 'z');
const destination = { name: 'there' } as Destination;

/** Time that stands until it is moved. */
function clock() {
  let now = 1_000_000;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const pace: Pace = {
    now: () => now,
    elapsed: () => now,
    random: () => 0.5,
    wait: (millis, signal) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + millis, wake: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
  };
  const settle = async (): Promise<void> => {
    for (let times = 0; times < 5; times++) await turn();
  };
  return {
    pace,
    settle,
    async move(millis: number): Promise<void> {
      now += millis;
      for (const one of sleepers) if (one.at <= now) one.wake();
      await settle();
    },
  };
}

const segment = (number: number, slotSeconds: number = number * 300): SealedSegment =>
  ({ number, records: 10, slotSeconds }) as unknown as SealedSegment;

/** A lane whose destination answers as it is told. */
function lane(patient: boolean) {
  const time = clock();
  const tried: number[] = [];
  const fake = { answer: ((): unknown => null) as (number: number) => unknown, time, tried };
  const made = createLane(
    destination,
    patient,
    time.pace,
    async ({ segment: { number } }) => {
      tried.push(number);
      const error = fake.answer(number);
      if (error !== null) throw error;
    },
    () => {},
  );
  return { ...fake, fake, lane: made };
}

test('pauses grow twofold to five minutes, shortened by chance by up to a half', () => {
  const at = (random: number) => ({ ...clock().pace, random: () => random });
  const whole = [1, 2, 3, 8, 9, 10, 50].map((failures) => pauseMillis(failures, at(0)));
  assert.deepEqual(whole, [1000, 2000, 4000, 128_000, 256_000, 300_000, 300_000]);
  assert.equal(pauseMillis(1, at(0.999999)), 500);
});

test('tries again by itself after each pause, oldest first, and tells how it stands', async () => {
  const { fake, time, tried, lane: there } = lane(true);
  fake.answer = () => away;
  for (const number of [1, 2, 3]) there.add({ segment: segment(number), leftover: false });
  await time.settle();
  assert.deepEqual(tried, [1], 'while it is away one is enough to know');
  const { segments, records, oldestSlotSeconds, failures, nextAttemptMillis, lastError } = there.status();
  assert.deepEqual([segments, records, oldestSlotSeconds, failures], [3, 30, 300, 1]);
  assert.equal(nextAttemptMillis, time.pace.now() + 750);
  assert.equal(lastError?.code, 'FG_AWS_UNREACHABLE');
  await time.move(749);
  assert.equal(there.status().waitingSeconds, 0.749);
  assert.deepEqual(tried, [1]);
  await time.move(1);
  assert.deepEqual(tried, [1, 1]);
  await time.move(1499);
  assert.deepEqual(tried, [1, 1]);
  fake.answer = () => null;
  await time.move(1);
  assert.deepEqual(tried, [1, 1, 1, 2, 3]);
  assert.deepEqual([there.status().segments, there.status().failures], [0, 0]);
  assert.equal(there.status().lastDeliveredMillis, time.pace.now());
});

test('latencies are counted under the first bound that holds them', async () => {
  const { time, lane: there } = lane(true);
  const nowSeconds = Math.floor(time.pace.now() / 1000);
  for (const age of [-100, 0, 4, 61]) there.add({ segment: segment(1, nowSeconds - 300 - age), leftover: false });
  await time.settle();
  const { latencyCounts, latencySeconds } = there.status();
  const at = (bound: number): number | undefined => latencyCounts[LATENCY_BOUNDS_SECONDS.indexOf(bound)];
  assert.deepEqual([1, 2, 5, 60, 120].map(at), [2, 0, 1, 0, 1]);
  assert.ok(latencySeconds >= 65 && latencySeconds < 68);
});

test('what an earlier run left does not make the spool too old, only what this one took', async () => {
  const { fake, time, lane: there } = lane(true);
  fake.answer = () => away;
  there.add({ segment: segment(1), leftover: true });
  await time.move(86_400_000);
  assert.equal(there.status().waitingSeconds, 0);
  there.add({ segment: segment(2), leftover: false });
  await time.move(5000);
  assert.deepEqual([there.status().waitingSeconds, there.status().oldestSlotSeconds], [5, 300]);
});

test('a clock that jumps neither loses nor doubles an attempt', async () => {
  const { fake, time, tried, lane: there } = lane(true);
  fake.answer = () => away;
  there.add({ segment: segment(1), leftover: false });
  await time.settle();
  await time.move(86_400_000);
  assert.deepEqual(tried, [1, 1]);
  await time.move(-86_400_000);
  await time.move(86_400_000 + 1500);
  assert.deepEqual(tried, [1, 1, 1]);
});

test('what is wrong with one segment keeps it, and lets the others pass', async () => {
  const { fake, time, tried, lane: there } = lane(false);
  fake.answer = (number) => (number === 2 ? new Error('bad bytes') : null);
  for (const number of [1, 2, 3]) there.add({ segment: segment(number), leftover: false });
  await there.pass();
  assert.deepEqual(tried, [1, 2, 3]);
  assert.equal(there.status().segments, 1);
  assert.match(String(there.error), /bad bytes/);
  await time.move(10_000_000);
  assert.deepEqual(tried, [1, 2, 3], 'it was not told to try by itself');
  await there.pass();
  assert.deepEqual(tried, [1, 2, 3, 2]);
});

test('what is added at any moment is tried without being asked for', async () => {
  const { time, tried, lane: there } = lane(true);
  there.add({ segment: segment(1), leftover: false });
  for (let number = 2; number < 40; number++) {
    // Between any two steps of a run that ends.
    for (let steps = number % 13; steps > 0; steps--) await Promise.resolve();
    there.add({ segment: segment(number), leftover: false });
  }
  await time.settle();
  assert.deepEqual(
    tried,
    Array.from({ length: 39 }, (_, at) => at + 1),
  );
});

test('a stop breaks off what is under way, and keeps it', async () => {
  const time = clock();
  const stop = new AbortController();
  const there = createLane(
    destination,
    true,
    time.pace,
    (_work, _destination, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    () => {},
  );
  there.add({ segment: segment(1), leftover: false });
  await time.settle();
  const done = there.pass(stop.signal);
  stop.abort(new Error('enough'));
  await done;
  assert.match(String(there.error), /enough/);
  assert.deepEqual([there.status().segments, there.status().nextAttemptMillis], [1, null]);
});
