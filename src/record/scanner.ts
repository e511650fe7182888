/**
 * A memory with the loops of `line-code.ts` over it.
 *
 * In:    bytes of records, put into `bytes`. Out: numbers and texts of their fields, in the places that were asked for.
 * Holds: a scanner belongs to one file at a time and is taken again for the next: a memory is never given back.
 * Fails: with a RangeError where there is no memory left.
 */
import { assemble } from './assemble.ts';
import { FREE, LINE_CODE, LONGEST_LINE, ONES } from './line-code.ts';

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

export type Scanner = {
  readonly loops: Loops;
  /** Views of the memory; others after `reserve`. */
  bytes: Uint8Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  /** Sees to it that the memory reaches to `end`. */
  readonly reserve: (end: number) => void;
};

/** Every JavaScript host has it; the types of Node do not say so. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE_BYTES = 65_536;
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
let module: object | null = null;

/** A scanner for a file. */
export function takeScanner(): Scanner {
  return spare.pop() ?? createScanner();
}

/** For the next file. */
export function giveScannerBack(scanner: Scanner): void {
  if (spare.length < MOST_SPARE) spare.push(scanner);
}

function createScanner(): Scanner {
  module ??= new WebAssembly.Module(assemble(LINE_CODE));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(COLUMNS / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const scanner: Scanner = {
    loops: exports as Loops,
    bytes: new Uint8Array(memory.buffer),
    words: new Int32Array(memory.buffer),
    reserve(end) {
      const missing = end - scanner.bytes.length;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE_BYTES));
      scanner.bytes = new Uint8Array(memory.buffer);
      scanner.words = new Int32Array(memory.buffer);
    },
  };
  scanner.bytes.fill(255, ONES, ONES + 16);
  return scanner;
}
