import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { beginDatabase, createDatabaseRows, endDatabase } from '../../src/lake/read/database-file.ts';
import { addView } from '../../src/lake/read/saved-rows.ts';
import { wordsOf } from '../../src/record/columns.ts';
import type { RecordColumn } from '../../src/record/columns.ts';
import { openDuck } from '../../src/storage/duck/duck.ts';
import { pythonWith } from './python-package.ts';
import { NotHere } from './server.ts';

/** The newest that there was, which checks more than any before, and one of the first that read this form. */
const VERSIONS = ['2.0.1', '1.0.0'];
const SCRIPT = join(import.meta.dirname, 'read_duckdb.py');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-duckdb-python-'));
const duck = await openDuck({ directories: [scratch] });
after(async () => {
  await duck.close();
  rmSync(scratch, { recursive: true });
});

type Value = string | number | null;
const COLUMNS = [
  { name: 'start', type: 'BIGINT' },
  { name: 'dstport', type: 'INTEGER' },
  { name: 'version', type: 'INTEGER' },
  { name: 'srcaddr', type: 'VARCHAR' },
  { name: 'action', type: 'VARCHAR' },
  { name: 'long', type: 'VARCHAR' },
  { name: 'no_text', type: 'VARCHAR' },
  { name: 'no_number', type: 'BIGINT' },
] as const;

/** Values of a batch: constants, NULL in some rows, in all, texts that fill dictionaries of few and many bits, long ones. */
function valuesOf(rows: number, batch: number): Record<string, Value[]> {
  const each = (value: (row: number) => Value): Value[] => Array.from({ length: rows }, (_, row) => value(row));
  const distinct = [1, 2, 3, 4, 255, 256, 4096, 12_288][batch % 8]!;
  return {
    start: each((row) => (row % 17 === 3 && batch % 2 === 0 ? null : 1_795_392_000 + row * 1000)),
    dstport: each((row) => (batch % 3 === 1 ? 443 : (row * 7919) % 65_536)),
    version: each(() => (batch % 5 === 4 ? null : 5)),
    srcaddr: each((row) => (row % 29 === 0 && batch % 2 === 1 ? null : `10.${(row * 31) % distinct}.é.1`)),
    action: each((row) => (row % 2 === 0 ? 'ACCEPT' : 'REJECT')),
    long: each((row) => (row < 3 ? 'x'.repeat(65_534 + row) : row % 50 === 0 ? 'y'.repeat(row) : '')),
  };
}

function columnOf(name: string, type: (typeof COLUMNS)[number]['type'], values: readonly Value[]): RecordColumn {
  const bits = new Uint8Array((values.length + 7) >> 3).fill(255);
  for (const [row, value] of values.entries()) if (value === null) bits[row >> 3]! &= ~(1 << (row & 7));
  const valid = values.includes(null) ? bits : null;
  if (type === 'VARCHAR') {
    const words = [...new Set(values.filter((value) => value !== null))].map(String);
    const places = new Map(words.map((word, at) => [word, at]));
    const data = Uint32Array.from(values, (value) => places.get(String(value)) ?? 0);
    return { name, type: 'u32', data: new Uint8Array(data.buffer), valid, dictionary: wordsOf(words) };
  }
  if (type === 'INTEGER') {
    const data = Int32Array.from(values, (value) => Number(value ?? -1));
    return { name, type: 'i32', data: new Uint8Array(data.buffer), valid, dictionary: null };
  }
  const data = BigInt64Array.from(values, (value) => BigInt(value ?? -1));
  return { name, type: 'i64', data: new Uint8Array(data.buffer), valid, dictionary: null };
}

const path = join(scratch, 'rows.duckdb');
const database = beginDatabase(path, COLUMNS);
const writer = createDatabaseRows();
const lines: Value[][] = [];
for (let batch = 0; batch < 16; batch++) {
  const rows = 12_288 - batch * 101;
  const values = valuesOf(rows, batch);
  const given = COLUMNS.filter(({ name }) => name in values);
  const columns = given.map(({ name, type }) => columnOf(name, type, values[name]!));
  writer.add(
    database,
    given.map(({ name }) => name),
    rows,
    columns,
  );
  for (let row = 0; row < rows; row++) {
    const [start, ...others] = COLUMNS.map(({ name }) => values[name]?.[row] ?? null);
    const long = others[4] === null ? null : `${String(others[4]).length}${String(others[4]).slice(0, 1)}`;
    lines.push([start!, ...others.slice(0, 4), long, ...others.slice(5)]);
  }
}
endDatabase(database, writer.end());
await addView(duck, path, COLUMNS);

const QUERY = `SELECT start, dstport, version, srcaddr, action, length(long) || long[1:1], no_text, no_number FROM flow_logs
  WHERE start IS NULL OR start_time = make_timestamp(start * 1000000)`;
const CHANGE = "DELETE FROM records WHERE dstport < 20000; INSERT INTO records (start, action) VALUES (1, 'NEW')";

for (const version of VERSIONS) {
  let python = '';
  let why = '';
  try {
    python = pythonWith('duckdb', version);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    // CI skips nothing.
    if (process.env['CI'] === 'true') throw error;
    why = error.message;
  }
  test(`duckdb ${version} of PyPI reads and changes a file of ours`, { skip: why !== '' && why }, () => {
    const own = join(scratch, `${version}.duckdb`);
    copyFileSync(path, own);
    const out = execFileSync(python, [SCRIPT, own, QUERY, CHANGE], { encoding: 'utf8', maxBuffer: 1 << 29 });
    const found = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Value[]); // prettier-ignore
    assert.deepEqual(found.slice(0, lines.length), lines);
    assert.deepEqual(found[lines.length], [lines.length]);
    const kept = lines.filter((line) => Number(line[1]) >= 20_000).map((line) => JSON.stringify(line));
    const changed = found.slice(lines.length + 1).map((line) => JSON.stringify(line));
    assert.deepEqual(changed.sort(), [...kept, JSON.stringify([1, null, null, null, 'NEW', null, null, null])].sort());
  });
}
