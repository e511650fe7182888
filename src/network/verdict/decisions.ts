/**
 * The numbers by which flows name what was decided about them.
 *
 * In:    a decision. Out: its number.
 * Holds: numbers are only ever added, so flows of two snapshots merge. Number 0 is none. What was added since a number
 *        can be taken and sent to the thread that prints.
 */
import type { Decision } from '../vpc/snapshot.ts';

const NONE: Decision = {
  interface: 0,
  direction: null,
  action: null,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
};

/** A growing table of decisions; `list[n]` is the decision with the number n. */
export type DecisionTable = {
  readonly list: readonly Decision[];
  /** The number of a decision; the same decision has the same number for ever. Not for hot loops: callers keep the number. */
  numberOf(decision: Decision): number;
  /** Adds decisions that another thread numbered, in its order; `from` is the number of the first. */
  receive(from: number, decisions: readonly Decision[]): void;
};

/** An empty table (number 0 only). */
export function createDecisionTable(): DecisionTable {
  const list: Decision[] = [NONE];
  const numbers = new Map<string, number>();
  const keyOf = (d: Decision): string =>
    `${d.interface} ${d.direction} ${d.action} ${d.stage} ${d.rule} ${d.rejectReason} ${d.source}`;
  const add = (decision: Decision): number => {
    numbers.set(keyOf(decision), list.length);
    return list.push(decision) - 1;
  };
  return {
    list,
    numberOf: (decision) => numbers.get(keyOf(decision)) ?? add(decision),
    receive(from, decisions) {
      for (const [offset, decision] of decisions.entries()) if (from + offset >= list.length) add(decision);
    },
  };
}
