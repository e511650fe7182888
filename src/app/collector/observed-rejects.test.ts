import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlowRows, growFlowRows } from '../../collect/kernel/flow-rows.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import { MOST_TOLD, observedRejects } from './observed-rejects.ts';
import { openSnapshot } from './open-snapshot.ts';

const network = openSnapshot();
const decisions = createDecisionTable();
const numberOf = (interfaceNumber: number, action: 'ACCEPT' | 'REJECT'): number =>
  decisions.numberOf({
    interface: interfaceNumber,
    direction: 'ingress',
    action,
    stage: 'host-firewall',
    rule: 0,
    rejectReason: null,
    source: 'kernel',
  });
const [passed, dropped] = [numberOf(1, 'ACCEPT'), numberOf(1, 'REJECT')];

/** Rows of one packet each, at these times in seconds. */
function rowsOf(flows: readonly { readonly decision: number; readonly at: number; readonly family?: 6 }[]) {
  const rows = createFlowRows(1);
  for (const { decision, at, family = 4 } of flows) {
    if (rows.rows === rows.decision.length) growFlowRows(rows);
    const row = rows.rows++;
    rows.decision[row] = decision;
    rows.family[row] = family;
    rows.protocol[row] = 17;
    rows.ports[row] = 40_000 * 65_536 + 53;
    rows.src.set(family === 4 ? [0x0a000001] : [0xfd000000, 0, 0, 1], row * 4);
    rows.dst.set(family === 4 ? [0x0a000002] : [0xfd000000, 0, 0, 2], row * 4);
    rows.packets[row] = 2;
    rows.bytes[row] = 120;
    rows.lastMicros[row] = at * 1e6;
  }
  return rows;
}

test('rejected flows of a generation are told, oldest first, and no accepted one', () => {
  const flows = [
    { decision: dropped, at: 9 },
    { decision: passed, at: 8 },
    { decision: dropped, at: 7, family: 6 },
  ] as const;
  const { told, count } = observedRejects({ rows: rowsOf(flows), lost: new Map() }, decisions.list, network);
  assert.deepEqual(count, { seen: 4, told: 4 });
  const what = {
    interfaceId: network.interfaces[1]!.id,
    direction: 'ingress',
    srcport: 40_000,
    dstport: 53,
    protocol: 17,
  };
  const of = { ...what, tcpFlags: 0, packets: 2, bytes: 120, stage: 'host-firewall', ruleId: null };
  assert.deepEqual(told, [
    { ...of, atMicros: 7e6, srcaddr: 'fd00::1', dstaddr: 'fd00::2' },
    { ...of, atMicros: 9e6, srcaddr: '10.0.0.1', dstaddr: '10.0.0.2' },
  ]);
});

test('of many the newest are told, and the others counted, as is what found no room', () => {
  const flows = Array.from({ length: MOST_TOLD + 3 }, (_, at) => ({ decision: dropped, at }));
  const lost = new Map([
    [dropped, 10],
    [passed, 99],
  ]);
  const { told, count } = observedRejects({ rows: rowsOf(flows), lost }, decisions.list, network);
  assert.deepEqual([told.length, told[0]!.atMicros], [MOST_TOLD, 3e6]);
  assert.deepEqual(count, { seen: (MOST_TOLD + 3) * 2 + 10, told: MOST_TOLD * 2 });
});
