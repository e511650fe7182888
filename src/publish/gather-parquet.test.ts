import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { columnName } from '../record/fields/list.ts';
import { parseLogFormat } from '../record/format.ts';
import { openDuck, quoteName, quoteText } from '../storage/duck/duck.ts';
import type { DuckValue } from '../storage/duck/duck.ts';
import type { RecordBlock } from './destination.ts';
import { parquetMaker } from './gather-parquet.ts';

const FORMAT = '${version} ${srcaddr} ${dstport} ${bytes} ${start} ${pkt-dstaddr} ${action} ${x-rule-id}';
const { fields } = parseLogFormat(FORMAT);
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-parquet-'));
const duck = await openDuck({ directories: [scratch] });
after(async () => {
  await duck.close();
  rmSync(scratch, { recursive: true });
});
/** Each file has a path of its own: DuckDB keeps what it read, and knows a file that was written over by its time, which moves in steps. */
let path = '';
let files = 0;
const compressors = { GZIP: (bytes: Uint8Array) => gunzipSync(bytes) };

async function* blocksOf(lines: readonly string[], perBlock: number): AsyncGenerator<RecordBlock> {
  for (let at = 0; at < lines.length; at += perBlock) {
    const some = lines.slice(at, at + perBlock);
    const text = Buffer.from(`${some.join('\n')}\n`);
    yield { flowLogId: 'fl-1', slotSeconds: 0, stream: '', text, records: some.length, packets: 0, lostPackets: 0 };
  }
}

async function make(lines: readonly string[], perBlock: number, threads: number): Promise<Buffer> {
  rmSync(path, { force: true });
  path = join(scratch, `${files++}.parquet`);
  await parquetMaker(FORMAT, threads)(blocksOf(lines, perBlock), path);
  return readFileSync(path);
}

const textOf = (value: DuckValue | undefined): string => (value === null || value === undefined ? '-' : String(value));

async function byDuck(): Promise<string[]> {
  const rows = await duck.all(`SELECT * FROM ${quoteText(path)}`);
  return rows.map((row) => row.map(textOf).join(' '));
}

async function byHyparquet(): Promise<string[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
  return rows.map((row) => fields.map(({ name }) => textOf(row[columnName(name)])).join(' '));
}

/** Numbers that look random and are always the same. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** How many distinct values a column has, and of how many rows one has none. */
type Shape = { readonly distinct: number; readonly absentOf: number };

function linesOf(rows: number, shapes: readonly Shape[], seed: number): string[] {
  const draw = draws(seed);
  const values: ((n: number) => string)[] = [
    (n) => String(n % 12),
    (n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    (n) => String(n % 65_536),
    // Numbers that differ in the upper word alone, and the largest that there are.
    (n) => String(n % 3 === 0 ? BigInt(n) << 32n : n % 3 === 1 ? 2n ** 63n - 1n - BigInt(n) : BigInt(n)),
    (n) => String(1_774_000_000 + n),
    (n) => `2001:db8::${n.toString(16)}`,
    (n) => ['ACCEPT', 'REJECT'][n % 2]!,
    (n) => 'x'.repeat(n % 90) + n,
  ];
  return Array.from({ length: rows }, () =>
    values
      .map((of, at) => {
        const { distinct, absentOf } = shapes[at]!;
        return absentOf > 0 && draw(absentOf) === 0 ? '-' : of(draw(distinct));
      })
      .join(' '),
  );
}

test('two readers find what was written, however often values come again or are absent', async () => {
  const shape = fc.record({
    distinct: fc.constantFrom(1, 2, 3, 16, 17, 100, 256, 257, 700, 100_000),
    absentOf: fc.constantFrom(0, 0, 1, 2, 50),
  });
  const file = fc.tuple(
    fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 6000 })),
    fc.array(shape, { minLength: fields.length, maxLength: fields.length }),
    fc.integer({ min: 1, max: 1 << 30 }),
  );
  await fc.assert(
    fc.asyncProperty(file, async ([rows, shapes, seed]) => {
      const lines = linesOf(rows, shapes, seed);
      await make(lines, 1000, 2);
      assert.deepEqual(await byDuck(), lines);
      assert.deepEqual(await byHyparquet(), lines);
    }),
    { numRuns: 60 },
  );
});

/** Two row groups, with columns as a day of traffic has them. */
const MANY = linesOf(
  150_000,
  [1, 40_000, 30_000, 9000, 60, 100_000, 2, 90].map((distinct, at) => ({ distinct, absentOf: at === 5 ? 3 : 0 })),
  7,
);

test('threads and the cutting into blocks change no byte', async () => {
  const bytes = await make(MANY, 5000, 4);
  assert.ok(bytes.equals(await make(MANY, 5000, 1)));
  assert.ok(bytes.equals(await make(MANY, 1777, 2)));
  assert.deepEqual(await byDuck(), MANY);
});

test('the footer says the smallest and the largest value and how many are absent, for each row group', async () => {
  await make(MANY, 5000, 2);
  const groups = await duck.all(
    `SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('${path}') ORDER BY 1`,
  );
  assert.deepEqual(groups, [
    [0, 122_880],
    [1, 27_120],
  ]);
  for (const { name } of fields) {
    const column = quoteName(columnName(name));
    const said = await duck.all(
      `SELECT stats_null_count, stats_min_value, stats_max_value FROM parquet_metadata('${path}')
       WHERE path_in_schema = ${quoteText(columnName(name))} ORDER BY row_group_id`,
    );
    const found = await duck.all(
      `SELECT count(*) - count(${column}), min(${column})::VARCHAR, max(${column})::VARCHAR FROM read_parquet('${path}',
       file_row_number = true) GROUP BY file_row_number // 122880 ORDER BY file_row_number // 122880`,
    );
    // A text of 90 bytes is no bound: the footer has neither then.
    const expected = found.map((row) => (name === 'x-rule-id' ? [row[0], null, null] : row));
    assert.deepEqual(said, expected, name);
  }
});

test('is no larger than what DuckDB makes of the same rows', async () => {
  const ours = (await make(MANY, 5000, 2)).length;
  const theirs = join(scratch, 'theirs.parquet');
  await duck.run(`COPY (FROM ${quoteText(path)}) TO ${quoteText(theirs)} (FORMAT parquet, COMPRESSION gzip)`);
  const limit = readFileSync(theirs).length * 1.03;
  assert.ok(ours <= limit, `${ours} bytes, at most ${limit}`);
});

test('records that the parser cannot read make no object and are told', async () => {
  const line = '2 10.0.0.1 443 100 1774000000 - ACCEPT rule';
  writeFileSync(path, '');
  await assert.rejects(make([line, line.replace('443', 'https'), line], 2, 1), { code: 'FG_PARQUET_LINES' });
});
