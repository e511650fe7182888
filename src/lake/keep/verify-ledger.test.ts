import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ledgerKey } from '../../publish/ledger.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import { begin, newDirectory, numbers, PLAIN, print, SLOT, told, write } from '../../publish/publisher.fixture.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import { compactPlaces } from './compact-places.ts';
import { tend } from './tend.ts';
import { verifyLedger } from './verify-ledger.ts';

const never = new AbortController().signal;

async function made(fileFormat: 'plain-text' | 'parquet' = 'plain-text', counted = told) {
  const directory = newDirectory();
  const layout = { ...PLAIN, fileFormat };
  const capBytes = fileFormat === 'parquet' ? 1_000_000 : 3000;
  const { publisher } = await begin({ directory, hostId: 'host-1', layout, capBytes });
  print(publisher, numbers(500), SLOT, '', counted);
  const { objects } = await publisher.close();
  assert.equal(objects.length > 2, fileFormat === 'plain-text');
  const check = () => verifyLedger(directoryStore(directory), '', never);
  return { directory, objects, check, path: join(directory, objects.at(-1)!.key), key: objects.at(-1)!.key };
}

test('what was published holds, text and Parquet, and the sums are those of the records', async () => {
  for (const fileFormat of ['plain-text', 'parquet'] as const) {
    const { objects, check } = await made(fileFormat);
    const { faults, windowFaults, windows, bytes, ...sums } = await check();
    assert.deepEqual([faults, windowFaults], [[], []]);
    assert.equal(windows.uncounted, 500, 'nobody accounted for them');
    const packets = numbers(500).reduce((sum, line) => sum + told(line), 0);
    const inText = fileFormat === 'parquet' ? null : { inRecords: packets, counted: packets };
    assert.deepEqual(sums, {
      entries: objects.length,
      records: 500,
      packets,
      told: inText,
      lostPackets: 0,
      unlisted: 0,
      elsewhere: 0,
      inLake: 0,
      retired: 0,
    });
    assert.equal(
      bytes,
      objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
  }
});

test('an object that is gone, cut, changed or replaced is told with what it should be', async () => {
  const changes: readonly [string, (path: string) => void][] = [
    ['missing', (path) => rmSync(path)],
    ['size', (path) => writeFileSync(path, readFileSync(path).subarray(1))],
    [
      'checksum',
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
  ];
  for (const [what, change] of changes) {
    const { check, path, key } = await made();
    change(path);
    const { faults } = await check();
    assert.deepEqual(
      faults.map((fault) => [fault.key, fault.what]),
      [[key, what]],
    );
  }
});

test('records are counted anew, whatever the checksum says', async () => {
  const { directory, check, path, key } = await made();
  const at = join(directory, ledgerKey(key));
  const entry = JSON.parse(readFileSync(at, 'utf8')) as LedgerEntry;
  const bytes = gzipSync('header\none record\n');
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(at, JSON.stringify({ ...entry, sizeBytes: bytes.length, sha256 }));
  const { faults } = await check();
  assert.deepEqual(faults, [{ key, what: 'records', expected: String(entry.records), found: '1' }]);
});

test('packets that were counted and are in no record do not hold', async () => {
  const { check } = await made('plain-text', (line) => told(line) + (line.includes(' 7 10500 ') ? 1 : 0));
  const { faults, packets } = await check();
  assert.deepEqual(faults, [{ key: '', what: 'packets', expected: `${packets}`, found: `${packets - 1}` }]);
});

test('objects of others are counted, and a broken entry is told', async () => {
  const { directory, check, path, key } = await made();
  writeFileSync(path.replace(/[0-9a-f]{8}\.log/u, 'ffffffff.log'), 'of another');
  writeFileSync(join(directory, ledgerKey(key)), '{"ledger":1');
  const { faults, unlisted } = await check();
  assert.deepEqual(
    faults.map(({ what }) => what),
    ['no-entry'],
  );
  assert.equal(unlisted, 2);
});

test('a capture file leaves no ledger', async () => {
  const directory = newDirectory();
  await write({ directory }, [numbers(10)]);
  assert.deepEqual(readdirSync(join(directory, 'team')), ['AWSLogs']);
});

/** Compacts what was published, and removes some or all of it as `compact --expire` does. */
async function intoLake(
  directory: string,
  expireSeconds: number | null,
  retentionSeconds: number | null = null,
  dest: string | null = null,
) {
  return await tend(directory, {
    dest,
    by: 'hour',
    settleSeconds: 0,
    rollups: false,
    expireSeconds,
    retention: retentionSeconds === null ? null : { recordsSeconds: retentionSeconds, rollupsSeconds: null },
    memoryBytes: 200e6,
    graceSeconds: 0,
    nowSeconds: SLOT + 2 * 86_400,
    signal: never,
    onProgress: () => {},
  });
}

test('what compaction removed is not missing: the lake has it, and is read in its place', async () => {
  const { directory, objects, check } = await made();
  const before = await check();
  const { expired } = await intoLake(directory, 0);
  assert.equal(expired!.objects, objects.length);
  // Records of the lake are told by no text; all else is as before.
  assert.deepEqual(await check(), { ...before, told: null, inLake: objects.length });
});

test('a lake that lost records, or its file, does not hold', async () => {
  const { directory, check } = await made();
  await intoLake(directory, 0);
  const [name] = readdirSync(join(directory, 'flowgauge-lake/records'), { recursive: true, encoding: 'utf8' }).filter(
    (each) => each.endsWith('.parquet'),
  );
  const path = join(directory, 'flowgauge-lake/records', name!);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1));
  assert.deepEqual(
    (await check()).faults.map(({ key, what }) => [key, what]),
    [[`flowgauge-lake/records/${name}`, 'lake']],
  );
  rmSync(path);
  assert.deepEqual(
    (await check()).faults.map(({ what, found }) => [what, found]),
    [['lake', 'no file']],
  );
});

test('an object that somebody else removed is missing, though the lake has its records', async () => {
  const { directory, check, path, key } = await made();
  await intoLake(directory, null);
  rmSync(path);
  const { faults } = await check();
  assert.deepEqual(
    faults.map((fault) => [fault.key, fault.what, /nobody compared/u.test(fault.found)]),
    [[key, 'missing', true]],
  );
});

test('a lake at another place stands for what was removed where it is named', async () => {
  const { directory, objects, check } = await made();
  const dest = newDirectory();
  await intoLake(directory, 0, null, dest);
  const { faults } = await check();
  assert.deepEqual(
    faults.map(({ what }) => what),
    objects.map(() => 'missing'),
  );
  const { from, lake } = compactPlaces(directory, dest);
  const named = await verifyLedger(directoryStore(directory), '', never, { ...lake, source: from.place });
  assert.deepEqual([named.faults, named.windowFaults, named.inLake], [[], [], objects.length]);
});

test('what retention took away is told, and is neither missing nor in the lake', async () => {
  const { directory, objects, check } = await made();
  const { retained } = await intoLake(directory, null, 86_400);
  assert.equal(retained!.records, 500);
  const { faults, windowFaults, inLake, retired } = await check();
  assert.deepEqual([faults, windowFaults, inLake, retired], [[], [], 0, objects.length]);
});
