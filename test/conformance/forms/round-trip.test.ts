/**
 * Formats and values made by chance, written as text and Parquet, and read by us and by DuckDB's own readers.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { BuiltBucket } from '../../../src/lake/read/build-bucket.ts';
import { buildBucket } from '../../../src/lake/read/build-bucket.ts';
import { FIELDS, columnName } from '../../../src/record/fields/list.ts';
import { TRANSIT_GATEWAY_NAMES } from '../../../src/record/fields/transit-gateway.ts';
import { readHeader } from '../../../src/record/format.ts';
import type { Duck } from '../../../src/storage/duck/duck.ts';
import { openDuck, quoteName, quoteText } from '../../../src/storage/duck/duck.ts';
import { PARQUET_HEAD, writeParquet } from '../../../src/storage/object/parquet.ts';
import { reading } from './zoo.ts';

type Column = { readonly name: string; readonly column: string };

/** Interface fields up to a version and ours, or those of transit gateways; and names that nobody knows. */
const anyFields = fc
  .tuple(
    fc.oneof(
      fc
        .constantFrom(2, 3, 4, 5, 7, 8, 9, 10, 11)
        .map((most) => FIELDS.filter(({ version }) => version !== 6 && version <= most)),
      fc.constant(FIELDS.filter(({ name }) => TRANSIT_GATEWAY_NAMES.includes(name))),
    ),
    fc.uniqueArray(fc.stringMatching(/^(?:x|zz)-[a-z][a-z0-9-]{0,8}[a-z]$/), { maxLength: 3 }),
  )
  .chain(([known, names]) => {
    const unknown = names.filter((name) => !FIELDS.some((field) => field.name === name));
    const all: Column[] = [...known, ...unknown.map((name) => ({ name, column: 'VARCHAR' }))];
    return fc
      .shuffledSubarray(all, { minLength: 1, maxLength: Math.min(40, all.length) })
      .filter((fields) => fields.some(({ name }) => known.some((field) => field.name === name)));
  });

const anyAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('::', '255.255.255.255', '0.0.0.0', '::ffff:10.0.0.1', '2001:db8:0:0:0:0:0:1'),
);
const anyWord = fc.oneof(
  fc.stringMatching(/^[!-~]{1,24}$/),
  fc.constantFrom('0', '007', 'null', 'NULL', 'my%2Dapp', 'a,b', '"x"', "it's", 'é', '日本', '\\', 'true', '1e5', '--'),
);

function anyValue({ name, column }: Column): fc.Arbitrary<string> {
  const value =
    column === 'INTEGER'
      ? fc.oneof(fc.nat(65_535), fc.nat(0x7fff_ffff), fc.constant(0x7fff_ffff)).map(String)
      : column === 'BIGINT'
        ? fc.oneof(fc.bigInt(0n, 2n ** 63n - 1n), fc.nat(10_000).map(BigInt), fc.constant(2n ** 63n - 1n)).map(String)
        : name.endsWith('account-id')
          ? fc.stringMatching(/^\d{12}$/)
          : name.endsWith('addr')
            ? anyAddress
            : anyWord.filter((text) => text !== '-');
  return fc.oneof({ weight: 1, arbitrary: fc.constant('-') }, { weight: 4, arbitrary: value });
}

const anyFile = anyFields.chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    lines: fc.array(fc.tuple(...fields.map(anyValue)), { minLength: 1, maxLength: 20 }),
  }),
);

/** What DuckDB reads from a file by itself. */
async function byDuck(duck: Duck, from: string, fields: readonly Column[]): Promise<string[]> {
  const list = fields.map(({ name }) => quoteName(columnName(name))).join(', ');
  const rows = await duck.all(`SELECT ${list} FROM ${from}`);
  return rows.map((row) => row.map((value) => (value === null ? '-' : String(value))).join(' '));
}

async function check(
  built: BuiltBucket,
  fields: readonly Column[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const expected = rows.map((values) => values.join(' '));
  const header = fields.map(({ name }) => name).join(' ');
  const text = Buffer.from([header, ...expected, ''].join('\n'));
  const ours = join(built.directory, 'ours.parquet');
  const theirs = join(built.directory, 'theirs.parquet');
  const files = {
    plain: built.file('plain', text),
    gzip: built.file('gzip', gzipSync(text)),
    zstd: built.file('zstd', zstdCompressSync(text)),
  };
  async function* blocks(): AsyncGenerator<{ text: Uint8Array }> {
    yield { text: text.slice(header.length + 1) };
  }
  const written: Uint8Array[] = [PARQUET_HEAD];
  await writeParquet(readHeader(header), blocks(), ours, 1, async (bytes) => void written.push(bytes.slice()));
  writeFileSync(ours, Buffer.concat(written));
  const types = fields.map(({ name, column }) => `${quoteText(columnName(name))}: ${quoteText(column)}`).join(', ');
  const csv = `read_csv(${quoteText(files.plain)}, header = true, columns = {${types}}, delim = ' ', quote = '', escape = '',
    nullstr = '-', auto_detect = false)`;
  const duck = await openDuck({ directories: [built.directory], threads: 1 });
  try {
    await duck.run(`COPY (SELECT * FROM ${csv}) TO ${quoteText(theirs)} (FORMAT parquet, USE_TMP_FILE false)`);
    assert.deepEqual(await byDuck(duck, csv, fields), expected, "DuckDB's own reader of text");
    assert.deepEqual(await byDuck(duck, `read_parquet(${quoteText(ours)})`, fields), expected, 'our Parquet by DuckDB');
  } finally {
    await duck.close();
  }
  const sql = `SELECT ${fields.map(({ name }) => quoteName(columnName(name))).join(', ')} FROM flow_logs`;
  for (const [name, path] of Object.entries({ ...files, ours, theirs })) {
    const { rows: got, notes } = await reading(path, sql);
    assert.deepEqual(got, expected, name);
    assert.deepEqual(
      notes.filter((note) => !note.startsWith('unknown ')),
      [],
      name,
    );
  }
  // Any one column alone, as only what is asked for is read.
  for (const [at, { name }] of fields.entries()) {
    if (at % 5 !== rows.length % 5) continue;
    const { rows: got } = await reading(files.gzip, `SELECT ${quoteName(columnName(name))} FROM flow_logs`);
    assert.deepEqual(
      got,
      rows.map((values) => values[at]),
      name,
    );
  }
}

test('text of any packing, our Parquet and that of DuckDB hold the same, read by us and by DuckDB', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async ({ fields, lines }) => {
      const built = buildBucket();
      try {
        await check(built, fields, lines);
      } finally {
        built.remove();
      }
    }),
    { numRuns: Number(process.env['FLOWGAUGE_PROPERTY_RUNS'] ?? 20) },
  );
});
