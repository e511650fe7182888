import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FlowRows } from '../../../model/batch.ts';
import { appendFlow, createFlowRows } from '../flow-rows.ts';
import type { Dropped } from './carry.ts';
import { Carry, timedBy } from './carry.ts';

type Counted = { readonly port: number; readonly packets: number; readonly bytes: number; readonly device?: number };

function rowsOf(flows: readonly Counted[]): FlowRows {
  const one = createFlowRows(1);
  const rows = createFlowRows(4);
  for (const { port, packets, bytes, device = 2 } of flows) {
    one.decision[0] = device;
    one.family[0] = 4;
    one.protocol[0] = 17;
    one.ports[0] = port;
    one.packets[0] = packets;
    one.bytes[0] = bytes;
    one.lastMicros[0] = 1;
    appendFlow(rows, one, 0);
  }
  return rows;
}

/** A packet of a flow: when it passes the early point and, unless it is dropped, the late one. */
type Packet = { readonly flow: number; readonly bytes: number; readonly early: number; readonly late: number | null };

const TRANSIT = 10;
const ENDS = [1000, 1150, 2000, 2150, 3000, 3150, 4000, 9000, 9500];

/** Flows of a point between two times, as its sets have them. */
function between(packets: readonly Packet[], from: number, to: number, when: 'early' | 'late'): FlowRows {
  const sums = new Map<number, { packets: number; bytes: number; last: number }>();
  for (const one of packets) {
    const time = one[when];
    if (time === null || time < from || time >= to) continue;
    const sum = sums.get(one.flow) ?? { packets: 0, bytes: 0, last: 0 };
    sums.set(one.flow, { packets: sum.packets + 1, bytes: sum.bytes + one.bytes, last: Math.max(sum.last, time) });
  }
  const flows = [...sums];
  const rows = rowsOf(flows.map(([port, sum]) => ({ port, ...sum })));
  for (const [row, [, { last }]] of flows.entries()) rows.lastMicros[row] = last;
  return rows;
}

/** Times are near ends of generations more often than not; of a flow one packet is underway at a time. */
const drawnPacket = fc.record({
  flow: fc.integer({ min: 1, max: 3 }),
  bytes: fc.constantFrom(40, 60, 1500),
  at: fc.oneof(
    fc.integer({ min: 0, max: 4500 }),
    fc
      .tuple(fc.constantFrom(...ENDS.slice(0, 7)), fc.integer({ min: -TRANSIT, max: TRANSIT }))
      .map(([end, by]) => end + by),
  ),
  transit: fc.integer({ min: 0, max: TRANSIT - 1 }),
  dropped: fc.boolean(),
});

type Sum = { readonly packets: number; readonly bytes: number };
const NONE: Sum = { packets: 0, bytes: 0 };

function sumOf(packets: readonly Packet[], flow: number, before: number): Sum {
  const dropped = packets.filter((one) => one.flow === flow && one.late === null && one.early < before);
  return { packets: dropped.length, bytes: dropped.reduce((sum, { bytes }) => sum + bytes, 0) };
}

test('never more is told than was dropped, and in the end all of it, to the packet and byte', () => {
  let straddlers = 0;
  fc.assert(
    fc.property(fc.array(drawnPacket, { maxLength: 60 }), (drawn) => {
      const free = new Map<number, number>();
      const packets = drawn
        .toSorted((a, b) => a.at - b.at)
        .map(({ flow, bytes, at, transit, dropped }): Packet => {
          const early = Math.max(at, free.get(flow) ?? 0);
          free.set(flow, early + transit);
          return { flow, bytes, early, late: dropped ? null : early + transit };
        });
      const carry = new Carry(true, Infinity);
      const told = new Map<number, Sum>();
      let from = -TRANSIT;
      for (const end of ENDS) {
        straddlers += packets.filter(({ early, late }) => late !== null && early < end && late >= end).length;
        const { rows, lateOnly } = carry.settle({
          early: between(packets, from, end, 'early'),
          late: between(packets, from, end, 'late'),
          quietBefore: end - TRANSIT,
        });
        for (let row = 0; row < rows.rows; row++) {
          const sum = told.get(rows.ports[row]!) ?? NONE;
          told.set(rows.ports[row]!, {
            packets: sum.packets + rows.packets[row]!,
            bytes: sum.bytes + rows.bytes[row]!,
          });
        }
        for (const [flow, { packets: count }] of told) assert.ok(count <= sumOf(packets, flow, end).packets);
        assert.equal(lateOnly.size, 0);
        from = end;
      }
      for (const flow of [1, 2, 3]) assert.deepEqual(told.get(flow) ?? NONE, sumOf(packets, flow, Infinity));
      assert.equal(carry.waits, false);
    }),
    { numRuns: 1000 },
  );
  assert.ok(straddlers > 200, `${straddlers} packets were on their way when a generation ended`);
});

test('what a flow lacks that goes on is told with the next generation, less what came out there', () => {
  const carry = new Carry(true);
  const none = rowsOf([]);
  assert.equal(
    carry.settle({ early: rowsOf([{ port: 1, packets: 5, bytes: 500 }]), late: none, quietBefore: 0 }).rows.rows,
    0,
  );
  assert.equal(carry.waits, true);
  const { rows, lateOnly } = carry.settle({
    early: none,
    late: rowsOf([{ port: 1, packets: 1, bytes: 100 }]),
    quietBefore: 0,
  });
  assert.deepEqual([rows.rows, rows.packets[0], rows.bytes[0], lateOnly.size], [1, 4, 400, 0]);
  assert.equal(carry.waits, false);
});

test('many packets are not held for ever', () => {
  const carry = new Carry(true);
  const goesOn = (packets: number, bytes: number): number => {
    const early = rowsOf([{ port: 1, packets: 1000 + packets, bytes: 60_000 + bytes }]);
    const late = rowsOf([{ port: 1, packets: 1000, bytes: 60_000 }]);
    return carry.settle({ early, late, quietBefore: 0 }).rows.rows;
  };
  assert.deepEqual([goesOn(10, 600), goesOn(0, 0), goesOn(1, 1500), goesOn(0, 0), goesOn(0, 0)], [0, 0, 0, 0, 1]);
  assert.deepEqual(
    [goesOn(1, 60), ...Array.from({ length: 9 }, () => goesOn(0, 0))],
    Array.from({ length: 10 }, () => 0),
  );
});

test('a flow that lacks packets of one size again and again is told of with each generation', () => {
  const carry = new Carry(true);
  const lacks = (packets: number): Dropped => {
    const early = rowsOf([{ port: 1, packets, bytes: packets * 60 }]);
    return carry.settle({ early, late: rowsOf([]), quietBefore: 0 });
  };
  assert.equal(lacks(3).rows.rows, 0);
  assert.equal(lacks(2).rows.packets[0], 3);
  assert.equal(lacks(5).rows.packets[0], 2);
});

test('what came out and never went in is counted, and makes nothing dropped', () => {
  const carry = new Carry(true);
  const late = rowsOf([{ port: 1, packets: 3, bytes: 300, device: 7 }]);
  const { rows, lateOnly } = carry.settle({ early: rowsOf([]), late, quietBefore: 0 });
  assert.deepEqual([rows.rows, [...lateOnly]], [0, [[7, 3]]]);
  assert.equal(carry.settle({ early: rowsOf([]), late: rowsOf([]), quietBefore: 0 }).rows.rows, 0);
});

test('a packet whose device was chosen anew is the same packet', () => {
  const early = rowsOf([{ port: 1, packets: 2, bytes: 200, device: 2 }]);
  const late = rowsOf([{ port: 1, packets: 1, bytes: 100, device: 3 }]);
  const carry = new Carry(false);
  carry.settle({ early, late, quietBefore: 0 });
  const { rows } = carry.settle({ early: rowsOf([]), late: rowsOf([]), quietBefore: 0 });
  assert.deepEqual([rows.rows, rows.decision[0], rows.packets[0]], [1, 2, 1]);
});

test('flows that passed have the times of the early point, where they are there', () => {
  const early = rowsOf([{ port: 1, packets: 2, bytes: 200 }]);
  early.firstMicros[0] = 5;
  early.lastMicros[0] = 9;
  const late = rowsOf([
    { port: 1, packets: 2, bytes: 200 },
    { port: 2, packets: 1, bytes: 100 },
  ]);
  late.firstMicros.fill(20);
  late.lastMicros.fill(20);
  timedBy(early, late);
  assert.deepEqual([...late.firstMicros.subarray(0, 2)], [5, 20]);
  assert.deepEqual([...late.lastMicros.subarray(0, 2)], [9, 20]);
});
