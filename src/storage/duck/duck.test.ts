import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuck } from './duck.ts';
import type { DuckValue } from './duck.ts';

test('refuses files, extensions and settings to SQL', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-duck-'));
  const duck = await openDuck({ directories: [join(scratch, 'in')] });
  try {
    writeFileSync(join(scratch, 'outside.csv'), 'a\n1\n');
    const refused = [
      `SELECT * FROM read_csv('${scratch}/outside.csv')`,
      `SELECT * FROM read_csv('${scratch}/in/../outside.csv')`,
      `COPY (SELECT 1) TO '${scratch}/out.csv'`,
      `ATTACH '${scratch}/other.db'`,
      'INSTALL httpfs',
      'LOAD httpfs',
      'SET threads = 7',
      'SET enable_external_access = true',
    ];
    for (const sql of refused) await assert.rejects(duck.run(sql), sql);
    assert.deepEqual(await duck.all('SELECT 1'), [[1]]);
  } finally {
    await duck.close();
    rmSync(scratch, { recursive: true });
  }
});

test('reads a file that was written over within a step of the clock of files', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-duck-'));
  const duck = await openDuck({ directories: [scratch] });
  try {
    const path = join(scratch, 'o.parquet');
    const made: { rows: readonly (readonly DuckValue[])[]; bytes: Buffer }[] = [];
    for (let n = 0; n < 20; n++) {
      const from = join(scratch, `${n}.parquet`);
      await duck.run(
        `COPY (SELECT 'x' || md5('${n}') AS word, md5('y${n}') AS other FROM range(3)) TO '${from}' (FORMAT parquet, COMPRESSION gzip)`,
      );
      made.push({ rows: await duck.all(`SELECT * FROM '${from}'`), bytes: readFileSync(from) });
    }
    for (let turn = 0; turn < 60; turn++) {
      const { rows, bytes } = made[turn % made.length]!;
      writeFileSync(path, bytes);
      utimesSync(path, 1_900_000_000, 1_900_000_000);
      assert.deepEqual(await duck.all(`SELECT * FROM '${path}'`), rows, `turn ${turn}`);
    }
  } finally {
    await duck.close();
    rmSync(scratch, { recursive: true });
  }
});

test('streams rows with column names and types, big integers exactly', async () => {
  const duck = await openDuck();
  const { columns, batches } = await duck.rows(
    "SELECT 9007199254740993 AS big, sum(?) AS total, DATE '2026-11-23' AS day",
    [2],
  );
  const rows: unknown[] = [];
  for await (const batch of batches) rows.push(...batch);
  assert.deepEqual(
    columns.map((column) => column.name),
    ['big', 'total', 'day'],
  );
  assert.equal(columns[0]!.type, 'BIGINT');
  assert.deepEqual(rows, [[9007199254740993n, 2, '2026-11-23']]);
  await duck.close();
});

test('names the kind of each statement without running it', async () => {
  const duck = await openDuck();
  assert.deepEqual(await duck.kindOf('SELECT 1; CREATE TABLE t (a INT)'), ['SELECT', 'CREATE']);
  await assert.rejects(duck.run('SELECT * FROM t'));
  await duck.close();
});

test('ends a running query when interrupted or closed', async () => {
  const duck = await openDuck({ threads: 1, memoryLimitBytes: 100_000_000 });
  const endless = 'SELECT sum(i) FROM range(1000000000000) t(i)';
  const first = duck.run(endless);
  duck.interrupt();
  await assert.rejects(first, /nterrupt/);
  const second = duck.run(endless);
  const refused = assert.rejects(second, /nterrupt/);
  await duck.close();
  await refused;
  await duck.close();
});
