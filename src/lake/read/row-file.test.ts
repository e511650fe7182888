import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { wordsOf } from '../../record/columns.ts';
import type { RecordColumn } from '../../record/columns.ts';
import { openDuck, quoteText } from '../../storage/duck/duck.ts';
import type { DuckValue } from '../../storage/duck/duck.ts';
import { readPacks } from './cache/pack-file.ts';
import { createRowFiles, makeRowDirectory } from './row-file.ts';
import type { RowTarget } from './row-file.ts';

const root = mkdtempSync(join(tmpdir(), 'flowgauge-rows-'));
const duck = await openDuck({ directories: [root] });
after(async () => {
  await duck.close();
  rmSync(root, { recursive: true });
});
let made = 0;

function directory(): string {
  const path = join(root, `it's [a] rows* ${++made}`);
  makeRowDirectory(path);
  return path;
}

function target(names: readonly string[], own: Partial<RowTarget> = {}): RowTarget {
  return { table: 't', directory: directory(), names, number: null, database: null, ...own };
}

function validOf(values: readonly unknown[]): RecordColumn['valid'] {
  if (!values.includes(null)) return null;
  // Bits behind the last row are ones, as the parser leaves them.
  const valid = new Uint8Array((values.length + 7) >> 3).fill(255);
  for (const [at, value] of values.entries()) if (value === null) valid[at >> 3]! &= ~(1 << (at & 7));
  return valid;
}

function numbers(values: readonly (number | null)[]): RecordColumn {
  const data = new Uint8Array(Int32Array.from(values, (value) => value ?? 12345).buffer);
  return { name: 'n', type: 'i32', data, valid: validOf(values), dictionary: null };
}

function longs(values: readonly (bigint | null)[]): RecordColumn {
  const data = new Uint8Array(BigInt64Array.from(values, (value) => value ?? 12345n).buffer);
  return { name: 'l', type: 'i64', data, valid: validOf(values), dictionary: null };
}

function texts(values: readonly (string | null)[]): RecordColumn {
  const places = new Map<string, number>();
  for (const value of values) if (value !== null && !places.has(value)) places.set(value, places.size);
  const data = new Uint8Array(Uint32Array.from(values, (value) => (value === null ? 0 : places.get(value)!)).buffer);
  return { name: 's', type: 'u32', data, valid: validOf(values), dictionary: wordsOf([...places.keys()]) };
}

async function readBack(paths: readonly string[]): Promise<readonly (readonly DuckValue[])[]> {
  return duck.all(`SELECT * FROM ${readPacks(paths)}`);
}

const row = fc.tuple(
  fc.option(fc.integer(), { freq: 4 }),
  fc.option(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), { freq: 4 }),
  fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { freq: 4 }),
  fc.option(fc.constantFrom('ACCEPT', 'REJECT'), { freq: 4 }),
  fc.constant(null),
);
/** Long batches are short ones many times over. */
const batch = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 1, 1, 7, 600))
  .map(([rows, times]) =>
    Array.from({ length: times }, () => rows)
      .flat()
      .slice(0, 32_768),
  );

test('an engine reads the rows that were written, whatever is in them and however many a batch has', async () => {
  const property = fc.asyncProperty(
    fc.array(batch, { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 3 }),
    async (batches, groups) => {
      const files = createRowFiles('7', groups);
      const own = target(['n', 'with "quotes" and é', 's', 'action', 'never there']);
      for (const rows of batches) {
        files.write(own, rows.length, [
          numbers(rows.map((each) => each[0])),
          longs(rows.map((each) => each[1])),
          texts(rows.map((each) => each[2])),
          texts(rows.map((each) => each[3])),
          texts(rows.map((each) => each[4])),
        ]);
      }
      const read = await readBack(files.close().files.map(({ path }) => path));
      const plain = (value: DuckValue): DuckValue => (typeof value === 'bigint' ? String(value) : value);
      const exact = (value: bigint | null): DuckValue =>
        value === null || !Number.isSafeInteger(Number(value)) ? plain(value) : Number(value);
      assert.deepEqual(
        read.map((each) => each.map(plain)),
        batches.flat().map(([n, l, s, a, none]) => [n, exact(l), s, a, none]),
      );
      const types = await duck.rows(`SELECT * FROM ${readPacks([`${own.directory}/t-7-0.parquet`])} LIMIT 0`);
      assert.deepEqual(
        types.columns.map(({ name, type }) => `${name} ${type}`),
        ['n INTEGER', 'with "quotes" and é BIGINT', 's VARCHAR', 'action VARCHAR', 'never there VARCHAR'],
      );
    },
  );
  await fc.assert(property, { numRuns: 30 });
});

test('indexes of one, two and four bytes find their texts', async () => {
  for (const count of [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_001]) {
    const files = createRowFiles('0');
    const values = Array.from({ length: count }, (_, at) => `text ${at}`);
    const column = texts([...values, null, ...values.toReversed()]);
    files.write(target(['s']), count * 2 + 1, [column]);
    const read = await readBack(files.close().files.map(({ path }) => path));
    assert.deepEqual(
      read.map(([value]) => value),
      [...values, null, ...values.toReversed()],
      String(count),
    );
  }
});

test('few rows of many texts become few row groups, each row with the number of its text', async () => {
  const files = createRowFiles('0');
  const own = target(['s']);
  for (let value = 0; value < 2000; value++) {
    files.write({ ...own, number: { name: 'text number', value } }, 50, [
      texts(Array.from({ length: 50 }, () => `of ${value}`)),
    ]);
  }
  const paths = files.close().files.map(({ path }) => path);
  assert.equal(paths.length, 1);
  const groups = `SELECT count(DISTINCT row_group_id) FROM parquet_metadata(${quoteText(paths[0]!.replaceAll(/[[*?]/g, '[$&]'))})`;
  assert.deepEqual(await duck.all(groups), [[7]]);
  const wrong = `SELECT count(*), count(*) FILTER (WHERE s <> 'of ' || "text number") FROM ${readPacks(paths)}`;
  assert.deepEqual(await duck.all(wrong), [[100_000, 0]]);
});

test('rows with long texts do not wait in memory for more of them', () => {
  const files = createRowFiles('0');
  const own = target(['s']);
  for (let at = 0; at < 40; at++) files.write(own, 1, [texts([`${at} ${'x'.repeat(1 << 20)}`])]);
  const { size } = statSync(join(own.directory, 't-0-0.parquet'));
  assert.ok(size > 35 << 20, `${size} bytes are in the file`);
  files.close();
});

test('tables have files of their own, and a new one begins where a file has enough row groups', async () => {
  const files = createRowFiles('0', 2);
  const one = target(['a']);
  const other = { ...one, table: 'u', names: ['b'] };
  const many = numbers(Array.from({ length: 20_000 }, (_, at) => at));
  for (let at = 0; at < 3; at++) files.write(one, 20_000, [many]);
  files.write(other, 1, [texts(['here'])]);
  const done = files.close().files;
  assert.deepEqual(done.map(({ table }) => table).sort(), ['t', 't', 'u']);
  assert.deepEqual(readdirSync(one.directory).sort(), ['t-0-0.parquet', 't-0-1.parquet', 'u-0-0.parquet']);
  const paths = done.filter(({ table }) => table === 't').map(({ path }) => path);
  assert.deepEqual(await duck.all(`SELECT count(*), sum(a) FROM ${readPacks(paths)}`), [[60_000, 3 * 199_990_000]]);
  assert.deepEqual(files.close(), { files: [], groups: [] });
});

test('a place that may not be written is an error that names it', () => {
  const own = target(['a']);
  const many = numbers(Array.from({ length: 20_000 }, (_, at) => at));
  const missing = { ...own, directory: join(own.directory, 'nowhere') };
  assert.throws(() => createRowFiles('0').write(missing, 20_000, [many]), {
    code: 'FG_ROWS_NO_PLACE',
    message: /nowhere" \(ENOENT\)/,
  });
  assert.throws(() => makeRowDirectory('/proc/rows'), { code: 'FG_ROWS_NO_PLACE', message: /proc/ });
});

const isRoot = process.getuid?.() === 0;

test('a disk that becomes full is told, also when the file is ended', { skip: isRoot ? false : 'needs root' }, (t) => {
  const small = directory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small], { stdio: 'ignore' });
  } catch {
    t.skip('no tmpfs can be mounted');
    return;
  }
  try {
    const own = { ...target(['a']), directory: small };
    const files = createRowFiles('0');
    const many = numbers(Array.from({ length: 20_000 }, (_, at) => at));
    assert.throws(
      () => {
        for (let at = 0; at < 10; at++) files.write(own, 20_000, [many]);
      },
      { code: 'FG_ROWS_NO_ROOM', message: /rows\* \d+": it has no room/ },
    );
    files.leave();
    const late = createRowFiles('1');
    late.write(own, 10, [numbers(Array.from({ length: 10 }, () => 1))]);
    assert.throws(() => late.close(), { code: 'FG_ROWS_NO_ROOM' });
  } finally {
    execFileSync('umount', [small]);
  }
});
