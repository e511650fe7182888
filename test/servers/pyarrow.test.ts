import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bucketDestination } from '../../src/publish/destinations/bucket.ts';
import { openPublisher } from '../../src/publish/publisher.ts';
import { columnName, FIELDS, INTERFACE_FIELDS } from '../../src/record/fields/list.ts';
import type { Field } from '../../src/record/fields/field.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../src/record/format.ts';
import { reserve } from '../../src/record/text-block.ts';
import { directoryStore } from '../../src/storage/object/stores/directory.ts';
import { flowLogTo, recordOf } from '../conformance/destinations/segments.ts';
import { pythonWithArrow, readByArrow } from './pyarrow.ts';
import { NotHere } from './server.ts';

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-pyarrow-'));
after(() => rmSync(scratch, { recursive: true }));

let why = '';
let python = '';
try {
  python = pythonWithArrow();
} catch (error) {
  if (!(error instanceof NotHere)) throw error;
  // CI skips nothing.
  if (process.env['CI'] === 'true') throw error;
  why = error.message;
}

const TYPES = {
  VARCHAR: ['BYTE_ARRAY', 'UTF8', 'string'],
  INTEGER: ['INT32', 'INT_32', 'int32'],
  BIGINT: ['INT64', 'INT_64', 'int64'],
} as const;

/** Values of a column, by how many are distinct: few, as many as rows, the ends of what it may have; and texts with lists. */
function valueOf({ column, name }: Field, at: number, n: number): string {
  if (name === 'log-status') return ['OK', 'NODATA', 'SKIPDATA'][n % 3]!;
  if (at > 0 && (n * 7 + at) % (2 + (at % 11)) === 0) return '-';
  const kind = (n >> 3) % 4;
  if (column === 'INTEGER') return String([n % 5, n, 2_147_483_647 - n, 0][kind]);
  if (column === 'BIGINT') return String([n % 3, n * 4_294_967_296, 9_007_199_254_740_991 - n, SLOT + (n % 300)][kind]);
  return [`w${n % 4}`, `2001:db8::${n.toString(16)}`, `sg-${n},sg-${n + 1},é`, 'a'.repeat(n % 90 || 1)][kind]!;
}

const linesOf = (fields: readonly Field[], rows: number): string[] =>
  Array.from({ length: rows }, (_, n) => fields.map((field, at) => valueOf(field, at, n)).join(' '));

/** Publishes as Parquet; paths of the objects. */
async function publish(name: string, format: string, lines: readonly string[], hive: boolean, capBytes: number) {
  const directory = join(scratch, name);
  const destination = bucketDestination(directoryStore(directory));
  const spec = { type: 's3', bucket: 'b', prefix: '', fileFormat: 'parquet', hive, hourly: hive } as const;
  const publisher = await openPublisher({
    flowLogs: [flowLogTo(spec, format)],
    hostId: 'host-1',
    spoolDir: join(directory, '_spool'),
    destinationOf: () => destination,
    threads: 2,
    capBytes,
  });
  const block = publisher.block(0, SLOT, '');
  for (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    reserve(block, bytes.length).set(bytes, block.length);
    block.length += bytes.length;
    block.records++;
  }
  const { objects } = await publisher.close();
  return objects.map(({ key }) => join(directory, key));
}

const formatOf = (fields: readonly Field[]): string => fields.map(({ name }) => `\${${name}}`).join(' ');
const allFields = formatOf(INTERFACE_FIELDS);
const GATEWAY = FIELDS.filter((field) => !INTERFACE_FIELDS.includes(field) && !field.name.startsWith('x-'));
const OURS = [...INTERFACE_FIELDS, ...FIELDS.filter(({ name }) => name.startsWith('x-'))];
const made = (format: string, rows: number): string[] => linesOf(parseLogFormat(format).fields, rows);

const CASES: readonly (readonly [string, string, readonly string[], number])[] = [
  [
    'the default format in three row groups',
    DEFAULT_FORMAT,
    Array.from({ length: 260_000 }, (_, n) => recordOf(n, SLOT)),
    75e6,
  ],
  ['all fields of versions 2 to 11', allFields, made(allFields, 3000), 75e6],
  ['all fields with ours, cut by the cap', formatOf(OURS), made(formatOf(OURS), 3000), 60_000],
  ['fields of transit gateways', formatOf(GATEWAY), made(formatOf(GATEWAY), 700), 75e6],
  ['a single record', DEFAULT_FORMAT, [recordOf(1, SLOT)], 75e6],
  ['NODATA alone', DEFAULT_FORMAT, [`2 123456789012 eni-1 - - - - - - - ${SLOT} ${SLOT + 59} - NODATA`], 75e6],
  ...[9, 64, 65, 1000].map((rows) => [`${rows} rows of all fields`, allFields, made(allFields, rows), 75e6] as const),
];

for (const [name, format, lines, capBytes] of CASES)
  for (const hive of [false, true])
    test(`pyarrow reads back ${name}${hive ? ', hive' : ''}`, { skip: why === '' ? false : why }, async () => {
      const { fields } = parseLogFormat(format);
      const paths = await publish(`${name} ${hive}`.replaceAll(' ', '-'), format, lines, hive, capBytes);
      const read = readByArrow(python, paths);
      for (const { columns } of read)
        assert.deepEqual(
          columns,
          fields.map((field) => [columnName(field.name), ...TYPES[field.column]]),
        );
      const found = read.flatMap((one) => one.lines).sort();
      const expected = lines.toSorted();
      const differs = expected.findIndex((line, at) => line !== found[at]);
      assert.deepEqual([found.length, found[differs]], [expected.length, expected[differs]]);
      assert.equal(capBytes < 75e6, paths.length > 1);
      if (lines.length > 200_000) assert.deepEqual(read[0]!.rowGroups, [122_880, 122_880, 14_240]);
      for (const { rowGroups, bounds, lines: own } of read) checkBounds(fields, rowGroups, bounds, own);
    });

/** The footer's bounds are those of the rows: what a reader leaves out by them is not there. */
function checkBounds(
  fields: readonly Field[],
  rowGroups: readonly number[],
  bounds: readonly (readonly (readonly [unknown, unknown, number])[])[],
  lines: readonly string[],
): void {
  let from = 0;
  for (const [group, rows] of rowGroups.entries()) {
    const cells = lines.slice(from, (from += rows)).map((line) => line.split(' '));
    for (const [at, field] of fields.entries()) {
      const [least, most, absent] = bounds[group]![at]!;
      const values = cells.map((row) => row[at]!).filter((value) => value !== '-');
      assert.equal(absent, rows - values.length, field.name);
      if (least === null) continue;
      const numbers = field.column !== 'VARCHAR';
      const order = (a: string, b: string): number =>
        numbers ? Number(a) - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(b));
      const all = values.reduce(
        ([low, high], value) => [order(value, low) < 0 ? value : low, order(value, high) > 0 ? value : high] as const,
        [values[0]!, values[0]!] as const,
      );
      assert.deepEqual([`${least as string | number}`, `${most as string | number}`], all, field.name);
    }
  }
}
