/**
 * The pieces of which a format's lines are put together.
 *
 * In:    a format, and what its texts come from. Out: functions that write one line.
 * Holds: neighbouring fields that a decision fixes are one piece: their text, spaces included, is encoded once for each
 *        decision and copied. Texts are kept once, however many decisions have them.
 * Fails: never; `roomFor` says how many bytes a line may take before it is written.
 */
import { EXTENSION } from './fields/extension.ts';
import { Texts, grown } from './texts.ts';
import type { Decision } from '../network/vpc/snapshot.ts';
import type { Field, FlowInPrint, Subject, World } from './fields/field.ts';
import type { LogFormat } from './format.ts';

const SPACE = 32;
const NEWLINE = 10;

type Status = Subject['status'];

/** Writes the lines of one format. */
export type Pieces = {
  /** Bytes that a line of this decision may take. To be asked before `write`: prepares what the decision fixes. */
  roomFor(decisionNumber: number, decision: Decision): number;
  write(out: Uint8Array, at: number, flow: FlowInPrint, decisionNumber: number): number;
  /** What of rule and stage the lines of a decision show; '' where the format names neither (rule W6). */
  shownOf(decision: Decision): string;
  roomWithoutTraffic(decision: Decision, status: Status): number;
  /** Writes a NODATA or SKIPDATA line with the times in `flow.sums`. */
  writeWithoutTraffic(out: Uint8Array, at: number, flow: FlowInPrint, decision: Decision, status: Status): number;
};

const encoder = new TextEncoder();

/** A text as a record may have it: never empty, and without anything that ends a field or a line. */
function printable(text: string | null): string {
  if (text === null || text === '') return '-';
  // Ids and names of AWS have none of these; a model written by hand may.
  return text.replace(/[^!-~\u0080-\uffff]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Neighbouring fields that are printed in one go. */
type Run = { readonly fixed: readonly Field[]; readonly other: Field | null };

function runsOf(fields: readonly Field[]): Run[] {
  const runs: { fixed: Field[]; other: Field | null }[] = [];
  for (const field of fields) {
    const last = runs.at(-1);
    const isFixed = field.print.kind === 'fixed' || field.print.kind === 'none';
    if (!isFixed) runs.push({ fixed: [], other: field });
    else if (last === undefined || last.other !== null) runs.push({ fixed: [field], other: null });
    else last.fixed.push(field);
  }
  return runs;
}

function fixedText(field: Field, subject: Subject): string {
  if (field.print.kind !== 'fixed') return '-';
  return subject.status === 'OK' || field.stays ? printable(field.print.text(subject)) : '-';
}

/** Makes the pieces of a format. */
export function composePieces(format: LogFormat, world: World): Pieces {
  const texts = new Texts();
  const runs = runsOf(format.fields);
  const fixedRuns = runs.filter((run) => run.other === null);
  const fixedCount = fixedRuns.length;
  /** Text numbers of the fixed runs of each decision, and the bytes of its lines; 0 bytes: not made yet. */
  const fixed = { texts: new Int32Array(256 * fixedCount) };
  let room = new Int32Array(256);
  /** Most bytes of all pieces that are not fixed. */
  let widthOfOthers = 0;

  const subjectOf = (decision: Decision, status: Status): Subject => ({
    ...world,
    interface: world.snapshot.interfaces[decision.interface]!,
    decision,
    status,
  });

  // One function for each format, in which every piece has its own call: 1.35 times as fast as calling the pieces from a
  // loop, because each call meets one function only and is inlined. The source has our own names and numbers, nothing given.
  const given: Record<string, unknown> = { texts, fixed, world };
  const sourceOf = (run: Run, index: number): string => {
    const separator = index === runs.length - 1 ? NEWLINE : SPACE;
    const print = run.other?.print;
    if (print?.kind === 'written') {
      given[`write${index}`] = print.write;
      widthOfOthers += print.width + 1;
      return `at = write${index}(out, at, flow); out[at++] = ${separator};`;
    }
    if (print?.kind === 'numbered') {
      const made = new Int32Array(print.count(world));
      for (let number = 0; number < made.length; number++) {
        made[number] = texts.numberOf(printable(print.text(number, world)) + String.fromCharCode(separator));
      }
      given[`number${index}`] = print.number;
      given[`made${index}`] = made;
      widthOfOthers += made.reduce((longest, text) => Math.max(longest, texts.lengthOf(text)), 0);
      return `at = texts.copy(out, at, made${index}[number${index}(flow, world)]);`;
    }
    return `at = texts.copy(out, at, fixed.texts[decision * ${fixedCount} + ${fixedRuns.indexOf(run)}]);`;
  };
  const source = `return (out, at, flow, decision) => {\n${runs.map(sourceOf).join('\n')}\nreturn at;\n};`;
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
  const write = new Function(...Object.keys(given), source)(...Object.values(given)) as Pieces['write'];
  const splitting = format.fields.filter((field) => EXTENSION.includes(field));

  const prepare = (decisionNumber: number, decision: Decision): number => {
    if (decisionNumber >= room.length) {
      room = grown(room, decisionNumber + 1);
      fixed.texts = grown(fixed.texts, room.length * fixedCount);
    }
    const subject = subjectOf(decision, 'OK');
    let bytes = widthOfOthers;
    for (const [place, run] of fixedRuns.entries()) {
      const isLast = run === runs.at(-1);
      const text = run.fixed.map((field) => fixedText(field, subject)).join(' ') + (isLast ? '\n' : ' ');
      const number = texts.numberOf(text);
      fixed.texts[decisionNumber * fixedCount + place] = number;
      bytes += texts.lengthOf(number);
    }
    room[decisionNumber] = bytes + 1;
    return bytes + 1;
  };

  /** The last line without traffic that was asked for, but for its times. */
  const withoutTraffic = (decision: Decision, status: Status): (string | Field)[] => {
    const subject = subjectOf(decision, status);
    return format.fields.map((field) =>
      field.print.kind === 'written' && field.stays ? field : fixedText(field, subject),
    );
  };

  return {
    roomFor: (decisionNumber, decision) => room[decisionNumber] || prepare(decisionNumber, decision),
    shownOf: (decision) => {
      const subject = subjectOf(decision, 'OK');
      return splitting.map((field) => fixedText(field, subject)).join(' ');
    },
    write,
    roomWithoutTraffic: (decision, status) =>
      withoutTraffic(decision, status).reduce(
        (sum, part) => sum + (typeof part === 'string' ? part.length * 3 : 16) + 1,
        0,
      ),
    writeWithoutTraffic(out, at, flow, decision, status) {
      let end = at;
      for (const part of withoutTraffic(decision, status)) {
        if (end > at) out[end++] = SPACE;
        if (typeof part === 'string') end += encoder.encodeInto(part, out.subarray(end)).written;
        else if (part.print.kind === 'written') end = part.print.write(out, end, flow);
      }
      out[end] = NEWLINE;
      return end + 1;
    },
  };
}
