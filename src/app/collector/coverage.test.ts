import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { pcap } from '../../collect/capture/decode/build-captures.ts';
import { ethernet, ip4, udp } from '../../collect/capture/decode/build-frames.ts';
import { makeFifo } from '../../collect/privileged/start-capture.ts';
import { flowBatchBytes } from '../../model/batch.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { TextBlock } from '../../record/text-block.ts';
import { collect } from './collect.ts';
import type { CollectCounts } from './collect.ts';
import type { Covered, Network } from './coverage.ts';
import { createCoverage } from './coverage.ts';
import { openSnapshot } from './open-snapshot.ts';
import { optionFlowLog } from './option-flow-log.ts';
import { createPrintSide } from './print-side.ts';

const RANGES = { createDate: '', names: [''], lookup: () => 0 };
/** A boundary of windows of 60 and of 600 seconds. */
const BEGIN = 1_795_435_200;
const FORMAT = '${srcport} ${packets} ${start} ${end} ${log-status}';

function flowLog(id: string): FlowLog {
  const options = {
    intervalSeconds: 60,
    traffic: 'ALL',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  } as const;
  return { ...optionFlowLog({ format: FORMAT, ...options }, openSnapshot()), id };
}

/** A network that holds from a second on, counted from `BEGIN`, with these flow logs over its one interface. */
function network(second: number, ...ids: readonly string[]): Network {
  const snapshot = openSnapshot();
  return {
    snapshot: { ...snapshot, validFromMicros: (BEGIN + second) * 1e6, flowLogs: ids.map(flowLog) },
    devices: [['eth0', snapshot.interfaces[1]!.id]],
    changedMicros: (BEGIN + second) * 1e6,
  };
}

test('a position is one flow log for ever, and an id that comes again is another one', () => {
  const coverage = createCoverage();
  const ids = ({ snapshot }: Covered): string[] => snapshot.flowLogs.map(({ id }) => id);
  assert.deepEqual(ids(coverage.next(network(0, 'fl-a', 'fl-b'))), ['fl-a', 'fl-b']);
  const without = coverage.next(network(10, 'fl-b', 'fl-c'));
  assert.deepEqual(ids(without), ['fl-a', 'fl-b', 'fl-c']);
  assert.deepEqual([...without.ended], ['fl-a']);
  assert.equal(without.isEnd, true);
  const again = coverage.next(network(20, 'fl-a', 'fl-b', 'fl-c'));
  assert.deepEqual(ids(again), ['fl-a', 'fl-b', 'fl-c', 'fl-a']);
  assert.deepEqual([...again.ended], []);
  assert.equal(again.isEnd, false);
});

test('what is made within a window has the rest of it apart, at a boundary it has whole windows only', () => {
  const coverage = createCoverage();
  const [first] = coverage.next(network(5, 'fl-a')).parts;
  assert.deepEqual([first?.fromSeconds, first?.partial], [undefined, undefined], 'what is there at first has all');
  const within = coverage.next(network(70, 'fl-a', 'fl-b'));
  assert.deepEqual(
    within.partials.map(({ seconds, fromMicros, untilSeconds, interfaces }) => [
      seconds,
      fromMicros / 1e6 - BEGIN,
      untilSeconds - BEGIN,
      interfaces,
    ]),
    [[60, 70, 120, [1]]],
  );
  const partsOf = (covered: Covered, position: number): unknown[] =>
    covered.parts
      .filter((part) => part.flowLog === position)
      .map(({ fromSeconds, untilSeconds, partial }) => [
        fromSeconds === undefined ? null : fromSeconds - BEGIN,
        untilSeconds === undefined ? null : untilSeconds - BEGIN,
        partial === undefined,
      ]);
  assert.deepEqual(partsOf(within, 1), [[120, null, true], [120, null, false].with(0, null)]);
  const boundary = coverage.next(network(180, 'fl-b', 'fl-c'));
  assert.deepEqual(boundary.partials, []);
  assert.deepEqual(partsOf(boundary, 0), [[null, 180, true]]);
  assert.deepEqual(partsOf(boundary, 2), [[180, null, true]]);
  assert.deepEqual(partsOf(coverage.next(network(4000, 'fl-c')), 0), [], 'its printer is not kept for ever');
});

test('an interface that is gone stays among those whose records are printed', () => {
  const coverage = createCoverage();
  const full = network(0, 'fl-a');
  coverage.next(full);
  const gone = coverage.next({
    devices: [],
    changedMicros: full.changedMicros,
    snapshot: { ...network(10, 'fl-a').snapshot, flowLogs: [{ ...flowLog('fl-a'), interfaces: [] }] },
  });
  assert.deepEqual(gone.intervals, [{ seconds: 60, interfaces: [] }]);
  assert.deepEqual(gone.parts[0]?.interfaces, [1]);
});

type Change = { readonly at: number; readonly ids: readonly string[] };
type Line = { readonly packets: number; readonly start: number; readonly end: number; readonly status: string };

/**
 * Collects packets of one flow, one each half second, while flow logs change.
 *
 * @param early  a change is told before the packets of the second before it are read
 * @returns the records of each flow log by id and position
 */
async function run(
  first: readonly string[],
  changes: readonly Change[],
  until: number,
  early: boolean,
): Promise<Map<string, Line[]>> {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-coverage-'));
  try {
    const fifo = join(scratch, 'packets.fifo');
    await makeFifo(fifo);
    const blocks = new Map<number, TextBlock>();
    const coverage = createCoverage();
    const start = coverage.next(network(0, ...first));
    const side = createPrintSide(start.snapshot, start.parts, RANGES, {
      block: (position) => {
        const block = blocks.get(position) ?? createTextBlock();
        blocks.set(position, block);
        return block;
      },
      printed: () => {},
      closed: () => {},
      end: () => {},
    });
    let clock = BEGIN * 1e6;
    let counts: CollectCounts | null = null;
    let flowLogs = start.snapshot.flowLogs;
    const underway: Covered[] = [];
    const collection = collect(
      {
        source: { kind: 'live', fifo, name: 'test', device: null, drops: new Uint32Array(new SharedArrayBuffer(4)) },
        snapshot: start.snapshot,
        judged: false,
        intervals: start.intervals,
        devices: start.devices,
        vlans: [],
        tiedOnly: false,
        maxFlows: 1000,
        maxConnections: 10,
      },
      {
        buffer: () => new ArrayBuffer(flowBatchBytes()),
        freed: () => Promise.resolve(),
        flows: (batch, from, decisions) => void side.flows(batch, from, decisions),
        closed: () => void side.closed(),
        counts: (told) => (counts = told),
        rejected: () => {},
        looked: () => {},
        changed: (batches, from, decisions) => void side.changed(batches, from, decisions, underway.shift()!),
      },
      () => clock,
    );
    const writer = await open(fifo, 'w');
    await writer.write(pcap([]));
    let written = 0;
    const at = (half: number): number => (BEGIN + half / 2) * 1e6 + 100_000;
    const read = async (halves: readonly number[]): Promise<void> => {
      const bytes = ethernet(
        ip4({ src: '10.0.0.1', dst: '10.0.0.2', protocol: 17, payload: udp({ srcport: 1, dstport: 53 }) }),
      );
      if (halves.length > 0)
        await writer.write(pcap(halves.map((half) => ({ bytes, atMicros: at(half) }))).subarray(24));
      written += halves.length;
      while ((counts?.capture.out ?? 0) < written) await setImmediate();
    };
    let half = 0;
    const readUpTo = async (second: number): Promise<void> => {
      // The clock is never behind the packets, and no window is passed over.
      for (; half / 2 + 0.1 < second; half++) {
        clock = Math.max(clock, at(half));
        await read([half]);
      }
    };
    const tell = ({ at: second, ids }: Change): void => {
      clock = Math.max(clock, (BEGIN + second) * 1e6);
      const next = coverage.next(network(second, ...ids));
      ({ flowLogs } = next.snapshot);
      underway.push(next);
      collection.update(next);
    };
    for (const change of changes) {
      await readUpTo(early ? change.at - 1 : change.at);
      tell(change);
      await readUpTo(change.at);
    }
    await readUpTo(until);
    await writer.close();
    await collection.done;
    assert.deepEqual(underway, []);
    return new Map(
      flowLogs.map(({ id }, position) => [
        `${id} ${position}`,
        new TextDecoder()
          .decode(blocks.get(position)?.bytes.subarray(0, blocks.get(position)?.length))
          .trimEnd()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => {
            const [, packets, from, to, status] = line.split(' ');
            return { packets: Number(packets), start: Number(from) - BEGIN, end: Number(to) - BEGIN, status: status! };
          }),
      ]),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const packetsOf = (lines: readonly Line[] | undefined): number =>
  (lines ?? []).reduce((sum, { packets }) => sum + packets, 0);

for (const early of [false, true])
  test(`each flow log has the packets from its creation to its deletion, the others one record a window (${early ? 'told early' : 'told in time'})`, async () => {
    const changes = [
      { at: 20, ids: ['fl-a', 'fl-b'] },
      { at: 30.5, ids: ['fl-a'] },
      { at: 40, ids: ['fl-a', 'fl-b', 'fl-c'] },
      { at: 95, ids: ['fl-a', 'fl-c'] },
      { at: 120, ids: ['fl-a', 'fl-d'] },
      { at: 121, ids: ['fl-a', 'fl-d', 'fl-e'] },
    ];
    const got = await run(['fl-a'], changes, 150, early);
    assert.deepEqual(
      [...got].map(([name, lines]) => [name, packetsOf(lines)]),
      [
        ['fl-a 0', 300],
        ['fl-b 1', 21],
        ['fl-b 2', 110],
        ['fl-c 3', 160],
        ['fl-d 4', 60],
        ['fl-e 5', 58],
      ],
    );
    const spans = (name: string): unknown[] => got.get(name)!.map(({ start, end, status }) => [start, end, status]);
    assert.deepEqual(spans('fl-a 0'), [
      [0, 59, 'OK'],
      [60, 119, 'OK'],
      [120, 149, 'OK'],
    ]);
    assert.deepEqual(spans('fl-b 1'), [[20, 30, 'OK']]);
    assert.deepEqual(spans('fl-b 2'), [
      [40, 59, 'OK'],
      [60, 94, 'OK'],
    ]);
    assert.deepEqual(spans('fl-c 3'), [
      [40, 59, 'OK'],
      [60, 119, 'OK'],
    ]);
    assert.deepEqual(spans('fl-d 4'), [[120, 149, 'OK']]);
    assert.deepEqual(spans('fl-e 5'), [[121, 149, 'OK']]);
  });
