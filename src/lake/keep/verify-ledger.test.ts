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
