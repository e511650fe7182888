import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordLine } from './record-line.ts';

const NARROW = ['version', 'srcaddr', 'dstaddr', 'bytes', 'log-status'];
const WIDE = ['srcaddr', 'dstaddr', 'bytes', 'vpc-id', 'flow-direction'];
const COLUMNS = ['version', 'srcaddr', 'dstaddr', 'bytes', 'log-status', 'vpc-id', 'flow-direction', 'x-open'];

test('the format is the one that has all that the row has', () => {
  const narrow = recordLine([WIDE, NARROW], COLUMNS, [2, '10.0.0.1', '10.0.0.2', 70, 'OK', null, null, false]);
  assert.deepEqual(narrow, { line: '2 10.0.0.1 10.0.0.2 70 OK', fields: NARROW, from: 'format' });
  const wide = recordLine([NARROW, WIDE], COLUMNS, [null, '10.0.0.1', '10.0.0.2', null, null, 'vpc-1', null, false]);
  assert.deepEqual([wide.line, wide.from], ['10.0.0.1 10.0.0.2 - vpc-1 -', 'format']);
});

test('of Parquet, the fields that there are are written in order', () => {
  const made = recordLine([], COLUMNS, [2, '10.0.0.1', null, 0, 'OK', null, 'egress', false]);
  assert.deepEqual([made.line, made.from], ['2 10.0.0.1 - 0 OK - egress', 'made']);
});
