import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepingOf } from './settings.ts';

const wrong = (why: string): Error => new Error(why);
const of = (compact?: unknown, retention?: unknown) => keepingOf({ compact, retention }, wrong);

test('nothing is done where nobody asked for it, and retention asks for compaction', () => {
  assert.deepEqual(of(), {
    isOn: false,
    everySeconds: 900,
    dest: null,
    by: 'size',
    settleSeconds: 1800,
    rollups: true,
    expireSeconds: null,
    retention: null,
    memoryBytes: 500e6,
  });
  assert.equal(of({ enabled: true }).isOn, true);
  const kept = of(undefined, { days: 30, rollupDays: 400 });
  assert.equal(kept.isOn, true);
  assert.deepEqual(kept.retention, { recordsSeconds: 30 * 86_400, rollupsSeconds: 400 * 86_400 });
  assert.deepEqual(of({}, { days: 1 }).retention, { recordsSeconds: 86_400, rollupsSeconds: null });
  const all = { enabled: true, dest: 's3://lake', by: 'hour', settleSeconds: 0, rollups: false, everySeconds: 60, memoryBytes: 2e8 }; // prettier-ignore
  const { isOn: enabled, expireSeconds, retention, ...set } = of(all);
  assert.deepEqual([{ enabled, ...set }, expireSeconds, retention], [all, null, null]);
});

test('what is removed here may be in a lake elsewhere', () => {
  const { dest, expireSeconds, retention } = of({ dest: 's3://lake', expireSeconds: 60 }, { days: 30 });
  assert.deepEqual([dest, expireSeconds, retention?.recordsSeconds], ['s3://lake', 60, 30 * 86_400]);
});

test('what cannot be is refused with the setting and what would do', () => {
  for (const [compact, retention, message] of [
    [[], undefined, /compact is no object/],
    [{ on: true }, undefined, /compact has no setting "on", it has enabled, dest/],
    [{ by: 'week' }, undefined, /compact\.by is "week", not one of size, hour, day/],
    [{ everySeconds: 0 }, undefined, /compact\.everySeconds is 0, not a whole number from 1 to 86400/],
    [{ memoryBytes: 1 }, undefined, /compact\.memoryBytes is 1, not a whole number from 100000000$/],
    [{ enabled: 'yes' }, undefined, /compact\.enabled is "yes", not true or false/],
    [undefined, {}, /retention has no days/],
    [undefined, { days: 30, rollupDays: 7 }, /not kept for a shorter time than their records \(30 days\)/],
    [{ enabled: false }, { days: 30 }, /retention needs compact\.enabled/],
  ] as const)
    assert.throws(() => of(compact, retention), { message });
});
