import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleOf } from './schedule.ts';
import { SCENARIOS } from './scenarios/list.ts';

const { traffic } = SCENARIOS.find(({ name }) => name === 'attack')!;

test('is the same for the same seed, and another for another', () => {
  assert.deepEqual(scheduleOf(traffic, 7, 10, 10), scheduleOf(traffic, 7, 10, 10));
  assert.notDeepEqual(scheduleOf(traffic, 7, 10, 10), scheduleOf(traffic, 8, 10, 10));
});

test('has every exchange once, however short it is, and is in the order of time', () => {
  const attempts = scheduleOf(traffic, 1, 1, 1);
  assert.equal(new Set(attempts.map(({ exchange }) => exchange)).size, traffic.length);
  assert.deepEqual(
    attempts.map(({ atMillis }) => atMillis),
    attempts.map(({ atMillis }) => atMillis).toSorted((a, b) => a - b),
  );
});

test('tries all ports of a scan', () => {
  const scan = traffic.findIndex(({ kind }) => kind === 'syn-scan');
  const { port, ports = 0 } = traffic[scan]!;
  const tried = scheduleOf(traffic, 1, 1, 1).filter(({ exchange }) => exchange === scan);
  assert.deepEqual(
    tried.map((one) => one.port).toSorted((a, b) => a - b),
    Array.from({ length: ports }, (_, i) => port + i),
  );
});

test('counts the attempts of a use, at one port where only the addresses go on', () => {
  const times = [{ ...traffic[0]!, kind: 'sweep' as const, port: 445, times: 3 }];
  assert.deepEqual(
    scheduleOf(times, 1, 1, 1).map(({ port, step }) => [port, step]),
    [
      [445, 0],
      [445, 1],
      [445, 2],
    ],
  );
});
