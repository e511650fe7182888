import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartOf, firstChoice } from './chart-of.ts';

const column = (name: string, type: string) => ({ name, type, unit: null });

test('the first time or name goes across, the first number up', () => {
  const choice = (...types: readonly string[]) => firstChoice(types.map((type, at) => column(`c${at}`, type)));
  assert.deepEqual(choice('VARCHAR', 'HUGEINT'), { across: 'c0', up: 'c1' });
  assert.deepEqual(choice('BIGINT', 'TIMESTAMP WITH TIME ZONE', 'DOUBLE'), { across: 'c1', up: 'c0' });
  assert.deepEqual(choice('INTEGER', 'BIGINT'), { across: 'c0', up: 'c1' });
  assert.equal(choice('VARCHAR'), null);
  assert.equal(choice(), null);
});

test('bars are of the first rows, and the rest is counted', () => {
  const columns = [column('who', 'VARCHAR'), column('bytes', 'HUGEINT')];
  const rows = Array.from({ length: 60 }, (_, at) => [at === 0 ? null : `a${at}`, at === 1 ? '9007199254740993' : at]);
  const chart = chartOf(columns, rows, { across: 'who', up: 'bytes' });
  assert.ok(chart.kind === 'bars');
  assert.deepEqual(
    [chart.bars.length, chart.left, chart.bars[0], chart.bars[1]!.text],
    [50, 10, { name: '-', value: 0, text: '0' }, '9007199254740993'],
  );
  assert.equal(chartOf(columns, rows, { across: 'bytes', up: 'who' }).kind, 'none');
});

test('rows over time are steps, with those that have no row between them', () => {
  const columns = [column('at', 'TIMESTAMP'), column('n', 'BIGINT')];
  const rows = [
    ['2026-11-30T12:03:00Z', 3],
    ['2026-11-30T12:00:00Z', 1],
    ['2026-11-30T12:01:00Z', 2],
    ['2026-11-30T12:01:00Z', 5],
    [null, 7],
  ];
  const chart = chartOf(columns, rows, { across: 'at', up: 'n' });
  assert.ok(chart.kind === 'time');
  assert.deepEqual([chart.stepSeconds, chart.values, chart.times[0]], [60, [1, 7, 0, 3], 1_796_040_000]);
  const far = chartOf(columns, [...rows, ['2027-11-30T12:00:01Z', 1]], { across: 'at', up: 'n' });
  assert.ok(far.kind === 'none');
  assert.match(far.why, /time_bucket/);
});
