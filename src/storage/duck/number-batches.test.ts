import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDuck } from './duck.ts';

test('streams columns of numbers, and refuses what is no plain number', async () => {
  const duck = await openDuck();
  try {
    const sql = 'SELECT i::UINTEGER, (i % 7)::UTINYINT, (i % 60000)::USMALLINT, i / 2 FROM range(5000) AS t(i)';
    let rows = 0;
    for await (const batch of await duck.numbers(sql)) {
      const [a, b, c, d] = batch.columns;
      assert.deepEqual([a?.[0], b?.[0], c?.[0], d?.[0]], [rows, rows % 7, rows, rows / 2]);
      assert.ok(a instanceof Uint32Array && a.length === batch.rows);
      rows += batch.rows;
    }
    assert.equal(rows, 5000);
    const bad = await duck.numbers('SELECT 1::BIGINT');
    await assert.rejects(async () => {
      for await (const _ of bad);
    }, /BIGINT, which is no plain number/);
  } finally {
    await duck.close();
  }
});
