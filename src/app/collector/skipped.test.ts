import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowBatch } from '../../model/batch.ts';
import { flowBatchBytes, flowBatchOver } from '../../model/batch.ts';
import type { Decision } from '../../network/vpc/snapshot.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { TextBlock } from '../../record/text-block.ts';
import { openSnapshot } from './open-snapshot.ts';
import { optionFlowLog } from './option-flow-log.ts';
import { createPrintSide } from './print-side.ts';

const WINDOW = 1_795_435_500;
const RANGES = { createDate: '', names: [''], lookup: () => 0 };

/** A network of two interfaces, watched by one flow log. */
function network(traffic: 'ALL' | 'REJECT') {
  const open = openSnapshot();
  const [none, one] = open.interfaces;
  const interfaces = [none!, { ...one!, id: 'eni-1' }, { ...one!, number: 2, id: 'eni-2' }];
  const options = { fileFormat: 'plain-text', hive: false, hourly: false, intervalSeconds: 60, traffic } as const;
  const format = '${interface-id} ${srcaddr} ${packets} ${start} ${end} ${action} ${log-status}';
  const snapshot = { ...open, interfaces };
  return { ...snapshot, flowLogs: [optionFlowLog({ format, ...options }, snapshot)] };
}

const decision = (number: number, action: 'ACCEPT' | 'REJECT' | null): Decision => ({
  interface: number,
  direction: action === null ? null : 'ingress',
  action,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
});
/** Numbers 1 to 5. */
const DECISIONS = [
  decision(1, 'ACCEPT'),
  decision(1, 'REJECT'),
  decision(2, 'ACCEPT'),
  decision(2, null),
  decision(1, null),
];

/** Flows by their decision and packets; no packets: NODATA. */
function batch(flows: readonly (readonly [number, number])[], window = WINDOW): FlowBatch {
  const head = { snapshotVersion: 1, windowStartSeconds: window, intervalSeconds: 60, open: false };
  const made = flowBatchOver(new ArrayBuffer(flowBatchBytes(64)), head, 0, 64);
  for (const [number, packets] of flows) {
    const row = made.rows++;
    made.status[row] = packets === 0 ? 1 : 0;
    made.decision[row] = number;
    made.family[row] = 4;
    made.src[row * 4] = 0x0a_00_00_00 + row;
    made.packets[row] = packets;
    made.firstMicros[row] = (window + 5) * 1e6;
    made.lastMicros[row] = (window + 9) * 1e6;
  }
  return made;
}

function printer(traffic: 'ALL' | 'REJECT' = 'ALL') {
  const snapshot = network(traffic);
  const blocks = new Map<number, TextBlock>();
  const state = { full: false, dropped: 0 };
  const sink = {
    block: (_flowLog: number, slot: number) => {
      const block = blocks.get(slot) ?? createTextBlock();
      blocks.set(slot, block);
      return block;
    },
    room: { isFull: () => state.full, dropped: (records: number) => (state.dropped += records) },
    printed: () => {},
    closed: () => {},
    end: () => {},
  };
  const side = createPrintSide(snapshot, [{ flowLog: 0, seconds: 60, interfaces: [1, 2] }], RANGES, sink);
  void side.flows(batch([]), 1, DECISIONS);
  const all = [...blocks.values()];
  return {
    state,
    side,
    lines: () =>
      [...blocks.values()].flatMap(({ bytes, length }) =>
        Buffer.from(bytes.subarray(0, length)).toString().split('\n').slice(0, -1),
      ),
    lost: () => [...blocks.values()].reduce((sum, { lostPackets }) => sum + lostPackets, 0),
    all,
  };
}

test('a full sink gets one SKIPDATA record for each interface and window, with the packets of what was dropped', () => {
  const { state, side, lines, lost } = printer();
  void side.flows(batch([[1, 3]]), 6, []);
  state.full = true;
  void side.flows(
    batch([
      [1, 10],
      [2, 20],
      [3, 40],
      [4, 0],
    ]),
    6,
    [],
  );
  void side.flows(batch([[1, 100]]), 6, []);
  void side.flows(batch([[1, 1000]], WINDOW + 60), 6, []);
  void side.closed();
  assert.deepEqual(lines(), [
    `eni-1 10.0.0.0 3 ${WINDOW + 5} ${WINDOW + 9} ACCEPT OK`,
    `eni-2 - - ${WINDOW + 5} ${WINDOW + 9} - NODATA`,
    `eni-1 - - ${WINDOW} ${WINDOW + 59} - SKIPDATA`,
    `eni-2 - - ${WINDOW} ${WINDOW + 59} - SKIPDATA`,
    `eni-1 - - ${WINDOW + 60} ${WINDOW + 119} - SKIPDATA`,
  ]);
  assert.equal(lost(), 1170);
  assert.equal(state.dropped, 5);
  state.full = false;
  void side.flows(batch([[1, 7]], WINDOW + 120), 6, []);
  void side.closed();
  assert.equal(lines().length, 6, 'and takes records again when it has room');
  // One flow, five that had no room, a NODATA line, three SKIPDATA lines for the five, one flow.
  assert.deepEqual(side.count(), { in: 11, out: 6, held: 0, lost: { 'spool-full': 5 }, notes: {} });
  const next = { snapshot: network('ALL'), parts: [{ flowLog: 0, seconds: 60, interfaces: [1, 2] }] } as const;
  void side.changed([], 6, [], { ...next, ended: new Set() });
  void side.closed();
  assert.equal(side.count().in, 11, 'what printers counted stays when they go');
});

test('only what the flow log would have shown is lost', () => {
  const { state, side, lines, lost } = printer('REJECT');
  state.full = true;
  void side.flows(
    batch([
      [1, 10],
      [2, 20],
      [3, 40],
    ]),
    6,
    [],
  );
  void side.closed();
  assert.deepEqual(lines(), [`eni-1 - - ${WINDOW} ${WINDOW + 59} - SKIPDATA`]);
  assert.deepEqual([lost(), state.dropped], [20, 1]);
  assert.deepEqual(side.count(), { in: 4, out: 1, held: 0, lost: { filtered: 2, 'spool-full': 1 }, notes: {} });
});
