/**
 * The group in print: some records of a batch, in columns, and their lines.
 *
 * In:    a flow batch. Out: lines in text blocks.
 * Holds: there is one for a thread; whoever uses it is done with it before he returns. What is done for each record is
 *        `print-loops.ts`'s.
 * Fails: with a RangeError where a batch has more rows than `FLOW_BATCH_ROWS`.
 */
import { FLOW_BATCH_ROWS, flowBatchBytes, flowBatchOver } from '../model/batch.ts';
import type { FlowBatch } from '../model/batch.ts';
import { LinearMemory } from '../model/linear-memory.ts';
import { FlowsInPrint } from './fields/field.ts';
import { HEX_PAIRS, OCTET_TEXTS, ZERO_RUN_OF } from './print-address.ts';
import { COUNT, FILTERED, FOUR_DIGITS, GROUP_LINES, HEX, LINES, OCTETS, SLACK, SUM, ZERO_RUNS } from './print-loops.ts';
import type { PrintLoops } from './print-loops.ts';
import { DIGITS } from './print-number.ts';
import { reserve } from './text-block.ts';
import type { TextBlock } from './text-block.ts';

/** Columns that a record can show; bytes of SKIPDATA's count are asked of the batch itself. */
const COLUMNS = [
  'packets',
  'bytes',
  'firstMicros',
  'lastMicros',
  'decision',
  'ports',
  'status',
  'joins',
  'family',
  'protocol',
  'tcpFlags',
] as const;

export class Group {
  /** The batch at hand in the loops' memory. */
  readonly batch: LinearMemory = new LinearMemory(flowBatchBytes());
  readonly memory: LinearMemory = new LinearMemory(LINES);
  readonly #columns: FlowBatch;
  /** The columns of the group; others when its lines have become wider. */
  flows: FlowsInPrint;
  /** Bytes that a line has room for. */
  width = 0;

  constructor() {
    const head = { snapshotVersion: 0, windowStartSeconds: 0, intervalSeconds: 60, open: false };
    this.#columns = flowBatchOver(this.batch.u8.buffer, head);
    const { u8, u16, i32 } = this.memory;
    i32.set(DIGITS, FOUR_DIGITS);
    i32.set(OCTET_TEXTS, OCTETS);
    u16.set(HEX_PAIRS, HEX);
    u8.set(ZERO_RUN_OF, ZERO_RUNS);
    this.flows = new FlowsInPrint(this.memory, this.#columns);
  }

  /** Takes a batch in; the group is empty then. */
  load(batch: FlowBatch): void {
    const { rows } = batch;
    if (rows > FLOW_BATCH_ROWS) throw new RangeError(`a batch of ${rows} flows`);
    for (const name of COLUMNS) this.#columns[name].set(batch[name].subarray(0, rows));
    this.#columns.src.set(batch.src.subarray(0, rows * 4));
    this.#columns.dst.set(batch.dst.subarray(0, rows * 4));
    this.memory.i32[COUNT] = 0;
    this.memory.i32[FILTERED] = 0;
  }

  get count(): number {
    return this.memory.i32[COUNT]!;
  }

  set count(count: number) {
    this.memory.i32[COUNT] = count;
  }

  /** Rows that were passed. */
  get filtered(): number {
    return this.memory.i32[FILTERED]!;
  }

  set filtered(filtered: number) {
    this.memory.i32[FILTERED] = filtered;
  }

  /** Packets of the records that were gone through last. */
  get sum(): number {
    return this.memory.f64[SUM]!;
  }

  /** Sees to room for lines of so many bytes. */
  widen(width: number): void {
    if (width + SLACK <= this.width) return;
    this.width = Math.ceil((width + SLACK) / 8) * 8;
    // The lines, and once more where they are put together.
    this.memory.reserve(LINES + this.width * GROUP_LINES * 2 + SLACK);
    this.flows = new FlowsInPrint(this.memory, this.#columns);
  }

  /** Adds lines `[from, to)` to a block. */
  give(loops: PrintLoops, from: number, to: number, block: TextBlock): void {
    const begin = LINES + this.width * GROUP_LINES;
    const bytes = loops.give(from, to, this.width, begin);
    reserve(block, bytes).set(this.memory.u8.subarray(begin, begin + bytes), block.length);
    block.length += bytes;
  }
}

let made: Group | null = null;

/** The one of this thread. */
export function theGroup(): Group {
  return (made ??= new Group());
}
