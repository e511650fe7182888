import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tend } from '../../lake/keep/tend.ts';
import { verifyLedger } from '../../lake/keep/verify-ledger.ts';
import type { FlowBatch } from '../../model/batch.ts';
import { flowBatchBytes, flowBatchOver } from '../../model/batch.ts';
import type { Decision, DestinationSpec, FlowLog } from '../../network/vpc/snapshot.ts';
import type { WindowAccount } from '../../publish/account.ts';
import type { Destination } from '../../publish/destination.ts';
import { bucketDestination } from '../../publish/destinations/bucket.ts';
import { withLedgerOnHost } from '../../publish/enter-ledger.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import { readLedgerEntry } from '../../publish/ledger.ts';
import { openPublisher } from '../../publish/publisher.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import { openSnapshot } from './open-snapshot.ts';
import { optionFlowLog } from './option-flow-log.ts';
import { createPrintSide } from './print-side.ts';
import { publisherSink } from './sinks.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-accounts-'));
after(() => rmSync(scratch, { recursive: true }));
let directories = 0;
/** Begins a slot, and is a multiple of 600. */
const WINDOW = 1_795_435_200;
const RANGES = { createDate: '', names: [''], lookup: () => 0 };
const FORMAT = '${interface-id} ${srcaddr} ${packets} ${start} ${end} ${action} ${log-status}';
const BUCKET = {
  type: 's3',
  bucket: 'local',
  prefix: '',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
} as const;

const decision = (number: number, action: 'ACCEPT' | 'REJECT' | null): Decision => ({
  interface: number,
  direction: action === null ? null : 'ingress',
  action,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
});
/** Numbers 1 to 6: accepted, rejected and neither, of interfaces 1 and 2. */
const DECISIONS = [1, 2].flatMap((at) => [decision(at, 'ACCEPT'), decision(at, 'REJECT'), decision(at, null)]);
const [ACCEPT1, REJECT1, NONE1, ACCEPT2, , NONE2] = [1, 2, 3, 4, 5, 6] as const;

/** A row: decision and packets; `end` seconds after the window began. A decision of neither has packets that are lost. */
type Row = readonly [decision: number, packets: number, end?: number];

function batch(rows: readonly Row[], { window = WINDOW, seconds = 60 } = {}): FlowBatch {
  const head = { snapshotVersion: 1, windowStartSeconds: window, intervalSeconds: seconds, open: false };
  const made = flowBatchOver(new ArrayBuffer(flowBatchBytes(512)), head, 0, 512);
  for (const [number, packets, end = 9] of rows) {
    const row = made.rows++;
    const isStatus = number === NONE1 || number === NONE2;
    made.status[row] = !isStatus ? 0 : packets === 0 ? 1 : 2;
    made.decision[row] = number;
    made.family[row] = 4;
    made.src[row * 4] = 0x0a_00_00_00 + row;
    made.packets[row] = isStatus ? 0 : packets;
    made.lost[row] = isStatus ? packets : 0;
    made.firstMicros[row] = (window + Math.min(5, end)) * 1e6;
    made.lastMicros[row] = (window + end) * 1e6;
  }
  return made;
}

type Made = {
  traffic?: FlowLog['traffic'];
  format?: string;
  seconds?: 60 | 600;
  capBytes?: number;
  spec?: DestinationSpec;
  destination?: Destination;
  directory?: string;
};

async function begin(made: Made = {}) {
  const { traffic = 'ALL', format = FORMAT, seconds = 60, capBytes = 75_000_000, spec = BUCKET } = made;
  const directory = made.directory ?? join(scratch, String(++directories));
  const open = openSnapshot();
  const [none, one] = open.interfaces;
  const known = { ...open, interfaces: [none!, { ...one!, id: 'eni-1' }, { ...one!, number: 2, id: 'eni-2' }] };
  const layout = { fileFormat: 'plain-text', hive: false, hourly: false } as const;
  const flowLog = optionFlowLog({ format, traffic, intervalSeconds: seconds, ...layout }, known);
  const snapshot = { ...known, flowLogs: [{ ...flowLog, destination: spec }] };
  const store = directoryStore(join(directory, 'bucket'));
  const publisher = await openPublisher({
    flowLogs: snapshot.flowLogs,
    hostId: 'host-1',
    spoolDir: join(directory, 'spool'),
    threads: 1,
    capBytes,
    isLocal: () => false,
    destinationOf: () => made.destination ?? bucketDestination(store),
  });
  const state = { full: false };
  const sink = publisherSink(publisher, snapshot.flowLogs, () => {});
  const room = { isFull: () => state.full, dropped: (records: number) => publisher.drop(records) };
  const side = createPrintSide(snapshot, [{ flowLog: 0, seconds, interfaces: [1, 2] }], RANGES, { ...sink, room });
  await side.flows(batch([], { seconds }), 1, DECISIONS);
  return { directory, store, publisher, side, state };
}

/** Every entry below a directory, in the order of segments. */
function entriesIn(directory: string): LedgerEntry[] {
  const bucket = join(directory, 'bucket');
  return readdirSync(bucket, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => readLedgerEntry(readFileSync(join(bucket, file), 'utf8'))!)
    .toSorted((a, b) => a.slotSeconds - b.slotSeconds || a.segment.localeCompare(b.segment));
}

const accountsIn = (directory: string): readonly WindowAccount[] =>
  entriesIn(directory).flatMap(({ windows }) => windows);
const check = (directory: string) =>
  verifyLedger(directoryStore(join(directory, 'bucket')), '', new AbortController().signal);
/** Compacts what was published, and removes the objects. */
const intoLake = (directory: string) =>
  tend(directory, {
    dest: null,
    by: 'hour',
    settleSeconds: 0,
    rollups: true,
    expireSeconds: 0,
    retention: null,
    memoryBytes: 200e6,
    nowSeconds: WINDOW + 86_400,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
const account = (interfaceId: string, more: Partial<WindowAccount>): WindowAccount => ({
  interfaceId,
  windowSeconds: WINDOW,
  seconds: 60,
  counted: 0,
  records: 0,
  packets: 0,
  filtered: 0,
  lost: {},
  noData: 0,
  skipData: 0,
  ...more,
});

test('what a source counted is in records, left out by traffic type or lost, whatever the filter', async () => {
  const rows: readonly Row[] = [
    [ACCEPT1, 10],
    [REJECT1, 3],
    [ACCEPT1, 5],
    [NONE1, 7],
    [NONE2, 0],
  ];
  const expected = {
    ALL: { counted: 25, records: 4, packets: 18, lost: { 'table-full': 7 }, skipData: 1 },
    ACCEPT: { counted: 25, records: 3, packets: 15, filtered: 3, lost: { 'table-full': 7 }, skipData: 1 },
    REJECT: { counted: 25, records: 2, packets: 3, filtered: 15, lost: { 'table-full': 7 }, skipData: 1 },
  } as const;
  for (const traffic of ['ALL', 'ACCEPT', 'REJECT'] as const) {
    const { directory, side, publisher } = await begin({ traffic });
    await side.flows(batch(rows), 7, []);
    await side.closed();
    await publisher.close();
    const silent = account('eni-2', { records: 1, noData: 1 });
    assert.deepEqual(accountsIn(directory), [account('eni-1', expected[traffic]), silent], traffic);
    const { faults, windowFaults, windows } = await check(directory);
    assert.deepEqual([faults, windowFaults], [[], []], traffic);
    assert.deepEqual([windows.windows, windows.counted, windows.uncounted], [2, 25, 0]);
  }
});

test('what a full spool does not take is lost by that, beside the SKIPDATA record that tells of it', async () => {
  const { directory, side, publisher, state } = await begin({ traffic: 'ACCEPT' });
  await side.flows(batch([[ACCEPT1, 1]]), 7, []);
  state.full = true;
  const rows: readonly Row[] = [
    [ACCEPT1, 10],
    [REJECT1, 3],
    [ACCEPT2, 20],
  ];
  await side.flows(batch(rows), 7, []);
  await side.closed();
  await publisher.close();
  const lost = (packets: number) => ({ lost: { 'spool-full': packets }, skipData: 1 });
  assert.deepEqual(accountsIn(directory), [
    account('eni-1', { counted: 14, records: 2, packets: 1, filtered: 3, ...lost(10) }),
    account('eni-2', { counted: 20, records: 1, ...lost(20) }),
  ]);
  assert.deepEqual((await check(directory)).windowFaults, []);
});

test('windows in which all was left out have an account and no object', async () => {
  const { directory, side, publisher } = await begin({ traffic: 'REJECT' });
  await side.flows(batch([[ACCEPT1, 8]]), 7, []);
  await side.closed();
  const { objects } = await publisher.close();
  assert.deepEqual(objects, []);
  const [entry, ...more] = entriesIn(directory);
  assert.deepEqual([entry?.key, entry?.records, more], [null, 0, []]);
  assert.deepEqual(accountsIn(directory), [account('eni-1', { counted: 8, filtered: 8 })]);
  const { faults, windowFaults, windows } = await check(directory);
  assert.deepEqual([faults, windowFaults, windows.filtered], [[], [], 8]);
});

test('a window of ten minutes has an account in each of its slots, and what came late one more', async () => {
  const { directory, side, publisher } = await begin({ seconds: 600 });
  const rows: readonly Row[] = [
    [ACCEPT1, 8, 100],
    [ACCEPT1, 9, 500],
  ];
  await side.flows(batch(rows, { seconds: 600 }), 7, []);
  await side.closed();
  await side.flows(batch([[ACCEPT1, 2, 20]], { seconds: 600 }), 7, []);
  await side.closed();
  await publisher.close();
  const of = (packets: number) => account('eni-1', { seconds: 600, counted: packets, records: 1, packets });
  assert.deepEqual(accountsIn(directory), [of(8), of(2), of(9)]);
  assert.deepEqual(
    entriesIn(directory).map(({ slotSeconds, records }) => [slotSeconds - WINDOW, records]),
    [
      [0, 2],
      [300, 1],
    ],
  );
  const { windowFaults, windows } = await check(directory);
  assert.deepEqual([windowFaults, windows.windows, windows.counted], [[], 1, 19]);
});

test('windows on both sides of midnight, and what came late to the first, are each verified', async () => {
  const midnight = Math.ceil(WINDOW / 86_400) * 86_400;
  const { directory, side, publisher } = await begin();
  for (const window of [midnight - 60, midnight, midnight - 60]) {
    await side.flows(batch([[ACCEPT1, 3, 59]], { window }), 7, []);
    await side.closed();
  }
  await publisher.close();
  const { faults, windowFaults, windows, entries } = await check(directory);
  assert.deepEqual([faults, windowFaults], [[], []]);
  assert.deepEqual([windows.windows, windows.counted, windows.uncounted, entries], [2, 9, 0, 2]);
});

const flows = Array.from({ length: 400 }, (_, n): Row => [n % 2 === 0 ? ACCEPT1 : ACCEPT2, 1 + n]);

test('accounts hold over slots that were split, text and Parquet, and over formats that tell less', async () => {
  const formats = [FORMAT, '${interface-id} ${packets}', '${srcaddr} ${packets} ${end}', '${srcaddr}'];
  for (const fileFormat of ['plain-text', 'parquet'] as const)
    for (const format of formats) {
      const spec = { ...BUCKET, fileFormat };
      const { directory, side, publisher } = await begin({ spec, format, capBytes: 2000 });
      for (const window of [WINDOW, WINDOW + 60]) {
        await side.flows(batch(flows, { window }), 7, []);
        await side.closed();
      }
      const { objects } = await publisher.close();
      const { faults, windowFaults, windows } = await check(directory);
      const name = `${fileFormat} ${format}`;
      if (format === FORMAT) assert.ok(objects.length > 1, `${name}: ${objects.length}`);
      assert.deepEqual([faults, windowFaults], [[], []], name);
      assert.deepEqual([windows.windows, windows.counted, windows.inRecords], [4, 160_400, 160_400], name);
      assert.equal((await intoLake(directory)).expired!.objects, objects.length, name);
      const inLake = await check(directory);
      assert.deepEqual([inLake.faults, inLake.windowFaults, inLake.windows], [[], [], windows], `${name}, in the lake`);
      assert.equal(inLake.inLake, objects.length);
    }
});

test('an interface and window whose records are not what was accounted for is named', async () => {
  const { directory, side, publisher } = await begin();
  await side.flows(batch([...flows.slice(0, 4), [NONE1, 9]]), 7, []);
  await side.flows(batch([[ACCEPT2, 3]], { window: WINDOW + 60 }), 7, []);
  await side.closed();
  const { key } = (await publisher.close()).objects[0]!;
  const at = join(directory, 'bucket', '_flowgauge/ledger', `${key}.json`);
  const entry = JSON.parse(readFileSync(at, 'utf8')) as { windows: { counted: number; packets: number }[] };
  entry.windows[0]!.packets += 1;
  entry.windows[2]!.counted += 5;
  entry.windows[2]!.packets += 5;
  writeFileSync(at, JSON.stringify(entry));
  const { windowFaults } = await check(directory);
  const fault = (interfaceId: string, windowSeconds: number, what: string, expected: number, found: number) => ({
    flowLogId: entriesIn(directory)[0]!.flowLogId,
    interfaceId,
    windowSeconds,
    what,
    expected: String(expected),
    found: String(found),
  });
  assert.deepEqual(windowFaults, [
    fault('eni-1', WINDOW, 'balance', 13, 14),
    fault('eni-1', WINDOW, 'packets', 5, 4),
    fault('eni-2', WINDOW + 60, 'packets', 8, 3),
  ]);
});

test('flow logs whose records are in one file of a lake are compared together, and what does not hold is named', async () => {
  const directory = join(scratch, String(++directories));
  for (const format of [FORMAT, `${FORMAT} \${version}`]) {
    const { side, publisher } = await begin({ directory, format });
    await side.flows(batch([[ACCEPT1, 4], [ACCEPT2, 7]]), 7, []); // prettier-ignore
    await side.closed();
    await publisher.close();
  }
  const before = await check(directory);
  assert.equal((await intoLake(directory)).compacted.files, 1);
  const holds = await check(directory);
  assert.deepEqual([holds.faults, holds.windowFaults, holds.windows], [[], [], before.windows]);
  const ids = entriesIn(directory).map(({ flowLogId }) => flowLogId);
  assert.equal(new Set(ids).size, 2);
  const ledger = join(directory, 'bucket', '_flowgauge/ledger');
  const [name] = readdirSync(ledger, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const entry = JSON.parse(readFileSync(join(ledger, name!), 'utf8')) as {
    records: number;
    windows: { counted: number; packets: number; records: number }[];
  };
  entry.windows[0]!.packets += 1;
  entry.windows[0]!.counted += 1;
  writeFileSync(join(ledger, name!), JSON.stringify(entry));
  const { faults, windowFaults } = await check(directory);
  assert.deepEqual(
    [faults, windowFaults.map(({ flowLogId, what, expected, found }) => [new Set(flowLogId.split(' ')), what, expected, found])], // prettier-ignore
    [[], [[new Set(ids), 'packets', '9', '8']]],
  );
  writeFileSync(join(ledger, name!), JSON.stringify({ ...entry, records: entry.records + 1 }));
  assert.deepEqual(
    (await check(directory)).faults.map(({ what, expected, found }) => [what, expected, found]),
    [['records', '5', '4']],
  );
});

test('a record that is there twice, or in no object, is found by its window, though the object is as its entry says', async () => {
  const { directory, side, publisher } = await begin();
  await side.flows(batch([[ACCEPT1, 4]]), 7, []);
  await side.closed();
  const { key } = (await publisher.close()).objects[0]!;
  const path = join(directory, 'bucket', key);
  const at = join(directory, 'bucket', '_flowgauge/ledger', `${key}.json`);
  const [header, line] = gunzipSync(readFileSync(path)).toString().split('\n');
  for (const lines of [[line, line], []]) {
    const bytes = gzipSync([header, ...lines, ''].join('\n'));
    writeFileSync(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const entry = JSON.parse(readFileSync(at, 'utf8')) as object;
    writeFileSync(at, JSON.stringify({ ...entry, records: lines.length, sizeBytes: bytes.length, sha256 }));
    const { faults, windowFaults } = await check(directory);
    assert.deepEqual(
      [faults.map(({ what }) => what), windowFaults.map(({ what, expected, found }) => [what, expected, found])],
      [['packets'], [['records', '1', String(lines.length)]]],
    );
  }
});

test('what a killed process had printed is accounted for when it is sealed, as counted by nobody', async () => {
  const killed = await begin();
  await killed.side.flows(batch([[ACCEPT1, 4]]), 7, []);
  await killed.side.closed();
  await killed.side.flows(batch([[ACCEPT1, 5]], { window: WINDOW + 60 }), 7, []);
  // As far as the disk knows: the second window's records are written, its account is not.
  killed.publisher.block(0, WINDOW, '');
  await killed.publisher.windowClosed();
  const directory = join(scratch, String(++directories));
  cpSync(killed.directory, directory, { recursive: true });
  rmSync(join(directory, 'spool', 'lock'));
  await killed.publisher.close();
  const next = await begin({ directory });
  await next.side.flows(batch([[ACCEPT1, 6]], { window: WINDOW + 60 }), 7, []);
  await next.side.closed();
  await next.publisher.close();
  const later = { windowSeconds: WINDOW + 60, records: 1 };
  assert.deepEqual(accountsIn(directory), [
    account('eni-1', { counted: 4, records: 1, packets: 4 }),
    account('eni-1', { ...later, counted: null, packets: 5 }),
    account('eni-1', { ...later, counted: 6, packets: 6 }),
  ]);
  const { faults, windowFaults, windows } = await check(directory);
  assert.deepEqual([faults, windowFaults], [[], []]);
  assert.deepEqual([windows.windows, windows.cut, windows.uncounted], [2, 1, 0]);
});

test('records of a log group have their ledger on the host, with what the group refused', async () => {
  const directory = join(scratch, String(++directories));
  const group: Destination = {
    name: 'log group flows in us-east-1',
    check: () => Promise.resolve(null),
    deliver: async ({ records }) => ({
      objects: [{ key: 'flows', sizeBytes: 0, sha256: '', records: records - 1 }],
      refused: { 'too-old': 1 },
      possibleDuplicates: 0,
    }),
  };
  const destination = withLedgerOnHost(group, directoryStore(join(directory, 'bucket')));
  const spec = { type: 'cloud-watch-logs', logGroup: 'flows', roleArn: null } as const;
  const { side, publisher } = await begin({ directory, destination, spec });
  await side.flows(batch(flows.slice(0, 3)), 7, []);
  await side.closed();
  await publisher.close();
  const [entry] = entriesIn(directory);
  assert.deepEqual(
    [entry?.key, entry?.destination, entry?.refused, entry?.records],
    [null, group.name, { 'too-old': 1 }, 3],
  );
  assert.deepEqual(accountsIn(directory), [
    account('eni-1', { counted: 4, records: 2, packets: 4 }),
    account('eni-2', { counted: 2, records: 1, packets: 2 }),
  ]);
  const { faults, windowFaults, elsewhere } = await check(directory);
  assert.deepEqual([faults, windowFaults, elsewhere], [[], [], 3]);
});

test('an entry of the first format is read, and says nothing of windows', () => {
  const old = {
    ledger: 1,
    key: 'AWSLogs/x.log.gz',
    sizeBytes: 9,
    sha256: 'ab',
    records: 3,
    packets: 4,
    lostPackets: 0,
    flowLogId: 'fl-1',
    slotSeconds: WINDOW,
    segment: 'host-1/fl-1/0/0',
    segmentCrc32: 1,
  };
  const read = readLedgerEntry(JSON.stringify(old));
  assert.deepEqual(
    [read?.ledger, read?.key, read?.records, read?.after, read?.windows],
    [1, 'AWSLogs/x.log.gz', 3, 3, []],
  );
  assert.equal(readLedgerEntry(JSON.stringify({ ...old, ledger: 3 })), null);
});
