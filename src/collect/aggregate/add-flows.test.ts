import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FlowRows } from '../../model/batch.ts';
import { flowBatchBytes } from '../../model/batch.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { createFlowRows } from '../kernel/flow-rows.ts';
import type { CountedFlows } from './add-flows.ts';
import { Aggregator } from './aggregator.ts';

/** Seconds; a row is of interface 1 unless its decision is 3. */
type Flow = {
  first: number;
  last?: number;
  decision?: number;
  port?: number;
  flags?: number;
  packets?: number;
  bytes?: number;
  family?: 4 | 6;
};

/** 1 and 2 differ in their rule alone, 3 is of interface 2, 4 of interface 3, which nobody watches. */
function decide(): DecisionTable {
  const table = createDecisionTable();
  for (const [at, rule] of [
    [1, 1],
    [1, 2],
    [2, 1],
    [3, 1],
  ] as const)
    table.numberOf({
      interface: at,
      direction: 'ingress',
      action: 'ACCEPT',
      stage: 'sg-ingress',
      rule,
      rejectReason: null,
      source: 'kernel',
    });
  return table;
}

function rowsOf(flows: readonly Flow[]): FlowRows {
  const rows = createFlowRows(Math.max(1, flows.length));
  for (const flow of flows) {
    const row = rows.rows++;
    rows.decision[row] = flow.decision ?? 1;
    rows.tcpFlags[row] = flow.flags ?? 0;
    rows.family[row] = flow.family ?? 4;
    rows.protocol[row] = 6;
    rows.ports[row] = flow.port ?? 80;
    rows.src.set([10, 0, 0, flow.family === 6 ? 7 : 0], row * 4);
    rows.dst.set([20, 0, 0, flow.family === 6 ? 8 : 0], row * 4);
    rows.packets[row] = flow.packets ?? 1;
    rows.bytes[row] = flow.bytes ?? 40;
    rows.firstMicros[row] = flow.first * 1e6;
    rows.lastMicros[row] = (flow.last ?? flow.first) * 1e6;
  }
  return rows;
}

const aggregatorOf = (maxFlows = 1000): Aggregator =>
  new Aggregator({
    intervalSeconds: 60,
    interfaces: [1, 2],
    decisions: decide(),
    live: true,
    maxFlows,
    startedMicros: 60e6,
  });

const add = (
  aggregator: Aggregator,
  flows: readonly Flow[],
  [from, to]: readonly [number, number],
  lost: readonly (readonly [number, number])[] = [],
  incomplete: readonly number[] = [],
  more: Partial<Pick<CountedFlows, 'untilMicros' | 'errorMicros'>> = {},
): void =>
  aggregator.addFlows({
    rows: rowsOf(flows),
    lost: new Map(lost),
    span: { fromMicros: from * 1e6, toMicros: to * 1e6 },
    untilMicros: to * 1e6,
    errorMicros: 0,
    incomplete,
    ...more,
  });

/** Rows of closed windows, as text. */
function taken(aggregator: Aggregator): string[] {
  const found: string[] = [];
  while (aggregator.waiting) {
    const batch = aggregator.take(new ArrayBuffer(flowBatchBytes()), 1)!;
    for (let i = 0; i < batch.rows; i++)
      found.push(
        [
          batch.windowStartSeconds,
          ['OK', 'NODATA', 'SKIPDATA'][batch.status[i]!],
          aggregator.options.decisions.list[batch.decision[i]!]!.interface,
          batch.status[i] === 0
            ? `${batch.joins[i]} ${batch.ports[i]} ${batch.packets[i]} ${batch.bytes[i]} ${batch.firstMicros[i]! / 1e6}-${batch.lastMicros[i]! / 1e6} ${batch.tcpFlags[i]}`
            : `lost ${batch.lost[i]}`,
        ].join(' '),
      );
  }
  return found;
}

test('generations of a window become one row, flags together, with the first and the last packet', () => {
  const aggregator = aggregatorOf();
  add(
    aggregator,
    [
      { first: 61, last: 69.5, packets: 3, bytes: 300, flags: 2 },
      { first: 61.5, flags: 18 },
    ],
    [60, 70],
  );
  add(aggregator, [{ first: 70.5, last: 72, packets: 2, bytes: 100, flags: 1, decision: 2 }], [70, 80]);
  add(aggregator, [{ first: 80.5, last: 82, packets: 4, bytes: 100, flags: 4 }], [80, 90]);
  aggregator.tick(122e6);
  assert.deepEqual(taken(aggregator), [
    '60 OK 1 0 80 8 440 61-82 22',
    '60 OK 1 1 80 2 100 70-72 1',
    '60 NODATA 2 lost 0',
  ]);
  assert.deepEqual(aggregator.count, { in: 10, out: 10, held: 0, lost: {}, notes: {} });
});

test('a flow that passes the end of its window by the slip of a swap is in the window where it began', () => {
  const aggregator = aggregatorOf();
  add(
    aggregator,
    [
      { first: 119, last: 120.02, packets: 5 },
      { first: 120.01, port: 81, decision: 3 },
    ],
    [110, 120.03],
  );
  aggregator.tick(122e6);
  assert.deepEqual(taken(aggregator), ['60 OK 1 0 80 5 40 119-119 0', '60 NODATA 2 lost 0']);
  aggregator.tick(182e6);
  assert.deepEqual(taken(aggregator), ['120 OK 2 0 81 1 40 120-120 0', '120 NODATA 1 lost 0']);
});

test('what of a flow over several windows belongs to which is not known: the later ones say SKIPDATA', () => {
  const aggregator = aggregatorOf();
  add(aggregator, [{ first: 70, last: 245, packets: 50 }], [60, 250]);
  aggregator.tick(302e6);
  assert.deepEqual(taken(aggregator), [
    '60 OK 1 0 80 50 40 70-119 0',
    '60 NODATA 2 lost 0',
    '120 SKIPDATA 1 lost 0',
    '120 NODATA 2 lost 0',
    '180 SKIPDATA 1 lost 0',
    '180 NODATA 2 lost 0',
    '240 SKIPDATA 1 lost 0',
    '240 NODATA 2 lost 0',
  ]);
});

test('what found no room in the kernel is SKIPDATA with its count, in the window in which the generation began', () => {
  const aggregator = aggregatorOf();
  add(
    aggregator,
    [{ first: 61 }],
    [60.1, 120.1],
    [
      [1, 5],
      [2, 2],
      [4, 100],
    ],
  );
  aggregator.tick(122e6);
  assert.deepEqual(taken(aggregator), ['60 OK 1 0 80 1 40 61-61 0', '60 SKIPDATA 1 lost 7', '60 NODATA 2 lost 0']);
});

test('a span that may have had more is SKIPDATA in the windows that it touches, but for the slip of its end', () => {
  const aggregator = aggregatorOf();
  add(aggregator, [{ first: 130 }], [110, 180.02], [], [1, 3]);
  aggregator.tick(242e6);
  assert.deepEqual(taken(aggregator), [
    '60 SKIPDATA 1 lost 0',
    '60 NODATA 2 lost 0',
    '120 OK 1 0 80 1 40 130-130 0',
    '120 SKIPDATA 1 lost 0',
    '120 NODATA 2 lost 0',
    '180 NODATA 1 lost 0',
    '180 NODATA 2 lost 0',
  ]);
});

test('flows of a window that has closed come as further rows of it, and are late', () => {
  const aggregator = aggregatorOf();
  aggregator.tick(122e6);
  taken(aggregator);
  add(aggregator, [{ first: 70, packets: 3 }], [60, 122]);
  aggregator.tick(182e6);
  assert.deepEqual(taken(aggregator).slice(-1), ['60 OK 1 0 80 3 40 70-70 0']);
  assert.equal(aggregator.count.notes['late'], 3);
});

test('of a part of a window each flow that went on into it, and what was lost about then, is SKIPDATA, never silent', () => {
  type More = [(readonly [number, number])[]?, number[]?, { untilMicros?: number; errorMicros?: number }?];
  const part = (flows: readonly Flow[], ...more: More): string[] => {
    const aggregator = new Aggregator({
      intervalSeconds: 60,
      interfaces: [1, 2],
      decisions: decide(),
      live: true,
      maxFlows: 1000,
      startedMicros: 80e6,
      partial: { number: 1, seconds: 60, interfaces: [1, 2], fromMicros: 80e6, untilSeconds: 120 },
    });
    add(aggregator, flows, [70, 79.9], more[0], more[1], { untilMicros: 80.05e6, ...more[2] });
    aggregator.tick(122e6);
    return taken(aggregator);
  };
  const silent = ['60 NODATA 1 lost 0', '60 NODATA 2 lost 0'];
  assert.deepEqual(part([{ first: 71, last: 79.999 }]), silent, 'over before it began');
  assert.deepEqual(part([{ first: 71, last: 80, packets: 9 }]), ['60 SKIPDATA 1 lost 0', '60 NODATA 2 lost 0']);
  assert.deepEqual(part([{ first: 80.01 }]), ['60 OK 1 0 80 1 40 80-80 0', '60 NODATA 2 lost 0']);
  assert.deepEqual(
    part([], [[3, 4]]),
    ['60 NODATA 1 lost 0', '60 SKIPDATA 2 lost 0'],
    'how many of the 4 is not known',
  );
  assert.deepEqual(part([], [], [1]), ['60 SKIPDATA 1 lost 0', '60 NODATA 2 lost 0']);
  const vague = { errorMicros: 20_000 };
  assert.deepEqual(part([{ first: 71, last: 79.999 }], [], [], vague), ['60 SKIPDATA 1 lost 0', '60 NODATA 2 lost 0']);
  assert.deepEqual(part([{ first: 80.01 }], [], [], vague), ['60 SKIPDATA 1 lost 0', '60 NODATA 2 lost 0']);
  assert.deepEqual(part([{ first: 71, last: 79.97 }], [], [], vague), silent);
  assert.deepEqual(part([{ first: 80.03 }], [], [], vague)[0], '60 OK 1 0 80 1 40 80-80 0');
  assert.deepEqual(part([], [[1, 4]], [], { untilMicros: 79.95e6 }), silent, 'its end was over before the part began');
});

test('a short span at the beginning of a window that may have had more is SKIPDATA there', () => {
  const aggregator = aggregatorOf();
  add(aggregator, [], [120.01, 120.3], [], [1]);
  aggregator.tick(182e6);
  assert.deepEqual(taken(aggregator).slice(2), ['120 SKIPDATA 1 lost 0', '120 NODATA 2 lost 0']);
});

test('a table without room tells packets, not flows', () => {
  const aggregator = aggregatorOf(1);
  add(aggregator, [{ first: 61 }, { first: 62, port: 81, packets: 9 }, { first: 63, packets: 4 }], [60, 70]);
  aggregator.tick(122e6);
  assert.deepEqual(taken(aggregator), ['60 OK 1 0 80 5 80 61-63 0', '60 SKIPDATA 1 lost 9', '60 NODATA 2 lost 0']);
  assert.deepEqual(aggregator.count, { in: 14, out: 5, held: 0, lost: { 'table-full': 9 }, notes: {} });
});

test('packets and bytes in are packets and bytes out, and no row of an interface that nobody watches', () => {
  const flow = fc.record({
    first: fc.integer({ min: 60, max: 400 }),
    length: fc.integer({ min: 0, max: 100 }),
    decision: fc.integer({ min: 1, max: 4 }),
    port: fc.integer({ min: 1, max: 40 }),
    packets: fc.integer({ min: 1, max: 1e9 }),
    bytes: fc.integer({ min: 20, max: 1e12 }),
    family: fc.constantFrom(4 as const, 6 as const),
  });
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 6000, size: 'max' }), fc.integer({ min: 1, max: 500 }), (flows, most) => {
      const aggregator = aggregatorOf(most);
      add(
        aggregator,
        flows.map((one) => ({ ...one, last: one.first + one.length })),
        [60, 500],
      );
      aggregator.end(500e6);
      let [packets, lost] = [0, 0];
      while (aggregator.waiting) {
        const batch = aggregator.take(new ArrayBuffer(flowBatchBytes()), 1)!;
        for (let i = 0; i < batch.rows; i++) {
          packets += batch.packets[i]!;
          lost += batch.lost[i]!;
          if (batch.status[i] === 0)
            assert.equal(Math.floor(batch.lastMicros[i]! / 60e6) * 60, batch.windowStartSeconds);
        }
      }
      const wanted = flows.filter(({ decision }) => decision < 4).reduce((sum, one) => sum + one.packets, 0);
      const { count } = aggregator;
      assert.deepEqual(
        [packets + lost, packets, lost, 0],
        [wanted, count.out, count.lost['table-full'] ?? 0, count.held],
      );
    }),
    { numRuns: 30 },
  );
});
