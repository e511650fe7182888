/**
 * A memory with the loops of `line-code.ts` over it.
 *
 * In:    bytes of records, put into `bytes`. Out: numbers and texts of their fields, in the places that were asked for.
 * Holds: a scanner belongs to one file at a time and is taken again for the next: a memory is never given back.
 * Fails: with a RangeError where there is no memory left.
 */
import { FREE, LINE_CODE, LONGEST_LINE, ONES } from './line-code.ts';
import { createLoopMemory } from './loop-memory.ts';
import type { LoopMemory } from './loop-memory.ts';

/** The loops; what they take and give stands in their source. */
type Loops = {
  scan(
    from: number,
    to: number,
    fields: number,
    most: number,
    out: number,
    header: bigint,
    headerMask: bigint,
    trusted: number,
  ): number;
  ints(ends: number, stride: number, count: number, out: number, wide: number, bits: number, bit: number): number;
  words(
    ends: number,
    stride: number,
    count: number,
    out: number,
    bits: number,
    bit: number,
    state: number,
    trusted: number,
  ): number;
};

export type Scanner = LoopMemory<Loops>;

/** Read in one go: what is found in it stays in the cache for its columns. */
export const STEP_BYTES = 1 << 17;
/** Where bytes are put: the begin of a line, and a step. The loops look a little before and behind. */
export const INPUT = FREE + 64;
/** Where `scan` writes: places of the ends of fields. */
export const ENDS = INPUT + LONGEST_LINE + 1 + STEP_BYTES + 255;
/** Ends in one go. */
export const MOST_ENDS = 1 << 17;
/** Where columns may begin. */
export const COLUMNS = ENDS + MOST_ENDS * 4;

const spare: Scanner[] = [];
/** Files that are read at one time in one thread, and a few. */
const MOST_SPARE = 6;

/** A scanner for a file. */
export function takeScanner(): Scanner {
  return spare.pop() ?? createScanner();
}

/** For the next file. */
export function giveScannerBack(scanner: Scanner): void {
  if (spare.length < MOST_SPARE) spare.push(scanner);
}

function createScanner(): Scanner {
  const scanner = createLoopMemory<Loops>(LINE_CODE, COLUMNS);
  scanner.bytes.fill(255, ONES, ONES + 16);
  return scanner;
}
