/**
 * What the aggregator needs of a decision, by its number.
 *
 * In:    the decision table as it grows. Out: columns by decision number.
 * Holds: decisions of one merge class share interface, direction, action and reject-reason: flows that differ only in
 *        which of them they carry are one record unless its format names rule or stage (rule W6).
 * Fails: never.
 */
import type { Decision } from '../../network/vpc/snapshot.ts';

/** Columns by decision number; valid below `known`. */
export type MergeClasses = {
  readonly known: number;
  /** Merge class; decisions of different classes never share a record. */
  readonly classOf: Uint32Array;
  readonly interfaceOf: Uint32Array;
  /** Takes in what was decided since; call before using numbers that may be new. */
  follow(list: readonly Decision[]): void;
};

const DIRECTIONS = [null, 'ingress', 'egress'] as const;
const ACTIONS = [null, 'ACCEPT', 'REJECT'] as const;
const REASONS = [null, 'BPA', 'EC'] as const;

/** Columns of no decision yet. */
export function createMergeClasses(): MergeClasses {
  const numbers = new Map<number, number>();
  const classes = {
    known: 0,
    classOf: new Uint32Array(64),
    interfaceOf: new Uint32Array(64),
    follow(list: readonly Decision[]): void {
      if (list.length === classes.known) return;
      if (list.length > classes.classOf.length) {
        classes.classOf = grown(classes.classOf, list.length);
        classes.interfaceOf = grown(classes.interfaceOf, list.length);
      }
      for (let number = classes.known; number < list.length; number++) {
        const { interface: of, direction, action, rejectReason } = list[number]!;
        const words = (DIRECTIONS.indexOf(direction) * 3 + ACTIONS.indexOf(action)) * 3 + REASONS.indexOf(rejectReason);
        const key = of * 27 + words;
        const known = numbers.get(key);
        const merged = known ?? numbers.size;
        if (known === undefined) numbers.set(key, merged);
        classes.classOf[number] = merged;
        classes.interfaceOf[number] = of;
      }
      classes.known = list.length;
    },
  };
  return classes;
}

function grown(column: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(Math.max(least, column.length * 2));
  wider.set(column);
  return wider;
}
