import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDuck } from '../../storage/duck/duck.ts';
import { ROLLUPS, coarserSql, finerOf, rollupSql } from './rollups.ts';

const COLUMNS = new Set(['interface_id', 'action', 'bytes', 'packets', 'start', 'end']);

test('minutes add up to five minutes, and those to hours, as the records do, absent numbers too', async () => {
  const duck = await openDuck({ threads: 1 });
  try {
    await duck.run(`CREATE TABLE records AS SELECT
      CASE WHEN range % 11 = 0 THEN NULL ELSE 'eni-' || hash(range) % 5 END AS interface_id,
      CASE WHEN hash(range, 1) % 4 = 0 THEN 'REJECT' ELSE 'ACCEPT' END AS action,
      CASE WHEN hash(range, 2) % 9 = 0 THEN NULL ELSE (hash(range, 3) % 100000)::BIGINT END AS bytes,
      CASE WHEN hash(range, 4) % 9 = 0 THEN NULL ELSE range % 50 END AS packets,
      make_timestamp((1795435500 + (hash(range, 5) % 9000)::BIGINT) * 1000000) AS start_time,
      start_time + INTERVAL 20 SECOND AS end_time FROM range(20000)`);
    const coarser = ROLLUPS.filter((kind) => finerOf(kind) !== null);
    assert.deepEqual(
      coarser.map((kind) => [kind.name, finerOf(kind)!.name]),
      [
        ['interfaces-5m', 'interfaces-1m'],
        ['interfaces-1h', 'interfaces-5m'],
      ],
    );
    const rowsOf = (sql: string): Promise<unknown> => duck.all(`FROM (${sql}) ORDER BY ALL`);
    let made = rollupSql(ROLLUPS[0]!, 'records', COLUMNS);
    for (const kind of coarser) {
      made = coarserSql(kind, `(${made})`, COLUMNS);
      assert.deepEqual(await rowsOf(made), await rowsOf(rollupSql(kind, 'records', COLUMNS)));
    }
  } finally {
    await duck.close();
  }
});
