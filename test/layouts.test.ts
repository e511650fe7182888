/**
 * The objects of a capture in every layout, both file formats and three log formats, read by readers that are not ours.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CaptureOptions } from '../src/app/collector/capture.ts';
import { capture } from '../src/app/collector/capture.ts';
import type { Duck } from '../src/storage/duck/duck.ts';
import { openDuck } from '../src/storage/duck/duck.ts';
import { DEFAULT_FORMAT, formatText } from '../src/record/format.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'src/app/server/demo/capture.pcap.gz');
const vpc = join(root, 'src/app/server/demo/model.json');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-layouts-'));
/** Small enough that a slot of the capture needs several objects; Parquet's own schema is most of such a small file. */
const TEXT_CAP_BYTES = 900;
const PARQUET_CAP_BYTES = { default: 3000, '29 fields': 5500, extension: 2500 };

/** The 29 fields of versions 2 to 5, in the order of consoles. */
const ALPHABETICAL =
  'account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport start sublocation-id sublocation-type subnet-id tcp-flags traffic-path type version vpc-id';
const FORMATS = {
  default: DEFAULT_FORMAT,
  '29 fields': formatText(ALPHABETICAL.split(' ')),
  extension: formatText(
    'interface-id srcaddr dstaddr dstport action packets start end x-rule-id x-verdict-stage'.split(' '),
  ),
};
const INT32 = ['version', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'traffic_path'];
const INT64 = ['packets', 'bytes', 'start', 'end'];
const SAMPLE_DAY = '2026/11/23';

const QUIET = { notUnderstood: () => {}, counts: () => {}, devicesAbsent: () => {}, ended: () => {} };

let duck: Duck;
before(async () => {
  duck = await openDuck({ directories: [scratch], threads: 1 });
});
after(async () => {
  await duck.close();
  rmSync(scratch, { recursive: true, force: true });
});

function options(more: Partial<CaptureOptions>): CaptureOptions {
  return {
    read: file,
    device: null,
    write: null,
    vpc,
    format: null,
    intervalSeconds: null,
    traffic: null,
    devices: [],
    vlans: [],
    fileFormat: null,
    hive: false,
    hourly: false,
    awsRanges: null,
    countsFile: null,
    maxFlows: null,
    maxConnections: null,
    maxObjectBytes: TEXT_CAP_BYTES,
    ...more,
  };
}

/** What stdout has: the records that every object must have between them. */
function printed(format: string): { header: string[]; rows: string[] } {
  const { stdout, stderr, status } = spawnSync(
    join(root, 'bin/flowgauge'),
    ['capture', '-r', file, '--vpc', vpc, '--format', format],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  const [header, ...rows] = stdout.trimEnd().split('\n');
  return { header: header!.split(' '), rows: rows.toSorted() };
}

function objectsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .toSorted();
}

const LAYOUTS = [
  { hive: false, hourly: false, folder: `AWSLogs/123456789012/vpcflowlogs/us-east-1/${SAMPLE_DAY}/` },
  { hive: false, hourly: true, folder: `AWSLogs/123456789012/vpcflowlogs/us-east-1/${SAMPLE_DAY}/20/` },
  {
    hive: true,
    hourly: false,
    folder:
      'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=11/day=23/',
  },
  {
    hive: true,
    hourly: true,
    folder:
      'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=11/day=23/hour=20/',
  },
];

/** Where an object lies says nothing of its fields: all layouts with one format, and two of them with each of the others. */
const LAYOUTS_OF = { default: LAYOUTS, '29 fields': LAYOUTS.slice(0, 2), extension: LAYOUTS.slice(2) };

for (const name of ['default', '29 fields', 'extension'] as const) {
  const format = FORMATS[name];
  test(`text and Parquet in ${LAYOUTS_OF[name].length} layouts hold what stdout shows: ${name}`, async () => {
    const { header, rows } = printed(format);
    const split = new Set<string>();
    for (const { hive, hourly, folder } of LAYOUTS_OF[name]) {
      for (const fileFormat of ['plain-text', 'parquet'] as const) {
        const directory = mkdtempSync(join(scratch, 'run-'));
        const maxObjectBytes = fileFormat === 'parquet' ? PARQUET_CAP_BYTES[name] : TEXT_CAP_BYTES;
        await capture(options({ write: directory, format, hive, hourly, fileFormat, maxObjectBytes }), QUIET);
        const objects = objectsIn(directory);
        for (const path of objects) {
          const key = relative(directory, path);
          assert.ok(key.startsWith(folder), key);
          const suffix = fileFormat === 'parquet' ? 'log\\.parquet' : 'log\\.gz';
          assert.match(
            key.slice(folder.length),
            new RegExp(
              `^123456789012_vpcflowlogs_us-east-1_fl-[0-9a-f]{17}_20261123T20(50|55)Z_[0-9a-f]{8}\\.${suffix}$`,
            ),
          );
          assert.ok(statSync(path).size <= maxObjectBytes, `${key} is within the cap`);
        }
        const slots = new Set(objects.map((path) => /T\d{4}Z/.exec(path)![0]));
        if (objects.length > slots.size) split.add(fileFormat);
        const read =
          fileFormat === 'parquet' ? await fromParquet(directory, header) : await fromText(directory, header, objects);
        assert.deepEqual(read, rows);
      }
    }
    assert.deepEqual([...split], ['plain-text', 'parquet'], 'slots split in both');
  });
}

async function fromText(directory: string, header: readonly string[], objects: readonly string[]): Promise<string[]> {
  const byDuck = await duck.all(
    `SELECT * FROM read_csv('${directory}/**/*.log.gz', delim = ' ', header = true, all_varchar = true, quote = '', hive_partitioning = false)`,
  );
  // One behind the other, and each begins with the header.
  const { stdout, status } = spawnSync('zcat', objects, { encoding: 'utf8' });
  assert.equal(status, 0);
  const first = `${header.join(' ')}\n`;
  const texts = stdout.split(first);
  assert.deepEqual([texts.shift(), texts.length], ['', objects.length]);
  const byZcat = texts.flatMap((text) => text.trimEnd().split('\n'));
  const rows = byDuck.map((row) => row.map((value) => value ?? '-').join(' ')).toSorted();
  assert.deepEqual(byZcat.toSorted(), rows);
  return rows;
}

async function fromParquet(directory: string, header: readonly string[]): Promise<string[]> {
  const types = await duck.all(
    `SELECT DISTINCT name, type, converted_type, logical_type FROM parquet_schema('${directory}/**/*.parquet') WHERE type IS NOT NULL`,
  );
  const columns = header.map((field) => field.replaceAll('-', '_'));
  assert.deepEqual(types.map(([column]) => String(column)).toSorted(), columns.toSorted());
  for (const [column, type, converted] of types) {
    if (INT32.includes(String(column))) assert.deepEqual([type, converted], ['INT32', 'INT_32'], String(column));
    else if (INT64.includes(String(column))) assert.deepEqual([type, converted], ['INT64', 'INT_64'], String(column));
    else assert.deepEqual([type, converted], ['BYTE_ARRAY', 'UTF8'], String(column));
  }
  const compressed = await duck.all(`SELECT DISTINCT compression FROM parquet_metadata('${directory}/**/*.parquet')`);
  assert.deepEqual(compressed, [['GZIP']]);
  const rows = await duck.all(
    `SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM read_parquet('${directory}/**/*.parquet', hive_partitioning = false)`,
  );
  return rows.map((row) => row.map((value) => value ?? '-').join(' ')).toSorted();
}

test('the same capture, model and options give the same names and bytes', async () => {
  const trees = [];
  for (let run = 0; run < 2; run++) {
    const directory = mkdtempSync(join(scratch, 'same-'));
    for (const fileFormat of ['plain-text', 'parquet'] as const)
      await capture(
        options({ write: directory, fileFormat, format: FORMATS['29 fields'], maxObjectBytes: 7000 }),
        QUIET,
      );
    trees.push(
      objectsIn(directory).map((path) => [
        relative(directory, path),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
    );
  }
  assert.ok(trees[0]!.length >= 4);
  assert.deepEqual(trees[0], trees[1]);
});
