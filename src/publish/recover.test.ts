import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FlowgaugeError, failure } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { reserve } from '../record/text-block.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { bucketDestination } from './destinations/bucket.ts';
import type { Publisher } from './publisher.ts';
import { openPublisher } from './publisher.ts';
import { ledgerKey, readLedgerEntry } from './ledger.ts';
import { createSegment } from './segment.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-recover-'));
after(() => rmSync(scratch, { recursive: true }));
let directories = 0;

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const NAME = `fl-1_${SLOT}_0`;
const FLOW_LOG: FlowLog = {
  id: 'fl-1',
  accountId: '123456789012',
  region: 'us-east-1',
  resourceId: 'vpc-1',
  interfaces: [1],
  tagKeys: [],
  traffic: 'ALL',
  intervalSeconds: 60,
  format: '${version} ${start} ${end}',
  destination: { type: 's3', bucket: 'b', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false },
  tags: {},
  createdSeconds: null,
};

type Place = { readonly directory: string; readonly spool: string; readonly file: (name: string) => string };

function newPlace(): Place {
  const directory = join(scratch, String(++directories));
  const spool = join(directory, 'spool');
  mkdirSync(spool, { recursive: true });
  return { directory, spool, file: (name) => join(spool, name) };
}

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `2 ${SLOT} ${SLOT + from + at}`);

async function leave(path: string, texts: readonly string[], sealed: boolean, hostId = 'host-1'): Promise<void> {
  const writer = await createSegment(path, { hostId, flowLog: FLOW_LOG, slotSeconds: SLOT });
  const text = Buffer.from(texts.map((line) => `${line}\n`).join(''));
  await writer.append({ stream: '', text, records: texts.length, packets: 0, lostPackets: 0 });
  // The object is not there: it is made again, whatever it was.
  if (sealed) await writer.seal({ sizeBytes: 1, sha256: 'gone' });
  else await writer.abandon();
}

function openAt(place: Place, hostId = 'host-1', store?: ObjectStore): Promise<Publisher> {
  return openPublisher({
    flowLogs: [FLOW_LOG],
    hostId,
    spoolDir: place.spool,
    destinationOf: () => bucketDestination(store ?? directoryStore(join(place.directory, 'bucket'))),
  });
}

async function deliveredFrom(place: Place, hostId?: string): Promise<string[]> {
  const publisher = await openAt(place, hostId);
  const { objects } = await publisher.close();
  const texts = objects.map((object) =>
    gunzipSync(readFileSync(join(place.directory, 'bucket', object.key))).toString(),
  );
  return texts.flatMap((text) => text.trimEnd().split('\n').slice(1)).sort();
}

test('forgets the pieces of a split that did not come to its end', async () => {
  const place = newPlace();
  await leave(place.file(`${NAME}.open`), lines(0, 9), false);
  await leave(place.file(`${NAME}.part0`), lines(0, 5), true);
  await leave(place.file(`${NAME}.part1`), lines(5, 7), false);
  assert.deepEqual(await deliveredFrom(place), lines(0, 9));
  assert.deepEqual(readdirSync(place.spool), ['status.json']);
});

test('goes on with a split whose pieces have some of their names', async () => {
  const place = newPlace();
  writeFileSync(place.file('next-number'), '1\n');
  await leave(place.file(`${NAME}.split`), lines(0, 9), false);
  await leave(place.file(`${NAME}.segment`), lines(0, 3), true);
  await leave(place.file(`${NAME}.part1`), lines(3, 6), true);
  await leave(place.file(`${NAME}.part2`), lines(6, 9), true);
  writeFileSync(place.file(`${NAME}.part1.object`), 'half');
  assert.deepEqual(await deliveredFrom(place), lines(0, 9));
  assert.deepEqual(readdirSync(place.spool), ['next-number', 'status.json']);
  assert.equal(readFileSync(place.file('next-number'), 'utf8'), '3\n');
});

test('removes objects without a segment', async () => {
  const place = newPlace();
  writeFileSync(place.file(`${NAME}.object`), 'left over');
  assert.deepEqual(await deliveredFrom(place), []);
  assert.deepEqual(readdirSync(place.spool), ['status.json']);
});

test('takes over the spool of a process that has gone, or whose number is another’s now', async () => {
  for (const lock of ['4194305 17\n', `${process.pid} 17\n`, '']) {
    const place = newPlace();
    writeFileSync(place.file('lock'), lock);
    await leave(place.file(`${NAME}.segment`), lines(0, 2), true);
    assert.deepEqual(await deliveredFrom(place), lines(0, 2), lock);
  }
});

test('makes an unsealed segment of a capture file anew by reading the file again', async () => {
  const place = newPlace();
  await leave(place.file(`${NAME}.open`), lines(0, 4), false, 'file');
  assert.deepEqual(await deliveredFrom(place, 'file'), []);
});

test('delivers what a run of a capture file left before it uses the names again', async () => {
  const place = newPlace();
  await leave(place.file(`${NAME}.segment`), lines(0, 4), true, 'file');
  const publisher = await openAt(place, 'file');
  const block = publisher.block(0, SLOT, '');
  const text = Buffer.from(
    lines(0, 4)
      .map((line) => `${line}\n`)
      .join(''),
  );
  reserve(block, text.length).set(text);
  block.length = text.length;
  block.records = 4;
  const { objects } = await publisher.close();
  assert.equal(objects.length, 2);
  assert.equal(objects[0]!.key, objects[1]!.key);
});

test('does not begin a capture file’s run while what an earlier one left cannot be delivered', async () => {
  const place = newPlace();
  await leave(place.file(`${NAME}.segment`), lines(0, 5), true, 'file');
  const full = { ...directoryStore(place.directory), put: () => Promise.reject(failure('FG_DISK_FULL', 'there')) };
  await assert.rejects(
    openAt(place, 'file', full),
    (error: unknown) => error instanceof FlowgaugeError && error.code === 'FG_DISK_FULL',
  );
  assert.deepEqual(readdirSync(place.spool).sort(), [`${NAME}.object`, `${NAME}.segment`]);
});

test('keeps each account once, with the piece that ends its records, and accounts for what has none', async () => {
  const place = newPlace();
  writeFileSync(place.file('next-number'), '1\n');
  const format = '${version} ${interface-id} ${start} ${packets}';
  const flowLogOf = { ...FLOW_LOG, format };
  const writer = await createSegment(place.file(`${NAME}.open`), {
    hostId: 'host-1',
    slotSeconds: SLOT,
    flowLog: flowLogOf,
  });
  const record = (n: number): string => `2 eni-${(n * 7919) % 9973} ${SLOT + n} ${n}\n`;
  const append = async (from: number, to: number): Promise<void> => {
    const text = Buffer.from(Array.from({ length: to - from }, (_, at) => record(from + at)).join(''));
    await writer.append({ stream: '', text, records: to - from, packets: 0, lostPackets: 0 });
  };
  const account = (counted: number) => {
    const of = { interfaceId: 'eni-1', windowSeconds: SLOT, seconds: 60, records: 0, packets: counted, filtered: 0 };
    return { ...of, counted, lost: {}, noData: 0, skipData: 0 };
  };
  await writer.account([account(1)]);
  await append(0, 50);
  await writer.account([account(2)]);
  await append(50, 100);
  await writer.account([account(3)]);
  await append(100, 102);
  await writer.abandon();
  const publisher = await openPublisher({
    flowLogs: [flowLogOf],
    hostId: 'host-1',
    spoolDir: place.spool,
    capBytes: 400,
    threads: 1,
    destinationOf: () => bucketDestination(directoryStore(join(place.directory, 'bucket'))),
  });
  const { objects } = await publisher.close();
  assert.ok(objects.length > 2, `${objects.length}`);
  let before = 0;
  const behind = objects.flatMap(({ key, records }) => {
    const entry = readLedgerEntry(readFileSync(join(place.directory, 'bucket', ledgerKey(key)), 'utf8'))!;
    const [first, last] = [before, (before += records)];
    return entry.windows.map(({ counted, packets }) => ({ counted, packets, first, last }));
  });
  assert.deepEqual(
    behind.map(({ counted, packets }) => [counted, packets]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [null, 100],
      [null, 101],
    ],
  );
  assert.equal(behind[0]!.first, 0);
  assert.ok(behind[1]!.first < 50 && behind[1]!.last >= 50);
  assert.ok(behind[2]!.first < 100 && behind[2]!.last >= 100);
});
