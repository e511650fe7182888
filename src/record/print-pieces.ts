/**
 * The pieces of which a format's lines are put together.
 *
 * In:    a format, and what its texts come from. Out: a function that writes a group of lines.
 * Holds: neighbouring fields that a decision fixes are one piece: their text, spaces included, is encoded once and
 *        copied. Decisions that show alike share a stamp: many thousand decisions leave a few texts for each interface,
 *        which stay in the cache.
 * Fails: never; `width` says how many bytes a line may take.
 */
import { EXTENSION } from './fields/extension.ts';
import { linearCopy, loopsOver, PlainMemory } from '../model/linear-memory.ts';
import type { LinearMemory, Views } from '../model/linear-memory.ts';
import { theGroup } from './group.ts';
import { PRINT_LOOPS_CODE } from './print-loops.generated.ts';
import { GROUP_LINES, printLoops, STAMP_WORDS } from './print-loops.ts';
import type { PrintLoops } from './print-loops.ts';
import { Texts } from './texts.ts';
import type { Decision } from '../network/vpc/snapshot.ts';
import type { Field, FlowsInPrint, Subject, World } from './fields/field.ts';
import type { LogFormat } from './format.ts';

/** Writes the lines of one format. */
export type Pieces = {
  /** The stamp of each decision, for who takes records into the group. */
  readonly stamps: Views;
  /** Stamps, each of `stride` words; the first `STAMP_WORDS` of one are for who fills the group. */
  readonly known: Views;
  readonly stride: number;
  readonly loops: PrintLoops;
  /** From here on loops run as WebAssembly, where they can: much will be printed. */
  hasten(): void;
  /**
   * The number of what all lines of a decision have in common, from 1; made at first sight. Two decisions of one
   * interface, direction, action and reject reason share it unless the format shows rule or stage (rule W6).
   */
  stampOf(decision: Decision): number;
  /** Most bytes of a line of any stamp so far. */
  readonly width: number;
  /** Writes the lines of the group, which are empty. */
  write(flows: FlowsInPrint): void;
};

type Writer = (loops: PrintLoops, flows: FlowsInPrint) => void;

/** A text as a record may have it: never empty, and without anything that ends a field or a line. */
function printable(text: string | null): string {
  if (text === null || text === '') return '-';
  // Ids and names of AWS have none of these; a model written by hand may.
  return text.replace(/[^!-~\u0080-\uffff]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Neighbouring fields that are printed in one go. */
type Run = { readonly fixed: readonly Field[]; readonly other: Field | null };

/** Lines without traffic have a value where the field stays, and only times there are not fixed. */
function isFixed(field: Field, status: Subject['status']): boolean {
  const { kind } = field.print;
  return kind === 'fixed' || kind === 'none' || (status !== 'OK' && !(kind === 'written' && field.stays));
}

function runsOf(fields: readonly Field[], status: Subject['status']): Run[] {
  const runs: { fixed: Field[]; other: Field | null }[] = [];
  for (const field of fields) {
    const last = runs.at(-1);
    if (!isFixed(field, status)) runs.push({ fixed: [], other: field });
    else if (last === undefined || last.other !== null) runs.push({ fixed: [field], other: null });
    else last.fixed.push(field);
  }
  return runs;
}

function fixedText(field: Field, subject: Subject): string {
  if (field.print.kind !== 'fixed') return '-';
  return subject.status === 'OK' || field.stays ? printable(field.print.text(subject)) : '-';
}

const DIRECTIONS = [null, 'ingress', 'egress'] as const;
const ACTIONS = [null, 'ACCEPT', 'REJECT'] as const;
const REASONS = [null, 'BPA', 'EC'] as const;

/** Memories for WebAssembly; null where there is no address space left for them: there may be thousands of printers. */
function ownCopies(
  stamps: Views,
  known: Views,
  texts: Views,
): Record<'stamps' | 'known' | 'texts', LinearMemory> | null {
  try {
    return { stamps: linearCopy(stamps), known: linearCopy(known), texts: linearCopy(texts) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Makes the pieces of a format, for lines of one status. */
export function composePieces(format: LogFormat, world: World, status: Subject['status']): Pieces {
  const texts = new Texts();
  const splitting = format.fields.filter((field) => EXTENSION.includes(field));
  const numbers = new Map<number, number>();
  const splits = new Map<string, number>();
  /** The runs that are fixed, in the order of their places in a stamp. */
  const stamped: Run[] = [];
  const found = new Int32Array(GROUP_LINES);
  let widthOfOthers = 0;
  let widest = 0;

  const writers = runsOf(format.fields, status).map((run): Writer => {
    const print = run.other?.print;
    if (print?.kind === 'written') {
      widthOfOthers += print.width + 1;
      return print.write;
    }
    if (print?.kind === 'numbered') {
      const made = new Int32Array(print.count(world) * 2);
      let longest = 0;
      for (let number = 0; number * 2 < made.length; number++) {
        const text = texts.numberOf(`${printable(print.text(number, world))} `);
        texts.place(made, number * 2, text);
        longest = Math.max(longest, texts.lengthOf(text));
      }
      widthOfOthers += longest;
      return (loops, flows) => {
        print.find(flows, found, world);
        const { count, textFrom, textLength } = flows;
        for (let i = 0; i < count; i++) {
          textFrom[i] = made[found[i]! * 2]!;
          textLength[i] = made[found[i]! * 2 + 1]!;
        }
        loops.placed();
      };
    }
    const at = STAMP_WORDS + stamped.length * 2;
    stamped.push(run);
    return (loops) => loops.stamped(stride, at);
  });
  const stride = STAMP_WORDS + stamped.length * 2;
  const group = theGroup();
  let stamps: Views = new PlainMemory(1024);
  let known: Views = new PlainMemory(stride * 256);
  let loops = printLoops(group.memory, group.batch, stamps, known, texts.memory);

  const subjectOf = (decision: Decision): Subject => ({
    ...world,
    interface: world.snapshot.interfaces[decision.interface]!,
    decision,
    status,
  });

  /** A number for everything of a decision that a line may show. */
  const keyOf = (decision: Decision): number => {
    const { interface: at, direction, action, rejectReason } = decision;
    const words = (DIRECTIONS.indexOf(direction) * 3 + ACTIONS.indexOf(action)) * 3 + REASONS.indexOf(rejectReason);
    let split = 0;
    if (splitting.length > 0) {
      const subject = subjectOf(decision);
      const text = splitting.map((field) => fixedText(field, subject)).join(' ');
      split = splits.get(text) ?? splits.size;
      splits.set(text, split);
    }
    return split * 2 ** 32 + at * 27 + words;
  };

  const makeStamp = (stamp: number, subject: Subject): void => {
    let width = widthOfOthers;
    known.reserve((stamp + 1) * stride * 4);
    for (const [n, run] of stamped.entries()) {
      const text = run.fixed.map((field) => fixedText(field, subject)).join(' ');
      const number = texts.numberOf(`${text} `);
      texts.place(known.i32, stamp * stride + STAMP_WORDS + n * 2, number);
      width += texts.lengthOf(number);
    }
    widest = Math.max(widest, width);
  };

  return {
    stride,
    get stamps() {
      return stamps;
    },
    get known() {
      return known;
    },
    get loops() {
      return loops;
    },
    get width() {
      return widest;
    },
    hasten() {
      const copies = ownCopies(stamps, known, texts.memory);
      if (copies === null) return;
      ({ stamps, known, texts: texts.memory } = copies);
      loops = loopsOver(PRINT_LOOPS_CODE, { group: group.memory, batch: group.batch, ...copies }) as PrintLoops;
    },
    stampOf(decision) {
      const key = keyOf(decision);
      let stamp = numbers.get(key);
      if (stamp === undefined) {
        stamp = numbers.size + 1;
        makeStamp(stamp, subjectOf(decision));
        numbers.set(key, stamp);
      }
      return stamp;
    },
    write(flows) {
      for (const write of writers) write(loops, flows);
    },
  };
}
