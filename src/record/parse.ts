/**
 * Record text as columns.
 *
 * In:    the bytes of a text file or stream in pieces, cut anywhere; its own header, or the format of its flow log.
 * Out:   batches of columns, of all fields or only of those that are wanted: the rest is skipped over.
 * Holds: the columns hold every line that has as many fields as the header, with numbers where numbers are due. `-` is
 *        absent. CRLF ends a line too. Empty lines and repeated headers are passed over.
 * Fails: broken lines are counted and reported, never thrown; `FG_HEADER_MISSING` where the first line is no header and
 *        no default record either.
 *
 * Of a step of the text first the ends of all fields are found, then one column is read after the other.
 */
import { failure } from '../model/errors.ts';
import { beginningOf } from './beginning.ts';
import { columnName } from './fields/list.ts';
import { isLine, isText, whyBroken } from './broken-line.ts';
import { DONE, FULL, HEADER, LONGEST_LINE, LOOK, REASON, STATE, STOPPED_AT } from './line-code.ts';
import { COLUMNS, ENDS, INPUT, MOST_ENDS, STEP_BYTES, giveScannerBack, takeScanner } from './scanner.ts';
import type { FieldKind } from './broken-line.ts';
import type { BadLine } from '../api/note.ts';
import type { RecordColumn, RecordColumns } from './columns.ts';
import type { Field } from './fields/field.ts';
import type { LogFormat } from './format.ts';
import type { Scanner } from './scanner.ts';

/** Rows of a batch: sixteen vectors of DuckDB. */
export const BATCH_ROWS = 32_768;
/** Broken lines that are described; all are counted. */
const DESCRIBED_LINES = 20;
/** Places for the distinct texts of a column, at first and at most: the most are four for a row. */
const FIRST_PLACES = 1024;
/** Bytes of the distinct texts of a column: a batch ends early where they are more, or where more texts were met than it may
 * have rows: those of broken lines too. */
const WORD_BYTES = 32;
const MORE_WORD_BYTES = 1 << 20;
/** Rows that are tried behind a broken line; twice as many each time that they are well. */
const CAREFUL_ROWS = 16;

const LF = 10;
const CR = 13;

/** Reads one file or stream. */
export type RecordParser = {
  /** The fields of the lines; null until the first line is there. */
  readonly format: LogFormat | null;
  /** Lines that were left out, and the first of them. */
  readonly badLines: number;
  readonly described: readonly BadLine[];
  /** All lines so far, the header included. */
  readonly lines: number;
  /** Reads on; gives the batches that became full. */
  push(chunk: Uint8Array): RecordColumns[];
  /** Nothing more comes: reads a last line without newline; gives what is left. */
  end(): RecordColumns[];
  /** The buffer of a batch that nobody needs any more. */
  giveBack(buffer: ArrayBuffer): void;
};

export type ParserOptions = {
  /** The flow log's format, for lines without header; a file's own header goes before it. Null: default records or a header. */
  readonly format: LogFormat | null;
  /** Fields or columns that are wanted, in this order; those that the file does not have are left out. Null: all. */
  readonly columns: readonly string[] | null;
  /** The object or file, for reports. */
  readonly origin: string;
  /** A multiple of 64. */
  readonly rowsPerBatch?: number;
  /** The first line of the file, where the bytes begin somewhere behind it. */
  readonly first?: string;
};

/** A wanted column, and the places of its batch in the scanner's memory. */
type Target = {
  readonly field: number;
  readonly name: string;
  readonly kind: Exclude<FieldKind, 'skip'>;
  readonly data: number;
  /** Bits of the rows that have a value. */
  readonly valid: number;
  /** Of texts: where their state is; 0 for numbers. */
  readonly state: number;
};

/** How lines of a format are read. */
type Plan = {
  readonly format: LogFormat;
  /** The header line as the file has it. */
  readonly header: Uint8Array;
  /** The first eight bytes of it, and which of them there are. */
  readonly head: bigint;
  readonly headMask: bigint;
  /** What becomes of each field. */
  readonly kinds: readonly FieldKind[];
  readonly targets: readonly Target[];
};

function kindOf(field: Field): Target['kind'] {
  if (field.column === 'VARCHAR') return 'word';
  return field.column === 'INTEGER' ? 'integer' : 'bigint';
}

/** Bytes of a value. */
function widthOf(kind: FieldKind): number {
  return kind === 'bigint' ? 8 : 4;
}

function upTo(multiple: number, size: number): number {
  return Math.ceil(size / multiple) * multiple;
}

/** Lays the columns of a batch out behind one another and tells the scanner. */
function planOf(
  format: LogFormat,
  line: string,
  wanted: readonly string[] | null,
  capacity: number,
  scanner: Scanner,
): Plan {
  const { fields } = format;
  const positions = new Map(fields.map((field, position) => [columnName(field.name), position]));
  const asked = wanted === null ? [...positions.keys()] : [...new Set(wanted.map(columnName))];
  const kinds: FieldKind[] = fields.map(() => 'skip');
  let free = COLUMNS;
  const take = (bytes: number): number => {
    const at = free;
    free += upTo(64, bytes);
    return at;
  };
  const states: [number, readonly number[]][] = [];
  const targets = asked.flatMap((name): Target[] => {
    const field = positions.get(name);
    if (field === undefined) return [];
    const kind = kindOf(fields[field]!);
    kinds[field] = kind;
    const data = take(capacity * widthOf(kind));
    const valid = take(capacity / 8);
    if (kind !== 'word') return [{ field, name, kind, data, valid, state: 0 }];
    const state = take(STATE.size);
    let places = FIRST_PLACES;
    while (places < capacity * 4) places *= 2;
    const room = capacity * WORD_BYTES + MORE_WORD_BYTES;
    const [table, starts, bytes] = [take(places * 8), take((capacity + 1) * 4), take(room + 64)];
    states.push([state, [table, FIRST_PLACES - 1, starts, bytes, room, 0, 0, 0, 0, places - 1, capacity]]);
    return [{ field, name, kind, data, valid, state }];
  });
  scanner.reserve(free + 64);
  for (const [state, numbers] of states) scanner.words.set(numbers, state / 4);
  const header = encoder.encode(line);
  const first = Uint8Array.from({ length: 8 }, (_, at) => header[at] ?? 0);
  const mask = first.map((_, at) => (at < header.length ? 255 : 0));
  const [head, headMask] = [first, mask].map((bytes) => new BigUint64Array(bytes.buffer)[0]!);
  return { format, header, head: head!, headMask: headMask!, kinds, targets };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Makes the parser of one file or stream. */
export function createParser(options: ParserOptions): RecordParser {
  const { origin } = options;
  const capacity = options.rowsPerBatch ?? BATCH_ROWS;
  const spare: ArrayBuffer[] = [];
  const described: BadLine[] = [];
  const scanner = takeScanner();
  let plan: Plan | null = null;
  let badLines = 0;
  /** Lines that were read or passed over. */
  let lines = 0;
  let rows = 0;
  let isBegun = false;
  /** Bytes of a line whose end has not come yet; they are at the begin of the input. */
  let held = 0;
  /** True: that line is too long; the rest of it is passed over. */
  let tooLong = false;

  function beginBatch(p: Plan): void {
    const { bytes, words } = scanner;
    for (const { valid, state } of p.targets) {
      bytes.fill(255, valid, valid + capacity / 8);
      if (state === 0) continue;
      const at = state / 4;
      const table = words[at + STATE.table / 4]!;
      bytes.fill(0, table, table + (words[at + STATE.mask / 4]! + 1) * 8);
      words[words[at + STATE.starts / 4]! / 4] = 0;
      words[at + STATE.count / 4] = 0;
      words[at + STATE.lastLength / 4] = 0;
    }
    rows = 0;
    isBegun = true;
  }

  /** The batch so far; a new one begins with the next line. */
  function endBatch(p: Plan): RecordColumns {
    const { bytes, words } = scanner;
    const parts: { from: number; size: number; at: number }[] = [];
    let size = 0;
    const part = (from: number, partSize: number): number => {
      const at = size;
      parts.push({ from, size: partSize, at });
      size += upTo(8, partSize);
      return at;
    };
    const laid = p.targets.map((target) => {
      const data = part(target.data, rows * widthOf(target.kind));
      const valid = isWhole(target) ? -1 : part(target.valid, (rows + 7) >> 3);
      if (target.state === 0) return { target, data, valid, count: 0, starts: 0, texts: 0, textBytes: 0 };
      const at = target.state / 4;
      const count = words[at + STATE.count / 4]!;
      const from = words[at + STATE.starts / 4]!;
      const textBytes = words[from / 4 + count]!;
      const starts = part(from, (count + 1) * 4);
      const texts = part(words[at + STATE.bytes / 4]!, textBytes);
      return { target, data, valid, count, starts, texts, textBytes };
    });
    const buffer = bufferOf(size);
    const into = new Uint8Array(buffer);
    for (const { from, size: partSize, at } of parts) into.set(bytes.subarray(from, from + partSize), at);
    const columns = laid.map(({ target, data, valid, count, starts, texts, textBytes }): RecordColumn => ({
      name: target.name,
      type: target.kind === 'word' ? 'u32' : target.kind === 'bigint' ? 'i64' : 'i32',
      data: new Uint8Array(buffer, data, rows * widthOf(target.kind)),
      valid: valid < 0 ? null : new Uint8Array(buffer, valid, (rows + 7) >> 3),
      dictionary:
        target.state === 0
          ? null
          : { starts: new Uint32Array(buffer, starts, count + 1), bytes: new Uint8Array(buffer, texts, textBytes) },
    }));
    const batch = { rows, origin, columns, buffer };
    isBegun = false;
    rows = 0;
    return batch;
  }

  /** Whether no row of a column is absent. Bits behind the last row are ones. */
  function isWhole({ valid }: Target): boolean {
    const { words } = scanner;
    const end = (valid + capacity / 8) / 4;
    for (let at = valid / 4; at < end; at++) if (words[at] !== -1) return false;
    return true;
  }

  /** A buffer that was given back, where one is large enough and not far too large; else a new one with some room. */
  function bufferOf(size: number): ArrayBuffer {
    const found = spare.findIndex(({ byteLength }) => byteLength >= size && byteLength <= size * 4 + 65_536);
    if (found >= 0) return spare.splice(found, 1)[0]!;
    spare.pop();
    return new ArrayBuffer(upTo(4096, size + (size >> 3)));
  }

  function report(line: number, cause: BadLine['cause'], field: string | null): void {
    badLines++;
    if (described.length < DESCRIBED_LINES) described.push({ origin, line, cause, field });
  }

  /** Decides what the lines are from the first of them; true where it is a header and has been read. */
  function begin(first: string): boolean {
    const found = beginningOf(first, options.format);
    if (found === null) throw failure('FG_HEADER_MISSING', origin);
    plan = planOf(found.format, found.header, options.columns, capacity, scanner);
    return found.isHeader;
  }

  /** Reads a field of `count` rows that `scan` found, from its row `from` on; gives how many could be read. */
  function readColumn(p: Plan, target: Target, from: number, count: number): number {
    const { loops, words, bytes } = scanner;
    const { data, valid, kind, state, field } = target;
    const stride = (p.kinds.length + 1) * 4;
    const ends = ENDS + from * stride + field * 4;
    const out = data + rows * widthOf(kind);
    if (kind !== 'word') return loops.ints(ends, stride, count, out, kind === 'bigint' ? 1 : 0, valid, rows);
    let done = 0;
    let isTrusted = 0;
    for (;;) {
      const place = ends + done * stride;
      done += loops.words(place, stride, count - done, out + done * 4, valid, rows + done, state, isTrusted);
      if (words[REASON / 4] !== LOOK) return done;
      const at = (ends + done * stride) / 4;
      if (!isText(bytes.subarray(words[at]! + 1, words[at + 1]))) return done;
      isTrusted = 1;
    }
  }

  /** Reads the columns of the rows that `scan` found. */
  function readRows(p: Plan, found: number, full: RecordColumns[]): void {
    let step = found;
    for (let row = 0; row < found;) {
      if (!isBegun) beginBatch(p);
      const most = Math.min(found - row, step, capacity - rows);
      let good = most;
      let isFull = false;
      for (const target of p.targets) {
        const done = readColumn(p, target, row, good);
        if (done === good) continue;
        good = done;
        isFull = target.state !== 0 && scanner.words[REASON / 4] === FULL;
      }
      rows += good;
      lines += good;
      row += good;
      // What columns before the bad one had written of the rows from here on is not seen.
      if (good < most) for (const { valid } of p.targets) setBits(valid, rows, most - good);
      // Broken lines alone may have filled it.
      if (isFull && rows === 0) isBegun = false;
      else if (rows === capacity || isFull) full.push(endBatch(p));
      step *= 2;
      if (good === most || isFull) continue;
      const start = scanner.words[ENDS / 4 + row * (p.kinds.length + 1)]! + 1;
      passOver(p, start);
      row++;
      step = CAREFUL_ROWS;
    }
  }

  function setBits(valid: number, from: number, count: number): void {
    for (let row = from; row < from + count; row++) scanner.bytes[valid + (row >> 3)]! |= 1 << (row & 7);
  }

  /** Reads whole lines: `bytes[to - 1]` is a newline. */
  function readLines(from: number, to: number, full: RecordColumns[]): void {
    const p = plan!;
    const { loops, bytes, words } = scanner;
    const fields = p.kinds.length;
    const most = Math.floor(MOST_ENDS / (fields + 1)) - 1;
    let at = from;
    let isTrusted = 0;
    while (at < to) {
      const found = loops.scan(at, to, fields, most, ENDS, p.head, p.headMask, isTrusted);
      const why = words[REASON / 4]!;
      at = words[STOPPED_AT / 4]!;
      readRows(p, found, full);
      isTrusted = 0;
      if (why === DONE) continue;
      if (why === HEADER && !isLine(p.header, bytes, at)) isTrusted = 1;
      else at = passOver(p, at);
    }
  }

  /** Passes over a line that is no record; returns where the next one begins. */
  function passOver(p: Plan, from: number): number {
    const { bytes } = scanner;
    const end = bytes.indexOf(LF, from);
    lines++;
    const isEmpty = end === from || (end === from + 1 && bytes[from] === CR);
    if (isEmpty || isLine(p.header, bytes, from)) return end + 1;
    const why = whyBroken(bytes, from, end, p.kinds);
    if (why === null) throw new Error(`line ${lines} of ${origin} is well, and was not read`);
    report(lines, why.cause, why.field === null ? null : p.format.fields[why.field]!.name);
    return end + 1;
  }

  /** Reads whole lines, the very first as what it is. */
  function readFrom(from: number, to: number, full: RecordColumns[]): void {
    const { bytes } = scanner;
    let at = from;
    while (plan === null && at < to) {
      const end = bytes.indexOf(LF, at);
      // A byte order mark says nothing here.
      if (lines === 0 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
      if (end - at > LONGEST_LINE) report(++lines, 'too-long', null);
      else if (end === at || (end === at + 1 && bytes[at] === CR)) lines++;
      else if (begin(decoder.decode(bytes.subarray(at, end)))) lines++;
      else break;
      at = end + 1;
    }
    if (at < to) readLines(at, to, full);
  }

  /** Reads what is in the input behind what was held. */
  function readStep(end: number, full: RecordColumns[]): void {
    const { bytes } = scanner;
    const to = bytes.lastIndexOf(LF, end - 1) + 1;
    if (to <= INPUT + held) {
      held = end - INPUT;
      if (!tooLong && held <= LONGEST_LINE) return;
      tooLong = true;
      held = 0;
      return;
    }
    let from = INPUT;
    if (tooLong) {
      report(++lines, 'too-long', null);
      from = bytes.indexOf(LF, from) + 1;
      tooLong = false;
    }
    if (from < to) readFrom(from, to, full);
    // `scanner.bytes` is another view where a plan was made.
    scanner.bytes.copyWithin(INPUT, to, end);
    held = end - to;
    if (held <= LONGEST_LINE) return;
    tooLong = true;
    held = 0;
  }

  if (options.first !== undefined) begin(options.first);
  return {
    get format() {
      return plan?.format ?? null;
    },
    get badLines() {
      return badLines;
    },
    get lines() {
      return lines;
    },
    described,
    push(chunk) {
      const full: RecordColumns[] = [];
      for (let at = 0; at < chunk.length; at += STEP_BYTES) {
        const piece = chunk.subarray(at, at + STEP_BYTES);
        scanner.bytes.set(piece, INPUT + held);
        readStep(INPUT + held + piece.length, full);
      }
      return full;
    },
    end() {
      const full: RecordColumns[] = [];
      if (tooLong) report(++lines, 'too-long', null);
      else if (held > 0) {
        scanner.bytes[INPUT + held] = LF;
        const end = INPUT + held + 1;
        held = 0;
        readStep(end, full);
      }
      held = 0;
      tooLong = false;
      if (rows > 0) full.push(endBatch(plan!));
      giveScannerBack(scanner);
      return full;
    },
    giveBack(given) {
      if (spare.length < 4) spare.push(given);
    },
  };
}
