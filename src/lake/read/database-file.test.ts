import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { wordsOf } from '../../record/columns.ts';
import type { RecordColumn } from '../../record/columns.ts';
import { BLOCKS_AT } from '../../record/duckdb-frame.ts';
import { BLOCK_BYTES } from '../../record/duckdb-places.ts';
import { joinColumns } from '../../record/join-columns.ts';
import { openDuck, quoteText } from '../../storage/duck/duck.ts';
import { beginDatabase, createDatabaseRows, databaseFiles, endDatabase } from './database-file.ts';
import { readPacks } from './cache/pack-file.ts';
import { createRowFiles, makeRowDirectory } from './row-file.ts';

const root = mkdtempSync(join(tmpdir(), 'flowgauge-database-'));
const duck = await openDuck({ directories: [root] });
after(async () => {
  await duck.close();
  rmSync(root, { recursive: true });
});
let made = 0;

const NAMES = ['n', 'l', 's', 'few', 'same', 'none', 'no text'];
const COLUMNS = [
  { name: 'n', type: 'INTEGER' },
  { name: 'l', type: 'BIGINT' },
  { name: 's', type: 'VARCHAR' },
  { name: 'few', type: 'VARCHAR' },
  { name: 'same', type: 'INTEGER' },
  { name: 'none', type: 'BIGINT' },
  { name: 'no text', type: 'VARCHAR' },
  // No batch has them.
  { name: 'end', type: 'BIGINT' },
  { name: 'no "column"', type: 'VARCHAR' },
] as const;

/** How the values of a batch come, and which rows have none. */
type Kind = {
  readonly rows: number;
  readonly seed: number;
  readonly distinct: number;
  readonly length: number;
  readonly absent: 'none' | 'some' | 'many' | 'all' | 'begin';
};

/** A number of 32 bits that follows from two. */
function mixed(a: number, b: number): number {
  let x = Math.imul(a ^ Math.imul(b + 1, 0x9e3779b1), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function isAbsent({ absent, rows, seed }: Kind, row: number): boolean {
  if (absent === 'some') return mixed(row, seed + 7) % 29 === 0;
  if (absent === 'many') return mixed(row, seed + 7) % 3 !== 0;
  return absent === 'all' || (absent === 'begin' && row < rows / 2);
}

function validOf(kind: Kind): RecordColumn['valid'] {
  if (kind.absent === 'none') return null;
  const valid = new Uint8Array((kind.rows + 7) >> 3).fill(255);
  for (let row = 0; row < kind.rows; row++) if (isAbsent(kind, row)) valid[row >> 3]! &= ~(1 << (row & 7));
  return valid;
}

/** A column, made without looking at what may have been written of it. */
function column(kind: Kind, name: string): RecordColumn {
  const { rows, seed, distinct, length } = kind;
  const valid = validOf(name === 'none' || name === 'no text' ? { ...kind, absent: 'all' } : kind);
  const values = Int32Array.from({ length: rows }, (_, row) => mixed(row % distinct, seed));
  if (name === 'n' || name === 'same') {
    const data = name === 'n' ? values : values.fill(seed);
    return { name, type: 'i32', data: new Uint8Array(data.buffer), valid, dictionary: null };
  }
  if (name === 'l' || name === 'none') {
    const data = BigInt64Array.from(values, (value, row) => (BigInt(value) << 32n) | BigInt(row % distinct));
    return { name, type: 'i64', data: new Uint8Array(data.buffer), valid, dictionary: null };
  }
  const count = name === 's' ? Math.min(distinct, rows) : 1 + (seed & 3);
  const words = Array.from({ length: count }, (_, at) => {
    const word = `${at.toString(36)}${'é-x'.repeat(Math.ceil(((mixed(at, seed) >>> 0) % length) / 3))}`;
    return at === 0 ? '' : at % 7 === 0 ? word.slice(0, length).replaceAll('é', 'e') : word.slice(0, length);
  });
  const indexes = Uint32Array.from({ length: rows }, (_, row) => (mixed(row, seed) >>> 0) % count);
  return { name, type: 'u32', data: new Uint8Array(indexes.buffer), valid, dictionary: wordsOf(words) };
}

const batches = new WeakMap<Kind, RecordColumn[]>();

/** A batch, as whoever writes it may change it: making one takes longer than writing it. */
function batchOf(kind: Kind): RecordColumn[] {
  const batch = batches.get(kind) ?? NAMES.map((name) => column(kind, name));
  batches.set(kind, batch);
  return structuredClone(batch);
}

/** Writes batches into a database and into Parquet; gives SQL of both. */
function writeBoth(kinds: readonly Kind[], threads = 1): { path: string; ours: string; theirs: string; name: string } {
  const name = `d${++made}`;
  const path = join(root, `${name}.duckdb`);
  const database = beginDatabase(path, COLUMNS);
  const writers = Array.from({ length: threads }, () => createDatabaseRows());
  const directory = join(root, `rows ${name}`);
  makeRowDirectory(directory);
  const files = createRowFiles('0');
  const target = { table: 't', directory, names: NAMES, number: null, database: null };
  for (const [at, kind] of kinds.entries()) {
    files.write(target, kind.rows, batchOf(kind));
    writers[at % threads]!.add(database, NAMES, kind.rows, batchOf(kind));
  }
  endDatabase(
    database,
    writers.flatMap((writer) => writer.end()),
  );
  const theirs = `(SELECT *, CAST(NULL AS BIGINT) AS "end", CAST(NULL AS VARCHAR) AS "no ""column""" FROM ${readPacks(files.close().files.map((file) => file.path))})`;
  return { path, ours: `${name}.records`, theirs, name };
}

const kind = fc.record({
  rows: fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom(1, 8, 31, 32, 33, 2047, 2048, 2049, 12_288, 32_768, 40_000, 122_880, 130_001),
  ),
  seed: fc.integer(),
  distinct: fc.constantFrom(1, 2, 255, 256, 300, 65_535, 65_536, 70_000, 200_000),
  length: fc.constantFrom(1, 4, 8, 15, 40),
  absent: fc.constantFrom('none', 'some', 'many', 'all', 'begin'),
}) satisfies fc.Arbitrary<Kind>;

test('DuckDB reads the rows that were written, in their order, and filters find what they find in Parquet', async () => {
  const property = fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 6 }), async (kinds) => {
    const { path, ours, theirs, name } = writeBoth(kinds);
    await duck.run(`ATTACH ${quoteText(path)} AS ${name} (READ_ONLY)`);
    const differ = `SELECT count(*) FROM (SELECT row_number() OVER () AS row, * FROM ${ours}) a
      FULL JOIN (SELECT row_number() OVER () AS row, * FROM ${theirs}) b USING (row) WHERE ${COLUMNS.map(
        (each) => `a."${each.name.replaceAll('"', '""')}" IS DISTINCT FROM b."${each.name.replaceAll('"', '""')}"`,
      ).join(' OR ')}`;
    assert.deepEqual(await duck.all(differ), [[0]], 'rows that differ');
    const [[number = 0, long = 0, text = ''] = []] = await duck.all(
      `SELECT any_value(n), any_value(l), any_value(s) FROM ${theirs}`,
    );
    for (const condition of [
      `n = ${String(number)}`,
      `n < ${String(number)}`,
      `n > ${String(number)}`,
      `l = ${String(long)}`,
      `l >= ${String(long)}`,
      `s = ${quoteText(String(text))}`,
      `s < ${quoteText(String(text))}`,
      `s > ${quoteText(String(text))}`,
      `s LIKE '%é%'`,
      `length(few) > 3`,
      'same = 5',
      `same = ${kinds[0]!.seed}`,
      's IS NULL',
      'n IS NOT NULL AND few IS NOT NULL',
      '"no text" IS NOT NULL OR "end" IS NOT NULL',
    ]) {
      const count = (from: string): string => `SELECT count(*), sum(n), max(s) FROM ${from} WHERE ${condition}`;
      assert.deepEqual(await duck.all(count(ours)), await duck.all(count(theirs)), condition);
    }
    const bounds = (from: string): string =>
      `SELECT count(*), min(n), max(n), min(l), max(l), min(s), max(s), max(length(s)), count(DISTINCT s) FROM ${from}`;
    assert.deepEqual(await duck.all(bounds(ours)), await duck.all(bounds(theirs)));
    await duck.run(`DETACH ${name}`);
  });
  await fc.assert(property, { numRuns: 25 });
});

test('texts of any length that a line may have come back', async () => {
  const path = join(root, 'long.duckdb');
  const database = beginDatabase(path, [{ name: 's', type: 'VARCHAR' }]);
  const rows = createDatabaseRows();
  const lengths = [0, 1, 4095, 4096, 65_534, 65_535, 65_536, 0, 65_536, 65_536, 65_536, 9];
  const words = wordsOf(lengths.map((length, at) => String.fromCodePoint(97 + at).repeat(length)));
  for (const valid of [null, Uint8Array.of(0b1111_1011, 0b1111_1101)]) {
    const data = new Uint8Array(Uint32Array.from(lengths.keys()).buffer);
    rows.add(database, ['s'], lengths.length, [{ name: 's', type: 'u32', data, valid, dictionary: words }]);
  }
  const many = wordsOf(Array.from({ length: 3000 }, (_, at) => `${at}`.padEnd(1500, '.')));
  const indexes = new Uint8Array(Uint32Array.from(Array(3000).keys()).buffer);
  rows.add(database, ['s'], 3000, [{ name: 's', type: 'u32', data: indexes, valid: null, dictionary: many }]);
  endDatabase(database, rows.end());
  await duck.run(`ATTACH ${quoteText(path)} AS long (READ_ONLY)`);
  const found = await duck.all("SELECT length(s), s[1:1], length(replace(s, s[1:1], '')) FROM long.records LIMIT 24");
  const expected = lengths.map((length, at) => [length, length === 0 ? '' : String.fromCodePoint(97 + at), 0]);
  const isNull = [2, 9];
  assert.deepEqual(found, [
    ...expected,
    ...expected.map((each, at) => (isNull.includes(at) ? [null, null, null] : each)),
  ]);
  const padded =
    "SELECT count(*), count(DISTINCT s) FROM long.records WHERE length(s) = 1500 AND s = rpad(rtrim(s, '.'), 1500, '.')";
  assert.deepEqual(await duck.all(padded), [[3000, 3000]]);
  await duck.run('DETACH long');
});

const LARGE: readonly Kind[] = Array.from({ length: 60 }, (_, at) => ({
  rows: 12_288 - (at % 5) * 1000,
  seed: at,
  distinct: 9000,
  length: 13,
  absent: at % 3 === 0 ? 'some' : 'none',
}));

test('several threads write one file, in full row groups, and filters leave out those that hold nothing', async () => {
  const { path, ours, theirs, name } = writeBoth(LARGE, 3);
  await duck.run(`ATTACH ${quoteText(path)} AS ${name} (READ_ONLY)`);
  const sums = (from: string): string =>
    `SELECT count(*), sum(n), sum(l), bit_xor(hash(n, l, s, few, same)) FROM ${from}`;
  assert.deepEqual(await duck.all(sums(ours)), await duck.all(sums(theirs)));
  const groups = `SELECT row_group_id, sum(count) FROM pragma_storage_info('${ours}') WHERE column_path = '[0]' GROUP BY ALL`;
  const sizes = (await duck.all(groups)).map(([, rows]) => Number(rows));
  assert.ok(sizes.filter((rows) => rows > 122_870).length >= sizes.length - 3, sizes.join(' '));
  // Between the values of `same` there are none, and the smallest and largest of segments say so.
  const explained = await duck.all(`EXPLAIN SELECT count(*) FROM ${ours} WHERE same > 1000`);
  assert.match(String(explained[0]?.[1]), /EMPTY_RESULT/u);
  await duck.run(`DETACH ${name}`);
});

test('DuckDB changes the table, checkpoints and drops it, and no block is lost', async () => {
  const { path, name } = writeBoth(LARGE);
  const size = statSync(path).size;
  await duck.run(`ATTACH ${quoteText(path)} AS ${name}; USE ${name}`);
  await duck.run('CREATE TABLE before AS FROM records');
  await duck.run("INSERT INTO records (n, s) VALUES (1, 'new'); DELETE FROM records WHERE n % 10 = 3; CHECKPOINT");
  await duck.run(
    'UPDATE records SET s = upper(s) WHERE same = 4; ALTER TABLE records ADD COLUMN more INTEGER DEFAULT 5; CHECKPOINT',
  );
  await duck.run(`USE memory; DETACH ${name}; ATTACH ${quoteText(path)} AS ${name}; USE ${name}`);
  const kept = `SELECT count(*), sum(n), bit_xor(hash(n, l, CASE WHEN same = 4 THEN upper(s) ELSE s END)) FROM before WHERE (n % 10 = 3) IS NOT TRUE`;
  const now = `SELECT count(*), sum(n), bit_xor(hash(n, l, s)) FROM records WHERE s IS DISTINCT FROM 'new'`;
  assert.deepEqual(await duck.all(now), await duck.all(kept));
  await duck.run('DROP TABLE records; DROP TABLE before; CHECKPOINT');
  await duck.run('CREATE TABLE small AS SELECT 1; CHECKPOINT');
  const [[used] = []] = await duck.all(
    `SELECT used_blocks FROM pragma_database_size() WHERE database_name = '${name}'`,
  );
  assert.ok(Number(used) <= 4, `${String(used)} blocks are used of ${size / BLOCK_BYTES}`);
  await duck.run(`USE memory; DETACH ${name}`);
});

test('a file that was damaged anywhere is refused', async () => {
  const { path } = writeBoth([{ rows: 30_000, seed: 1, distinct: 20_000, length: 20, absent: 'some' }]);
  const blocks = (statSync(path).size - BLOCKS_AT) / BLOCK_BYTES;
  assert.ok(blocks > 2);
  const places = [
    4096 + 30,
    ...Array.from({ length: blocks }, (_, at) => BLOCKS_AT + at * BLOCK_BYTES + 1000 * at + 40),
  ];
  for (const [at, place] of places.entries()) {
    const turn = (): void => {
      const fd = openSync(path, 'r+');
      const byte = Buffer.alloc(1);
      readSync(fd, byte, 0, 1, place);
      byte[0]! ^= 16;
      writeSync(fd, byte, 0, 1, place);
      closeSync(fd);
    };
    turn();
    await assert.rejects(
      async () => {
        await duck.run(`ATTACH ${quoteText(path)} AS damaged${at} (READ_ONLY)`);
        await duck.all(`SELECT sum(hash(COLUMNS(*))) FROM damaged${at}.records`);
      },
      /checksum|corrupt/iu,
      `byte ${place}`,
    );
    await duck.run(`DETACH DATABASE IF EXISTS damaged${at}`);
    turn();
  }
});

test('no rows are a table without rows, and a file without headers is none', async () => {
  const path = join(root, 'none.duckdb');
  const database = beginDatabase(path, COLUMNS);
  await assert.rejects(duck.run(`ATTACH ${quoteText(path)} AS begun (READ_ONLY); SELECT * FROM begun.records`));
  endDatabase(database, createDatabaseRows().end());
  await duck.run(`ATTACH ${quoteText(path)} AS nothing (READ_ONLY)`);
  assert.deepEqual(await duck.all('SELECT count(*), max("end") FROM nothing.records'), [[0, null]]);
  await duck.run('DETACH nothing');
  assert.throws(() => beginDatabase(path, COLUMNS), { code: 'FG_ROWS_NO_PLACE' });
});

test('a disk that is full is told', { skip: process.getuid?.() !== 0 }, () => {
  const place = join(root, 'tiny disk');
  makeRowDirectory(place);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'none', place], { stdio: 'pipe' });
  } catch {
    return;
  }
  try {
    const database = beginDatabase(join(place, 'x.duckdb'), COLUMNS);
    const rows = createDatabaseRows();
    const kind = { rows: 100_000, seed: 1, distinct: 100_000, length: 20, absent: 'none' } as const;
    assert.throws(() => rows.add(database, NAMES, kind.rows, batchOf(kind)), { code: 'FG_ROWS_NO_ROOM' });
    rows.leave();
  } finally {
    execFileSync('umount', [place]);
  }
});

test('all files that DuckDB writes beside a database are known', async () => {
  const { path, name } = writeBoth([{ rows: 10, seed: 1, distinct: 2, length: 4, absent: 'none' }]);
  const fenced = await openDuck({ files: databaseFiles(path) });
  await fenced.run(
    `ATTACH ${quoteText(path)} AS ${name}; INSERT INTO ${name}.records (n) FROM range(300000); DETACH ${name}`,
  );
  await fenced.close();
});

test('joined batches of few rows are the rows of one', async () => {
  const joined = joinColumns();
  const few: readonly Kind[] = LARGE.slice(0, 20).map((each, at) => ({ ...each, rows: 100 + at }));
  const path = join(root, 'few.duckdb');
  const database = beginDatabase(path, COLUMNS);
  const rows = createDatabaseRows();
  for (const each of few) joined.add(each.rows, batchOf(each));
  rows.add(database, NAMES, joined.rows, joined.take());
  endDatabase(database, rows.end());
  const { theirs } = writeBoth(few);
  await duck.run(`ATTACH ${quoteText(path)} AS few (READ_ONLY)`);
  const all = (from: string): string => `SELECT n, l, s, few, same FROM ${from}`;
  assert.deepEqual(await duck.all(all('few.records')), await duck.all(all(theirs)));
  await duck.run('DETACH few');
});
