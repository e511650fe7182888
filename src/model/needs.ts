/**
 * What a stage needs of the machine, as `flowgauge doctor` prints it.
 *
 * In:    nothing. Out: a list `needs` that each stage exports; `app/` and `cli/` join the lists.
 * Holds: looking changes nothing on the machine and loads nothing heavy before `look` is called.
 * Fails: `look` never throws; what it could not find out is not met, and `found` says why.
 */

/** What stops working without it: the verbs `up` (live), `capture` (live), `query` and `lab`, or only some tests. */
export type NeededFor = 'up' | 'capture' | 'query' | 'lab' | 'tests';

/** What was seen here. */
export type NeedFound = {
  readonly met: boolean;
  /** What is there, or what was tried and failed: `tcpdump 4.99.3`, `not found in PATH`. */
  readonly found: string;
  /** The command (or one sentence) that gets it; null where it is met. */
  readonly get: string | null;
};

export type Need = {
  /** A word or two: `tcpdump`, `permission to capture`. */
  readonly name: string;
  /** What one has with it: `live capture`. */
  readonly gives: string;
  readonly neededFor: readonly NeededFor[];
  readonly look: () => Promise<NeedFound>;
};
