import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { keepingOf } from '../../../lake/keep/settings.ts';
import { compactPlaces } from '../../../lake/keep/compact-places.ts';
import { lockLake } from '../../../lake/keep/lake-state.ts';
import { buildBucket, SLOT_SECONDS } from '../../../lake/read/build-bucket.ts';
import { ask } from '../../../query/ask.ts';
import { createStanding } from '../standing.ts';
import { healthOf } from '../health.ts';
import { metricsText } from '../metrics.ts';
import { createKeeper } from './keeper.ts';
import type { KeeperEvent } from './keeper.ts';

const HEADER = 'version interface-id srcaddr dstaddr packets bytes start end action';
const NOW = (SLOT_SECONDS + 3 * 86_400) * 1000;

function bucketOf(t: TestContext, objects: number) {
  const built = buildBucket();
  t.after(() => built.remove());
  for (let at = 0; at < objects; at++)
    built.text([HEADER, `2 eni-0a 10.0.0.${at} 203.0.113.1 1 100 ${SLOT_SECONDS} ${SLOT_SECONDS + 9} ACCEPT`]);
  return built;
}

/** Runs, until something has happened `times` times. */
function keeps(t: TestContext, data: string, compact: object, retention?: object) {
  const standing = createStanding();
  const events: KeeperEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const keeper = createKeeper({
    data,
    settings: keepingOf({ compact: { enabled: true, settleSeconds: 0, ...compact }, retention }, Error),
    access: {},
    standing: standing.keeping,
    show(event) {
      events.push(event);
      wake.resolve();
      wake = Promise.withResolvers();
    },
    firstMillis: 0,
    now: () => NOW,
  });
  t.after(() => keeper.end());
  return { standing, events, keeper, happened: () => wake.promise };
}

async function state(is: () => boolean): Promise<void> {
  while (!is()) await pause(5);
}

const objectsIn = (directory: string): number =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log.gz')).length;

test('a run in a process of its own compacts and removes, and it is told in health and metrics', async (t) => {
  const built = bucketOf(t, 3);
  const { standing, events, happened, keeper } = keeps(t, built.directory, { expireSeconds: 0 });
  assert.deepEqual(healthOf(standing, NOW).lake, { is: 'waiting', progress: null, last: null });
  await happened();
  assert.deepEqual(events, [{ kind: 'lake-kept', objects: 3, expired: 3, retiredRecords: 0 }]);
  assert.equal(objectsIn(built.directory), 0);
  const { lake } = healthOf(standing, NOW);
  assert.deepEqual([lake!.is, lake!.last!.objects, lake!.last!.records, lake!.last!.expired], ['worked', 3, 3, 3]);
  const text = metricsText(standing);
  for (const line of [
    'lake_enabled 1',
    'lake_runs_total 1',
    'lake_compacted_records_total 3',
    'lake_removed_objects_total 3',
  ])
    assert.match(text, new RegExp(`^flowgauge_${line}$`, 'mu'));
  await keeper.end();
  const answer = await ask(built.directory, 'SELECT count(*) FROM flow_logs');
  for await (const batch of answer.rows) assert.deepEqual(batch.map(([count]) => Number(count)), [3]); // prettier-ignore
});

test('a run that fails is told once, is no end, and is a note of health without its words', async (t) => {
  const { standing, events, happened } = keeps(t, '/nonexistent', { everySeconds: 1 });
  await happened();
  assert.deepEqual(
    events.map((event) => event.kind === 'problem' && event.code),
    ['FG_SOURCE_MISSING'],
  );
  assert.equal(standing.keeping.is, 'failing');
  assert.deepEqual(healthOf(standing, NOW).notes, [{ note: 'lake-failing', code: 'FG_SOURCE_MISSING' }]);
  assert.ok(standing.keeping.nextSeconds !== null);
});

test('a lake that somebody else changes is let alone until the next run, and that is no failure', async (t) => {
  const built = bucketOf(t, 1);
  const unlock = lockLake(compactPlaces(built.directory).lake);
  const { standing, events, happened } = keeps(t, built.directory, { everySeconds: 1 });
  await state(() => standing.keeping.is === 'working');
  await state(() => standing.keeping.is !== 'working');
  unlock();
  await happened();
  assert.equal(standing.keeping.failures, 0);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['lake-kept'],
  );
});

test('ended, it stops the run that goes on, and the lake is whole', async (t) => {
  const built = bucketOf(t, 40);
  const { standing, keeper } = keeps(t, built.directory, { by: 'hour', expireSeconds: 0 });
  await state(() => standing.keeping.is === 'working');
  await keeper.end();
  assert.equal(standing.keeping.nextSeconds, null);
  const answer = await ask(built.directory, 'SELECT count(*) FROM flow_logs');
  for await (const batch of answer.rows) assert.deepEqual(batch.map(([count]) => Number(count)), [40]); // prettier-ignore
});

test('where it is off nothing is done', async (t) => {
  const built = bucketOf(t, 1);
  const { standing, keeper } = keeps(t, built.directory, { enabled: false });
  await keeper.end();
  assert.equal(standing.keeping.is, 'off');
  assert.equal(healthOf(standing, NOW).lake, undefined);
  assert.doesNotMatch(metricsText(standing), /^flowgauge_lake_runs_total/mu);
});
