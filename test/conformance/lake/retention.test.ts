/**
 * Retention: what goes, what stays, and what questions say of it.
 */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Note } from '../../../src/api/note.ts';
import { planLocal } from '../../../src/lake/keep/plan-local.ts';
import { tend } from '../../../src/lake/keep/tend.ts';
import type { Tended } from '../../../src/lake/keep/tend.ts';
import { buildBucket } from '../../../src/lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../../src/lake/read/build-bucket.ts';
import { ask } from '../../../src/query/ask.ts';

const DAY = 86_400;
/** Noon of a day long ago. */
const NOON = Date.UTC(2026, 2, 10, 12) / 1000;
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const { signal } = new AbortController();
const ALL = { startSeconds: 0, endSeconds: 4e9 };
const SUMS = 'top-talkers';
const RECORDS = 'SELECT count(*), sum(bytes) FROM flow_logs';

function object(bucket: BuiltBucket, slotSeconds: number, more: readonly string[] = []): string {
  const lines = Array.from(
    { length: 10 },
    (_, at) =>
      `2 123456789012 eni-0a1b2c3d4e5f60011 10.0.0.${at % 3} 203.0.113.${at} ${40_000 + at} 443 6 ${at + 1} ${at * 60} ${slotSeconds + at} ${slotSeconds + at + 20} ACCEPT OK`,
  );
  return bucket.text([HEADER, ...lines, ...more], { slotSeconds });
}

/** Three days, an object of each. */
function threeDays(): BuiltBucket {
  const bucket = buildBucket();
  for (let day = 0; day < 3; day++) object(bucket, NOON + day * DAY);
  return bucket;
}

function retained(
  { directory }: BuiltBucket,
  more: Partial<Parameters<typeof tend>[1]> & { readonly days?: number; readonly rollupDays?: number } = {},
): Promise<Tended> {
  const { days = 2, rollupDays, ...options } = more;
  const rollupsSeconds = rollupDays === undefined ? null : rollupDays * DAY;
  return tend(directory, {
    dest: null,
    by: 'hour',
    settleSeconds: 0,
    rollups: true,
    expireSeconds: null,
    retention: { recordsSeconds: days * DAY, rollupsSeconds },
    memoryBytes: 200e6,
    graceSeconds: 0,
    // An hour after the third day's hour is over.
    nowSeconds: NOON + 2 * DAY + 2 * 3600,
    signal,
    onProgress: () => {},
    ...options,
  });
}

async function answer({ directory }: BuiltBucket, question: string, range = ALL) {
  const { rows, notes } = await ask(directory, question, {}, { range });
  const all: unknown[] = [];
  for await (const batch of rows) all.push(...batch);
  return { rows: all, notes: notes.filter(({ kind }: Note) => kind === 'retired' || kind === 'unreadable') };
}

const names = ({ directory }: BuiltBucket, pattern: RegExp): number =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name)).length;
const RECORD_FILES = /lake\/records\/.*\.parquet$/u;
const SUM_FILES = /lake\/(?!records).*\.parquet$/u;

test('records that are too old go, younger ones stay, and sums of both answer as before', async (t) => {
  const bucket = threeDays();
  t.after(() => bucket.remove());
  const sums = await answer(bucket, SUMS);
  const done = await retained(bucket);
  assert.deepEqual(
    [
      done.compacted.objects,
      done.expired!.objects,
      done.retained!.files,
      done.retained!.records,
      done.retained!.removed,
    ],
    [3, 1, 1, 10, 1],
  );
  assert.deepEqual([names(bucket, /\.log\.gz$/u), names(bucket, RECORD_FILES)], [2, 2]);
  assert.deepEqual(await answer(bucket, SUMS), sums);
  const { rows, notes } = await answer(bucket, RECORDS);
  assert.deepEqual([(rows as number[][])[0]!.map(Number), notes.length], [[20, 5400], 1]);
  const [note] = notes;
  assert.ok(note?.kind === 'retired');
  assert.deepEqual([note.files, note.records, note.firstSeconds, note.lastSeconds], [1, 10, NOON, NOON + 29]);
  const later = { startSeconds: NOON + DAY, endSeconds: NOON + 3 * DAY };
  assert.deepEqual((await answer(bucket, RECORDS, later)).notes, [], 'of other times nothing is missed');
  const cut = { startSeconds: NOON + 5, endSeconds: NOON + DAY };
  assert.equal((await answer(bucket, SUMS, cut)).notes.length, 1, 'a range that cuts a file needs its records');
  const again = await retained(bucket);
  assert.deepEqual([again.compacted.objects, again.expired!.objects, again.retained!.files], [0, 0, 0]);
});

test('sums go when they are too old as well, and what went is still known', async (t) => {
  const bucket = threeDays();
  t.after(() => bucket.remove());
  await retained(bucket);
  const before = names(bucket, SUM_FILES);
  const done = await retained(bucket, { rollupDays: 2 });
  assert.equal(done.retained!.rollups, 1);
  assert.equal(names(bucket, SUM_FILES), (before / 3) * 2);
  const { notes } = await answer(bucket, SUMS);
  assert.deepEqual(
    notes.map((note) => note.kind === 'retired' && note.records),
    [10],
  );
});

test('a file goes from the disk when questions that were asked before have ended, and not before', async (t) => {
  const bucket = threeDays();
  t.after(() => bucket.remove());
  const nowSeconds = NOON + 2 * DAY + 2 * 3600;
  // The objects have been in the lake for long enough, so they go; the file waits.
  await retained(bucket, { retention: null, graceSeconds: 3600, nowSeconds: nowSeconds - 3600 });
  const first = await retained(bucket, { graceSeconds: 3600 });
  assert.deepEqual([first.expired!.objects, first.retained!.files, first.retained!.waiting], [1, 1, 1]);
  assert.equal(names(bucket, RECORD_FILES), 3);
  const early = await retained(bucket, { graceSeconds: 3600, nowSeconds: nowSeconds + 3599 });
  assert.deepEqual([early.retained!.removed, early.retained!.waiting], [0, 1]);
  const due = await retained(bucket, { graceSeconds: 3600, nowSeconds: nowSeconds + 3600 });
  assert.deepEqual([due.retained!.removed, due.retained!.waiting, names(bucket, RECORD_FILES)], [1, 0, 2]);
});

test('what was not compared, has no sums, or has damaged ones stays, and is told', async (t) => {
  const bucket = buildBucket();
  t.after(() => bucket.remove());
  object(bucket, NOON, ['a broken line']);
  const broken = await retained(bucket);
  assert.deepEqual(
    [broken.expired!.kept.map(({ because }) => because), broken.retained!.kept.map(({ because }) => because)],
    [['broken-lines'], ['objects']],
  );
  assert.deepEqual([names(bucket, /\.log\.gz$/u), names(bucket, RECORD_FILES)], [1, 1]);

  const plain = threeDays();
  t.after(() => plain.remove());
  await retained(plain, { retention: null, rollups: false, expireSeconds: 0 });
  const kept = await retained(plain);
  assert.deepEqual(
    kept.retained!.kept.map(({ because, records }) => [because, records]),
    [['no-rollups', 10]],
  );
  assert.equal((await retained(plain, { rollups: false })).retained!.records, 10, 'where no sums are wanted they go');

  const damaged = threeDays();
  t.after(() => damaged.remove());
  await retained(damaged, { retention: null, expireSeconds: 0 });
  const [sum] = readdirSync(join(damaged.directory, 'flowgauge-lake/sources-1h/day=2026-03-10'));
  const path = join(damaged.directory, 'flowgauge-lake/sources-1h/day=2026-03-10', sum!);
  writeFileSync(path, 'x');
  const stays = await retained(damaged);
  assert.deepEqual(
    stays.retained!.kept.map(({ because }) => because),
    ['damaged-rollups'],
  );
  rmSync(path);
  assert.equal((await retained(damaged)).retained!.kept.length, 1);
});

test('a plan says what would go, and changes nothing', async (t) => {
  const bucket = threeDays();
  t.after(() => bucket.remove());
  const how = {
    recordsSeconds: 2 * DAY,
    rollupsSeconds: null,
    rollups: true,
    nowSeconds: NOON + 2 * DAY + 2 * 3600,
    signal,
  };
  const plan = await planLocal(bucket.directory, how);
  assert.deepEqual([plan.objects, plan.files], [1, 0]);
  assert.deepEqual(readdirSync(bucket.directory), ['AWSLogs']);
  await retained(bucket, { retention: null, expireSeconds: 0 });
  const then = await planLocal(bucket.directory, how);
  assert.deepEqual([then.objects, then.files, then.records], [0, 1, 10]);
});
