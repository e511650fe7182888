/**
 * The judge of a capture without a model (rule P5): one interface, every packet passes.
 *
 * In:    packets. Out: one observation for each, ACCEPT, with a direction where the link layer tells it.
 * Holds: nothing is left out and nothing is remembered.
 */
import { createStageCount } from '../../model/counters.ts';
import type { DecisionTable } from './decisions.ts';
import type { Judge } from './judge.ts';

/**
 * @param interfaceNumber  the interface that everything is seen at
 */
export function createOpenJudge(decisions: DecisionTable, interfaceNumber: number): Judge {
  const count = createStageCount();
  const observations = createStageCount();
  // By `PacketBatch.side`: not known, received, sent.
  const bySide = Uint32Array.from(
    ([null, 'ingress', 'egress'] as const).map((direction) =>
      decisions.numberOf({
        interface: interfaceNumber,
        direction,
        action: 'ACCEPT',
        stage: 'not-judged',
        rule: 0,
        rejectReason: null,
        source: 'none',
      }),
    ),
  );
  return {
    count,
    observations,
    tied: null,
    tracked: 0,
    judge(packets, _source, out) {
      const { rows, side } = packets;
      for (let row = 0; row < rows; row++) {
        out.packet[row] = row;
        out.decision[row] = bySide[side[row] as number] as number;
      }
      out.rows = rows;
      count.in += rows;
      count.out += rows;
      observations.in += rows;
      observations.out += rows;
    },
    update() {
      // There are no rules that could change.
    },
  };
}
