/**
 * Questions for the groups with the most packets of very many, of which roll-ups leave most unread.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
import { GROUP_HASH, MANIFEST_FOLDER, manifestBytes, readManifest } from '../../../src/lake/read/compacted/manifest.ts';
import type { LakeRollup } from '../../../src/lake/read/compacted/manifest.ts';
import { openDuck, quoteText } from '../../../src/storage/duck/duck.ts';
import { ask } from '../../../src/query/ask.ts';
import { compactDirectory } from './compacted.ts';

/** An hour of rejects, nearly each of another source, with ties and sources that come again. */
const rejects = (slotSeconds: number, seed: number): string => `
  SELECT 'eni-0a1b2c3d4e5f60011' AS interface_id,
    '203.' || (hash(n) % 200) || '.' || (hash(n + 1) % 200) || '.' || (n % 90) AS srcaddr, '10.0.0.' || (n % 9) AS dstaddr,
    CAST(40000 + n % 20000 AS INTEGER) AS srcport, CAST(n % 5000 AS INTEGER) AS dstport, CAST(CASE n % 3 WHEN 0 THEN 17 ELSE 6 END AS INTEGER) AS protocol,
    CAST(CASE WHEN n % 700 = 0 THEN NULL ELSE 1 + hash(n + 2) % 1000 // (1 + hash(n + 3) % 200) END AS BIGINT) AS packets,
    CAST(packets * 40 AS BIGINT) AS bytes, CAST(${slotSeconds} + n % 300 AS BIGINT) AS start, CAST(${slotSeconds} + 300 + n % 60 AS BIGINT) AS "end",
    CASE WHEN n % 11 = 0 THEN 'ACCEPT' ELSE 'REJECT' END AS action
  FROM (SELECT range + ${seed} AS n FROM range(40000))`;

/** The roll-ups of a lake that are of rejects, as `change` leaves them. */
function rejectsOf(directory: string, change: (rollup: LakeRollup, at: number) => void = () => {}): LakeRollup[] {
  const folder = join(directory, MANIFEST_FOLDER);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json.gz'));
  // The last one counts.
  const path = join(folder, paths.sort().at(-1)!);
  const state = readManifest(readFileSync(path), path);
  const found = state.files.flatMap(({ rollups }) => rollups.filter(({ only }) => only === 'rejected'));
  for (const [at, rollup] of found.entries()) change(rollup, at);
  writeFileSync(path, manifestBytes(state));
  return found;
}

test('the groups with the most packets of very many are those of the records, by hashes or without', async () => {
  const bucket = buildBucket();
  try {
    for (const [hour, seed] of [
      [0, 0],
      [1, 20_000],
    ] as const)
      await bucket.parquet(rejects(SLOT_SECONDS + hour * 3600, seed), { slotSeconds: SLOT_SECONDS + hour * 3600 });
    const questions = ['rejected-traffic', 'rejected-tcp-traffic', 'rejected-by-source'];
    const answers = async (): Promise<unknown[]> => {
      const all: unknown[] = [];
      for (const question of questions)
        for (const limit of ['1', '50', '700']) {
          const { rows } = await ask(bucket.directory, question, { limit });
          for await (const batch of rows) for (const row of batch) all.push([question, ...row.map(String)]);
        }
      return all;
    };
    const wanted = await answers();
    assert.equal(wanted.length, 3 * 751);
    await compactDirectory(bucket.directory);
    assert.deepEqual(
      rejectsOf(bucket.directory).map(({ hashed }) => hashed),
      [1, 2].map(() => ['srcaddr', 'dstaddr', 'dstport']),
    );
    assert.deepEqual(await answers(), wanted);
    // An older program leaves the word out of what it writes.
    rejectsOf(bucket.directory, (rollup, at) => {
      if (at === 0) delete rollup.hashed;
    });
    assert.deepEqual(await answers(), wanted, 'one file without hashes');
  } finally {
    bucket.remove();
  }
});

test('hashes are read where the manifest names them, and how good they are changes no answer', async () => {
  const bucket = buildBucket();
  const duck = await openDuck({ threads: 1, directories: [bucket.directory] });
  const top = async (): Promise<unknown[]> => {
    const all: unknown[] = [];
    const { rows } = await ask(bucket.directory, 'rejected-traffic', { limit: '5' });
    for await (const batch of rows) all.push(...batch);
    return all;
  };
  try {
    for (const hour of [0, 1])
      await bucket.parquet(rejects(SLOT_SECONDS + hour * 3600, hour * 50_000), {
        slotSeconds: SLOT_SECONDS + hour * 3600,
      });
    await compactDirectory(bucket.directory);
    const wanted = await top();
    const [first] = rejectsOf(bucket.directory);
    const path = quoteText(join(bucket.directory, first!.key));
    // With all hashes of a file the same, its groups are one bucket, and the others are as they were.
    await duck.run(`CREATE TABLE worse AS SELECT * REPLACE (CAST(0 AS INTEGER) AS ${GROUP_HASH}) FROM read_parquet(${path}, hive_partitioning = false)`); // prettier-ignore
    await duck.run(`COPY worse TO ${path} (FORMAT parquet, USE_TMP_FILE false)`);
    assert.deepEqual(await top(), wanted, 'a worse hash changes nothing');
    await duck.run(
      `COPY (SELECT * EXCLUDE (${GROUP_HASH}) FROM worse) TO ${path} (FORMAT parquet, USE_TMP_FILE false)`,
    );
    await assert.rejects(top(), { message: new RegExp(GROUP_HASH) });
    rejectsOf(bucket.directory, (rollup) => delete rollup.hashed);
    assert.deepEqual(await top(), wanted, 'without the word the column is not looked for');
  } finally {
    await duck.close();
    bucket.remove();
  }
});
