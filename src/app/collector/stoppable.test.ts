import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStop, stoppable } from './stoppable.ts';

async function* from(values: readonly number[], seen: string[]): AsyncGenerator<number> {
  try {
    yield* values;
    await new Promise(() => {});
  } finally {
    seen.push('closed');
  }
}

test('a stop ends an iteration that waits for a value which never comes', async () => {
  const stop = createStop();
  const values: number[] = [];
  for await (const value of stoppable(from([1, 2], []), stop)) {
    values.push(value);
    if (value === 2) queueMicrotask(stop.ask);
  }
  assert.deepEqual(values, [1, 2]);
});

test('a stop between two values ends before the second, and the source is closed', async () => {
  const stop = createStop();
  const seen: string[] = [];
  for await (const value of stoppable(from([1, 2, 3], seen), stop)) {
    seen.push(String(value));
    stop.ask();
  }
  assert.deepEqual(seen, ['1', 'closed']);
});

test('an error of the source comes through', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  }
  await assert.rejects(async () => {
    for await (const value of stoppable(broken(), createStop())) assert.equal(value, 1);
  }, /broken/);
});
