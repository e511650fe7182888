import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { databaseFiles } from '../lake/read/database-file.ts';
import { SLOT_SECONDS as T, buildBucket } from '../lake/read/build-bucket.ts';
import { openDuck, quoteText } from '../storage/duck/duck.ts';
import type { DuckValue } from '../storage/duck/duck.ts';
import { inOneProcess, start } from './one-process.fixture.ts';

const FLOWGAUGE = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const HEADER = 'version srcaddr dstaddr packets bytes start end log-status';
const bucket = buildBucket();
after(() => bucket.remove());
bucket.text([HEADER, `2 10.0.0.1 10.0.0.2 3 9007199254740993 ${T} ${T + 59} OK`, `2 - - - - ${T} ${T + 59} NODATA`]);
bucket.text([`${HEADER} tcp-flags strange`, `3 10.0.0.1 10.0.0.3 1 40 ${T + 60} ${T + 119} OK 18 é`]);
await bucket.parquet(
  `SELECT 5 AS version, 'eni-0a' AS interface_id, '10.0.0.9' AS srcaddr, 7::BIGINT AS bytes, ${T + 3600}::BIGINT AS start, ${T + 3660}::BIGINT AS "end"`,
);

const flowgauge = inOneProcess(bucket.directory);

const files = (): string[] => readdirSync(bucket.directory).filter((name) => name.includes('duckdb'));

/** Asks a file, as a database by itself or beside another one. */
async function askFile(name: string, sql: string): Promise<readonly (readonly DuckValue[])[]> {
  const path = join(bucket.directory, name);
  const duck = await openDuck({ path, readOnly: true });
  const alone = await duck.all(sql);
  await duck.close();
  const other = await openDuck({ files: databaseFiles(path) });
  await other.run(`ATTACH ${quoteText(path)} AS "any name" (READ_ONLY); USE "any name"`);
  assert.deepEqual(await other.all(sql), alone);
  await other.close();
  return alone;
}

test('text and Parquet of several formats become one table, and a view with times as a question has it', async () => {
  const done = await start(bucket.directory, 'load', '--from', '.', 'rows.duckdb');
  assert.deepEqual(done, {
    code: 0,
    out: '4 records of 3 files are in rows.duckdb, table records, view flow_logs\n',
    err: done.err,
  });
  assert.match(done.err, /strange/);
  const sql = 'SELECT COLUMNS(*)::VARCHAR FROM flow_logs ORDER BY start, srcaddr NULLS LAST';
  const asked = await flowgauge('query', '--from', '.', '-o', 'json', sql);
  const found = await askFile('rows.duckdb', sql);
  assert.deepEqual(
    found,
    asked.out
      .trimEnd()
      .split('\n')
      .map((line) => Object.values(JSON.parse(line) as object)),
  );
  assert.equal(found.length, 4);
  const types =
    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'records' AND column_name IN ('srcaddr', 'bytes', 'tcp_flags', 'strange') ORDER BY 1";
  assert.deepEqual(await askFile('rows.duckdb', types), [
    ['bytes', 'BIGINT'],
    ['srcaddr', 'VARCHAR'],
    ['strange', 'VARCHAR'],
    ['tcp_flags', 'INTEGER'],
  ]);
  assert.deepEqual(files(), ['rows.duckdb']);
});

test('of a range of time only its records are loaded', async () => {
  const range = ['--from-time', String(T + 60), '--to-time', String(T + 3000)];
  assert.equal((await flowgauge('load', '--from', '.', ...range, 'range.duckdb')).code, 0);
  assert.deepEqual(await askFile('range.duckdb', 'SELECT dstaddr FROM flow_logs'), [['10.0.0.3']]);
});

test('a file that is there is left as it is', async () => {
  writeFileSync(join(bucket.directory, 'mine.duckdb'), 'mine');
  const { code, out, err } = await flowgauge('load', '--from', '.', 'mine.duckdb');
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /"mine\.duckdb" is there already.*FG_LOAD_EXISTS/);
  assert.equal(readFileSync(join(bucket.directory, 'mine.duckdb'), 'utf8'), 'mine');
});

test('what cannot be loaded whole leaves no file', async () => {
  const before = files();
  const broken = bucket.file('broken/x.log', `${HEADER}\n2 10.0.0.1 10.0.0.2 3 4 1 2 OK\nnonsense\n`);
  const strict = await flowgauge('load', '--strict', '--from', broken, 'strict.duckdb');
  assert.equal(strict.code, 1);
  assert.match(strict.err, /"x\.log, line 3" could not be read/);
  const nothing = await flowgauge('load', '--from', bucket.file('broken/readme', 'no flow log'), 'nothing.duckdb');
  assert.equal(nothing.code, 1);
  const nowhere = await flowgauge('load', '--from', broken, 'no/such/directory/rows.duckdb');
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /no\/such\/directory/);
  const lax = await flowgauge('load', '--from', broken, 'lax.duckdb');
  assert.equal(lax.code, 0);
  assert.match(lax.err, /one line was left out of x\.log: line 3/);
  assert.deepEqual(files(), [...before, 'lax.duckdb'].sort());
});

test('standard input is loaded too', async () => {
  const child = spawn(FLOWGAUGE, ['load', '--from', '-', 'input.duckdb'], { cwd: bucket.directory });
  child.stdin.end(`${HEADER}\n2 10.0.0.1 10.0.0.2 3 4 1 2 OK\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  assert.deepEqual(await askFile('input.duckdb', 'SELECT bytes, start_time::VARCHAR FROM flow_logs'), [
    [4, '1970-01-01 00:00:01'],
  ]);
});
