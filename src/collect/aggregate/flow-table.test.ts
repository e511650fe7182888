import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flowBatchBytes, flowBatchOver } from '../../model/batch.ts';
import { BatchMemory } from '../../model/batch-memory.ts';
import { LinearMemory } from '../../model/linear-memory.ts';
import { createFlowRows } from '../kernel/flow-rows.ts';
import { FlowTable } from './flow-table.ts';
import { theInbox } from './inbox.ts';

/** Merge classes by decision: 1 to 4 are one record, 5 is another; all of interface 1, wanted. */
const CLASSES = [0, 1, 1, 1, 1, 2];
const START = 1_700_000_040;

type Counted = {
  decision: number;
  family: 4 | 6;
  /** Of both addresses, and of the ports. */
  key: number;
  packets: number;
  bytes: number;
  first: number;
  last: number;
  flags: number;
};

/** Counts flows and gives all rows out, as text. */
function rowsOf(flows: readonly Counted[], small: boolean, asPackets = false): string[] {
  const batch = new BatchMemory();
  const facts = new LinearMemory(1024);
  for (const [decision, merged] of CLASSES.entries()) facts.i32.set([merged, 3], decision * 2);
  const table = new FlowTable(batch.memory, facts, small);
  table.begin(START);
  const inbox = theInbox();
  for (const flow of flows) {
    const rows = createFlowRows(1);
    rows.rows = 1;
    rows.decision[0] = flow.decision;
    rows.family[0] = flow.family;
    rows.protocol[0] = 6;
    rows.tcpFlags[0] = flow.flags;
    rows.ports[0] = flow.key;
    for (const column of [rows.src, rows.dst]) column.fill(flow.key, 0, flow.family === 4 ? 1 : 4);
    rows.packets[0] = flow.packets;
    rows.bytes[0] = flow.bytes;
    rows.firstMicros[0] = (START + flow.first) * 1e6;
    inbox.loadFlow(batch, 0, rows, 0, (START + flow.last) * 1e6);
    if (asPackets) {
      batch.packets.ipBytes[0] = flow.bytes;
      table.add(0, 1, 1e6, new Float64Array(2));
    } else table.addFlows(1, 1e6, () => assert.fail());
  }
  const given: string[] = [];
  for (const family of [4, 6] as const) {
    table.open(family);
    while (!table.isGiven(family)) {
      const rows = table.give(0, family);
      const out = flowBatchOver(new ArrayBuffer(flowBatchBytes()), {
        snapshotVersion: 1,
        windowStartSeconds: START,
        intervalSeconds: 600,
        open: false,
      });
      inbox.copyOut(out);
      for (let i = 0; i < rows; i++) {
        const [first, last] = [out.firstMicros, out.lastMicros].map((column) => column[i]! / 1e6 - START);
        const own = [out.family[i], out.src[i * 4], out.dst[i * 4], out.ports[i]].join('/');
        given.push(
          [out.joins[i], out.decision[i], own, out.packets[i], out.bytes[i], first, last, out.tcpFlags[i]].join(' '),
        );
      }
    }
  }
  return given;
}

const flow = (more: Partial<Counted>): Counted => ({
  decision: 1,
  family: 4,
  key: 7,
  packets: 1,
  bytes: 40,
  first: 0,
  last: 0,
  flags: 0,
  ...more,
});

test('counts of a row are exact far above 32 bits, and its seconds reach over the longest window', () => {
  const large = [
    flow({ packets: 2 ** 32 - 1, bytes: 2 ** 32 - 1, first: 599, last: 599, flags: 16 }),
    flow({ packets: 1, bytes: 1, first: 300, last: 301, flags: 7 }),
    flow({ packets: 2 ** 37, bytes: 2 ** 52 + 1, first: 599, last: 599 }),
  ];
  const counted = `${2 ** 37 + 2 ** 32} ${2 ** 52 + 2 ** 32 + 1} 300 599 23`;
  assert.deepEqual(rowsOf(large, true), [`0 1 4/7/7/7 ${counted}`]);
  assert.deepEqual(rowsOf(large, false), [`0 1 4/7/7/7 ${counted}`]);
});

test('packets carry over from 32 bits as flows do', () => {
  const packet = flow({ bytes: 4_000_000_000, first: 5, last: 5 });
  assert.deepEqual(rowsOf([packet, packet, packet], false, true), ['0 1 4/7/7/7 3 12000000000 5 5 0']);
});

test('rows are those of a plain map, rows of one record together: the first, then the newest first', () => {
  const counted = fc.record({
    decision: fc.integer({ min: 1, max: 5 }),
    family: fc.constantFrom(4 as const, 6 as const),
    key: fc.integer({ min: 1, max: 200 }),
    packets: fc.integer({ min: 1, max: 2 ** 33 }),
    bytes: fc.integer({ min: 1, max: 2 ** 40 }),
    first: fc.integer({ min: 0, max: 599 }),
    last: fc.integer({ min: 0, max: 599 }),
    flags: fc.constantFrom(0, 1, 2, 4, 16),
  });
  const flows = fc
    .array(counted, { maxLength: 600 })
    .map((all) => all.map((one) => ({ ...one, last: Math.max(one.first, one.last) })));
  fc.assert(
    fc.property(flows, fc.boolean(), (all, small) => {
      assert.deepEqual(rowsOf(all, small), plainRows(all));
    }),
    { numRuns: 60 },
  );
});

/** The same without a hash table. */
function plainRows(flows: readonly Counted[]): string[] {
  const records = new Map<string, Counted[]>();
  for (const one of flows) {
    const name = `${one.family} ${one.key} ${CLASSES[one.decision]}`;
    const rows = records.get(name) ?? [];
    records.set(name, rows);
    const known = rows.find(({ decision }) => decision === one.decision);
    if (known === undefined) {
      rows.push({ ...one });
      continue;
    }
    known.packets += one.packets;
    known.bytes += one.bytes;
    known.first = Math.min(known.first, one.first);
    known.last = Math.max(known.last, one.last);
    known.flags |= one.flags;
  }
  return [4, 6].flatMap((family) =>
    [...records.values()]
      .filter(([leader]) => leader!.family === family)
      .flatMap(([leader, ...others]) =>
        [leader!, ...others.reverse()].map((row, i) =>
          [
            Math.min(i, 1),
            row.decision,
            [family, row.key, row.key, row.key].join('/'),
            row.packets,
            row.bytes,
            row.first,
            row.last,
            row.flags,
          ].join(' '),
        ),
      ),
  );
}
