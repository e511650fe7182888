/**
 * What every stage counts (rule C): in = out + held + the sum of lost, at any moment it is read.
 *
 * In:    nothing. Out: a count in the unit of the stage's input.
 * Holds: `lost` is by cause; `notes` are outside the sum (`late`, `picked-up`, `no-ports`, `tracking-evicted`).
 */

export type StageCount = {
  in: number;
  out: number;
  held: number;
  readonly lost: Record<string, number>;
  readonly notes: Record<string, number>;
};

/** Adds one count to another of the same unit. */
export function addCount(to: StageCount, more: StageCount): void {
  to.in += more.in;
  to.out += more.out;
  to.held += more.held;
  for (const [cause, count] of Object.entries(more.lost)) to.lost[cause] = (to.lost[cause] ?? 0) + count;
  for (const [note, count] of Object.entries(more.notes)) to.notes[note] = (to.notes[note] ?? 0) + count;
}

/** A count of nothing yet. */
export function createStageCount(): StageCount {
  return { in: 0, out: 0, held: 0, lost: {}, notes: {} };
}
