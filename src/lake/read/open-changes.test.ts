import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followOpenWindows } from './open-changes.ts';

const HEADER = 'interface-id srcaddr dstport packets bytes start end action tcp-flags';
const line = (port: number, packets: number, end: number, action = 'ACCEPT', start = 1200): string =>
  `eni-1 10.0.0.1 ${port} ${packets} ${packets * 100} ${start} ${end} ${action} ${packets}`;
const look = (...lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n');

test('what stood there at first has not just happened; what grows afterwards has', () => {
  const follow = followOpenWindows(10);
  assert.deepEqual(follow.next(look(line(22, 5, 1201))).records, []);
  const next = follow.next(look(line(22, 8, 1209), line(443, 2, 1210), line(23, 1, 1205, 'REJECT')));
  assert.deepEqual(next.accepted, { packets: 5, bytes: 500, flows: 1 });
  assert.deepEqual(next.rejected, { packets: 1, bytes: 100, flows: 1 });
  assert.deepEqual(
    next.records.map((values) => values[2]),
    ['443', '22', '23'],
  );
  assert.deepEqual([next.open, next.more], [3, 0]);
  const still = follow.next(look(line(22, 8, 1209), line(443, 2, 1210), line(23, 1, 1205, 'REJECT')));
  assert.deepEqual([still.records, still.accepted.packets], [[], 0]);
});

test('the same flow in the window before and in the next is two records', () => {
  const follow = followOpenWindows(10);
  follow.next(look(line(22, 5, 1259)));
  const next = follow.next(look(line(22, 6, 1259), line(22, 2, 1262, 'ACCEPT', 1261)));
  assert.deepEqual(next.accepted, { packets: 3, bytes: 300, flows: 1 });
  // The window before has closed.
  const after = follow.next(look(line(22, 4, 1263, 'ACCEPT', 1260)));
  assert.deepEqual([after.accepted.packets, after.accepted.flows, after.open], [2, 0, 1]);
});

test('no more records are told than are wanted, and how many are left out', () => {
  const follow = followOpenWindows(2);
  follow.next(look());
  const { records, more } = follow.next(look(...[1, 2, 3, 4, 5].map((port) => line(port, 1, 1200 + port))));
  assert.deepEqual(
    records.map((values) => values[2]),
    ['5', '4'],
  );
  assert.equal(more, 3);
});

test('a flow log without some fields, and nothing at all, are no trouble', () => {
  const follow = followOpenWindows(5);
  assert.deepEqual(follow.next('').fields, []);
  follow.next('srcaddr\n');
  assert.deepEqual(follow.next('srcaddr\n10.0.0.1\n').records, [['10.0.0.1']]);
  assert.deepEqual(follow.next('').open, 0);
});
