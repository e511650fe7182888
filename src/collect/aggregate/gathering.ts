/**
 * A window while it gathers flows.
 *
 * In:    starts of windows. Out: windows; those whose flows were given out are used again.
 */
import type { LinearMemory } from '../../model/linear-memory.ts';
import { FlowTable } from './flow-table.ts';
import type { RunSpan } from './window.ts';

/** A window that gathers, waits to be given out, or is given out. */
export type Window = {
  readonly startSeconds: number;
  readonly late: boolean;
  readonly flows: FlowTable;
  /** By interface number: packets that found no room. */
  lost: Float64Array;
  /** Interfaces of which something is not in the records. */
  readonly skipped: Set<number>;
  /** Interfaces with packets of this window that were read before it came: they have a record of their own. */
  early: ReadonlySet<number> | null;
  /** The source itself lost packets, at which interface is not known. */
  lossy: boolean;
  /** What of it the source saw; set when it closes. */
  run: RunSpan | null;
};

/** The rest of a window, gathered apart for flow logs that were made within it. */
export type PartialWindow = {
  /** Above 0; batches name it. */
  readonly number: number;
  readonly seconds: 60 | 600;
  /** Ascending. */
  readonly interfaces: readonly number[];
  readonly fromMicros: number;
  /** The end of the window. */
  readonly untilSeconds: number;
};

/** Of what time packets are gathered. */
export function wantedSpan(partial: PartialWindow | undefined): RunSpan {
  if (partial === undefined) return { fromMicros: -Infinity, toMicros: Infinity };
  return { fromMicros: partial.fromMicros, toMicros: partial.untilSeconds * 1e6 };
}

/** Of windows in which nothing was seen; nobody writes into it. */
const NO_LOSS = new Float64Array(0);

/** A column of at least so many numbers. */
export function widened(column: Float64Array, least: number): Float64Array {
  if (column.length >= least) return column;
  const wider = new Float64Array(least);
  wider.set(column);
  return wider;
}

/** Adds up a column. */
export function sum(column: Float64Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column[i]!;
  return total;
}

/** Windows kept for the next time. */
const SPARE = 2;

/** Makes windows. */
export class WindowPool {
  readonly #spare: Window[] = [];
  readonly #batch: LinearMemory;
  readonly #facts: LinearMemory;
  /** Of windows in which nothing was seen. */
  readonly #none: FlowTable;

  /**
   * @param batch  what the tables count
   * @param facts  of decisions, for the tables
   */
  constructor(batch: LinearMemory, facts: LinearMemory) {
    this.#batch = batch;
    this.#facts = facts;
    this.#none = new FlowTable(batch, facts, true);
  }

  /** A window in which nothing was seen. */
  silent(startSeconds: number): Window {
    return {
      startSeconds,
      late: false,
      flows: this.#none,
      lost: NO_LOSS,
      skipped: new Set(),
      early: null,
      lossy: false,
      run: null,
    };
  }

  /** An empty one. */
  fresh(startSeconds: number, late: boolean, interfaces: number): Window {
    const spare = late ? undefined : this.#spare.pop();
    const flows = spare?.flows ?? new FlowTable(this.#batch, this.#facts, late);
    flows.begin(startSeconds);
    return {
      startSeconds,
      late,
      flows,
      lost: widened(spare?.lost ?? NO_LOSS, interfaces),
      skipped: new Set(),
      early: null,
      lossy: false,
      run: null,
    };
  }

  /** Takes one back. */
  recycle(window: Window): void {
    if (window.late || window.flows === this.#none || this.#spare.length >= SPARE) return;
    window.flows.clear();
    window.lost.fill(0);
    this.#spare.push(window);
  }
}
