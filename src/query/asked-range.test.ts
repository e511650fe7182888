import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../model/errors.ts';
import { isoOf } from '../lake/read/time-range.ts';
import { askedRange } from './asked-range.ts';

/** 2026-11-24T03:04:05.678Z. */
const NOW = Date.UTC(2026, 10, 24, 3, 4, 5, 678);
const from = (text: string): string => isoOf(askedRange({ fromTime: text }, NOW)!.startSeconds);

test('the last so many hours end now and are whole seconds', () => {
  const span = (last: string): readonly string[] => {
    const { startSeconds, endSeconds } = askedRange({ last }, NOW)!;
    return [isoOf(startSeconds), isoOf(endSeconds)];
  };
  assert.deepEqual(span('6h'), ['2026-11-23T21:04:05Z', '2026-11-24T03:04:06Z']);
  assert.deepEqual(span('1.5d'), ['2026-11-22T15:04:05Z', '2026-11-24T03:04:06Z']);
  assert.deepEqual(span('90 s')[0], '2026-11-24T03:02:35Z');
  assert.deepEqual(span('2w')[0], '2026-11-10T03:04:05Z');
  assert.deepEqual(span('5m')[0], '2026-11-24T02:59:05Z');
  assert.equal(askedRange({}, NOW), null);
});

test('a time is UTC unless it says otherwise, whatever zone this machine is in', () => {
  const zone = process.env['TZ'];
  try {
    for (const here of ['America/New_York', 'Asia/Kolkata', 'UTC']) {
      process.env['TZ'] = here;
      assert.equal(from('2026-11-23'), '2026-11-23T00:00:00Z');
      assert.equal(from('2026-11-23T14:30'), '2026-11-23T14:30:00Z');
      assert.equal(from('2026-11-23 14:30:15'), '2026-11-23T14:30:15Z');
      assert.equal(from('2026-11-23T14:30:15.9Z'), '2026-11-23T14:30:15Z');
      assert.equal(from('2026-11-23T14:30+01:00'), '2026-11-23T13:30:00Z');
      assert.equal(from('2026-11-23t14:30:00-0530'), '2026-11-23T20:00:00Z');
      assert.equal(from('2026-11-23T14:30+02'), '2026-11-23T12:30:00Z');
      assert.equal(from('1795435500'), '2026-11-23T12:05:00Z');
      assert.equal(from('1795435500.75'), '2026-11-23T12:05:00Z');
      assert.equal(from('now'), '2026-11-24T03:04:05Z');
      assert.equal(from('Today'), '2026-11-24T00:00:00Z');
      assert.equal(from(' yesterday '), '2026-11-23T00:00:00Z');
    }
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

test('yesterday until today is a day; one end alone leaves the other open', () => {
  assert.deepEqual(askedRange({ fromTime: 'yesterday', toTime: 'today' }, NOW), {
    startSeconds: Date.UTC(2026, 10, 23) / 1000,
    endSeconds: Date.UTC(2026, 10, 24) / 1000,
  });
  assert.equal(askedRange({ fromTime: 'today' }, NOW)?.endSeconds, Number.POSITIVE_INFINITY);
  assert.equal(askedRange({ toTime: 'today' }, NOW)?.startSeconds, Number.NEGATIVE_INFINITY);
  assert.equal(
    askedRange({ toTime: '2026-11-23T12:00:00.1Z' }, NOW)?.endSeconds,
    Date.UTC(2026, 10, 23, 12, 0, 1) / 1000,
  );
});

test('names the value that is none, and what would do', () => {
  const refused = (texts: Parameters<typeof askedRange>[0], code: string, words: RegExp): void => {
    assert.throws(
      () => askedRange(texts, NOW),
      (error) => error instanceof FlowgaugeError && error.code === code && words.test(error.message),
      JSON.stringify(texts),
    );
  };
  for (const last of ['6', '0h', 'h', '-6h', '6 hours', '6M', '1h30m', '', '9999999w'])
    refused({ last }, 'FG_TIME_VALUE', /--last.*such as 6h/);
  for (const time of [
    '2026',
    '20261123',
    '2026-11-31',
    '2026-13-01',
    '2026-11-23T24:00Z',
    '2026-11-23T14:60Z',
    '2026-11-23T14Z',
    '2026-11-23T14:30 CET',
    '2026-11-23T14:30+25:00',
    '23.11.2026',
    '11/23/2026',
    '1795435500000',
    'last week',
    '',
  ])
    refused({ fromTime: time }, 'FG_TIME_VALUE', /--from-time.*2026-11-23T14:30Z/);
  refused({ toTime: 'soon' }, 'FG_TIME_VALUE', /--to-time "soon"/);
  refused({ fromTime: 'today', toTime: 'yesterday' }, 'FG_TIME_ORDER', /2026-11-24T00:00:00Z.*2026-11-23T00:00:00Z/);
  refused({ fromTime: '2026-11-23', toTime: '2026-11-23' }, 'FG_TIME_ORDER', /next day/);
  refused({ last: '6h', fromTime: 'today' }, 'FG_TIME_BOTH', /--last 6h.*--from-time today/);
  refused({ last: '6h', toTime: 'today' }, 'FG_TIME_BOTH', /--to-time today/);
});
