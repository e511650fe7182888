/**
 * The pieces of which a format's lines are put together.
 *
 * In:    a format, and what its texts come from. Out: functions that write one line.
 * Holds: neighbouring fields that a decision fixes are one piece: their text, spaces included, is encoded once for each
 *        decision and copied. Texts are kept once, however many decisions have them.
 * Fails: never; `roomFor` says how many bytes a line may take before it is written.
 */
import { EXTENSION } from './fields/extension.ts';
import type { Decision } from '../network/vpc/snapshot.ts';
import type { Field, FlowInPrint, Subject, World } from './fields/field.ts';
import type { LogFormat } from './format.ts';

const SPACE = 32;
const NEWLINE = 10;

type Status = Subject['status'];
type Piece = (out: Uint8Array, at: number, flow: FlowInPrint, decisionNumber: number) => number;

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

/** Encoded texts, each once; a text is named by a number, `start[n]` and `end[n]` are its place in `bytes`. */
class Texts {
  bytes = new Uint8Array(4096);
  start = new Int32Array(256);
  end = new Int32Array(256);
  #count = 0;
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const encoded = encoder.encode(text);
    const number = this.#count++;
    const from = number === 0 ? 0 : this.end[number - 1]!;
    if (number === this.start.length) {
      this.start = grown(this.start);
      this.end = grown(this.end);
    }
    if (from + encoded.length > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(from + encoded.length, this.bytes.length * 2));
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    this.bytes.set(encoded, from);
    this.start[number] = from;
    this.end[number] = from + encoded.length;
    this.#numbers.set(text, number);
    return number;
  }

  copy(out: Uint8Array, at: number, number: number): number {
    const { bytes } = this;
    const end = this.end[number]!;
    for (let i = this.start[number]!; i < end; i++) out[at++] = bytes[i]!;
    return at;
  }

  lengthOf(number: number): number {
    return this.end[number]! - this.start[number]!;
  }
}

function grown(array: Int32Array<ArrayBuffer>, atLeast: number = 0): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(atLeast, array.length * 2));
  longer.set(array);
  return longer;
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
  let fixedTexts = new Int32Array(256 * fixedCount);
  let room = new Int32Array(256);
  /** Most bytes of all pieces that are not fixed. */
  let widthOfOthers = 0;

  const subjectOf = (decision: Decision, status: Status): Subject => ({
    ...world,
    interface: world.snapshot.interfaces[decision.interface]!,
    decision,
    status,
  });

  const pieceOf = (run: Run, index: number): Piece => {
    const separator = index === runs.length - 1 ? NEWLINE : SPACE;
    const print = run.other?.print;
    if (print?.kind === 'written') {
      const { write } = print;
      widthOfOthers += print.width + 1;
      return (out, at, flow) => {
        const end = write(out, at, flow);
        out[end] = separator;
        return end + 1;
      };
    }
    if (print?.kind === 'numbered') {
      const numberOf = print.number;
      const made = new Int32Array(print.count(world));
      for (let number = 0; number < made.length; number++) {
        made[number] = texts.numberOf(printable(print.text(number, world)) + String.fromCharCode(separator));
      }
      widthOfOthers += made.reduce((longest, text) => Math.max(longest, texts.lengthOf(text)), 0);
      return (out, at, flow) => texts.copy(out, at, made[numberOf(flow, world)]!);
    }
    const place = fixedRuns.indexOf(run);
    return (out, at, _flow, decisionNumber) => texts.copy(out, at, fixedTexts[decisionNumber * fixedCount + place]!);
  };
  const pieces = runs.map(pieceOf);
  const splitting = format.fields.filter((field) => EXTENSION.includes(field));

  const prepare = (decisionNumber: number, decision: Decision): number => {
    if (decisionNumber >= room.length) {
      room = grown(room, decisionNumber + 1);
      fixedTexts = grown(fixedTexts, room.length * fixedCount);
    }
    const subject = subjectOf(decision, 'OK');
    let bytes = widthOfOthers;
    for (const [place, run] of fixedRuns.entries()) {
      const isLast = run === runs.at(-1);
      const text = run.fixed.map((field) => fixedText(field, subject)).join(' ') + (isLast ? '\n' : ' ');
      const number = texts.numberOf(text);
      fixedTexts[decisionNumber * fixedCount + place] = number;
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
    write(out, at, flow, decisionNumber) {
      let end = at;
      for (let i = 0; i < pieces.length; i++) end = pieces[i]!(out, end, flow, decisionNumber);
      return end;
    },
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
