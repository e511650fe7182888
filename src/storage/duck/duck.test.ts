import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { wordsOf } from '../../record/columns.ts';
import type { RecordColumn } from '../../record/columns.ts';
import { openDuck } from './duck.ts';

function bitmap(present: readonly boolean[]): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(present.length / 8));
  for (const [at, is] of present.entries()) if (is) bits[at >> 3]! |= 1 << (at & 7);
  return bits;
}

function words(name: string, values: readonly (string | null)[]): RecordColumn {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  const data = new Uint8Array(
    Uint32Array.from(values, (value) => (value === null ? 4_000_000_000 : dictionary.indexOf(value))).buffer,
  );
  return {
    name,
    type: 'u32',
    data,
    valid: bitmap(values.map((value) => value !== null)),
    dictionary: wordsOf(dictionary),
  };
}

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

test('takes numbers of every type, over more than one chunk', async () => {
  const duck = await openDuck();
  const rows = 5000;
  const numbers = Array.from({ length: rows }, (_, at) => at);
  const present = numbers.map((at) => at % 3 !== 0);
  const column = (name: string, type: RecordColumn['type'], array: ArrayBufferView): RecordColumn => ({
    name,
    type,
    data: new Uint8Array(array.buffer as ArrayBuffer),
    valid: name === 'small' ? bitmap(present) : null,
    dictionary: null,
  });
  const records = {
    rows,
    columns: [
      column('tiny', 'u8', Uint8Array.from(numbers)),
      column('small', 'u16', Uint16Array.from(numbers)),
      column(
        'int',
        'i32',
        Int32Array.from(numbers, (at) => 7 - at),
      ),
      column(
        'word',
        'u32',
        Uint32Array.from(numbers, (at) => 4_294_967_295 - at),
      ),
      column(
        'big',
        'i64',
        BigInt64Array.from(numbers, (at) => 9_007_199_254_740_993n + BigInt(at)),
      ),
      column(
        'real',
        'f64',
        Float64Array.from(numbers, (at) => at / 2),
      ),
    ],
  };
  await duck.run(
    'CREATE TABLE t (tiny UTINYINT, small USMALLINT, int INTEGER, word UINTEGER, big BIGINT, real DOUBLE)',
  );
  await duck.appendColumns('t', records);
  const got = await duck.all('SELECT * FROM t ORDER BY rowid');
  assert.equal(got.length, rows);
  for (const at of [0, 1, 2047, 2048, 4999]) {
    const small = present[at] ? at : null;
    assert.deepEqual(got[at], [
      at % 256,
      small,
      7 - at,
      4_294_967_295 - at,
      9_007_199_254_740_993n + BigInt(at),
      at / 2,
    ]);
  }
  await duck.close();
});

test('keeps strings of any length and absence, whatever the rows', async () => {
  const duck = await openDuck();
  const value = fc.option(fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0')));
  let tables = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 60 }), fc.constantFrom(1, 50), async (values, times) => {
      const table = `t${++tables}`;
      const many = Array.from({ length: times }, () => values).flat();
      const records = { rows: many.length, columns: [words('text', many)] };
      await duck.run(`CREATE TABLE ${table} (text VARCHAR)`);
      await duck.appendColumns(table, records);
      const got = await duck.all(`SELECT text FROM ${table} ORDER BY rowid`);
      assert.deepEqual(
        got.map((row) => row[0]),
        many,
      );
    }),
    { numRuns: 60 },
  );
  await duck.close();
});
