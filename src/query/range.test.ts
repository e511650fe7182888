/**
 * Questions about a range of time, from the listing to the rows.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { BuiltBucket } from '../lake/read/build-bucket.ts';
import { SLOT_SECONDS as T, buildBucket } from '../lake/read/build-bucket.ts';
import { streamSource } from '../lake/read/file.ts';
import type { TimeRange } from '../lake/read/source.ts';
import { ask, planAt } from './ask.ts';
import type { Answer, Cell } from './engine.ts';
import { duckEngine } from './engines/duckdb.ts';

const built: BuiltBucket[] = [];
after(() => built.forEach((bucket) => bucket.remove()));
function newBucket(): BuiltBucket {
  const bucket = buildBucket();
  built.push(bucket);
  return bucket;
}

const HEADER = 'version interface-id srcaddr packets bytes start end action log-status';
const line = (packets: number, start: number, end: number): string =>
  `2 eni-0a 10.0.0.1 ${packets} ${packets} ${start} ${end} ACCEPT OK`;
/** Ten minutes from T. */
const RANGE: TimeRange = { startSeconds: T, endSeconds: T + 600 };

async function rowsOf(answer: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

async function packetsOf(from: string, range: TimeRange): Promise<readonly Cell[]> {
  const rows = await rowsOf(await ask(from, 'SELECT packets FROM flow_logs ORDER BY packets', {}, { range }));
  return rows.map(([packets]) => packets ?? null);
}

test('text and Parquet, late files and other objects: just the records of which the range has a part', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, line(1, T - 60, T - 1), line(2, T - 60, T), line(3, T, T + 59)]);
  bucket.text([HEADER, line(4, T + 540, T + 620), line(5, T + 600, T + 660)], { slotSeconds: T + 600 });
  // Delivered an hour late.
  bucket.text([HEADER, line(6, T + 10, T + 20), line(7, T + 4000, T + 4010)], { slotSeconds: T + 3900 });
  const far = bucket.text(['no flow log at all'], { slotSeconds: T + 86_400 });
  bucket.text([HEADER, `2 eni-0a - - - ${T + 60} ${T + 119} - NODATA`, `2 eni-0a - - - ${T - 60} ${T - 1} - NODATA`]);
  bucket.text([HEADER, `2 eni-0a - - - ${T + 60}000 ${T + 119}999 - SKIPDATA`, `2 eni-0a - - - ${T}999 - - SKIPDATA`]);
  await bucket.parquet(`SELECT n::BIGINT AS packets, (${T} + n * 100)::BIGINT AS start, (${T} + n * 100 + 50)::BIGINT AS "end"
    FROM range(-3, 10) AS t(n)`);
  await bucket.parquet(`SELECT n::BIGINT AS packets, CAST(${T} + n * 100 AS VARCHAR) AS start, (${T} + n * 100 + 50)::BIGINT AS "end"
    FROM range(10, 20) AS t(n)`);
  const answer = await ask(
    bucket.directory,
    'SELECT log_status, packets FROM flow_logs ORDER BY ALL',
    {},
    { range: RANGE },
  );
  assert.deepEqual(await rowsOf(answer), [
    ['NODATA', null],
    ['OK', 2],
    ['OK', 3],
    ['OK', 4],
    ['OK', 6],
    ['SKIPDATA', null],
    ...[0, 1, 2, 3, 4, 5].map((packets) => [null, packets]),
  ]);
  assert.ok(!JSON.stringify(answer.notes).includes(far));
  assert.equal(answer.stats().objects, 7);
});

test('a question that names no time, or all columns, is about the same records', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, line(1, T - 60, T - 1), line(2, T, T + 9), line(3, T + 600, T + 609)]);
  const one = async (sql: string): Promise<unknown> => rowsOf(await ask(bucket.directory, sql, {}, { range: RANGE }));
  assert.deepEqual(await one('SELECT count(*) FROM flow_logs'), [[1]]);
  assert.deepEqual(await one('SELECT DISTINCT srcaddr, count(*) FROM flow_logs GROUP BY ALL'), [['10.0.0.1', 1]]);
  assert.deepEqual(await one('SELECT * EXCLUDE (start_time, end_time) FROM flow_logs'), [
    [2, 'eni-0a', '10.0.0.1', 2, 2, T, T + 9, 'ACCEPT', 'OK'],
  ]);
});

test('what is counted by time is counted where it began, as without a range', async () => {
  const bucket = newBucket();
  const lines = Array.from({ length: 40 }, (_, at) => line(at, T - 600 + at * 30, T - 600 + at * 30 + 45));
  const from = bucket.file('a.log', `${[HEADER, ...lines].join('\n')}\n`);
  for (const question of ['bytes-over-time', 'accepted-rejected-over-time', 'busy-minutes']) {
    const every = { every: '5m' };
    const all = await rowsOf(await ask(from, question, every));
    const some = await rowsOf(await ask(from, question, every, { range: RANGE }));
    const began = (row: readonly Cell[]): boolean => String(row[0]) >= '2026-11-23T12:05:00Z';
    assert.equal(some.length, 2, question);
    assert.deepEqual(some, all.filter(began), question);
  }
});

test('single files and what is piped in are cut to the range as well', async () => {
  const bucket = newBucket();
  const text = [HEADER, line(1, T - 60, T - 1), line(2, T, T + 9)].join('\n');
  assert.deepEqual(await packetsOf(bucket.file('a.log', `${text}\n`), RANGE), [2]);
  const source = streamSource('pipe', Readable.from([Buffer.from(`${text}\n`)]));
  const question = { sql: 'SELECT packets FROM flow_logs', parameters: {}, saved: null };
  const answer = await duckEngine(source, { range: RANGE }).run(question, new AbortController().signal);
  assert.deepEqual(await rowsOf(answer), [[2]]);
});

test('any cutting of time into ranges finds each record, and none outside its time', async () => {
  const bucket = newBucket();
  const endOf = (at: number): number => T + at * 7 + (at % 60);
  const lines = Array.from({ length: 300 }, (_, at) => line(at, T + at * 7, endOf(at)));
  const slots = Map.groupBy(lines.keys(), (at) => endOf(at) - (endOf(at) % 300));
  for (const [slotSeconds, some] of slots) bucket.text([HEADER, ...some.map((at) => lines[at]!)], { slotSeconds });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -10, max: 2200 }), fc.integer({ min: 1, max: 700 }), async (from, length) => {
      const range = { startSeconds: T + from, endSeconds: T + from + length };
      const wanted = lines
        .map((_, at) => at)
        .filter((at) => T + at * 7 < range.endSeconds && T + at * 7 + (at % 60) >= range.startSeconds);
      const found =
        wanted.length === 0
          ? await packetsOf(bucket.directory, range).catch(() => [])
          : await packetsOf(bucket.directory, range);
      assert.deepEqual(found, wanted);
    }),
    { numRuns: 8 },
  );
});

test('a format with one time or none', async () => {
  const bucket = newBucket();
  bucket.text(['srcaddr end', `10.0.0.1 ${T - 1}`, `10.0.0.2 ${T}`, `10.0.0.3 ${T + 600}`]);
  bucket.text(['srcaddr start', `10.0.0.4 ${T - 1}`, `10.0.0.5 ${T + 599}`]);
  const key = bucket.text(['srcaddr bytes', '10.0.0.6 1']);
  const answer = await ask(bucket.directory, 'SELECT srcaddr FROM flow_logs ORDER BY ALL', {}, { range: RANGE });
  assert.deepEqual(await rowsOf(answer), [['10.0.0.2'], ['10.0.0.5'], ['10.0.0.6']]);
  assert.deepEqual(answer.notes, [{ kind: 'no-times', file: key, files: 1 }]);
});

test('where the range has nothing, the newest there is is named', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, line(1, T, T + 59)]);
  bucket.text([HEADER, line(1, T, T + 59)], { slotSeconds: T - 3600, hive: true });
  const later = { startSeconds: T + 7200, endSeconds: T + 9000 };
  await assert.rejects(packetsOf(bucket.directory, later), {
    code: 'FG_TIME_EMPTY',
    message: /no flow log objects of 2026-11-23T14:05:00Z to 2026-11-23T14:35:00Z.*newest is of 2026-11-23T12:05:00Z/,
  });
  await assert.rejects(packetsOf(newBucket().directory, later), { code: 'FG_SOURCE_EMPTY' });
  const file = bucket.file(
    'a.log',
    `${HEADER}\n${line(1, T, T + 59)}\n2 eni-0a - - - ${T}000 ${T + 99}000 - SKIPDATA\n`,
  );
  const answer = await ask(file, 'SELECT count(*) FROM flow_logs', {}, { range: later });
  assert.deepEqual(await rowsOf(answer), [[0]]);
  assert.deepEqual(answer.notes, [{ kind: 'none-in-range', newestSeconds: T + 99 }]);
});

test('the plan counts what would be read, and whoever refuses it keeps everything unread', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, line(1, T, T + 59)]);
  bucket.text([HEADER, line(1, T, T + 59)], { slotSeconds: T + 86_400 });
  await bucket.parquet(`SELECT 1::BIGINT AS packets, ${T}::BIGINT AS start, ${T}::BIGINT AS "end"`);
  bucket.file('stray.txt', 'x');
  const { planned, notes } = await planAt(bucket.directory, { range: RANGE });
  assert.deepEqual(
    planned.groups.map(({ kind, storageClass, objects }) => [kind, storageClass, objects]),
    [
      ['parquet', null, 1],
      ['text', null, 1],
    ],
  );
  assert.deepEqual([planned.objects, planned.farBytes, planned.requests, notes], [2, 0, 0, []]);
  assert.equal(planned.bytes, planned.groups[0]!.bytes + planned.groups[1]!.bytes);
  const seen: number[] = [];
  const asked = ask(
    bucket.directory,
    'SELECT 1',
    {},
    {
      onPlanned: ({ objects }) => {
        seen.push(objects);
        throw new Error('too much');
      },
    },
  );
  await assert.rejects(asked, /too much/);
  assert.deepEqual(seen, [3]);
  await assert.rejects(planAt(join(bucket.directory, 'nowhere')), { code: 'FG_SOURCE_MISSING' });
});
