/**
 * A lake at another place than its objects, from which objects and records are removed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compactPlaces } from '../../../src/lake/keep/compact-places.ts';
import { expire } from '../../../src/lake/keep/expire.ts';
import { tend } from '../../../src/lake/keep/tend.ts';
import type { Tended } from '../../../src/lake/keep/tend.ts';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../../src/lake/read/build-bucket.ts';
import { PLACE_FOLDER } from '../../../src/lake/read/compacted/manifest.ts';
import { ask } from '../../../src/query/ask.ts';
import { compactDirectory, LATER_SECONDS } from './compacted.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const DAY = 86_400;
const { signal } = new AbortController();
const COUNT = 'SELECT count(*), sum(bytes) FROM flow_logs';

/** Objects of two days, five records each, of so many bytes. */
function filled(bytes: number): BuiltBucket {
  const bucket = buildBucket();
  for (let day = 0; day < 2; day++) {
    const slotSeconds = SLOT_SECONDS + day * DAY;
    const lines = Array.from(
      { length: 5 },
      (_, at) =>
        `2 123456789012 eni-0a1b2c3d4e5f60011 10.0.0.${at} 203.0.113.9 40000 443 6 1 ${bytes} ${slotSeconds} ${slotSeconds + 20} ACCEPT OK`,
    );
    bucket.text([HEADER, ...lines], { slotSeconds });
  }
  return bucket;
}

async function rowsOf({ directory }: BuiltBucket, question = COUNT, strict = false) {
  const range = { startSeconds: 0, endSeconds: 4e9 };
  const { rows, notes } = await ask(directory, question, {}, { range, strict });
  const all: unknown[] = [];
  for await (const batch of rows) all.push(...batch.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)))); // prettier-ignore
  return { rows: all, kinds: notes.map(({ kind }) => kind).filter((kind) => kind !== 'unknown-field') };
}

const objectsOf = ({ directory }: BuiltBucket): number =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log.gz')).length;

function tended(bucket: BuiltBucket, dest: BuiltBucket, days: number): Promise<Tended> {
  return tend(bucket.directory, {
    dest: dest.directory,
    by: 'hour',
    settleSeconds: 0,
    rollups: true,
    expireSeconds: 0,
    retention: { recordsSeconds: days * DAY, rollupsSeconds: null },
    memoryBytes: 200e6,
    graceSeconds: 0,
    nowSeconds: SLOT_SECONDS + DAY + 2 * 3600,
    signal,
    onProgress: () => {},
  });
}

test('objects that were removed are found in a lake elsewhere, each place its own', async () => {
  const [one, other, lake] = [filled(100), filled(1000), buildBucket()];
  try {
    const talkers = await rowsOf(one, 'top-talkers');
    for (const bucket of [one, other]) {
      await compactDirectory(bucket.directory, {}, lake.directory);
      const { from, lake: place } = compactPlaces(bucket.directory, lake.directory);
      const how = { nowSeconds: LATER_SECONDS, afterSeconds: () => 0, memoryBytes: 500e6, signal };
      assert.equal((await expire(from, place, { ...how, onProgress: () => {} })).objects, 2);
    }
    assert.deepEqual([objectsOf(one), objectsOf(other)], [0, 0]);
    assert.deepEqual(await rowsOf(one, COUNT, true), { rows: [[10, 1000]], kinds: [] });
    assert.deepEqual(await rowsOf(other, COUNT, true), { rows: [[10, 10_000]], kinds: [] });
    assert.deepEqual(await rowsOf(lake, COUNT, true), { rows: [[20, 11_000]], kinds: [] });
    assert.deepEqual(await rowsOf(one, 'top-talkers'), talkers);
    // What comes since is read beside it, and goes into whichever lake.
    one.text([HEADER, '2 123456789012 eni-0a1b2c3d4e5f60011 10.0.0.9 203.0.113.9 1 443 6 1 7 1 2 ACCEPT OK']);
    assert.deepEqual((await rowsOf(one)).rows, [[11, 1007]]);
    await compactDirectory(one.directory);
    assert.deepEqual((await rowsOf(one)).rows, [[11, 1007]]);
  } finally {
    for (const each of [one, other, lake]) each.remove();
  }
});

test('a lake elsewhere that cannot be reached is an error, and a program that knows nothing of it refuses', async () => {
  const [bucket, lake] = [filled(100), buildBucket()];
  try {
    await tended(bucket, lake, 90);
    assert.equal(objectsOf(bucket), 0);
    const folder = join(bucket.directory, PLACE_FOLDER);
    const [name = '', ...more] = readdirSync(folder);
    assert.deepEqual(more, []);
    const path = join(folder, name);
    const word = JSON.parse(readFileSync(path, 'utf8')) as object;
    assert.deepEqual(word, { format: 3, lake: lake.directory, place: bucket.directory, reach: {} });
    for (const [wrong, code] of [
      [{ ...word, format: 4 }, 'FG_LAKE_NEWER'],
      [{ ...word, lake: 7 }, 'FG_LAKE_DAMAGED'],
    ] as const) {
      writeFileSync(path, JSON.stringify(wrong));
      await assert.rejects(rowsOf(bucket), { code });
    }
    writeFileSync(path, JSON.stringify(word));
    rmSync(lake.directory, { recursive: true });
    await assert.rejects(rowsOf(bucket), { code: 'FG_SOURCE_MISSING' });
  } finally {
    bucket.remove();
    lake.remove();
  }
});

test('retention takes from a lake elsewhere what was made of its own objects, and sums stay', async () => {
  const [one, other, lake] = [filled(100), filled(1000), buildBucket()];
  try {
    const talkers = await rowsOf(one, 'top-talkers');
    await tended(other, lake, 90);
    const { expired, retained } = await tended(one, lake, 1);
    assert.deepEqual([expired?.objects, retained?.files, retained?.records], [2, 1, 5]);
    assert.deepEqual(await rowsOf(one), { rows: [[5, 500]], kinds: ['retired'] });
    assert.deepEqual(await rowsOf(other), { rows: [[10, 10_000]], kinds: [] });
    assert.deepEqual(await rowsOf(one, 'top-talkers'), talkers);
    assert.deepEqual((await rowsOf(lake)).rows, [[15, 10_500]]);
  } finally {
    for (const each of [one, other, lake]) each.remove();
  }
});
