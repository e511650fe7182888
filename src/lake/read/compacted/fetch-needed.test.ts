import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Duck } from '../../../storage/duck/duck.ts';
import { openDuck, quoteText } from '../../../storage/duck/duck.ts';
import type { ObjectStore } from '../../../storage/object/store.ts';
import type { TablePart } from '../source.ts';
import { fetchNeeded } from './fetch-needed.ts';
import type { Needed } from './fetch-needed.ts';

const never = new AbortController().signal;
const ROWS = 400_000;
let directory: string;
let whole: string;
let duck: Duck;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-columns-'));
  whole = join(directory, 'whole.parquet');
  duck = await openDuck({ directories: [directory], threads: 1 });
  // A few values that come again have a dictionary and a filter; the others have neither.
  await duck.run(`COPY (SELECT range % 900 AS few, hash(range) AS many, hash(range + 7)::VARCHAR AS text, range AS at
    FROM range(${ROWS})) TO ${quoteText(whole)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)`);
});

after(async () => {
  await duck.close();
  rmSync(directory, { recursive: true });
});

/** A store with the file, or with what is given for it; `asked` gets the bytes that each request was for. */
function partOf(asked: number[] = [], bytes: Uint8Array = readFileSync(whole), knowsRanges = true): TablePart {
  async function* read(...[, range]: Parameters<ObjectStore['read']>): AsyncGenerator<Uint8Array> {
    const piece = range === null || !knowsRanges ? bytes : bytes.subarray(range.start, range.end);
    asked.push(piece.length);
    for (let at = 0; at < piece.length; at += 10_000) yield piece.subarray(at, at + 10_000);
  }
  const store = { name: 's3://somewhere', read } as Pick<ObjectStore, 'name' | 'read'> as ObjectStore;
  const ref = { key: 'flowgauge-lake/records/day=2026-11-23/a.parquet', sizeBytes: bytes.length, etag: '' };
  return { ref, store, kind: 'compacted', format: null, path: null };
}

let copies = 0;
const fetchedRows = async (part: TablePart, rows: Needed['rows'], ...names: string[]) =>
  (await fetchNeeded([part], { names: new Set(names), rows }, join(directory, String(copies++)), never)).get(part);
const fetched = (part: TablePart, ...names: string[]) => fetchedRows(part, null, ...names);

test('a copy has the columns that are needed, and a filter works there as in the whole file', async () => {
  const asked: number[] = [];
  const copy = await fetched(partOf(asked), 'few', 'at', 'not_there');
  assert.ok(copy !== undefined);
  const size = statSync(whole).size;
  assert.equal(statSync(copy.path).size, size);
  assert.equal(
    copy.bytes,
    asked.reduce((sum, bytes) => sum + bytes, 0),
  );
  assert.ok(copy.bytes < size / 2, `${copy.bytes} of ${size}`);
  for (const question of [
    'count(*), sum(few), min("at"), max("at")',
    'count(*) FILTER (few = 13), sum("at") FILTER (few = 13)',
  ])
    assert.deepEqual(
      await duck.all(`SELECT ${question} FROM read_parquet(${quoteText(copy.path)})`),
      await duck.all(`SELECT ${question} FROM read_parquet(${quoteText(whole)})`),
    );
  for (const few of [13, 899, 900])
    assert.deepEqual(
      await duck.all(`SELECT count(*), sum("at") FROM read_parquet(${quoteText(copy.path)}) WHERE few = ${few}`),
      await duck.all(`SELECT count(*), sum("at") FROM read_parquet(${quoteText(whole)}) WHERE few = ${few}`),
    );
});

test('a column that was not fetched is an error, and no value', async () => {
  const copy = await fetched(partOf(), 'few');
  for (const column of ['many', 'text'])
    await assert.rejects(duck.all(`SELECT bit_xor(hash(${column})) FROM read_parquet(${quoteText(copy!.path)})`));
});

test('where nearly all is needed, or the file is small, it is left to whoever fetches the whole', async () => {
  const asked: number[] = [];
  assert.equal(await fetched(partOf(asked), 'few', 'many', 'text', 'at'), undefined);
  assert.deepEqual(asked, [1 << 16]);
  assert.equal(await fetched(partOf(asked, new Uint8Array(1 << 20)), 'few'), undefined);
  assert.equal(asked.length, 1);
});

test('so is one of a server without ranges, one that is shorter than was listed, and one that is no Parquet', async () => {
  assert.equal(await fetched(partOf([], readFileSync(whole), false), 'few'), undefined);
  const cut = partOf([], readFileSync(whole).subarray(0, -9));
  assert.equal(await fetched({ ...cut, ref: { ...cut.ref, sizeBytes: statSync(whole).size } }, 'few'), undefined);
  assert.equal(await fetched(cut, 'few'), undefined);
  const damaged = readFileSync(whole);
  damaged.writeUInt32LE(damaged.length, damaged.length - 8);
  assert.equal(await fetched(partOf([], damaged), 'few'), undefined);
  damaged.fill(255, damaged.length - 5000, damaged.length - 8);
  damaged.writeUInt32LE(4000, damaged.length - 8);
  assert.equal(await fetched(partOf([], damaged), 'few'), undefined);
});

test('an end that is longer than what is fetched first is fetched with a second request', async () => {
  const long = join(directory, 'long.parquet');
  await duck.run(`COPY (SELECT lpad(range::VARCHAR, 7, '0') AS name, range AS a, range AS b, hash(range) AS many FROM range(${ROWS * 2}))
    TO ${quoteText(long)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`);
  const bytes = readFileSync(long);
  assert.ok(bytes.readUInt32LE(bytes.length - 8) > 1 << 16, 'the end is long');
  const copy = await fetchedRows(partOf([], bytes), [new Map([['name', '0070000']])], 'name', 'many');
  assert.ok(copy!.bytes < bytes.length / 2);
  const question = "SELECT name, many FROM read_parquet($1) WHERE name = '0070000'";
  assert.deepEqual(await duck.all(question, [copy!.path]), await duck.all(question, [long]));
});

test('of a sorted file the row groups come that may have a text, and all rows of them', async () => {
  const sorted = join(directory, 'sorted.parquet');
  await duck.run(`COPY (SELECT * FROM (SELECT range % 997 AS few, (range % 5000)::VARCHAR AS name, hash(range) AS many FROM range(${ROWS}))
    ORDER BY name) TO ${quoteText(sorted)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 10240)`);
  const bytes = readFileSync(sorted);
  const text = (...names: string[]): Needed['rows'] => names.map((name) => new Map([['name', name]]));
  for (const [names, least, most] of [
    [['17'], 1, 2],
    [['17', '4999', '4998'], 2, 4],
    [['no such'], 0, 0],
    [['', '\u{10ffff}'], 0, 0],
  ] as const) {
    const copy = await fetchedRows(partOf([], bytes), text(...names), 'few', 'name', 'many');
    const [[groups, rows] = []] = await duck.all(
      `SELECT num_row_groups, num_rows FROM parquet_file_metadata(${quoteText(copy!.path)})`,
    );
    assert.ok(Number(groups) >= least && Number(groups) <= most, `${groups} row groups for ${names.join()}`);
    const read = (path: string): Promise<unknown> =>
      duck.all(
        `SELECT name, few, many FROM read_parquet(${quoteText(path)}) WHERE list_contains(['${names.join("', '")}'], name) ORDER BY ALL`,
      );
    assert.deepEqual(await read(copy!.path), await read(sorted));
    assert.deepEqual(await duck.all(`SELECT count(*), count(few) FROM read_parquet(${quoteText(copy!.path)})`), [
      [rows, rows],
    ]);
    assert.ok(copy!.bytes <= (1 << 16) + Number(groups) * (1 << 19), `${copy!.bytes} bytes`);
  }
  const bounds = await duck.all(
    `SELECT stats_min_value, stats_max_value FROM parquet_metadata(${quoteText(sorted)}) WHERE path_in_schema = 'name' LIMIT 4`,
  );
  for (const name of bounds.flat()) {
    const copy = await fetchedRows(partOf([], bytes), text(String(name)), 'name');
    const question = `SELECT count(*) FROM read_parquet($1) WHERE name = '${name}'`;
    assert.deepEqual(await duck.all(question, [copy!.path]), await duck.all(question, [sorted]), `${name}, at an end`);
  }
  const both: Needed['rows'] = [new Map([['name', '17'], ['few', '17']]), new Map([['not_there', '17'], ['name', '4999']])]; // prettier-ignore
  const copy = await fetchedRows(partOf([], bytes), both, 'name');
  const [[groups] = []] = await duck.all(`SELECT num_row_groups FROM parquet_file_metadata(${quoteText(copy!.path)})`);
  assert.ok(Number(groups) >= 2 && Number(groups) <= 4);
});

test('of a column that is not sorted its filters say which row groups may have a text', async () => {
  const mixed = join(directory, 'mixed.parquet');
  // Each row group has nearly all of the usual names, and one of its own.
  await duck.run(`COPY (SELECT CASE WHEN range % 10000 = 7 THEN 'rare ' || (range // 10000) ELSE (range % 911)::VARCHAR END AS name,
      (range // 40000)::VARCHAR AS part, hash(range) AS many FROM range(${ROWS}))
    TO ${quoteText(mixed)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 10240)`);
  const bytes = readFileSync(mixed);
  const all = await duck.all(`SELECT num_row_groups FROM parquet_file_metadata(${quoteText(mixed)})`);
  const read = (path: string, where: string): Promise<unknown> =>
    duck.all(`SELECT name, part, many FROM read_parquet(${quoteText(path)}) WHERE ${where} ORDER BY ALL`);
  const named = (name: string): ReadonlyMap<string, string> => new Map([['name', name]]);
  for (const [rows, where, least, most] of [
    [[named('rare 17')], "name = 'rare 17'", 1, 2],
    [[named('rare 3'), named('rare 30')], "name IN ('rare 3', 'rare 30')", 2, 4],
    [[named('rare 3'), new Map([['part', '8']])], "name = 'rare 3' OR part = '8'", 4, 8],
    [[new Map([...named('rare 3'), ['part', '8']])], "name = 'rare 3' AND part = '8'", 0, 1],
    [[named('no such')], "name = 'no such'", 0, 1],
    [[named('500')], "name = '500'", Number(all[0]![0]), Number(all[0]![0])],
  ] as const) {
    const asked: number[] = [];
    const copy = await fetchedRows(partOf(asked, bytes), rows, 'name', 'part', 'many');
    if (copy === undefined) {
      assert.equal(least, all[0]![0], where);
      continue;
    }
    const [[groups] = []] = await duck.all(`SELECT num_row_groups FROM parquet_file_metadata(${quoteText(copy.path)})`);
    assert.ok(Number(groups) >= least && Number(groups) <= most, `${groups} row groups for ${where}`);
    assert.deepEqual(await read(copy.path, where), await read(mixed, where), where);
    assert.equal(
      copy.bytes,
      asked.reduce((sum, each) => sum + each, 0),
    );
  }
});
