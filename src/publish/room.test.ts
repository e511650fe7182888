import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failure } from '../model/errors.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import type { Pace } from './pace.ts';
import { begin, filesBelow, linesOf, newDirectory, numbers, print, SLOT } from './publisher.fixture.ts';
import { createRoom, SPOOL_LIMITS } from './room.ts';

const pace = (now: () => number, wait: Pace['wait'] = () => Promise.resolve()): Pace => ({
  now,
  elapsed: () => performance.now(),
  random: () => 0.5,
  wait,
});

function place(): string {
  const path = newDirectory();
  mkdirSync(path);
  return path;
}

test('is full at its bound of bytes, counting what comes between two looks', async () => {
  const path = place();
  writeFileSync(join(path, 'a.segment'), Buffer.alloc(600));
  const room = createRoom(path, { ...SPOOL_LIMITS, reserveBytes: 0, maxBytes: 1000 }, pace(Date.now));
  await room.look(0);
  assert.deepEqual([room.bytes, room.full], [600, null]);
  room.took(400);
  assert.equal(room.full, 'bytes');
  await room.look(0);
  assert.equal(room.full, null);
});

test('is full while what waits longest waits longer than its bound', async () => {
  const limits = { ...SPOOL_LIMITS, reserveBytes: 0, maxAgeSeconds: 3600 };
  const room = createRoom(place(), limits, pace(Date.now));
  await room.look(3600);
  assert.equal(room.full, null);
  await room.look(3601);
  assert.equal(room.full, 'age');
  await room.look(0);
  assert.equal(room.full, null);
});

test('leaves a part of the disk to others', async () => {
  const room = createRoom(place(), { ...SPOOL_LIMITS, reserveBytes: Number.MAX_SAFE_INTEGER }, pace(Date.now));
  await room.glance();
  assert.equal(room.full, 'disk');
});

test('work waits while the disk is full, and fails where it is ended', async () => {
  let tries = 0;
  const full: unknown[] = [];
  const room = createRoom(
    place(),
    { ...SPOOL_LIMITS, reserveBytes: 0 },
    pace(Date.now, () => {
      full.push(room.full);
      return Promise.resolve();
    }),
  );
  const enospc = Object.assign(new Error('x'), { code: 'ENOSPC' });
  const duck = new Error('IO Error: Could not write: No space left on device');
  const errors = [enospc, duck, failure('FG_DISK_FULL', 'x')];
  const answer = await room.patiently(async () => {
    const error = errors[tries++];
    if (error !== undefined) throw error;
    return 'done';
  });
  assert.deepEqual([answer, tries, full], ['done', 4, ['disk', 'disk', 'disk']]);
  await assert.rejects(
    room.patiently(() => Promise.reject(new Error('another'))),
    /another/,
  );
  room.end();
  await assert.rejects(
    room.patiently(() => Promise.reject(enospc)),
    /x/,
  );
});

test('a publisher whose destination is away fills its spool, says so, and empties it', async () => {
  const directory = newDirectory();
  const store = directoryStore(directory);
  let away = true;
  const waiting: (() => void)[] = [];
  const { publisher } = await begin({
    directory,
    hostId: 'host-1',
    isLocal: () => false,
    limits: { maxBytes: 20_000, reserveBytes: 0 },
    pace: pace(Date.now, (_, signal) => {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        signal.addEventListener('abort', () => resolve());
      });
    }),
    store: {
      ...store,
      put: (...args) => (away ? Promise.reject(failure('FG_AWS_UNREACHABLE', 'x', 'y', 'z')) : store.put(...args)),
    },
  });
  let printed = 0;
  for (; publisher.full === null; printed += 50) {
    print(publisher, numbers(50, printed));
    await publisher.slotsClosedBefore(SLOT + 300);
    assert.ok(printed < 1000);
  }
  assert.equal(publisher.full, 'bytes');
  publisher.drop(7);
  away = false;
  while (publisher.count.held > 0) {
    for (const wake of waiting.splice(0)) wake();
    await new Promise(setImmediate);
  }
  await publisher.slotsClosedBefore(SLOT + 300);
  assert.equal(publisher.full, null);
  const { count } = await publisher.close();
  assert.deepEqual([count.in, count.out, count.held, count.lost], [printed + 7, printed, 0, { 'spool-full': 7 }]);
  const objects = [...filesBelow(join(directory, 'team', 'AWSLogs')).values()];
  assert.deepEqual(objects.flatMap(linesOf).sort(), numbers(printed).sort());
});
