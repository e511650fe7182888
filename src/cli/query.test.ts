import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildBucket } from '../lake/read/build-bucket.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const FLOWGAUGE = fileURLToPath(new URL('../../bin/flowgauge', import.meta.url));
const HEADER = 'version srcaddr dstaddr packets bytes log-status';
const bucket = buildBucket();
after(() => bucket.remove());
bucket.text([HEADER, '2 10.0.0.1 10.0.0.2 3 9007199254740993 OK', '2 - - - - NODATA']);

const flowgauge = inOneProcess(bucket.directory);
const query = (...words: string[]): Promise<Ended> => flowgauge('query', ...words);

test('prints an answer in each form, and nothing else', async () => {
  const sql = 'SELECT srcaddr, bytes FROM flow_logs ORDER BY srcaddr';
  const forms = {
    table:
      'srcaddr              bytes\n--------  ----------------\n10.0.0.1  9007199254740993\n-                        -\n',
    csv: 'srcaddr,bytes\r\n10.0.0.1,9007199254740993\r\n,\r\n',
    json: '{"srcaddr":"10.0.0.1","bytes":9007199254740993}\n{"srcaddr":null,"bytes":null}\n',
  };
  for (const [form, out] of Object.entries(forms)) {
    const words = ['query', '--from', '.', '-o', form, sql];
    assert.deepEqual(await start(bucket.directory, ...words), { code: 0, out, err: '' });
    assert.deepEqual(await flowgauge(...words), { code: 0, out, err: '' });
  }
});

test('with --strict prints nothing where something could not be read, and names it', async () => {
  const from = bucket.file('broken/x.log', `${HEADER}\n2 10.0.0.1 10.0.0.2 3 4 OK\nnonsense\n`);
  const sql = 'SELECT srcaddr FROM flow_logs';
  const lax = await query('--from', from, '-o', 'csv', sql);
  assert.deepEqual([lax.code, lax.out], [0, 'srcaddr\r\n10.0.0.1\r\n']);
  assert.match(lax.err, /one line was left out of x\.log: line 3/);
  const file = join(bucket.directory, 'broken/answer.parquet');
  for (const output of [
    ['-o', 'csv'],
    ['-o', 'parquet', '--output-file', file],
  ]) {
    const { code, out, err } = await query('--strict', '--from', from, ...output, sql);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /"x\.log, line 3" could not be read/);
  }
  assert.equal(existsSync(file), false);
  rmSync(join(bucket.directory, 'broken'), { recursive: true });
});

test('reads and lists what --format says of text without header', async () => {
  const from = bucket.file('bare.txt', '10.0.0.1 77 OK\n');
  const format = ['--format', '${srcaddr} ${bytes} ${log-status}'];
  const { code, out } = await query('--from', from, ...format, '-o', 'csv', 'SELECT bytes FROM flow_logs');
  assert.deepEqual([code, out], [0, 'bytes\r\n77\r\n']);
  const none = await query('--from', from, 'SELECT bytes FROM flow_logs');
  assert.equal(none.code, 1);
  assert.match(none.err, /bare\.txt" was not read as a flow log/);
  const list = await query('--list', '--from', from, ...format, '-o', 'json');
  assert.equal(list.code, 0);
  assert.match(list.out, /"name":"top-talkers".*"why":"dstaddr/);
  rmSync(from);
});

test('answers a saved query with parameters, and says all about it', async () => {
  const { code, out } = await query('--from', '.', 'top-talkers', '--param', 'limit=1', '-o', 'csv');
  assert.equal(code, 0);
  assert.equal(out.split('\r\n').length, 3);
  const about = await query('VpcFlowLogsTopTCPTraffic', '--help');
  assert.match(about.out, /^top-tcp-traffic \(VpcFlowLogsTopTCPTraffic\)\n[^]*--param address=VALUE[^]*FROM flow_logs/);
  const list = await query('--list', '-o', 'csv');
  const rows = list.out.trimEnd().split('\r\n');
  assert.ok(rows.length > 40);
  assert.equal(rows[0], 'name,parameters,answers,aws_name');
  const told = await query('--list');
  assert.match(told.out, /^top-tcp-traffic {2}address=\? limit=50\n {4}\S/m);
  assert.ok(told.out.split('\n').every((line) => line.length <= 100));
  const file = join(bucket.directory, 'list');
  assert.deepEqual(await query('--list', '--output-file', file), { code: 0, out: '', err: '' });
  assert.equal(readFileSync(file, 'utf8'), told.out);
  assert.deepEqual(await query('--list', '-o', 'csv', '--output-file', file), { code: 0, out: '', err: '' });
  assert.equal(readFileSync(file, 'utf8'), list.out);
  rmSync(file);
  const help = await query('--help');
  assert.match(help.out, /Usage: flowgauge query[^]*cidr_contains/);
  assert.deepEqual([about.code, list.code, help.code], [0, 0, 0]);
});

test('says of each saved query whether the flow logs at a place can answer it', async () => {
  const { code, out, err } = await query('--list', '--from', '.', '-o', 'json');
  assert.deepEqual([code, err], [0, '']);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string | null>);
  const of = (name: string) => rows.find((row) => row['name'] === name);
  assert.deepEqual([of('top-talkers')?.['can'], of('top-talkers')?.['why']], ['yes', null]);
  assert.deepEqual([of('reject-reasons')?.['can'], of('log-gaps')?.['can']], ['no', 'no']);
  assert.match(
    of('reject-reasons')?.['why'] ?? '',
    /^reject-reason, dstport.* are in no file$|^reject-reason.* in no file$/,
  );
  const told = await query('--list', '--from', '.');
  assert.match(told.out, /^top-talkers {2}limit=50\n {4}.*\n {4}-> yes$/m);
  const none = await query('--list', '--from', 'nowhere');
  assert.deepEqual([none.code, none.out], [1, '']);
});

test('tells a wrong command line from wrong content', async () => {
  const codes = async (...words: string[]): Promise<number | null> => {
    const { code, out, err } = await query(...words);
    assert.equal(out, '');
    assert.match(err, /^flowgauge: /);
    return code;
  };
  assert.equal(await codes(), 2);
  assert.equal(await codes('no-such-query'), 2);
  assert.equal(await codes('top-tcp-traffic', '--from', '.'), 2);
  assert.equal(await codes('top-talkers', '--from', '.', '--param', 'limit'), 2);
  assert.equal(await codes("COPY (SELECT 1) TO 'x'", '--from', '.'), 2);
  assert.equal(await codes('top-talkers', '-o', 'xml'), 2);
  assert.equal(await codes('--list', '-o', 'parquet'), 2);
  assert.equal(await codes('--list', 'top-talkers'), 2);
  assert.equal(await codes('SELECT 1', '--from', 'nowhere'), 1);
  assert.equal(await codes('SELECT nope FROM flow_logs', '--from', '.'), 1);
});

test('tells after the answer what it lacks, and fails for a file that was not read to its end', async () => {
  const other = buildBucket();
  const key = other.text([HEADER, 'broken']);
  const answer = await query('--from', other.directory, 'SELECT count(*) AS n FROM flow_logs', '-o', 'csv');
  assert.deepEqual([answer.code, answer.out], [0, 'n\r\n0\r\n']);
  assert.match(answer.err, new RegExp(`^flowgauge: note: one line was left out of ${key}: line 2, `));
  other.file(other.text([]), 'no flow log');
  const failed = await query('--from', other.directory, 'SELECT count(*) AS n FROM flow_logs', '-o', 'csv');
  assert.deepEqual([failed.code, failed.out], [1, 'n\r\n0\r\n']);
  other.remove();
});

test('prints few notes of many, and what they come to', async () => {
  const many = buildBucket();
  for (let n = 0; n < 30; n++) many.text([HEADER, 'broken', 'broken too']);
  const { err } = await query('--from', many.directory, 'SELECT count(*) FROM flow_logs');
  assert.equal(err.trimEnd().split('\n').length, 21);
  assert.match(err, /and 10 notes more; in all 60 lines left out and 0 files not read to their end\n$/);
  many.remove();
});

test('writes an answer into a file, whole or not at all', async () => {
  const file = join(bucket.directory, 'answer.parquet');
  const saved = await query('--from', '.', 'SELECT * FROM flow_logs', '-o', 'parquet', '--output-file', file);
  assert.deepEqual(saved, { code: 0, out: '', err: '' });
  const back = await query('--from', file, 'SELECT sum(bytes) AS bytes, count(*) AS n FROM flow_logs', '-o', 'json');
  assert.equal(back.out, '{"bytes":9007199254740993,"n":2}\n');
  const text = join(bucket.directory, 'answer.csv');
  await query('--from', '.', 'SELECT bytes FROM flow_logs', '-o', 'csv', '--output-file', text);
  assert.equal(readFileSync(text, 'utf8').split('\r\n').length, 4);
  const failed = await query(
    '--from',
    '.',
    'SELECT CAST(log_status AS INTEGER) FROM flow_logs',
    '--output-file',
    `${text}.no`,
  );
  assert.equal(failed.code, 1);
  assert.equal(existsSync(`${text}.no`), false);
  assert.deepEqual(
    readdirSync(bucket.directory).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('Parquet holds sums as the whole numbers they are', async () => {
  const file = join(bucket.directory, 'sums.parquet');
  const sql = 'SELECT any_value(srcaddr) AS srcaddr, sum(bytes) AS "all ""bytes" FROM flow_logs';
  await query('--from', '.', sql, '-o', 'parquet', '--output-file', file);
  const back = await query('--from', file, 'SELECT * EXCLUDE srcaddr FROM flow_logs', '-o', 'csv');
  assert.equal(back.out, '"all ""bytes"\r\n9007199254740993\r\n');
});

/** Runs a line of a shell to its end. */
function shell(line: string): Ended {
  const how = { encoding: 'utf8', cwd: bucket.directory } as const;
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], how);
  return { code: status, out: stdout, err: stderr };
}

test('reads standard input, and writes Parquet to a pipe', async () => {
  const line = `printf '${HEADER}\\n2 10.0.0.1 10.0.0.2 3 40 OK\\n' | ${FLOWGAUGE} query --from - "SELECT bytes FROM flow_logs" -o parquet | head -c 4`;
  assert.deepEqual(shell(line), { code: 0, out: 'PAR1', err: '' });
});

test('ends quietly when its reader has seen enough', async () => {
  const line = `${FLOWGAUGE} query --from . "SELECT * FROM range(10000000000)" -o json | head -n 1`;
  assert.deepEqual(shell(line), { code: 0, out: '{"range":0}\n', err: '' });
});

test('stops at once when it is interrupted or ended, even while nobody reads, and leaves nothing behind', async () => {
  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-scratch-'));
    const sql = 'SELECT * FROM flow_logs, range(10000000000)';
    const child = spawn(FLOWGAUGE, ['query', '--from', '.', sql, '-o', 'json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: bucket.directory,
      env: { ...process.env, TMPDIR: scratch },
    });
    await once(child.stdout, 'readable');
    assert.equal(readdirSync(scratch).length, 1);
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.deepEqual([code, readdirSync(scratch)], [expected, []], signal);
    child.stdout.destroy();
    rmdirSync(scratch);
  }
});
