import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NowPackets } from '../../../../src/api/now.ts';
import { MOST_RECORDS, NO_EVENTS, SECONDS, withPackets } from './live-state.ts';

const FIELDS = ['srcaddr', 'packets', 'start', 'end', 'action'];
const event = (
  atSeconds: number,
  accepted: number,
  rows: readonly (readonly [string, number])[] = [],
  sinceMillis = 500,
) =>
  ({
    atMillis: atSeconds * 1000,
    sinceMillis,
    accepted: { packets: accepted, bytes: accepted * 100, flows: 0 },
    rejected: { packets: 1, bytes: 0, flows: 1 },
    fields: FIELDS,
    records: rows.map(([address, packets]) => [address, packets, 1200, 1201, 'ACCEPT']),
    more: 0,
    open: 7,
  }) satisfies NowPackets;

test('packets stand in the second in which they were seen, and seconds without any are empty', () => {
  const events = [event(1000.2, 5), event(1000.7, 3), event(1003.1, 4)];
  const state = events.reduce(withPackets, NO_EVENTS);
  assert.equal(state.untilSeconds, 1004);
  assert.deepEqual(state.accepted.slice(-4), [8, 0, 0, 4]);
  assert.deepEqual(state.rejected.slice(-4), [2, 0, 0, 1]);
  assert.equal(state.accepted.length, SECONDS);
});

test('what took longer than a second is spread over its seconds, and nothing is lost', () => {
  const state = [event(1000, 1), event(1005, 11, [], 5000)].reduce(withPackets, NO_EVENTS);
  assert.deepEqual(state.accepted.slice(-6), [1, 2, 2, 2, 2, 3]);
});

test('a record stands once, as it was told last, the last changed first', () => {
  const state = [
    event(1000, 1, [
      ['10.0.0.1', 1],
      ['10.0.0.2', 1],
    ]),
    event(1001, 1, [['10.0.0.2', 9]]),
  ].reduce(withPackets, NO_EVENTS);
  assert.deepEqual(
    state.records.map(([address, packets]) => [address, packets]),
    [
      ['10.0.0.2', 9],
      ['10.0.0.1', 1],
    ],
  );
  const many = event(
    1002,
    1,
    Array.from({ length: 500 }, (_, at) => [`10.1.0.${at}`, 1] as const),
  );
  assert.equal(withPackets(state, many).records.length, MOST_RECORDS);
});

test('the volume is of the same seconds as the packets: where these have gone it has too', () => {
  const busy = [event(1000, 20), event(1001, 1)].reduce(withPackets, NO_EVENTS);
  assert.deepEqual([busy.rate.accepted, busy.rate.bytes], [4, 400]);
  const quiet = [event(1007, 0), event(1008, 0)].reduce(withPackets, busy);
  assert.deepEqual([quiet.rate.accepted, quiet.rate.bytes], [0, 0]);
});
