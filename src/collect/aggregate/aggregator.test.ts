import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createObservationBatch, createPacketBatch, flowBatchBytes } from '../../model/batch.ts';
import type { FlowBatch } from '../../model/batch.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { Aggregator } from './aggregator.ts';
import { seenSeconds, windowStart } from './window.ts';

type Seen = {
  at: number;
  src?: number;
  port?: number;
  decision?: number;
  bytes?: number;
  flags?: number;
  family?: 4 | 6;
};

const ACCEPTED = { action: 'ACCEPT', stage: 'sg-ingress', rejectReason: null, source: 'model' } as const;

/** Decisions 1 and 2 differ only in their rule; 3 is another interface. */
function decide(): DecisionTable {
  const table = createDecisionTable();
  for (const [of, rule] of [
    [1, 1],
    [1, 2],
    [2, 1],
  ] as const)
    table.numberOf({ interface: of, direction: 'ingress', ...ACCEPTED, rule });
  return table;
}

/** @param closed  to be called where windows have closed */
function feed(aggregator: Aggregator, seen: readonly Seen[], cut = 4096, closed?: () => void): void {
  for (let from = 0; from < seen.length; from += cut) {
    const packets = createPacketBatch(cut);
    const observations = createObservationBatch(cut);
    for (const one of seen.slice(from, from + cut)) {
      const p = packets.rows++;
      packets.atMicros[p] = one.at * 1e6;
      packets.family[p] = one.family ?? 4;
      packets.protocol[p] = 6;
      packets.src4[p] = one.src ?? 1;
      packets.src6.set([0xfd000000, 0, 0, one.src ?? 1], p * 4);
      packets.dst4[p] = 9;
      packets.ports[p] = one.port ?? 80;
      packets.ipBytes[p] = one.bytes ?? 40;
      packets.tcpFlags[p] = one.flags ?? 0;
      if (one.decision === 0) continue;
      observations.packet[observations.rows] = p;
      observations.decision[observations.rows++] = one.decision ?? 1;
    }
    for (let row = 0; (row = aggregator.add(packets, observations, row)) < packets.rows;) closed?.();
  }
}

type Row = { window: number; text: string };

function rowsOf(batch: FlowBatch): Row[] {
  return Array.from({ length: batch.rows }, (_, i) => ({
    window: batch.windowStartSeconds,
    text: [
      ['OK', 'NODATA', 'SKIPDATA'][batch.status[i]!],
      batch.joins[i],
      batch.decision[i],
      batch.status[i] === 0
        ? `${batch.family[i]}/${batch.src[i * 4 + (batch.family[i] === 6 ? 3 : 0)]}:${batch.ports[i]}`
        : '-',
      batch.packets[i],
      batch.bytes[i],
      batch.firstMicros[i]! / 1e6,
      batch.lastMicros[i]! / 1e6,
      batch.tcpFlags[i],
      batch.lost[i],
    ].join(' '),
  }));
}

function drain(aggregator: Aggregator): Row[] {
  const rows: Row[] = [];
  for (let batch = take(aggregator); batch !== null; batch = take(aggregator)) rows.push(...rowsOf(batch));
  return rows;
}

const take = (aggregator: Aggregator): FlowBatch | null => aggregator.take(new ArrayBuffer(flowBatchBytes()), 1);

function aggregate(
  seen: readonly Seen[],
  options: { interfaces?: number[]; maxFlows?: number; cut?: number } = {},
): Row[] {
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: options.interfaces ?? [1],
    decisions: decide(),
    live: false,
    maxFlows: options.maxFlows ?? 1000,
  });
  feed(aggregator, seen, options.cut);
  aggregator.end();
  const rows = drain(aggregator);
  const { count } = aggregator;
  assert.equal(count.held, 0);
  assert.equal(count.in, count.out + Object.values(count.lost).reduce((a, b) => a + b, 0));
  return rows;
}

const texts = (rows: readonly Row[]): string[] => rows.map((row) => `${row.window} ${row.text}`);

test('puts a packet on the boundary in the later window', () => {
  assert.equal(windowStart(119_999_999, 60), 60);
  assert.equal(windowStart(120_000_000, 60), 120);
  assert.equal(windowStart(1_199_999_999, 600), 600);
});

test('names the first and last whole seconds in which a source ran', () => {
  assert.deepEqual(seenSeconds(60, 60, { fromMicros: 0, toMicros: Infinity }), { first: 60, last: 119 });
  assert.deepEqual(seenSeconds(60, 60, { fromMicros: 70.5e6, toMicros: 100.2e6 }), { first: 70, last: 100 });
  assert.equal(seenSeconds(60, 60, { fromMicros: 119.5e6, toMicros: Infinity }), null);
});

test('gathers a five-tuple of one window into one flow with its first and last packet and the flags ORed', () => {
  assert.deepEqual(
    texts(
      aggregate([
        { at: 61, flags: 0x02, bytes: 44 },
        { at: 65, flags: 0x10, bytes: 100 },
        { at: 63, flags: 0x11, bytes: 40 },
      ]),
    ),
    ['60 OK 0 1 4/1:80 3 184 61 65 3 0'],
  );
});

test('counts ACK as 16 only beside SYN', () => {
  const flags = aggregate([{ at: 1, flags: 0x12 }]).map((row) => row.text.split(' ')[8]);
  assert.deepEqual(flags, ['18']);
});

test('chains flows that differ only in their rule and keeps other interfaces apart', () => {
  const rows = aggregate(
    [
      { at: 61, decision: 1 },
      { at: 62, decision: 3 },
      { at: 63, decision: 2 },
      { at: 64, src: 2, decision: 2 },
    ],
    { interfaces: [1, 2] },
  );
  assert.deepEqual(
    rows.map((row) => row.text.split(' ').slice(1, 4).join(' ')),
    ['0 1 4/1:80', '1 2 4/1:80', '0 3 4/1:80', '0 2 4/2:80'],
  );
});

test('keeps a window of a file open for one interval of packet time, so packets out of order are not late', () => {
  const rows = aggregate([{ at: 61 }, { at: 121 }, { at: 62 }, { at: 179.9 }, { at: 119.9 }]);
  assert.deepEqual(texts(rows), ['60 OK 0 1 4/1:80 3 120 61 119 0 0', '120 OK 0 1 4/1:80 2 80 121 179 0 0']);
});

test('adding stops where windows close, before anything of the next is counted, and goes on where it stopped', () => {
  const seen: Seen[] = Array.from({ length: 400 }, (_, i) => ({ at: 61 + i * 1.5 + (i % 7) * 9, src: i % 5 }));
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1],
    decisions: decide(),
    live: false,
    maxFlows: 1000,
  });
  const rows: Row[] = [];
  let most = 0;
  feed(aggregator, seen, 4096, () => {
    most = Math.max(most, aggregator.held.windows);
    rows.push(...drain(aggregator));
  });
  aggregator.end();
  rows.push(...drain(aggregator));
  assert.deepEqual(rows, aggregate(seen));
  assert.equal(most, 1);
});

test('accepts packets of the window before the first packet', () => {
  assert.deepEqual(texts(aggregate([{ at: 60.1 }, { at: 59.9 }])), [
    '0 OK 0 1 4/1:80 1 40 59 59 0 0',
    '60 OK 0 1 4/1:80 1 40 60 60 0 0',
  ]);
});

test('writes late packets as further rows of their own window when the next window closes', () => {
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1],
    decisions: decide(),
    live: false,
    maxFlows: 9,
  });
  feed(aggregator, [{ at: 61 }, { at: 180 }]);
  assert.deepEqual(texts(drain(aggregator)), ['60 OK 0 1 4/1:80 1 40 61 61 0 0']);
  feed(aggregator, [{ at: 62 }, { at: 63 }]);
  assert.equal(aggregator.count.notes['late'], 2);
  assert.deepEqual(drain(aggregator), []);
  feed(aggregator, [{ at: 241 }]);
  assert.deepEqual(texts(drain(aggregator)), ['120 NODATA 0 4 - 0 0 120 179 0 0', '60 OK 0 1 4/1:80 2 80 62 63 0 0']);
});

test('moves time forward by more than an hour only when sixteen packets in a row agree', () => {
  const alone = aggregate([{ at: 61 }, { at: 90_000 }, { at: 62 }]);
  assert.deepEqual(
    alone.map((row) => row.window),
    [60, 90_000],
  );
  assert.equal(alone[0]!.text.split(' ')[4], '2');
  const many = aggregate([{ at: 61 }, ...Array.from({ length: 17 }, (_, i) => ({ at: 90_000 + i / 10 })), { at: 62 }]);
  const packets = many
    .filter((row) => row.text.startsWith('OK'))
    .map((row) => `${row.window} ${row.text.split(' ')[4]}`);
  assert.deepEqual(packets, ['60 1', '90000 15', '90000 2', '60 1']);
});

test('says NODATA for windows without packets, within an hour of a packet and only as far as the file reaches', () => {
  const rows = aggregate([{ at: 30 }, { at: 150 }], { interfaces: [1, 2] });
  assert.deepEqual(texts(rows), [
    '0 OK 0 1 4/1:80 1 40 30 30 0 0',
    '0 NODATA 0 4 - 0 0 30 59 0 0',
    '60 NODATA 0 5 - 0 0 60 119 0 0',
    '60 NODATA 0 4 - 0 0 60 119 0 0',
    '120 OK 0 1 4/1:80 1 40 150 150 0 0',
    '120 NODATA 0 4 - 0 0 120 149 0 0',
  ]);
  const leap = aggregate([{ at: 30 }, ...Array.from({ length: 20 }, () => ({ at: 100_000 }))]);
  const windows = leap.filter((row) => row.text.startsWith('NODATA')).map((row) => row.window);
  assert.equal(windows[0], 60);
  assert.ok(windows.every((start) => start <= 3630 || start + 60 > 100_000 - 3600));
  assert.equal(windows.length, 60 + 60);
});

test('packets that were read before their window came leave no NODATA beside their record', () => {
  const rows = aggregate(
    [
      { at: 61 },
      { at: 3900 },
      { at: 62, src: 2 },
      ...Array.from({ length: 71 }, (_, i) => ({ at: 100 + i * 60, decision: 3 })),
    ],
    {
      interfaces: [1, 2],
    },
  );
  const of = (start: number): string[] =>
    rows.filter(({ window }) => window === start).map(({ text }) => text.split(' ').slice(0, 3).join(' '));
  assert.deepEqual(of(3900), ['OK 0 1', 'OK 0 3']);
  assert.deepEqual(of(3840), ['OK 0 3', 'NODATA 0 4']);
});

test('an interface whose packets have no verdict of interest still has data, and foreign packets move time', () => {
  const rows = aggregate([
    { at: 30, decision: 0 },
    { at: 61, decision: 1 },
    { at: 119, decision: 0 },
  ]);
  assert.deepEqual(texts(rows), ['0 NODATA 0 4 - 0 0 30 59 0 0', '60 OK 0 1 4/1:80 1 40 61 61 0 0']);
});

test('counts what finds no room at its interface and says SKIPDATA with the count', () => {
  const rows = aggregate(
    [
      { at: 61, src: 1 },
      { at: 62, src: 2 },
      { at: 63, src: 3 },
      { at: 64, src: 3 },
      { at: 65, src: 1 },
    ],
    {
      maxFlows: 2,
    },
  );
  assert.deepEqual(texts(rows), [
    '60 OK 0 1 4/1:80 2 80 61 65 0 0',
    '60 OK 0 1 4/2:80 1 40 62 62 0 0',
    '60 SKIPDATA 0 4 - 0 0 61 64 0 2',
  ]);
});

test('a live window closes two seconds after its end, and a source that lost packets says SKIPDATA everywhere', () => {
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1, 2],
    decisions: decide(),
    live: true,
    maxFlows: 10,
    startedMicros: 100.5e6,
  });
  feed(aggregator, [{ at: 110 }]);
  aggregator.lose(111e6);
  aggregator.tick(121.9e6);
  assert.equal(aggregator.waiting, false);
  feed(aggregator, [{ at: 119.99 }, { at: 121 }]);
  aggregator.tick(122e6);
  assert.deepEqual(
    texts(drain(aggregator)).filter((row) => !row.startsWith('0')),
    ['60 OK 0 1 4/1:80 2 80 110 119 0 0', '60 SKIPDATA 0 4 - 0 0 100 119 0 0', '60 SKIPDATA 0 5 - 0 0 100 119 0 0'],
  );
  aggregator.end(130.2e6);
  assert.deepEqual(texts(drain(aggregator)), [
    '120 OK 0 1 4/1:80 1 40 121 121 0 0',
    '120 NODATA 0 5 - 0 0 120 130 0 0',
  ]);
});

test('an interface that comes under watch later has its first window from then', () => {
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1],
    decisions: decide(),
    live: true,
    maxFlows: 10,
    startedMicros: 60e6,
  });
  aggregator.watch([1, 2], 100e6);
  aggregator.tick(122e6);
  assert.deepEqual(texts(drain(aggregator)), ['60 NODATA 0 4 - 0 0 60 119 0 0', '60 NODATA 0 5 - 0 0 100 119 0 0']);
});

const packet: fc.Arbitrary<Seen> = fc.record({
  at: fc.integer({ min: 0, max: 6000 }).map((tenths) => 1000 + tenths / 10),
  src: fc.integer({ min: 1, max: 5 }),
  port: fc.integer({ min: 1, max: 3 }),
  decision: fc.integer({ min: 0, max: 3 }),
  bytes: fc.integer({ min: 20, max: 1500 }),
  flags: fc.constantFrom(0, 2, 0x12, 0x10, 0x11, 4),
  family: fc.constantFrom<4 | 6>(4, 6),
});

test('cutting the packet stream anywhere leaves the flows alone', () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (seen, cut) => {
      assert.deepEqual(aggregate(seen, { cut, interfaces: [1, 2] }), aggregate(seen, { interfaces: [1, 2] }));
    }),
    { numRuns: 60 },
  );
});

test('packets and bytes in are packets and bytes out, however many tables there are', () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 3000, minLength: 500 }), (seen) => {
      const wanted = seen.filter((one) => one.decision !== 0);
      const rows = aggregate(seen, { interfaces: [1, 2] }).filter((row) => row.text.startsWith('OK'));
      const column = (index: number): number =>
        rows.reduce((total, row) => total + Number(row.text.split(' ')[index]), 0);
      assert.equal(column(4), wanted.length);
      assert.equal(
        column(5),
        wanted.reduce((total, one) => total + one.bytes!, 0),
      );
    }),
    { numRuns: 20 },
  );
});

test('a window larger than a batch comes in several, and a record is never cut by the end of a batch', () => {
  const seen = Array.from({ length: 20_000 }, (_, i) => ({ at: 61, src: i >> 1, decision: 1 + (i & 1) }));
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1],
    decisions: decide(),
    live: false,
    maxFlows: 1e6,
  });
  feed(aggregator, [{ at: 61, src: 1e6 }, ...seen]);
  aggregator.end();
  let rows = 0;
  for (let batch = take(aggregator); batch !== null; batch = take(aggregator)) {
    if (batch.rows > 0) assert.equal(batch.joins[0], 0);
    rows += batch.rows;
  }
  assert.equal(rows, 20_001);
});

test('a look at open windows shows what gathers and takes nothing away', () => {
  const aggregator = new Aggregator({
    intervalSeconds: 60,
    interfaces: [1],
    decisions: decide(),
    live: true,
    maxFlows: 1000,
    startedMicros: 60e6,
  });
  const look = (): Row[] => aggregator.look(() => new ArrayBuffer(flowBatchBytes()), 1).flatMap(rowsOf);
  assert.deepEqual(look(), []);
  aggregator.tick(118e6);
  feed(aggregator, [{ at: 61 }, { at: 62, src: 2, family: 6 }, { at: 118, decision: 2 }]);
  const before = { ...aggregator.count };
  const open = [
    '60 OK 0 1 4/1:80 1 40 61 61 0 0',
    '60 OK 1 2 4/1:80 1 40 118 118 0 0',
    '60 OK 0 1 6/2:80 1 40 62 62 0 0',
  ];
  assert.deepEqual(texts(look()), open);
  assert.deepEqual(texts(look()), open);
  assert.deepEqual({ ...aggregator.count }, before);
  assert.ok(aggregator.look(() => new ArrayBuffer(flowBatchBytes()), 1).every((batch) => batch.open));
  feed(aggregator, [{ at: 119 }, { at: 120 }]);
  aggregator.tick(122e6);
  assert.ok(aggregator.waiting);
  const closed = texts(drain(aggregator));
  assert.deepEqual(closed, ['60 OK 0 1 4/1:80 2 80 61 119 0 0', ...open.slice(1)]);
  // One that came late is open until the next window closes.
  feed(aggregator, [{ at: 119.5, src: 3 }]);
  assert.deepEqual(texts(look()), ['120 OK 0 1 4/1:80 1 40 120 120 0 0', '60 OK 0 1 4/3:80 1 40 119 119 0 0']);
  aggregator.end(125e6);
  assert.deepEqual(look(), []);
  assert.equal(drain(aggregator).filter(({ text }) => text.startsWith('OK')).length, 2);
});

test('what was closed so far and a look make all that was counted, however often it is looked', () => {
  const seen = fc.array(
    fc.record({ at: fc.integer({ min: 60, max: 400 }), src: fc.nat(3), decision: fc.integer({ min: 1, max: 2 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(seen, fc.integer({ min: 1, max: 7 }), (all, cut) => {
      const ordered = all.toSorted((a, b) => a.at - b.at + (a.src - b.src) * 20);
      const aggregator = new Aggregator({
        intervalSeconds: 60,
        interfaces: [1],
        decisions: decide(),
        live: true,
        maxFlows: 1000,
        startedMicros: 60e6,
      });
      const packetsOf = (batches: readonly FlowBatch[]): number =>
        batches.reduce((sum, { packets, rows }) => sum + packets.subarray(0, rows).reduce((a, b) => a + b, 0), 0);
      let given = 0;
      for (let from = 0; from < ordered.length; from += cut) {
        const some = ordered.slice(from, from + cut);
        feed(aggregator, some);
        aggregator.tick(Math.max(...some.map(({ at }) => at)) * 1e6);
        for (let batch = take(aggregator); batch !== null; batch = take(aggregator)) given += packetsOf([batch]);
        const looked = packetsOf(aggregator.look(() => new ArrayBuffer(flowBatchBytes()), 1));
        assert.equal(given + looked, Math.min(ordered.length, from + cut));
        const { rows, windows } = aggregator.held;
        assert.ok(looked === 0 || (rows > 0 && rows <= looked && windows > 0));
      }
    }),
  );
});
