/**
 * Compaction, removal and retention that are killed: FLOWGAUGE_LAKE_ROUNDS=200 for more than the 20 rounds of CI.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
import { ask } from '../../../src/query/ask.ts';
import { compactDirectory } from './compacted.ts';

const ROUNDS = Number(process.env['FLOWGAUGE_LAKE_ROUNDS'] ?? 20);
const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');
const OBJECTS = 8;
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** Objects of two days, an hour of each. */
function fullBucket(): ReturnType<typeof buildBucket> {
  const bucket = buildBucket();
  for (let object = 0; object < OBJECTS; object++) {
    const slotSeconds = SLOT_SECONDS + (object % 2) * 86_400 + Math.floor(object / 2) * 300;
    const lines = Array.from({ length: 50 }, (_, at) => {
      const [start, near, far] = [slotSeconds + at, `10.0.0.${at % 7}`, `203.0.113.${object}`];
      return `2 123456789012 eni-0a1b2c3d4e5f600${10 + (at % 9)} ${near} ${far} ${40_000 + at} 443 6 ${at + 1} ${at * 60} ${start} ${start + 20} ${at % 5 === 0 ? 'REJECT' : 'ACCEPT'} OK`;
    });
    bucket.text([HEADER, ...lines], { slotSeconds });
  }
  return bucket;
}

const QUESTIONS = [
  'SELECT count(*), sum(bytes), sum(packets), count(DISTINCT (srcaddr, dstaddr, start, srcport)) FROM flow_logs',
  'top-talkers',
];

async function answers(from: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const question of QUESTIONS) {
    const answer = await ask(from, question);
    for await (const batch of answer.rows) all.push(...batch);
    assert.deepEqual(answer.notes, []);
  }
  return all;
}

function objectsOf(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log.gz'))
    .length;
}

/** Compacts and removes what was compacted; or does that with what is old, and removes its records. */
const COMPACT = (directory: string) => ['compact', directory, '--by', 'hour', '--settle', '0s', '--expire', '0s'];
const RETAIN = (directory: string) => ['lifecycle', 'apply', directory, '--expire', '1', '--grace', '0s'];

/** Does it in a process; gives its exit code, null where it was killed. */
async function run(directory: string, killAfterMillis: number | null, work = COMPACT): Promise<number | null> {
  const words = work(directory);
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: 'ignore' });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (killAfterMillis !== null) await Promise.race([ended, pause(killAfterMillis)]).then(() => child.kill('SIGKILL'));
  return (await ended)[0];
}

test(`killed ${ROUNDS} times anywhere, no record is lost or doubled, and every question is answered right`, async () => {
  let bucket = fullBucket();
  try {
    const wanted = await answers(bucket.directory);
    const began = performance.now();
    assert.equal(await run(bucket.directory, null), 0);
    const whole = performance.now() - began;
    assert.equal(objectsOf(bucket.directory), 0);
    assert.deepEqual(await answers(bucket.directory), wanted);
    for (let round = 0; round < ROUNDS; round++) {
      const left = objectsOf(bucket.directory);
      if (left === 0) {
        bucket.remove();
        bucket = fullBucket();
      }
      // The first third of a run loads programs.
      await run(bucket.directory, whole * (0.3 + ((round * 0.618) % 1) * 0.7));
      assert.deepEqual(await answers(bucket.directory), wanted, `round ${round}`);
    }
    assert.equal(await run(bucket.directory, null), 0);
    assert.deepEqual(await answers(bucket.directory), wanted);
    assert.equal(objectsOf(bucket.directory), 0);
  } finally {
    bucket.remove();
  }
});

test(`retention that is killed ${ROUNDS} times anywhere loses no sum, and no record that is not told`, async () => {
  let bucket = fullBucket();
  /** Sums, and the number of records: those that are there, and those that a note says are gone. */
  const told = async (): Promise<unknown[]> => {
    const [records, sums] = QUESTIONS;
    const all: unknown[] = [];
    const summed = await ask(bucket.directory, sums!);
    for await (const batch of summed.rows) all.push(...batch);
    assert.deepEqual(summed.notes, []);
    let count = 0;
    const counted = await ask(bucket.directory, records!);
    for await (const batch of counted.rows) for (const [found] of batch) count += Number(found);
    for (const note of counted.notes) {
      assert.equal(note.kind, 'retired', JSON.stringify(note));
      if (note.kind === 'retired') count += note.records;
    }
    return [...all, count];
  };
  const filesOf = (): number =>
    readdirSync(bucket.directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.log\.gz$|lake\/records\/.*\.parquet$/u.test(name),
    ).length;
  try {
    const wanted = await told();
    const began = performance.now();
    assert.equal(await run(bucket.directory, null, RETAIN), 0);
    const whole = performance.now() - began;
    assert.equal(filesOf(), 0);
    assert.deepEqual(await told(), wanted);
    for (let round = 0; round < ROUNDS; round++) {
      if (filesOf() === 0) {
        bucket.remove();
        bucket = fullBucket();
      }
      await run(bucket.directory, whole * (0.3 + ((round * 0.618) % 1) * 0.7), RETAIN);
      assert.deepEqual(await told(), wanted, `round ${round}`);
    }
    assert.equal(await run(bucket.directory, null, RETAIN), 0);
    assert.deepEqual(await told(), wanted);
    assert.equal(filesOf(), 0);
  } finally {
    bucket.remove();
  }
});

test('every question that is asked while objects are compacted is answered right', async () => {
  const bucket = fullBucket();
  try {
    const wanted = await answers(bucket.directory);
    const state = { done: false };
    const compacting = compactDirectory(bucket.directory).finally(() => {
      state.done = true;
    });
    let asked = 0;
    while (!state.done) {
      assert.deepEqual(await answers(bucket.directory), wanted);
      asked++;
    }
    await compacting;
    assert.ok(asked > 0);
    assert.deepEqual(await answers(bucket.directory), wanted);
  } finally {
    bucket.remove();
  }
});
