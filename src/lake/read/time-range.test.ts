import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openDuck } from '../../storage/duck/duck.ts';
import { ALL_TIME } from './source.ts';
import type { TimeRange } from './source.ts';
import { isBounded, rangeText, rowsWithin } from './time-range.ts';

const T = 1_795_435_500;

/** Which of some records, each its start and end, are in a range. */
async function within(
  records: readonly (readonly [number | null, number | null])[],
  range: TimeRange,
): Promise<number[]> {
  const condition = rowsWithin(range, '"start"', '"end"') ?? 'true';
  const duck = await openDuck({ threads: 1 });
  try {
    const values = records.map(([start, end], at) => `(${at}, ${start}::BIGINT, ${end}::BIGINT)`).join(', ');
    const rows = await duck.all(
      `SELECT n FROM (VALUES ${values}) AS t(n, "start", "end") WHERE ${condition} ORDER BY n`,
    );
    return rows.map(([n]) => Number(n));
  } finally {
    await duck.close();
  }
}

test('a record is in a range of which it has a part, the end of the range left out', async () => {
  const records = [
    [T - 60, T - 1],
    [T - 60, T],
    [T, T],
    [T - 600, T + 600],
    [T + 299, T + 300],
    [T + 300, T + 300],
    [(T - 60) * 1000, T * 1000 - 1],
    [(T + 10) * 1000, (T + 20) * 1000],
    [(T + 300) * 1000, (T + 310) * 1000],
    [null, null],
  ] as const;
  assert.deepEqual(await within(records, { startSeconds: T, endSeconds: T + 300 }), [1, 2, 3, 4, 7]);
  assert.deepEqual(await within(records, { ...ALL_TIME, startSeconds: T + 300 }), [3, 4, 5, 8]);
  assert.deepEqual(await within(records, { ...ALL_TIME, endSeconds: T }), [0, 1, 3, 6]);
});

test('seconds and milliseconds of the same record are in the same ranges', async () => {
  const time = fc.integer({ min: 100_000_000, max: 4_000_000_000 });
  await fc.assert(
    fc.asyncProperty(time, fc.nat(1000), time, fc.nat(5000), async (start, length, from, span) => {
      const range = { startSeconds: from, endSeconds: from + span + 1 };
      const inside = start < range.endSeconds && start + length >= range.startSeconds;
      const found = await within(
        [
          [start, start + length],
          [start * 1000, (start + length) * 1000],
        ],
        range,
      );
      assert.deepEqual(found, inside ? [0, 1] : []);
    }),
    {
      numRuns: 20,
      examples: [
        [T, 0, T, 0],
        [T, 60, T + 60, 10],
        [T, 60, T + 61, 10],
        [T, 0, T - 10, 9],
      ],
    },
  );
});

test('one of the two times stands for both; without times, and without bounds, there is no condition', () => {
  const range = { startSeconds: T, endSeconds: T + 60 };
  assert.match(rowsWithin(range, null, '"end"') ?? '', /^"end" >= 1795435500 .*"end" < 1795435560/);
  assert.match(rowsWithin(range, '"start"', null) ?? '', /^"start" >= 1795435500 .*"start" < 1795435560/);
  assert.equal(rowsWithin(range, null, null), null);
  assert.equal(rowsWithin(ALL_TIME, '"start"', '"end"'), null);
  assert.deepEqual([isBounded(ALL_TIME), isBounded({ ...ALL_TIME, endSeconds: T })], [false, true]);
});

test('says a range in words', () => {
  assert.equal(rangeText({ startSeconds: T, endSeconds: T + 60 }), 'of 2026-11-23T12:05:00Z to 2026-11-23T12:06:00Z');
  assert.equal(rangeText({ ...ALL_TIME, startSeconds: T }), 'since 2026-11-23T12:05:00Z');
  assert.equal(rangeText({ ...ALL_TIME, endSeconds: T }), 'before 2026-11-23T12:05:00Z');
  assert.equal(rangeText(ALL_TIME), 'of any time');
  assert.equal(rangeText({ ...ALL_TIME, startSeconds: 99_999_999_999_999 }), 'since 99999999999999 s');
});
