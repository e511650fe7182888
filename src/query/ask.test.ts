import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { BuiltBucket } from '../lake/read/build-bucket.ts';
import { SLOT_SECONDS, buildBucket } from '../lake/read/build-bucket.ts';
import { streamSource } from '../lake/read/file.ts';
import { DEFAULT_FORMAT } from '../record/format.ts';
import { ask } from './ask.ts';
import type { Answer, Cell } from './engine.ts';
import { duckEngine } from './engines/duckdb.ts';

const built: BuiltBucket[] = [];
after(() => built.forEach((bucket) => bucket.remove()));
function newBucket(): BuiltBucket {
  const bucket = buildBucket();
  built.push(bucket);
  return bucket;
}

const SAMPLES = fileURLToPath(new URL('../../test/fixtures/samples/', import.meta.url));
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const RECORD = '2 123456789012 eni-0a 10.0.1.5 10.0.2.9 40000 443 6 10 840 1795435500 1795435559 ACCEPT OK';
const NODATA = '2 123456789012 eni-0b - - - - - - - 1795435500 1795435559 - NODATA';

async function rowsOf(answer: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of answer.rows) rows.push(...batch);
  return rows;
}

async function rows(
  from: string,
  sql: string,
  parameters?: Record<string, string>,
): Promise<readonly (readonly Cell[])[]> {
  return rowsOf(await ask(from, sql, parameters));
}

test('reads all four layouts of a bucket, text and Parquet, and passes over what is none', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, RECORD]);
  bucket.text([HEADER, RECORD], { hourly: true, prefix: 'team-a/b' });
  bucket.text([HEADER, RECORD], { hive: true, organization: 'o-1a2b3c4d5e' });
  await bucket.parquet("SELECT 2::INTEGER AS version, '10.0.1.5' AS srcaddr, 840::BIGINT AS bytes", {
    hive: true,
    hourly: true,
  });
  bucket.file('AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/23/trail.json.gz', 'x');
  bucket.file('AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/notes.txt', 'x');
  bucket.file('_flowgauge/spool/segment', 'x');
  const answer = await ask(bucket.directory, 'SELECT count(*), sum(bytes) FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [[4, 3360]]);
  assert.deepEqual(answer.notes, [
    { kind: 'stray', file: 'AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/23/trail.json.gz', files: 2 },
  ]);
  assert.equal(answer.stats().objects, 4);
});

test('reads the bucket of a data directory, and part of a bucket without its upper folders', async () => {
  const bucket = newBucket();
  const key = bucket.text([HEADER, RECORD]);
  const bytes = readFileSync(join(bucket.directory, key));
  const other = newBucket();
  other.file(`bucket/${key}`, bytes);
  other.file('spool/segment', 'x');
  assert.deepEqual(await rows(other.directory, 'SELECT count(*) FROM flow_logs'), [[1]]);
  const folder = newBucket();
  folder.file(`23/${key.split('/').at(-1)}`, bytes);
  assert.deepEqual(await rows(folder.directory, 'SELECT count(*) FROM flow_logs'), [[1]]);
});

test('puts every value into its column, whatever the order of a file, NULL where a file has none', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, RECORD, NODATA]);
  bucket.text(['bytes dstaddr x-new-thing srcaddr tcp-flags', '7 10.0.0.2 hello 10.0.0.1 18', '- - - - -']);
  await bucket.parquet(
    "SELECT '10.0.0.3' AS srcaddr, '-' AS dstaddr, 9::BIGINT AS bytes, 3::INTEGER AS tcp_flags, 5::INTEGER AS other_new",
  );
  const answer = await ask(
    bucket.directory,
    `SELECT srcaddr, dstaddr, bytes, tcp_flags, x_new_thing, other_new, account_id, start_time, end_time, log_status
     FROM flow_logs ORDER BY bytes DESC NULLS LAST, log_status`,
  );
  const times = ['2026-11-23T12:05:00Z', '2026-11-23T12:05:59Z'];
  assert.deepEqual(await rowsOf(answer), [
    ['10.0.1.5', '10.0.2.9', 840, null, null, null, '123456789012', ...times, 'OK'],
    ['10.0.0.3', null, 9, 3, null, '5', null, null, null, null],
    ['10.0.0.1', '10.0.0.2', 7, 18, 'hello', null, null, null, null, null],
    [null, null, null, null, null, null, '123456789012', ...times, 'NODATA'],
    [null, null, null, null, null, null, null, null, null, null],
  ]);
  assert.deepEqual(answer.columns.map(({ type }) => type).slice(0, 8), [
    'VARCHAR',
    'VARCHAR',
    'BIGINT',
    'INTEGER',
    'VARCHAR',
    'VARCHAR',
    'VARCHAR',
    'TIMESTAMP',
  ]);
  assert.deepEqual(
    answer.notes.map((note) => (note.kind === 'unknown-field' ? note.field : note.kind)),
    ['x_new_thing', 'other_new'],
  );
});

test('orders columns as the field table does, unknown ones behind, then the times', async () => {
  const bucket = newBucket();
  const from = bucket.file('a.log', 'zz-own action end start account-id version\n- ACCEPT 2 1 000000000001 2\n');
  const answer = await ask(from, 'FROM flow_logs');
  assert.deepEqual(
    answer.columns.map(({ name }) => name),
    ['version', 'account_id', 'start', 'end', 'action', 'zz_own', 'start_time', 'end_time'],
  );
  assert.deepEqual(await rowsOf(answer), [
    [2, '000000000001', 1, 2, 'ACCEPT', null, '1970-01-01T00:00:01Z', '1970-01-01T00:00:02Z'],
  ]);
});

test('counts broken lines with file and line and leaves them out', async () => {
  const bucket = newBucket();
  const key = bucket.text([HEADER, RECORD, 'nonsense', RECORD.replace(' 840 ', ' many '), `${RECORD} extra`, RECORD]);
  const answer = await ask(bucket.directory, 'SELECT count(*), sum(bytes) FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [[2, 1680]]);
  const [note] = answer.notes;
  assert.equal(note?.kind === 'bad-lines' && note.count, 3);
  assert.equal(note?.kind === 'bad-lines' && note.first.line, 3);
  assert.equal(note?.kind === 'bad-lines' && note.file, key);
  assert.equal(answer.stats().badLines, 3);
});

test('keeps what could be read of a truncated file, and never the line that was cut', async () => {
  const bucket = newBucket();
  const lines = Array.from({ length: 20_000 }, (_, at) => RECORD.replace(' 840 ', ` ${at} `));
  const key = bucket.text([HEADER, ...lines]);
  const path = join(bucket.directory, key);
  const whole = readFileSync(path);
  for (const share of [0.3, 0.5, 0.9]) {
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
    const answer = await ask(
      bucket.directory,
      'SELECT count(*), max(bytes), count(*) FILTER (log_status <> $ok) FROM flow_logs',
      { ok: 'OK' },
    );
    const [row] = await rowsOf(answer);
    assert.ok(Number(row?.[0]) > 0 && Number(row?.[0]) < 20_000);
    assert.equal(row?.[1], Number(row?.[0]) - 1);
    assert.equal(row?.[2], 0);
    assert.ok(
      answer.notes.some(
        (note) => note.kind === 'unreadable' && note.file === key && note.why.includes('ends too early'),
      ),
    );
  }
});

test('names the files that cannot be read, and answers from the others', async () => {
  const bucket = newBucket();
  bucket.text([HEADER, RECORD]);
  bucket.text(['no header here at all']);
  bucket.text(['2 3 4 records of three fields']);
  const damaged = await bucket.parquet('SELECT 2::INTEGER AS version, 1::BIGINT AS bytes');
  writeFileSync(join(bucket.directory, damaged), 'PAR1 and nothing else');
  await bucket.parquet("SELECT 1 AS a, 'x' AS b");
  bucket.file(bucket.text([]), 'not gzip');
  bucket.text([]);
  const answer = await ask(bucket.directory, 'SELECT count(*) FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [[1]]);
  const files = answer.notes.filter((note) => note.kind === 'unreadable');
  assert.equal(files.length, 5);
  assert.ok(files.some((note) => note.kind === 'unreadable' && note.file === damaged));
});

test('says so when nothing is there, or nothing can be read', async () => {
  const bucket = newBucket();
  await assert.rejects(ask(join(bucket.directory, 'none'), 'SELECT 1'), { code: 'FG_SOURCE_MISSING' });
  await assert.rejects(ask(bucket.directory, 'SELECT 1'), { code: 'FG_SOURCE_EMPTY' });
  const empty = bucket.file('empty.log', '');
  await assert.rejects(ask(empty, 'SELECT 1'), { code: 'FG_SOURCE_NO_RECORDS', message: /it is empty/ });
  const other = bucket.file('other.log', 'Nov 23 12:05:00 host kernel: no flow log\n');
  await assert.rejects(ask(other, 'SELECT 1'), { code: 'FG_SOURCE_NO_RECORDS', message: /first line/ });
  const capture = Buffer.from('d4c3b2a1020004000000000000000000000004000a000000', 'hex');
  for (const bytes of [capture, gzipSync(capture), Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000', 'hex')]) {
    const message = /it is a capture of packets, of which `flowgauge capture -r FILE` makes flow logs/;
    await assert.rejects(ask(bucket.file('x.pcap', bytes), 'SELECT 1'), { code: 'FG_SOURCE_NO_RECORDS', message });
  }
  const fieldless = join(bucket.directory, await bucket.parquet("SELECT 1 AS a, 'x' AS b"));
  const none = { code: 'FG_SOURCE_NO_RECORDS', message: /no column of it is a flow log field/ };
  await assert.rejects(ask(fieldless, 'SELECT 1'), none);
  const broken = bucket.file('broken.parquet', 'PAR1....');
  await assert.rejects(ask(broken, 'SELECT 1'), { code: 'FG_SOURCE_NO_RECORDS' });
});

test('takes one file of any kind by its bytes, not by its name', async () => {
  const bucket = newBucket();
  const text = `${HEADER}\r\n${RECORD}\r\n`;
  const parquet = await bucket.parquet('SELECT 2::INTEGER AS version, 1::BIGINT AS bytes');
  const files = [
    bucket.file('plain', text),
    bucket.file('packed.log', gzipSync(text)),
    bucket.file('two-members.log.gz', Buffer.concat([gzipSync(`${HEADER}\n`), gzipSync(`${RECORD}\n`)])),
    bucket.file('no-newline.log', text.trimEnd()),
    bucket.file('odd [name]*.parquet', readFileSync(join(bucket.directory, parquet))),
  ];
  for (const file of files) assert.deepEqual(await rows(file, 'SELECT count(*) FROM flow_logs'), [[1]], file);
});

test('reads a file without header as the default format, and says so', async () => {
  const bucket = newBucket();
  const answer = await ask(bucket.file('bare.log', `${RECORD}\n${NODATA}\n`), 'SELECT dstport, action FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [
    [443, 'ACCEPT'],
    [null, null],
  ]);
  assert.deepEqual(answer.notes, [{ kind: 'no-header', file: 'bare.log', files: 1, format: DEFAULT_FORMAT }]);
});

test('reads standard input once, packed or not, in pieces cut anywhere', async () => {
  const text = `${HEADER}\n${RECORD}\n${NODATA}\n`;
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.nat(200), { maxLength: 6 }), async (packed, cuts) => {
      const bytes = packed ? gzipSync(text) : Buffer.from(text);
      const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = at
        .slice(1)
        .map((end, n) => bytes.subarray(at[n], end))
        .filter((piece) => piece.length > 0);
      const engine = duckEngine(streamSource('input', Readable.from(pieces)));
      const question = { sql: 'SELECT count(*), sum(bytes) FROM flow_logs', parameters: {}, saved: null };
      assert.deepEqual(await rowsOf(await engine.run(question, new AbortController().signal)), [[2, 840]]);
    }),
    { numRuns: 15 },
  );
});

test('has times for seconds and for milliseconds, and none for what is neither', async () => {
  const bucket = newBucket();
  const times = ['1795435500 1795435559', '1795435500000 1795435559123', '-1 9223372036854775807', '- -'];
  const from = bucket.file('a.log', ['start end', ...times, ''].join('\n'));
  const answer = await ask(from, 'SELECT start_time, end_time, "end" FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [
    ['2026-11-23T12:05:00Z', '2026-11-23T12:05:59Z', 1_795_435_559],
    ['2026-11-23T12:05:00Z', '2026-11-23T12:05:59.123Z', 1_795_435_559_123],
    [null, null, null],
  ]);
  assert.equal(answer.stats().badLines, 1);
  assert.equal(SLOT_SECONDS % 300, 0);
});

test('binds parameters of SQL by name', async () => {
  const bucket = newBucket();
  const from = bucket.file('a.log', `${HEADER}\n${RECORD}\n`);
  const sql = 'SELECT $text, bytes FROM flow_logs WHERE bytes > $least AND srcaddr <> $text';
  assert.deepEqual(await rows(from, sql, { least: '839', text: "it's" }), [["it's", 840]]);
  assert.deepEqual(await rows(from, sql, { least: '840', text: 'x' }), []);
  await assert.rejects(ask(from, sql, { least: '1' }), { code: 'FG_PARAMETER_MISSING', message: /"text"/ });
  await assert.rejects(ask(from, sql, { least: '1', text: 'x', other: '1' }), { code: 'FG_PARAMETER_UNKNOWN' });
});

test('gives integers of 64 bits exactly', async () => {
  const bucket = newBucket();
  const from = bucket.file('a.log', 'srcaddr bytes\n10.0.0.1 9007199254740993\n10.0.0.1 9223372036854775807\n');
  assert.deepEqual(await rows(from, 'SELECT bytes FROM flow_logs ORDER BY bytes'), [
    [9_007_199_254_740_993n],
    [9_223_372_036_854_775_807n],
  ]);
  assert.deepEqual(await rows(from, 'SELECT sum(bytes) FROM flow_logs'), [[9_232_379_236_109_516_800n]]);
});

test('ends at once when the signal says so, and lets go of an answer that nobody reads', async () => {
  const bucket = newBucket();
  const from = bucket.file('a.log', `${HEADER}\n${RECORD}\n`);
  const stop = new AbortController();
  const endless = ask(
    from,
    'SELECT count(*) FROM range(1000000000) a, range(1000000000) b',
    {},
    { signal: stop.signal, onProgress: () => setImmediate(() => stop.abort()) },
  );
  await assert.rejects(
    endless.then((answer) => rowsOf(answer)),
    { name: 'AbortError' },
  );
  const answer = await ask(from, 'SELECT * FROM range(100000000)');
  for await (const batch of answer.rows) {
    assert.ok(batch.length > 0);
    break;
  }
  await answer.close();
});

test('reads every sample, each line a row, and every value as its text has it', async () => {
  const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.log'));
  assert.ok(files.length > 10);
  for (const name of files) {
    const [header = '', ...lines] = readFileSync(join(SAMPLES, name), 'utf8').trimEnd().split('\n');
    const columns = header.split(' ').map((field) => `"${field.replaceAll('-', '_')}"`);
    const got = await rows(join(SAMPLES, name), `SELECT ${columns.join(', ')} FROM flow_logs`);
    assert.deepEqual(
      got.map((row) => row.map((value) => value ?? '-').join(' ')),
      lines,
      name,
    );
  }
});

test("casts the columns of another writer's Parquet, and counts what is no number", async () => {
  const answer = await ask(
    join(SAMPLES, 'flows-pandas-v2.parquet'),
    'SELECT account_id, srcaddr, srcport, packets, bytes, start, log_status FROM flow_logs ORDER BY interface_id, srcaddr NULLS FIRST',
  );
  assert.deepEqual(await rowsOf(answer), [
    ['123456789010', '198.51.100.1', 443, 10, 840, 1_439_387_263, 'OK'],
    ['123456789010', null, null, null, null, 1_439_387_263, 'NODATA'],
    ['123456789010', '198.51.100.7', 80, null, null, 1_439_387_263, 'NODATA'],
  ]);
  assert.deepEqual(
    answer.notes.map((note) => note.kind === 'bad-values' && [note.column, note.count]),
    [
      ['srcport', 1],
      ['packets', 2],
      ['bytes', 2],
    ],
  );
});

test('asks all samples at once in one question', async () => {
  const bucket = newBucket();
  let lines = 0;
  for (const name of readdirSync(SAMPLES).filter((file) => file.endsWith('.log'))) {
    const content = readFileSync(join(SAMPLES, name), 'utf8').trimEnd().split('\n');
    lines += content.length - 1;
    bucket.text(content, { hive: lines % 2 === 0 });
  }
  const pandas = bucket.text([]).replace(/gz$/, 'parquet');
  bucket.file(pandas, readFileSync(join(SAMPLES, 'flows-pandas-v2.parquet')));
  const answer = await ask(bucket.directory, 'SELECT count(*), count(DISTINCT interface_id) > 5 FROM flow_logs');
  assert.deepEqual(await rowsOf(answer), [[lines + 3, true]]);
  assert.deepEqual(
    answer.notes.filter((note) => note.kind === 'unreadable' || note.kind === 'bad-lines'),
    [],
  );
});
