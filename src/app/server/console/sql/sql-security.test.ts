/**
 * What SQL of the console may not do, tried.
 *
 * In:    SQL of somebody with a key that may read. Holds: no file is read or written, nothing is attached, loaded, fetched or set; what
 *        comes back is an error with a code, and the next query is answered.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SqlLine } from '../../../../api/sql.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import { jsonLines } from '../../../../query/answer-lines.ts';
import { ask as askPlace } from '../../../../query/ask.ts';
import { buildBucket } from '../../../../lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../../../lake/read/build-bucket.ts';
import { createSqlRunner } from './sql-runner.ts';

const HEADER =
  'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const LINE = '2 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 1 100 1795435501 1795435502 ACCEPT OK';
const SECRET = 'a secret that no answer may have';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-secret-'));
const secret = join(directory, 'secret.csv');
const target = join(directory, 'target');
let bucket: BuiltBucket;
let parquet: string;
let asked = 0;
const web = createServer((_, answer) => {
  asked += 1;
  answer.end('a,b\n1,2\n');
});

before(async () => {
  bucket = buildBucket();
  bucket.text([HEADER, LINE]);
  parquet = join(
    bucket.directory,
    await bucket.parquet('SELECT 2 AS version, \'10.0.0.1\' AS srcaddr, 1795435501 AS start, 1795435502 AS "end"'),
  );
  writeFileSync(secret, `name,value\nkey,${SECRET}\n`);
  writeFileSync(target, 'as it was');
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
});
after(async () => {
  bucket.remove();
  rmSync(directory, { recursive: true });
  web.close();
  await once(web, 'close');
});

const RANGE = { from: 1_795_430_000, to: 1_795_440_000 };

/** As the process of a query asks, in this one; the code of the error that it ends with, or what was answered. */
async function ask(sql: string): Promise<string> {
  try {
    const answer = await askPlace(
      bucket.directory,
      /\s/.test(sql) ? sql : `${sql}\n;`,
      {},
      { memoryBytes: 256e6, spillBytes: 1e6 },
    );
    let text = '';
    for await (const piece of jsonLines(answer)) text += piece;
    assert.doesNotMatch(text, new RegExp(SECRET), sql);
    return text;
  } catch (error) {
    assert.ok(error instanceof FlowgaugeError, String(error));
    assert.doesNotMatch(error.message, new RegExp(SECRET), sql);
    return error.code;
  }
}

/** The same, as the console asks. */
async function askProcess(sql: string): Promise<string> {
  const runner = createSqlRunner(bucket.directory, { seconds: 20, memoryBytes: 256e6, spillBytes: 1e6 });
  const { signal } = new AbortController();
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of runner.lines({ sql, saved: null, parameters: {} }, { keyId: 'k', range: RANGE, signal }))
    text += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
  const last = JSON.parse(text.trimEnd().split('\n').at(-1)!) as SqlLine;
  return last.kind === 'failed' ? last.error.code : text;
}

const REFUSED = /^FG_QUERY_(?:REFUSED|SQL)$/;

test('files are neither read nor written', async () => {
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/x.csv`;
  const tried = [
    `SELECT * FROM read_csv('${secret}')`,
    `SELECT * FROM read_csv_auto(['${secret}'])`,
    `SELECT * FROM read_text('${secret}')`,
    `SELECT * FROM read_blob('${secret}')`,
    `SELECT * FROM read_json('${secret}')`,
    `SELECT * FROM read_parquet('${parquet}')`,
    `SELECT * FROM parquet_schema('${parquet}')`,
    `SELECT * FROM sniff_csv('${secret}')`,
    `SELECT * FROM glob('${directory}/*')`,
    `SELECT * FROM '${secret}'`,
    `SELECT * FROM "${secret}"`,
    `SELECT (SELECT content FROM read_text('${secret}'))`,
    `SELECT * FROM flow_logs, LATERAL (SELECT * FROM read_text('${secret}'))`,
    `WITH x AS (SELECT * FROM read_text('${secret}')) SELECT * FROM x`,
    `SELECT * FROM query('SELECT * FROM read_text(''${secret}'')')`,
    `SELECT * FROM query_table('${secret}')`,
    `FROM read_text('${secret}')`,
    `DESCRIBE SELECT * FROM read_csv('${secret}')`,
    `SUMMARIZE SELECT * FROM read_csv('${secret}')`,
    `EXPLAIN SELECT * FROM read_csv('${secret}')`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    `COPY flow_logs TO '${target}'`,
    `COPY (SELECT 1) TO '${target}' (FORMAT csv)`,
    `EXPORT DATABASE '${target}'`,
    `IMPORT DATABASE '${directory}'`,
    `SELECT * FROM '${url}'`,
    `SELECT * FROM read_csv('${url}')`,
    `SELECT * FROM 's3://bucket/key.parquet'`,
  ];
  for (const sql of tried) assert.match(await ask(sql), REFUSED, sql);
  assert.equal(asked, 0, 'the network was asked');
  assert.equal(readFileSync(target, 'utf8'), 'as it was');
  assert.deepEqual(readdirSync(directory).toSorted(), ['secret.csv', 'target']);
});

test('nothing is attached, installed, loaded, set, made or changed', async () => {
  const before = readdirSync(bucket.directory, { recursive: true }).length;
  const tried = [
    `ATTACH '${join(directory, 'x.duckdb')}' AS x`,
    `ATTACH ':memory:' AS x`,
    'DETACH memory',
    'USE memory',
    'INSTALL httpfs',
    'LOAD httpfs',
    "LOAD '/usr/lib/x.duckdb_extension'",
    'FORCE INSTALL httpfs FROM community',
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    'RESET enable_external_access',
    "SET memory_limit = '100GB'",
    'PRAGMA enable_profiling',
    'PRAGMA database_list',
    `PRAGMA import_database('${directory}')`,
    'CHECKPOINT',
    'VACUUM',
    'CREATE TABLE x (a INTEGER)',
    'CREATE MACRO m() AS 1',
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    'INSERT INTO flow_logs VALUES (1)',
    'DELETE FROM flow_logs',
    'DROP VIEW flow_logs',
    'CALL pragma_version()',
    "PREPARE p AS COPY (SELECT 1) TO 'x'",
    'EXECUTE p',
    'BEGIN TRANSACTION',
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM duckdb_secrets()',
    "SELECT * FROM pragma_table_info('flow_logs')",
    "SELECT * FROM which_secret('s3://x', 's3')",
    'SELECT * FROM force_checkpoint()',
    'SELECT * FROM checkpoint()',
    'SELECT * FROM enable_logging()',
    'SELECT * FROM pg_timezone_names()',
  ];
  for (const sql of tried) assert.match(await ask(sql), REFUSED, sql);
  assert.equal(readdirSync(bucket.directory, { recursive: true }).length, before);
  assert.equal(existsSync(join(directory, 'x.duckdb')), false);
});

test('one statement is one, whatever stands around it', async () => {
  const bad = `COPY (SELECT 1) TO '${target}'`;
  const tried = [
    `SELECT 1; ${bad}`,
    `SELECT 1;;${bad};`,
    `${bad}; SELECT 1`,
    `/* SELECT */ ${bad}`,
    `-- SELECT\n${bad}`,
    `SELECT 1 -- \n; ${bad}`,
    `SELECT 1 /* ; */; ${bad}`,
    `EXPLAIN /* ; */ ${bad}`,
    `SELECT 1\u0000; ${bad}`,
    `SELECT '\u0000'`,
    `EXPLAIN ANALYZE SELECT 1; ${bad}`,
    '',
    ';',
    '-- nothing',
    '/* nothing */',
  ];
  for (const sql of tried) assert.match(await ask(sql), REFUSED, sql);
  assert.equal(readFileSync(target, 'utf8'), 'as it was');
});

test('neither settings nor paths nor the environment are told', async () => {
  for (const sql of [
    "SELECT getenv('HOME')",
    "SELECT current_setting('secret_directory')",
    "SELECT max(current_setting('allowed_paths')) FROM flow_logs",
    "SELECT write_log('x')",
    'SELECT * FROM pg_settings',
    'SELECT * FROM pg_catalog.pg_settings',
    'SELECT * FROM memory.pg_catalog.pg_views',
    'SELECT sql FROM duckdb_views',
    'SELECT * FROM sqlite_master',
    'SELECT * FROM pragma_database_list',
    'SELECT view_definition FROM information_schema.views',
  ])
    assert.match(await ask(sql), REFUSED, sql);
  assert.match(await ask('SELECT count(*) AS n FROM information_schema.columns'), /"n":/);
  assert.match(await ask('DESCRIBE flow_logs'), /srcaddr/);
  assert.match(await ask('SHOW TABLES'), /flow_logs/);
});

test('what is odd or deep ends with an error or an answer', async () => {
  for (const sql of [
    `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`,
    `SELECT ${'1+'.repeat(20_000)}1`,
    "SELECT error('<script>alert(1)</script>')",
    'SELECT 1 AS "<img src=x onerror=alert(1)>"',
  ])
    assert.match(await ask(sql), /^(?:FG_|\{)/, sql.slice(0, 60));
});

test('a process asks by the same fences, and what takes too much ends it alone', async () => {
  for (const sql of [`SELECT * FROM read_text('${secret}')`, `COPY (SELECT 1) TO '${target}'`, 'INSTALL httpfs'])
    assert.match(await askProcess(sql), REFUSED, sql);
  for (const sql of ["SELECT repeat('x', 3000000000)", 'SELECT list(range) FROM range(400000000)'])
    assert.match(await askProcess(sql), /^FG_/, sql);
  assert.match(await askProcess('SELECT 42 AS answer'), /"rows":\[\[42\]\]/);
});
