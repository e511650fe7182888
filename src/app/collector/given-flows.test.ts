import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import { createFlowRows } from '../../collect/kernel/flow-rows.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import { GivenFlows, unknownFlows } from './given-flows.ts';

const decisions = createDecisionTable();
const [one, two, three] = [1, 2, 3].map((at) =>
  decisions.numberOf({
    interface: at,
    direction: 'ingress',
    action: 'ACCEPT',
    stage: 'host-firewall',
    rule: 0,
    rejectReason: null,
    source: 'kernel',
  }),
) as [number, number, number];

/** Flows with a last packet each, of a span that ended at 100 and took until 130. */
function flows(last: readonly (readonly [number, number])[], lost: readonly (readonly [number, number])[] = []) {
  const rows = createFlowRows(8);
  for (const [decision, micros] of last) {
    rows.decision[rows.rows] = decision;
    rows.lastMicros[rows.rows++] = micros;
  }
  const span = { fromMicros: 0, toMicros: 100 };
  return { rows, lost: new Map(lost), span, untilMicros: 130, errorMicros: 5, incomplete: [] } satisfies CountedFlows;
}

test('who begins has missed what was given of its time, as far as times are exact', () => {
  const given = new GivenFlows(decisions);
  assert.deepEqual(given.missedSince(0).incomplete, []);
  given.note(
    flows(
      [
        [one, 40],
        [one, 90],
        [two, 80],
      ],
      [[three, 0]],
    ),
  );
  given.note(flows([[one, 10]]));
  assert.deepEqual(given.missedSince(85).incomplete, [1, 2]);
  assert.deepEqual(given.missedSince(86).incomplete, [1]);
  assert.deepEqual(given.missedSince(96), unknownFlows({ fromMicros: 96, toMicros: 96 }, []));
});

test('of what was lost, or may lack, nobody knows the time: it may be the last moment of the span', () => {
  const given = new GivenFlows(decisions);
  given.note(flows([], [[three, 7]]));
  given.note({ ...flows([]), incomplete: [2] });
  assert.deepEqual(given.missedSince(130).incomplete, [3, 2]);
  assert.deepEqual(given.missedSince(131).incomplete, []);
});

test('of whole windows those are missed that began before the last packet, at the interfaces that are asked for', () => {
  const given = new GivenFlows(decisions);
  given.note({
    ...flows([
      [one, 185e6],
      [two, 70e6],
    ]),
    errorMicros: 0,
  });
  const missed = given.missedOf([1, 2], 60e6, 60).map(({ span, incomplete }) => [span.fromMicros / 1e6, incomplete]);
  assert.deepEqual(missed, [
    [60, [1, 2]],
    [120, [1]],
    [180, [1]],
  ]);
  assert.deepEqual(given.missedOf([3], 60e6, 60), []);
  assert.deepEqual(given.missedOf([1], 240e6, 60), []);
});
