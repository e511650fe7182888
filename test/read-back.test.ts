import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { FlowLog } from '../src/network/vpc/snapshot.ts';
import { bucketDestination } from '../src/publish/destinations/bucket.ts';
import { openPublisher } from '../src/publish/publisher.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../src/record/format.ts';
import { reserve } from '../src/record/text-block.ts';
import { openDuck } from '../src/storage/duck/duck.ts';
import { directoryStore } from '../src/storage/object/stores/directory.ts';
import { flowLogTo, recordOf } from './conformance/destinations/segments.ts';

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-read-back-'));
after(() => rmSync(scratch, { recursive: true }));

/** The examples of AWS's documentation and of ours, whose shape keys have (spec: publishing, 1). */
const NAME = '123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20261123T1205Z_1a2b3c4d';
const EXAMPLES = {
  plain: `team-a/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/${NAME}`,
  hourly: `team-a/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/12/${NAME}`,
  hive: `team-a/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=11/day=23/${NAME}`,
  hiveHourly: `team-a/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=11/day=23/hour=12/${NAME}`,
} as const;

/** Records of every kind: with traffic, without, with something lost; long numbers and IPv6. */
const LINES = [
  ...Array.from({ length: 4000 }, (_, n) => recordOf(n, SLOT)),
  `2 123456789012 eni-0123456789abcdef0 - - - - - - - ${SLOT} ${SLOT + 59} - NODATA`,
  `2 123456789012 eni-0123456789abcdef0 - - - - - - - ${SLOT} ${SLOT + 59} - SKIPDATA`,
  `2 123456789012 eni-0123456789abcdef0 2001:db8::1 2001:db8::2 0 0 58 4503599627370497 9007199254740991 ${SLOT} ${SLOT + 1} REJECT OK`,
];

async function publish(directory: string, flowLog: FlowLog, capBytes: number): Promise<string[]> {
  const destination = bucketDestination(directoryStore(directory));
  const publisher = await openPublisher({
    flowLogs: [flowLog],
    hostId: 'host-1',
    spoolDir: join(directory, '_spool'),
    destinationOf: () => destination,
    threads: 2,
    capBytes,
  });
  const block = publisher.block(0, SLOT, '');
  for (const line of LINES) {
    const bytes = Buffer.from(`${line}\n`);
    reserve(block, bytes.length).set(bytes, block.length);
    block.length += bytes.length;
    block.records++;
  }
  const { objects } = await publisher.close();
  return objects.map(({ key }) => key);
}

const fields = parseLogFormat(DEFAULT_FORMAT).fields;
const columns = fields.map(({ name }) => name.replaceAll('-', '_'));
const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? '-', big).replaceAll('"', '');
const big = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/** Gzip pages, which the reader leaves to others. */
const compressors = { GZIP: (page: Uint8Array) => new Uint8Array(gunzipSync(page)) };
const TYPES = { VARCHAR: ['BYTE_ARRAY', 'UTF8'], INTEGER: ['INT32', 'INT_32'], BIGINT: ['INT64', 'INT_64'] } as const;

for (const fileFormat of ['plain-text', 'parquet'] as const)
  for (const [layout, example] of Object.entries(EXAMPLES))
    test(`${fileFormat}, ${layout}: keys as the examples, records read back equal by readers that did not write them`, async () => {
      const directory = join(scratch, `${fileFormat}-${layout}`);
      const hive = layout.startsWith('hive');
      const hourly = /hourly/iu.test(layout);
      const spec = { type: 's3', bucket: 'flow-bucket', prefix: 'team-a', fileFormat, hive, hourly } as const;
      const keys = await publish(directory, flowLogTo(spec), 40_000);
      assert.ok(keys.length > 1, 'the cap splits the slot');
      const shape = `${example}${fileFormat === 'parquet' ? '.log.parquet' : '.log.gz'}`;
      for (const key of keys) assert.equal(key.replace(/_[0-9a-f]{8}\.log/u, '_1a2b3c4d.log'), shape);
      assert.equal(new Set(keys).size, keys.length);
      const paths = keys.map((key) => join(directory, key));
      const expected = LINES.toSorted();

      const duck = await openDuck({ directories: [directory] });
      const list = `[${paths.map((path) => `'${path}'`).join(', ')}]`;
      const reader =
        fileFormat === 'parquet'
          ? `read_parquet(${list}, hive_partitioning = false)`
          : `read_csv(${list}, delim = ' ', header = true, nullstr = '-', all_varchar = true, hive_partitioning = false)`;
      const cells = columns.map((_, at) => `coalesce(CAST(#${at + 1} AS VARCHAR), '-')`).join(', ');
      const rows = await duck.all(`SELECT concat_ws(' ', ${cells}) FROM ${reader}`);
      await duck.close();
      assert.deepEqual(rows.map(([line]) => String(line)).sort(), expected);

      if (fileFormat === 'plain-text') {
        const lines = paths.flatMap((path) =>
          execFileSync('zcat', [path], { encoding: 'utf8', maxBuffer: 1 << 26 })
            .trimEnd()
            .split('\n'),
        );
        const header = fields.map(({ name }) => name).join(' ');
        assert.equal(lines.filter((line) => line === header).length, paths.length);
        assert.deepEqual(lines.filter((line) => line !== header).sort(), expected);
        return;
      }
      const lines: string[] = [];
      for (const path of paths) {
        const file = await asyncBufferFromFile(path);
        const { schema } = await parquetMetadataAsync(file);
        assert.deepEqual(
          schema.slice(1).map(({ name, type, converted_type: converted }) => [name, type, converted]),
          fields.map(({ column }, at) => [columns[at], ...TYPES[column]]),
        );
        const read = await parquetReadObjects({ file, compressors });
        lines.push(...read.map((row) => columns.map((column) => text(row[column])).join(' ')));
      }
      assert.deepEqual(lines.sort(), expected);
    });

test('nothing else lies beside what was published', () => {
  for (const folder of readdirSync(scratch, { withFileTypes: true }))
    if (folder.isDirectory())
      assert.deepEqual(readdirSync(join(scratch, folder.name)).filter((name) => name !== '_spool').length, 1);
});
