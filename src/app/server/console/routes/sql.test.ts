import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type {
  SqlCell,
  SqlEnd,
  SqlExportTicket,
  SqlLimits,
  SqlLine,
  SqlRequest,
  SqlWords,
} from '../../../../api/sql.ts';
import { buildBucket } from '../../../../lake/read/build-bucket.ts';
import { startConsole } from '../console.fixture.ts';
import type { TestBrowser } from '../console.fixture.ts';
import { createSqlRunner } from '../sql/sql-runner.ts';

const HEADER =
  'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const line = (bytes: number, action = 'ACCEPT', id = 'eni-0a'): string =>
  `2 ${id} 10.0.0.1 10.0.0.2 40000 443 6 1 ${bytes} 1795435501 1795435502 ${action} OK`;
/** All that the records below are in. */
const RANGE = 'from=1795430000&to=1795440000';

async function start(t: TestContext, limits: Partial<SqlLimits> = {}, lines: readonly string[] = []) {
  const bucket = buildBucket();
  bucket.text([HEADER, line(100), line(200, 'REJECT'), line(9_007_199), ...lines]);
  const console = await startConsole(t, { context: { sql: createSqlRunner(bucket.directory, limits) } });
  t.after(() => bucket.remove());
  return { bucket, console, browser: await console.browser() };
}

const sqlOf = (sql: string, parameters: SqlRequest['parameters'] = {}): SqlRequest => ({
  sql,
  saved: null,
  parameters,
});

type Told = {
  readonly rows: SqlCell[][];
  readonly names: readonly string[];
  readonly end: SqlEnd | null;
  readonly code: string;
};

async function ask({ ask: send }: TestBrowser, request: SqlRequest, range = RANGE): Promise<Told> {
  const { status, text } = await send('POST', `/api/sql?${range}`, request);
  assert.equal(status, 200, text);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as SqlLine);
  const last = lines.at(-1)!;
  return {
    rows: lines.flatMap((one) => (one.kind === 'rows' ? one.rows.map((row) => [...row]) : [])),
    names: lines.flatMap((one) => (one.kind === 'columns' ? one.columns.map(({ name }) => name) : [])),
    end: last.kind === 'end' ? last : null,
    code: last.kind === 'failed' ? last.error.code : '',
  };
}

test('rows come as lines, with what was read and what there is to note', async (t) => {
  const { browser } = await start(t, {}, ['2 eni-0a broken']);
  const { rows, names, end } = await ask(
    browser,
    sqlOf(
      'SELECT bytes, action, sum(bytes) OVER () * 1000000000000 AS wide FROM flow_logs WHERE bytes > $least ORDER BY 1',
      {
        least: '150',
      },
    ),
  );
  assert.deepEqual(names, ['bytes', 'action', 'wide']);
  assert.deepEqual(rows, [
    [200, 'REJECT', '9007399000000000000'],
    [9_007_199, 'ACCEPT', '9007399000000000000'],
  ]);
  assert.deepEqual([end?.rows, end?.cut, end?.objects, end?.badLines], [2, null, 1, 1]);
  assert.deepEqual(
    end?.notes.map(({ kind }) => kind),
    ['bad-lines'],
  );
});

test('a saved query is asked by its name with its parameters; one word of SQL is SQL', async (t) => {
  const { browser } = await start(t);
  const saved = await ask(browser, { sql: null, saved: 'top-talkers', parameters: { limit: '1' } });
  assert.equal(saved.rows.length, 1);
  assert.equal((await ask(browser, { sql: null, saved: 'top-walkers', parameters: {} })).code, 'FG_QUERY_UNKNOWN');
  assert.equal((await ask(browser, sqlOf('top-talkers'))).code, 'FG_QUERY_SQL');
  const words = (await browser.ask<SqlWords>('GET', '/api/sql/words')).json;
  assert.ok(words.columns.some(({ name }) => name === 'pkt_srcaddr'));
  const talkers = words.saved.find(({ name }) => name === 'top-talkers')!;
  assert.match(talkers.sql, /^SELECT/);
  assert.ok(words.functions.some(({ call }) => call.startsWith('cidr_contains')));
});

test('what is shown is bounded, and what was cut is said', async (t) => {
  const { browser } = await start(t, { rows: 2000, bytes: 100_000 });
  const many = await ask(browser, sqlOf('SELECT 1 AS one FROM flow_logs, range(10000)'));
  assert.deepEqual([many.rows.length, many.end?.rows, many.end?.cut], [2000, 2000, 'rows']);
  const wide = await ask(browser, sqlOf("SELECT repeat('x', 10000) AS x FROM flow_logs, range(100)"));
  assert.equal(wide.end?.cut, 'bytes');
  const exact = await ask(browser, sqlOf('SELECT 1 AS one FROM range(2000)'));
  assert.deepEqual([exact.rows.length, exact.end?.cut], [2000, null]);
});

test('time, memory and disk of a query are bounded, and everything goes on', async (t) => {
  const { browser } = await start(t, { seconds: 1, memoryBytes: 64e6, spillBytes: 1e6 });
  const forever = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3';
  assert.equal((await ask(browser, sqlOf(forever))).code, 'FG_SQL_TIME');
  const slow = await start(t, { memoryBytes: 64e6, spillBytes: 1e6 });
  const large = 'SELECT list(r.range || $x) FROM flow_logs, range(20000000) r';
  const { code } = await ask(slow.browser, sqlOf(large, { x: 'x'.repeat(50) }));
  assert.match(code, /^FG_(?:MEMORY|SQL_MEMORY|QUERY_SQL)$/);
  assert.equal((await ask(slow.browser, sqlOf('SELECT 1'))).rows.length, 1);
});

test('a few run at a time, and one whose asker leaves is killed', async (t) => {
  const { browser, console } = await start(t, { atOnce: 1 });
  const forever = sqlOf('SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3');
  const leaves = new AbortController();
  const running = await browser.open('POST', `/api/sql?${RANGE}`, forever, leaves.signal);
  assert.equal(running.status, 200);
  assert.equal((await ask(browser, sqlOf('SELECT 1'))).code, 'FG_SQL_BUSY');
  const other = await console.browser(console.addKey('read'));
  assert.equal((await ask(other, sqlOf('SELECT 1'))).rows.length, 1, 'another key has a turn of its own');
  leaves.abort();
  await running.text().catch(() => null);
  let code = 'FG_SQL_BUSY';
  while (code === 'FG_SQL_BUSY') ({ code } = await ask(browser, sqlOf('SELECT 1')));
  assert.equal(code, '');
  const left = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'sql-process'], { encoding: 'utf8' }).stdout;
  assert.equal(left, '', 'no process is left');
});

test('an export is fetched once, by the key that asked for it', async (t) => {
  const { browser, console } = await start(t);
  const request = sqlOf('SELECT action, \'a,"b"\' AS text, bytes FROM flow_logs ORDER BY bytes');
  const ticket = async (form: string, wanted = request): Promise<string> => {
    const { json } = await browser.ask<SqlExportTicket>('POST', `/api/sql/exports?${RANGE}`, { ...wanted, form });
    return `/api/sql/exports/${json.id}`;
  };
  const csv = await browser.open('GET', await ticket('csv'));
  assert.match(csv.headers.get('content-disposition')!, /^attachment; filename="query-[\dTZ-]+\.csv"$/);
  assert.equal(
    await csv.text(),
    'action,text,bytes\r\nACCEPT,"a,""b""",100\r\nREJECT,"a,""b""",200\r\nACCEPT,"a,""b""",9007199\r\n',
  );
  const json = (await browser.ask('GET', await ticket('json'))).text;
  assert.equal(json.split('\n')[0], '{"action":"ACCEPT","text":"a,\\"b\\"","bytes":100}');
  const parquet = Buffer.from(await (await browser.open('GET', await ticket('parquet'))).arrayBuffer());
  assert.deepEqual([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()], ['PAR1', 'PAR1']);

  const once = await ticket('csv');
  const other = await console.browser(console.addKey('operate'));
  assert.equal((await other.ask('GET', once)).status, 404, 'of another key');
  assert.equal((await browser.ask('GET', once)).status, 200);
  assert.equal((await browser.ask('GET', once)).status, 404, 'twice');
  const { status, json: failed } = await browser.ask<ConsoleFailure>(
    'GET',
    await ticket('csv', sqlOf('SELECT nothing')),
  );
  assert.deepEqual([status, failed.error.code], [400, 'FG_QUERY_SQL']);
});

test('an export that takes long begins late, and is cut off where it fails', async (t) => {
  const bucket = buildBucket();
  bucket.text([HEADER, line(100)]);
  t.after(() => bucket.remove());
  const runner = createSqlRunner(bucket.directory, {}, 1);
  const asked = { keyId: 'k', range: { from: 1_795_430_000, to: 1_795_440_000 }, signal: new AbortController().signal };
  const textOf = async (sql: string): Promise<string> => {
    let text = '';
    for await (const piece of await runner.file(sqlOf(sql), 'csv', asked)) text += Buffer.from(piece).toString();
    return text;
  };
  assert.equal(await textOf('SELECT bytes FROM flow_logs'), 'bytes\r\n100\r\n');
  await assert.rejects(textOf('SELECT nothing'), { code: 'FG_QUERY_SQL' });
});

test('a time range that cannot be read is refused', async (t) => {
  const { browser } = await start(t);
  const { status, json } = await browser.ask<ConsoleFailure>('POST', '/api/sql?from=5&to=1', sqlOf('SELECT 1'));
  assert.deepEqual([status, json.error.code], [400, 'FG_REQUEST_QUERY']);
  assert.equal((await ask(browser, sqlOf('SELECT * FROM flow_logs'), 'from=1000&to=2000')).code, 'FG_TIME_EMPTY');
});
