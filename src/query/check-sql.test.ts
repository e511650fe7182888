import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildBucket } from '../lake/read/build-bucket.ts';
import type { Duck } from '../storage/duck/duck.ts';
import { openDuck } from '../storage/duck/duck.ts';
import { ask } from './ask.ts';
import { checkSql } from './check-sql.ts';

const bucket = buildBucket();
let duck: Duck;
let from: string;
before(async () => {
  duck = await openDuck({ threads: 1 });
  from = bucket.file('records.log', 'version srcaddr bytes\n2 10.0.0.1 40\n');
});
after(async () => {
  await duck.close();
  bucket.remove();
});

/** Asks over one record; gives the first value. */
async function answerOf(sql: string): Promise<unknown> {
  let first: unknown;
  for await (const batch of (await ask(from, sql)).rows) first ??= batch[0]?.[0];
  return first;
}

async function rowsIn(path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of (await ask(path, 'SELECT version FROM flow_logs')).rows) rows.push(...batch);
  return rows;
}

test('lets statements that read run', async () => {
  assert.equal(await answerOf('SELECT count(*) FROM flow_logs'), 1);
  assert.equal(await answerOf('WITH a AS (SELECT bytes FROM flow_logs) SELECT bytes FROM a'), 40);
  assert.equal(await answerOf('VALUES (7)'), 7);
  assert.equal(await answerOf('FROM flow_logs;'), 2);
  assert.equal(await answerOf('-- why\n  SELECT 3 /* ; */ -- ;'), 3);
  assert.equal(await answerOf('DESCRIBE flow_logs'), 'version');
  assert.equal(await answerOf('SUMMARIZE flow_logs'), 'version');
  assert.equal(await answerOf('SHOW TABLES'), 'flow_logs');
  assert.equal(await answerOf('EXPLAIN SELECT bytes FROM flow_logs'), 'physical_plan');
  assert.equal(await answerOf('EXPLAIN ANALYZE SELECT bytes FROM flow_logs'), 'analyzed_plan');
  assert.equal(await answerOf('SELECT sum(x) FROM range(4) t(x)'), 6);
});

test('runs nothing that writes, loads, sets, or is more than one statement', async () => {
  const target = join(bucket.directory, 'written');
  const refused = [
    `COPY (SELECT 1) TO '${target}'`,
    `COPY flow_logs FROM '/etc/passwd'`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    `EXPLAIN (FORMAT json) COPY (SELECT 1) TO '${target}'`,
    `/* a */ explain -- b\n analyze COPY (SELECT 1) TO '${target}'`,
    `/* /* */ explain -- */ EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}' /*\n SELECT 1 -- */`,
    `/* /* */ explain -- */ COPY (SELECT 1) TO '${target}';\n SELECT 1`,
    `EXPLAIN /* /* */ ANALYZE -- */ ANALYZE COPY (SELECT 1) TO '${target}' /*\n SELECT 1 -- */`,
    `EXPLAIN EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    `EXPORT DATABASE '${target}'`,
    `ATTACH '${target}' AS other`,
    'DETACH memory',
    'INSTALL httpfs',
    'LOAD httpfs',
    'PRAGMA version',
    'PRAGMA database_list',
    'SET threads = 1',
    'SET enable_external_access = true',
    'RESET threads',
    'USE memory',
    'CALL enable_logging()',
    'CREATE TABLE t AS SELECT 1',
    'CREATE TEMP TABLE t AS SELECT 1',
    'INSERT INTO flow_logs VALUES (1)',
    'DELETE FROM flow_logs',
    'UPDATE flow_logs SET bytes = 1',
    'DROP VIEW flow_logs',
    'BEGIN TRANSACTION',
    'CHECKPOINT;',
    'VACUUM;',
    'PREPARE a AS SELECT 1',
    'EXECUTE a',
    'SELECT 1; SELECT 2',
    `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    `SELECT 1\0; COPY (SELECT 1) TO '${target}'`,
    '',
    ' -- nothing',
  ];
  for (const sql of refused) {
    await assert.rejects(ask(from, sql), (error: Error & { code?: string }) => {
      assert.ok(['FG_QUERY_REFUSED', 'FG_QUERY_SQL'].includes(error.code ?? ''), `${sql}: ${error.message}`);
      return true;
    });
  }
  assert.equal(existsSync(target), false);
});

test('reads no file, no network, no environment and no setting of others', async () => {
  const refused = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('https://example.com/a.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '/etc/hosts.csv'",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "WITH a AS (FROM read_text('/etc/passwd')) FROM a",
    "SELECT 1 WHERE EXISTS (FROM read_text('/etc/passwd'))",
    "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('flow_logs')",
    "SELECT * FROM json_execute_serialized_sql('{}')",
    "SELECT * FROM enable_logging(storage = 'file', storage_path = '.')",
    "SELECT * FROM enable_profiling(save_location = 'a.txt')",
    'SELECT * FROM checkpoint()',
    'SELECT * FROM duckdb_secrets()',
    "SELECT getenv('HOME')",
  ];
  for (const sql of refused) await assert.rejects(answerOf(sql), { name: 'FlowgaugeError' }, sql);
});

test('reads no other file even where Parquet files are open', async () => {
  const mine = bucket.file('mine.parquet', '');
  const other = bucket.file('other.parquet', '');
  const writer = await openDuck({ files: [mine, other] });
  for (const path of [mine, other]) {
    await writer.run(`COPY (SELECT 2 AS version) TO '${path}' (FORMAT parquet, USE_TMP_FILE false)`);
  }
  await writer.close();
  await assert.rejects(ask(mine, `SELECT * FROM '${other}'`), { code: 'FG_QUERY_SQL' });
  for (const sql of [
    `COPY (SELECT 1) TO '${mine}'`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${mine}'`,
    `/* /* */ explain -- */ EXPLAIN ANALYZE COPY (SELECT 1) TO '${mine}' (FORMAT parquet, USE_TMP_FILE false) /*\n SELECT 1 -- */`,
  ]) {
    await assert.rejects(ask(mine, sql), { name: 'FlowgaugeError' });
  }
  assert.equal((await rowsIn(mine)).length, 1);
});

test('finds the columns that a question may need', async () => {
  const names = async (sql: string): Promise<string[] | null> => {
    const found = (await checkSql(duck, sql)).names;
    return found === null ? null : [...found].sort((a, b) => (a < b ? -1 : 1));
  };
  assert.deepEqual(await names('SELECT count(*) FROM flow_logs'), []);
  assert.deepEqual(await names('SELECT Bytes, f."end" FROM flow_logs f WHERE action = 1'), [
    'action',
    'bytes',
    'end',
    'f',
  ]);
  assert.deepEqual(await names('SELECT 1 FROM flow_logs JOIN (SELECT srcaddr FROM flow_logs) USING (srcaddr)'), [
    'srcaddr',
  ]);
  assert.deepEqual(await names('EXPLAIN SELECT bytes FROM flow_logs'), ['bytes']);
  for (const open of [
    'SELECT * FROM flow_logs',
    'FROM flow_logs',
    'TABLE flow_logs',
    'SELECT f FROM flow_logs f',
    'SELECT flow_logs FROM flow_logs',
    'SELECT #1 FROM flow_logs',
    "SELECT COLUMNS('b.*') FROM flow_logs",
    'SELECT a FROM flow_logs AS f(a, b)',
    'SELECT bytes FROM flow_logs NATURAL JOIN flow_logs g',
    'UNPIVOT flow_logs ON bytes, packets',
    'DESCRIBE flow_logs',
    'SELECT * EXCLUDE (bytes) FROM flow_logs',
    'SELECT g.* FROM flow_logs g',
  ]) {
    assert.equal(await names(open), null, open);
  }
});

test('gives the order of parameters', async () => {
  const { parameters } = await checkSql(duck, 'SELECT $b, $a, $b FROM flow_logs WHERE bytes > $c');
  assert.deepEqual(parameters, ['b', 'a', 'c']);
});

test('says where the SQL is wrong and what was meant', async () => {
  const message = async (sql: string): Promise<string> => {
    try {
      await answerOf(sql);
      return 'answered';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await message('SELECT srcaddr,\n  sum(bytes FROM flow_logs'), /syntax error .* at line 2, column/);
  assert.match(await message('SELECT "é", srcadr FROM (SELECT 1 AS "é")'), /"srcadr" not found.* at line 1, column 13/);
  assert.match(await message('SELECT byts FROM flow_logs'), /"byts" not found .* did you mean bytes\?/);
  assert.match(await message('SELECT vpc_id FROM flow_logs'), /needs vpc-id, which the one file does not hold/);
  assert.match(
    await message('SELECT max(end) FROM flow_logs'),
    /column 12; write the column as "end", in double quotes/,
  );
  assert.match(await message('SELECT nope(1) FROM flow_logs'), /nope/);
  assert.match(await message("SELECT 'x'::INTEGER FROM flow_logs"), /Could not convert string 'x' to INT32/);
  assert.match(await message('SELECT bytes FROM flow_log'), /flow_log does not exist/);
});
