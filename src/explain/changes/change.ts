/**
 * A proposed change to a network, step by step.
 *
 * In:    nothing. Out: the types that the readers of changes make and `apply.ts` takes.
 * Holds: steps name resources by the ids of the model; what is made anew has a name of its own, such as its address in a plan.
 */
import type { ChangeNote, ChangeStep } from '../../api/change.ts';

export type Change = {
  /** For messages: the file. */
  readonly name: string;
  readonly steps: readonly ChangeStep[];
  readonly notes: readonly ChangeNote[];
};
