import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBucket } from '../../../lake/read/build-bucket.ts';
import { openState, statePath } from '../../../storage/state/state-file.ts';
import { many } from '../../../watch/told-conversations.ts';
import { NOON, recordLines } from '../../../watch/told-records.fixture.ts';
import { createDetector, nextLook } from './detector.ts';
import type { DetectorEvent, DetectorOptions } from './detector.ts';
import { createDetectionStanding } from './standing.ts';

const SETTINGS = { isOn: true, everySeconds: 60, only: null, except: [], parameters: {} };

test('the next look comes after the next window has closed, and later where looks take long', () => {
  const at = (seconds: number): number => seconds * 1000;
  assert.equal(nextLook(at(604), at(1), at(60)), at(664));
  // A timer that was late costs no window.
  assert.equal(nextLook(at(604) + 30, at(1), at(60)), at(664));
  assert.equal(nextLook(at(604), at(20), at(60)), at(844));
  assert.equal(nextLook(at(604), at(0), at(5)), at(609));
});

/** Runs until something has happened that `until` waits for. */
function detects(data: string, more: Partial<DetectorOptions> = {}) {
  const standing = createDetectionStanding();
  const events: DetectorEvent[] = [];
  const done = Promise.withResolvers<void>();
  const detector = createDetector({
    data,
    settings: SETTINGS,
    receivers: [],
    standing,
    show(event) {
      events.push(event);
      if (event.kind === 'problem') done.resolve();
    },
    looked: done.resolve,
    firstMillis: 0,
    now: () => (NOON + 200) * 1000,
    ...more,
  });
  return { standing, events, done: done.promise, end: () => detector.end() };
}

test('a look in a process of its own finds, tells and counts', async (t) => {
  const built = buildBucket();
  t.after(() => built.remove());
  openState(statePath(built.directory)).close();
  const records = many(120, (at) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port: 1000 + at,
    at,
    back: null,
    action: 'REJECT' as const,
  }));
  built.text(recordLines(records, 'four'), { prefix: 'bucket', slotSeconds: NOON + 300 });
  const { standing, events, done, end } = detects(built.directory);
  t.after(end);
  await done;
  assert.deepEqual(
    events.map((event) => (event.kind === 'found' ? event.finding.detection : event.message)),
    ['port-scan'],
  );
  assert.equal(standing.is, 'looked');
  assert.deepEqual([standing.looks.long, standing.fresh.low, standing.open.low], [1, 1, 1]);
});

test('a look that cannot be taken is told, and is no end', async (t) => {
  const { standing, events, done, end } = detects('/nonexistent');
  t.after(end);
  await done;
  assert.equal(standing.is, 'failing');
  assert.equal(standing.failures, 1);
  assert.deepEqual(
    events.map((event) => (event.kind === 'problem' ? event.code : event.kind)),
    ['FG_SOURCE_MISSING'],
  );
});

test('where no packet came for two looks none is taken, for an hour', async (t) => {
  const built = buildBucket();
  t.after(() => built.remove());
  openState(statePath(built.directory)).close();
  let [millis, packets] = [NOON * 1000, 7];
  const looks: number[] = [];
  let asked = 0;
  const next = Promise.withResolvers<void>();
  const { end, done } = detects(built.directory, {
    settings: { ...SETTINGS, everySeconds: 0 },
    // Each time that is asked for is a minute later.
    now: () => (millis += 60_000),
    packets: () => {
      if (++asked === 20) packets = 8;
      return packets;
    },
    looked: () => {
      looks.push(asked);
      if (looks.length === 3) next.resolve();
    },
  });
  t.after(end);
  void done;
  await next.promise;
  assert.deepEqual(looks, [1, 2, 20]);
});

test('where it is off nothing is looked at', () => {
  const { standing, end } = detects('/nonexistent', { settings: { ...SETTINGS, isOn: false } });
  end();
  assert.equal(standing.is, 'off');
});
