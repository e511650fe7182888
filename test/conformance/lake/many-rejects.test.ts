/**
 * Questions for the groups with the most packets of very many, of which roll-ups leave most unread.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBucket, SLOT_SECONDS } from '../../../src/lake/read/build-bucket.ts';
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

test('the groups with the most packets of very many are those of the records', async () => {
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
    assert.deepEqual(await answers(), wanted);
  } finally {
    bucket.remove();
  }
});
