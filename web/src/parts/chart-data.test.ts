import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanAt, spansBetween, stackedColumns } from './chart-data.ts';
import type { ChartSeries } from './chart-data.ts';

const series = (id: string, values: readonly number[], look: ChartSeries['look'] = 'plain'): ChartSeries => ({
  id,
  label: id,
  values,
  look,
});

test('series stand one on the other, the top one is drawn first and lines last, and the last span has an end', () => {
  const columns = stackedColumns([0, 60], 60, [
    series('a', [1, 2]),
    series('b', [10, 20]),
    series('c', [5, 5], 'before'),
  ]);
  assert.deepEqual(columns, [
    [0, 60, 120],
    [11, 22, 22],
    [1, 2, 2],
    [5, 5, 5],
  ]);
  assert.deepEqual(stackedColumns([], 60, []), [[]]);
});

test('a time is in the span that holds it, and a brush covers whole spans of the range', () => {
  const times = [600, 660, 720];
  assert.deepEqual(
    [599, 600, 659, 660, 779, 780].map((at) => spanAt(times, 60, at)),
    [null, 0, 0, 1, 2, null],
  );
  const range = { fromSeconds: 610, toSeconds: 770 };
  assert.deepEqual(spansBetween(times, 60, [2, 0], range), { from: 610, to: 770 });
  assert.deepEqual(spansBetween(times, 60, [1, 1], range), { from: 660, to: 720 });
});
