import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { compactPlaces } from '../../../src/lake/keep/compact-places.ts';
import { expire } from '../../../src/lake/keep/expire.ts';
import type { ExpireReport } from '../../../src/lake/keep/expire.ts';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
import { LAKE_FOLDER, LAKE_FORMAT, MANIFEST_FOLDER } from '../../../src/lake/read/compacted/manifest.ts';
import { ask } from '../../../src/query/ask.ts';
import { compactDirectory, LATER_SECONDS } from './compacted.ts';

const HEADER = 'version interface-id srcaddr dstaddr packets bytes start end action later-field';
const line = (at: number, more = 'kept'): string =>
  `2 eni-0a1b2c3d4e5f60001 10.0.0.${at} 203.0.113.1 ${at} ${at * 100} ${SLOT_SECONDS + at} ${SLOT_SECONDS + at} ACCEPT ${more}`;

async function rowsOf(
  from: string,
  question: string,
): Promise<{ rows: unknown[]; notes: readonly { kind: string }[] }> {
  const answer = await ask(from, question);
  const rows: unknown[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return { rows, notes: answer.notes };
}

function expireDirectory(directory: string, nowSeconds = LATER_SECONDS + 10, afterSeconds = 0): Promise<ExpireReport> {
  const { from, lake } = compactPlaces(directory);
  const signal = new AbortController().signal;
  return expire(from, lake, {
    nowSeconds,
    afterSeconds: () => afterSeconds,
    memoryBytes: 500e6,
    signal,
    onProgress: () => {},
  });
}

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:gz|parquet|tmp)$/u.test(name))
    .sort();

test('every field is kept, of formats that no version knows too, and Parquet and text come into one file', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1), line(2, 'more')]);
    await bucket.parquet("SELECT 5 AS version, '10.0.0.9' AS srcaddr, 7::BIGINT AS packets, 'seen' AS other_field");
    const question = 'SELECT * FROM flow_logs ORDER BY srcaddr';
    const before = await rowsOf(bucket.directory, question);
    const report = await compactDirectory(bucket.directory);
    assert.deepEqual([report.objects, report.files, report.records], [2, 1, 3]);
    const after = await rowsOf(bucket.directory, question);
    assert.deepEqual(after.rows, before.rows);
    assert.deepEqual(
      after.notes.map(({ kind }) => kind),
      ['unknown-field', 'unknown-field'],
    );
    assert.equal((await compactDirectory(bucket.directory)).objects, 0);
  } finally {
    bucket.remove();
  }
});

test('an object that comes late is read beside the lake, and becomes a further file', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1)]);
    await compactDirectory(bucket.directory);
    bucket.text([HEADER, line(2), line(3)]);
    assert.deepEqual((await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs')).rows, [[3]]);
    assert.equal((await compactDirectory(bucket.directory)).files, 1);
    assert.deepEqual((await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs')).rows, [[3]]);
  } finally {
    bucket.remove();
  }
});

test('a damaged object stays as it is, is read as before, and does not hinder the others', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1)]);
    const key = bucket.text([HEADER, ...Array.from({ length: 500 }, (_, at) => line(at % 200))]);
    const whole = gzipSync([HEADER, ...Array.from({ length: 500 }, (_, at) => line(at % 200))].join('\n'));
    bucket.file(key, whole.subarray(0, whole.length - 40));
    const report = await compactDirectory(bucket.directory);
    assert.deepEqual([report.objects, report.unreadable], [1, 1]);
    const { notes } = await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs');
    assert.ok(notes.some(({ kind }) => kind === 'unreadable'));
    assert.equal((await expireDirectory(bucket.directory)).objects, 1);
    assert.ok(existsSync(join(bucket.directory, key)));
  } finally {
    bucket.remove();
  }
});

test('objects with broken lines are told of whenever they are asked, and are never removed', async () => {
  const bucket = buildBucket();
  try {
    const key = bucket.text([HEADER, line(1), 'no record', line(2)]);
    await compactDirectory(bucket.directory);
    const { rows, notes } = await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs');
    assert.deepEqual(rows, [[2]]);
    assert.ok(notes.some(({ kind }) => kind === 'bad-lines'));
    const { kept } = await expireDirectory(bucket.directory);
    assert.deepEqual(
      kept.map(({ because }) => because),
      ['broken-lines'],
    );
    assert.ok(existsSync(join(bucket.directory, key)));
  } finally {
    bucket.remove();
  }
});

test('objects are removed when they have been in the lake for long enough, and their file is right', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1), line(2)]);
    bucket.text([HEADER, line(3)], { slotSeconds: SLOT_SECONDS + 3600 });
    await compactDirectory(bucket.directory);
    const young = await expireDirectory(bucket.directory, LATER_SECONDS + 10, 3600);
    assert.deepEqual([young.objects, young.young], [0, 2]);
    const folder = join(bucket.directory, LAKE_FOLDER, 'records/day=2026-11-23');
    const [first = '', second = ''] = readdirSync(folder).sort();
    const file = join(folder, first);
    writeFileSync(file, Buffer.alloc(3000));
    const report = await expireDirectory(bucket.directory);
    assert.equal(report.objects, 1);
    assert.deepEqual(
      report.kept.map(({ because }) => because),
      ['damaged-file'],
    );
    assert.ok(second !== '');
    assert.deepEqual(filesBelow(bucket.directory).filter((name) => name.endsWith('.log.gz')).length, 1);
  } finally {
    bucket.remove();
  }
});

test('an object that was changed since is not removed', async () => {
  const bucket = buildBucket();
  try {
    const key = bucket.text([HEADER, line(1)]);
    await compactDirectory(bucket.directory);
    bucket.file(key, gzipSync([HEADER, line(7), ''].join('\n')));
    const { kept } = await expireDirectory(bucket.directory);
    assert.deepEqual(
      kept.map(({ because }) => because),
      ['changed'],
    );
  } finally {
    bucket.remove();
  }
});

test('what a killed run left, whole files and half ones, goes with the next run of that day', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1)]);
    const folder = join(bucket.directory, LAKE_FOLDER, 'records/day=2026-11-23');
    mkdirSync(folder, { recursive: true });
    for (const name of ['left.parquet', '.flowgauge-00aa.tmp']) writeFileSync(join(folder, name), 'left');
    assert.deepEqual((await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs')).rows, [[1]]);
    assert.equal((await compactDirectory(bucket.directory)).removed, 1);
    assert.equal(readdirSync(folder).length, 1);
  } finally {
    bucket.remove();
  }
});

test('a lake that was written with format 1 is read', async () => {
  const from = join(import.meta.dirname, '../../fixtures/lakes/format-1');
  const { rows, notes } = await rowsOf(
    from,
    'SELECT srcaddr, bytes, action, "later_field" FROM flow_logs ORDER BY bytes',
  );
  assert.deepEqual(rows, [
    ['10.0.0.1', 100, 'ACCEPT', 'kept'],
    ['203.0.113.2', 200, 'REJECT', null],
    ['10.0.0.1', 400, 'ACCEPT', 'kept'],
  ]);
  assert.deepEqual(notes.map(({ kind }) => kind).sort(), ['bad-lines', 'unknown-field']);
  const sums = await rowsOf(from, 'traffic-by-interface');
  assert.deepEqual(
    sums.rows.map((row) => (row as unknown[]).slice(0, 4)),
    [
      ['eni-0a1b2c3d4e5f60002', 400, 4, 1],
      ['eni-0a1b2c3d4e5f60001', 300, 3, 2],
    ],
  );
});

test('a lake of a later format is neither read nor changed', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1)]);
    bucket.file(
      `${MANIFEST_FOLDER}2026-11-23/00000001.json.gz`,
      gzipSync(JSON.stringify({ format: LAKE_FORMAT + 1, day: '2026-11-23' })),
    );
    const before = filesBelow(bucket.directory);
    await assert.rejects(rowsOf(bucket.directory, 'SELECT 1 FROM flow_logs'), { code: 'FG_LAKE_NEWER' });
    await assert.rejects(compactDirectory(bucket.directory), { code: 'FG_LAKE_NEWER' });
    await assert.rejects(expireDirectory(bucket.directory), { code: 'FG_LAKE_NEWER' });
    assert.deepEqual(filesBelow(bucket.directory), before);
  } finally {
    bucket.remove();
  }
});

test('a lake at another place is asked with the objects that are not in it yet, wherever they are', async () => {
  const [bucket, lake] = [buildBucket(), buildBucket()];
  try {
    const count = 'SELECT count(*), sum(bytes) FROM flow_logs';
    bucket.text([HEADER, line(1)]);
    bucket.text([HEADER, line(2)], { slotSeconds: SLOT_SECONDS + 7200 });
    await compactDirectory(bucket.directory, { nowSeconds: SLOT_SECONDS + 3600 }, lake.directory);
    assert.deepEqual((await rowsOf(lake.directory, count)).rows, [[2, 300]]);
    assert.deepEqual((await rowsOf(bucket.directory, count)).rows, [[2, 300]]);
    const { from, lake: place } = compactPlaces(bucket.directory, lake.directory);
    const signal = new AbortController().signal;
    const how = { nowSeconds: LATER_SECONDS, afterSeconds: () => 0, memoryBytes: 500e6, signal, onProgress: () => {} };
    assert.equal((await expire(from, place, how)).objects, 1);
    assert.deepEqual((await rowsOf(lake.directory, count)).rows, [[2, 300]]);
    bucket.remove();
    const { rows, notes } = await rowsOf(lake.directory, count);
    assert.deepEqual(rows, [[1, 100]]);
    assert.deepEqual(
      notes.map(({ kind }) => kind),
      ['lake-apart', 'unknown-field'],
    );
  } finally {
    bucket.remove();
    lake.remove();
  }
});

test('a stopped run leaves what it had entered, and the next one goes on', async () => {
  const bucket = buildBucket();
  try {
    for (let hour = 0; hour < 3; hour++)
      bucket.text([HEADER, line(hour + 1)], { slotSeconds: SLOT_SECONDS + hour * 3600 });
    const stop = new AbortController();
    const onProgress = ({ files }: { files: number }): void => {
      if (files >= 1) stop.abort();
    };
    await assert.rejects(compactDirectory(bucket.directory, { signal: stop.signal, onProgress }), {
      name: 'AbortError',
    });
    assert.deepEqual((await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs')).rows, [[3]]);
    await compactDirectory(bucket.directory);
    assert.deepEqual((await rowsOf(bucket.directory, 'SELECT count(*) FROM flow_logs')).rows, [[3]]);
  } finally {
    bucket.remove();
  }
});

test('a text that is asked for reaches the statistics of the files, from which row groups are left out', async () => {
  const bucket = buildBucket();
  try {
    bucket.text([HEADER, line(1), `2 - - 10.0.0.2 1 1 ${SLOT_SECONDS} ${SLOT_SECONDS} ACCEPT -`]);
    await bucket.parquet("SELECT '-' AS srcaddr, '10.0.0.1' AS dstaddr, '-' AS other_field");
    await compactDirectory(bucket.directory);
    const { rows } = await rowsOf(bucket.directory, "EXPLAIN SELECT dstaddr FROM flow_logs WHERE srcaddr = '10.0.0.1'");
    assert.match(String(rows.flat()[1]), /srcaddr='10\.0\.0\.1'/u);
    const absent = "SELECT count(*) FROM flow_logs WHERE srcaddr = '-' OR other_field = '-' OR later_field = '-'";
    assert.deepEqual((await rowsOf(bucket.directory, absent)).rows, [[0]]);
  } finally {
    bucket.remove();
  }
});
