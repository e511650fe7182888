import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explored } from '../../../../src/api/explore.ts';
import { seriesOf } from '../../parts/explored-series.ts';
import { groupFilter, otherFilter } from './groups.ts';

const amounts = { bytes: 3, packets: 2, flows: 1, records: 1 };
const group = (values: readonly (string | null)[]) => ({ values, amounts, before: null, series: [1, 2] });

test('the records of a group, and of all others', () => {
  assert.equal(groupFilter('', ['srcaddr', 'dstport'], ['10.0.0.1', 443]), 'srcaddr=10.0.0.1,dstport=443');
  assert.equal(groupFilter('action=ACCEPT,srcaddr=10.0.0.0/8', ['srcaddr'], [null]), 'action=ACCEPT,srcaddr=-');
  assert.equal(
    otherFilter('bytes>5', ['srcaddr'], [group(['10.0.0.1']), group([null])]),
    'bytes>5,srcaddr!=10.0.0.1|-',
  );
  assert.equal(otherFilter('', ['srcaddr', 'action'], [group(['10.0.0.1', 'ACCEPT'])]), null);
});

test('series are in order, with "Other" and the period before', () => {
  const answer = {
    dimensions: ['action'],
    groups: [group(['ACCEPT']), group(['REJECT'])],
    other: { amounts, before: null, series: [0, 1], groups: 1200 },
    seriesBefore: [4, 4],
  } as unknown as Explored;
  const series = seriesOf(answer, (_, value) => String(value));
  assert.deepEqual(
    series.map(({ label, look }) => [label, look]),
    [
      ['ACCEPT', 'accept'],
      ['REJECT', 'reject'],
      ['Other (1.2K groups)', 'other'],
      ['Period before', 'before'],
    ],
  );
});
