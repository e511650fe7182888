/**
 * The flows of one window: an open-addressing hash table.
 *
 * In:    packets with their decisions, in a batch memory. Out: one row for each five-tuple and decision, in the order of first sight.
 * Holds: no object per packet or flow; what is done for each is `flow-loops.ts`'s. A large table has memories of its own,
 *        which reserve much address space: what there may be thousands of is small.
 * Fails: never; a row beyond the bound is refused, and its packet counted as lost.
 */
import { LinearMemory, loopsOver, PlainMemory } from '../../model/linear-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import { FLOW_LOOPS_CODE } from './flow-loops.generated.ts';
import {
  DECISION,
  FIRST_6,
  FIRST_UNIT,
  GIVE_AT,
  GIVE_LEADER,
  GROUP,
  KIND,
  LOST,
  MASK,
  ROWS,
  SIX,
  START,
  UNIT_BYTES,
  UNITS,
} from './flow-columns.ts';
import { flowLoops } from './flow-loops.ts';
import type { FlowLoops } from './flow-loops.ts';
import { theInbox } from './inbox.ts';
import { ROW_LOOPS_CODE } from './row-loops.generated.ts';
import { rowLoops } from './row-loops.ts';
import type { RowLoops } from './row-loops.ts';

/** Slots to begin with. */
const SMALL = 16;
const LARGE = 4096;
const SLOT_BYTES = 4;
const UNIT_WORDS = UNIT_BYTES / 4;

/** The flows of one window at all interfaces. */
export class FlowTable {
  readonly #rows: Views;
  readonly #slots: Views;
  readonly #loops: FlowLoops;
  readonly #rowLoops: RowLoops;

  /**
   * @param batch  packets and observations that are counted
   * @param facts  by decision, as `flow-loops.ts` says
   * @param small  true: one of many
   */
  constructor(batch: LinearMemory, facts: LinearMemory, small: boolean) {
    const { memory: inbox, out } = theInbox();
    const first = small ? SMALL : LARGE;
    if (small) {
      this.#rows = new PlainMemory(UNIT_BYTES * SMALL);
      this.#slots = new PlainMemory(SLOT_BYTES * SMALL);
      this.#loops = flowLoops(this.#rows, batch, inbox, this.#slots, facts);
      this.#rowLoops = rowLoops(this.#rows, batch, inbox, this.#slots, facts, out);
    } else {
      const rows = new LinearMemory(UNIT_BYTES * LARGE);
      const slots = new LinearMemory(SLOT_BYTES * LARGE);
      this.#rows = rows;
      this.#slots = slots;
      const memories = { rows, batch, inbox, slots, facts, out };
      this.#loops = loopsOver(FLOW_LOOPS_CODE, memories) as FlowLoops;
      this.#rowLoops = loopsOver(ROW_LOOPS_CODE, memories) as RowLoops;
    }
    this.#rows.i32[UNITS] = FIRST_UNIT;
    this.#rows.i32[MASK] = first - 1;
  }

  /** To be called before anything is counted: the window begins then, seconds since 1970 UTC. */
  begin(startSeconds: number): void {
    this.#rows.f64[START] = startSeconds * 1e6;
  }

  get rows(): number {
    return this.#rows.i32[ROWS]!;
  }

  /** Forgets the flows and keeps the room. */
  clear(): void {
    const mask = this.#rows.i32[MASK]!;
    this.#slots.i32.fill(0, 0, mask + 1);
    this.#rows.i32.fill(0, 0, FIRST_UNIT * UNIT_WORDS);
    this.#rows.i32[UNITS] = FIRST_UNIT;
    this.#rows.i32[MASK] = mask;
  }

  /**
   * Counts observations.
   *
   * @param from      first observation
   * @param to        behind the last
   * @param maxRows   rows at most
   * @param lost      by interface: packets whose flow found no room
   * @returns how many observations were counted; those not wanted or lost are not
   */
  add(from: number, to: number, maxRows: number, lost: Float64Array): number {
    this.#makeRoom(to - from);
    this.#rows.i32[LOST] = 0;
    let counted = 0;
    for (let at = from; at < to; at += GROUP) {
      const end = Math.min(at + GROUP, to);
      this.#rowLoops.approach(at, end);
      counted += this.#loops.count(at, end, maxRows);
    }
    const noted = this.#rows.i32[LOST];
    if (noted > 0) theInbox().tellLost(noted, lost);
    return counted;
  }

  /**
   * Counts flows of the inbox, of which each is one observation with packets and bytes.
   *
   * @param lose  told of those that found no room, by their place in the inbox
   */
  addFlows(count: number, maxRows: number, lose: (at: number) => void): void {
    this.#makeRoom(count);
    this.#rows.i32[LOST] = 0;
    for (let at = 0; at < count; at += GROUP) {
      const end = Math.min(at + GROUP, count);
      this.#rowLoops.approach(at, end);
      this.#loops.countFlows(at, end, maxRows);
    }
    const noted = this.#rows.i32[LOST];
    for (let i = 0; i < noted; i++) lose(theInbox().lostAt(i));
  }

  /** Room for so many rows more; slots stay at most half full. */
  #makeRoom(more: number): void {
    this.#rows.reserve((this.#rows.i32[UNITS]! + more * 2) * UNIT_BYTES);
    let slots = this.#rows.i32[MASK]! + 1;
    if ((this.rows + more) * 2 <= slots) return;
    this.#slots.i32.fill(0, 0, slots);
    while ((this.rows + more) * 2 > slots) slots *= 2;
    this.#slots.reserve(slots * SLOT_BYTES);
    this.#rows.i32[MASK] = slots - 1;
    this.#rowLoops.link();
  }

  /** Rows of a family are given out from the first on. */
  open(family: 4 | 6): void {
    this.#rows.i32[GIVE_AT] = family === 4 ? FIRST_UNIT : this.#rows.i32[FIRST_6]!;
    this.#rows.i32[GIVE_LEADER] = 0;
  }

  /** Adds rows to those in `out`, of which there are `start`; how many there are then. */
  give(start: number, family: 4 | 6): number {
    return this.#rowLoops.give(start, family);
  }

  /** All rows of the family that was opened are given out. */
  isGiven(family: 4 | 6): boolean {
    const { i32 } = this.#rows;
    return i32[GIVE_LEADER] === 0 && i32[GIVE_AT] === (family === 4 ? i32[UNITS] : 0);
  }

  /** The decisions of all rows. */
  *decisions(): Generator<number, void, undefined> {
    const { i32 } = this.#rows;
    const end = i32[UNITS]! * UNIT_WORDS;
    for (let at = FIRST_UNIT * UNIT_WORDS; at < end; at += (i32[at + KIND]! & SIX) === 0 ? UNIT_WORDS : UNIT_WORDS * 2)
      yield i32[at + DECISION]!;
  }
}
