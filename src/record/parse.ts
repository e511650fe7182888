/**
 * Record text as columns.
 *
 * In:    the bytes of a text file or stream in pieces, cut anywhere; its own header, or the format of its flow log.
 * Out:   batches of columns, of all fields or only of those that are wanted: the rest is skipped over.
 * Holds: the columns hold every line that has as many fields as the header, with numbers where numbers are due. `-` is
 *        absent. CRLF ends a line too. Empty lines and repeated headers are passed over.
 * Fails: broken lines are counted and reported, never thrown; `FG_HEADER_MISSING` where the first line is no header and
 *        no default record either.
 */
import { failure } from '../model/errors.ts';
import { columnName } from './fields/list.ts';
import { DEFAULT_FORMAT, headerLine, isHeader, parseLogFormat, readHeader } from './format.ts';
import { AddressList } from './address-list.ts';
import { LONGEST_LINE, isLine, makeLineReader } from './line-reader.ts';
import { WordList } from './word-list.ts';
import type { BadLine, RecordColumn, RecordColumns } from './columns.ts';
import type { Field } from './fields/field.ts';
import type { LogFormat } from './format.ts';
import type { FieldKind, LineReader, Place, Reading } from './line-reader.ts';

/** Rows of a batch: sixteen vectors of DuckDB. */
export const BATCH_ROWS = 32_768;
/** Broken lines that are described; all are counted. */
const DESCRIBED_LINES = 20;

const LF = 10;
const CR = 13;

/** Reads one file or stream. */
export type RecordParser = {
  /** The fields of the lines; null until the first line is there. */
  readonly format: LogFormat | null;
  /** Lines that were left out, and the first of them. */
  readonly badLines: number;
  readonly described: readonly BadLine[];
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
};

/** A wanted column. */
type Target = Place & { readonly field: number; readonly name: string };

/** How lines of a format are read. */
type Plan = {
  readonly format: LogFormat;
  /** The header line as the file has it. */
  readonly header: Uint8Array;
  readonly targets: readonly Target[];
  readonly bytes: number;
  readonly read: LineReader;
};

function kindOf(field: Field): FieldKind {
  if (field.column !== 'VARCHAR') return field.column === 'INTEGER' ? 'integer' : 'bigint';
  return field.name.endsWith('addr') ? 'address' : 'word';
}

function planOf(format: LogFormat, line: string, wanted: readonly string[] | null, capacity: number): Plan {
  const { fields } = format;
  const positions = new Map(fields.map((field, position) => [columnName(field.name), position]));
  const asked = wanted === null ? [...positions.keys()] : [...new Set(wanted.map(columnName))];
  const places: Place[] = fields.map(() => ({ kind: 'skip', data: 0, valid: 0, words: null }));
  const found = asked.filter((name) => positions.has(name));
  // Values of all columns, then the bits of all columns.
  let data = 0;
  let valid = found.reduce((sum, name) => sum + capacity * widthOf(kindOf(fields[positions.get(name)!]!)), 0);
  const targets = found.map((name): Target => {
    const field = positions.get(name)!;
    const kind = kindOf(fields[field]!);
    const words = kind === 'word' ? new WordList() : kind === 'address' ? new AddressList() : null;
    const place: Place = { kind, data: data / 4, valid, words };
    data += capacity * widthOf(kind);
    valid += capacity / 8;
    places[field] = place;
    return { ...place, field, name };
  });
  const header = encoder.encode(line);
  return { format, header, targets, bytes: valid, read: makeLineReader(places, header) };
}

/** Bytes of a value. */
function widthOf(kind: FieldKind): number {
  return kind === 'bigint' ? 8 : 4;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Makes the parser of one file or stream. */
export function createParser(options: ParserOptions): RecordParser {
  const { origin } = options;
  const capacity = options.rowsPerBatch ?? BATCH_ROWS;
  const spare: ArrayBuffer[] = [];
  const described: BadLine[] = [];
  let plan: Plan | null = null;
  let badLines = 0;
  /** Lines that were read or passed over. */
  let lines = 0;
  let rows = 0;
  let isBegun = false;
  let buffer = new ArrayBuffer(0);
  let ints = new Int32Array(0);
  let bits = new Uint8Array(0);
  /** By field: whether any row of the batch is absent. */
  let anyAbsent = new Uint8Array(0);
  const reading: Reading = { at: 0, row: 0, field: -1, cause: 'field-count' };
  /** The begin of a line whose end has not come yet. */
  let carry = new Uint8Array(1024);
  let carried = 0;
  /** True: the line in `carry` is too long; the rest of it is passed over. */
  let tooLong = false;

  function beginBatch(p: Plan): void {
    const taken = spare.pop();
    buffer = taken?.byteLength === p.bytes ? taken : new ArrayBuffer(p.bytes);
    ints = new Int32Array(buffer);
    bits = new Uint8Array(buffer);
    bits.fill(255, p.targets[0]?.valid ?? 0);
    anyAbsent = new Uint8Array(p.format.fields.length);
    for (const { words } of p.targets) words?.nextBatch();
    rows = 0;
    isBegun = true;
  }

  /** The batch so far; a new one begins with the next line. */
  function endBatch(p: Plan): RecordColumns {
    const columns = p.targets.map((target): RecordColumn => {
      const isWhole = anyAbsent[target.field] === 0;
      if (target.words instanceof AddressList) {
        target.words.resolve(ints, target.data, rows, isWhole ? null : bits, target.valid);
      }
      const bytes = rows * widthOf(target.kind);
      return {
        name: target.name,
        type: target.words === null ? (target.kind === 'bigint' ? 'i64' : 'i32') : 'u32',
        data: new Uint8Array(buffer, target.data * 4, bytes),
        valid: isWhole ? null : new Uint8Array(buffer, target.valid, (rows + 7) >> 3),
        dictionary: target.words?.words ?? null,
      };
    });
    const batch = { rows, origin, columns, buffer };
    isBegun = false;
    rows = 0;
    return batch;
  }

  function report(line: number, cause: BadLine['cause'], field: string | null): void {
    badLines++;
    if (described.length < DESCRIBED_LINES) described.push({ origin, line, cause, field });
  }

  /** Decides what the lines are from the first of them; true where it is a header and has been read. */
  function begin(first: string): boolean {
    const header = isHeader(first);
    // A file's own header says more than what we were told about it.
    const format = header ? readHeader(first) : (options.format ?? defaultOf(first));
    plan = planOf(format, header ? first.replace(/\r$/, '') : headerLine(format), options.columns, capacity);
    if (header) lines++;
    return header;
  }

  function defaultOf(first: string): LogFormat {
    const format = parseLogFormat(DEFAULT_FORMAT);
    if (/^\d+ /.test(first) && first.trimEnd().split(' ').length === format.fields.length) return format;
    throw failure('FG_HEADER_MISSING', origin);
  }

  /** Reads whole lines: `bytes[to - 1]` is a newline. */
  function readLines(bytes: Uint8Array, from: number, to: number, full: RecordColumns[]): void {
    const p = plan!;
    let at = from;
    while (at < to) {
      if (!isBegun) beginBatch(p);
      reading.row = rows;
      p.read(bytes, at, to, capacity, ints, bits, anyAbsent, reading);
      lines += reading.row - rows;
      rows = reading.row;
      at = reading.field < 0 ? reading.at : passOver(p, bytes, reading.at);
      if (rows === capacity) full.push(endBatch(p));
    }
  }

  /** Passes over a line that is no record, and undoes what it wrote; returns where the next one begins. */
  function passOver(p: Plan, bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(LF, from);
    lines++;
    for (const { valid, words } of p.targets) {
      bits[valid + (rows >> 3)]! |= 1 << (rows & 7);
      if (words instanceof AddressList) words.forget(rows);
    }
    const isEmpty = end === from || (end === from + 1 && bytes[from] === CR);
    if (end - from > LONGEST_LINE) report(lines, 'too-long', null);
    else if (!isEmpty && !isLine(p.header, bytes, from)) {
      const field = reading.cause === 'field-count' ? null : p.format.fields[reading.field]!.name;
      report(lines, reading.cause, field);
    }
    return end + 1;
  }

  /** Reads whole lines, the very first as what it is. */
  function readFrom(bytes: Uint8Array, from: number, to: number, full: RecordColumns[]): void {
    let at = from;
    while (plan === null && at < to) {
      const end = bytes.indexOf(LF, at);
      // A byte order mark says nothing here.
      if (lines === 0 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
      if (end - at > LONGEST_LINE) report(++lines, 'too-long', null);
      else if (end === at || (end === at + 1 && bytes[at] === CR)) lines++;
      else if (!begin(decoder.decode(bytes.subarray(at, end)))) break;
      at = end + 1;
    }
    if (at < to) readLines(bytes, at, to, full);
  }

  function keep(bytes: Uint8Array): void {
    const hasEnd = bytes.at(-1) === LF ? 1 : 0;
    if (carried + bytes.length - hasEnd > LONGEST_LINE) {
      tooLong = true;
      carried = 0;
      return;
    }
    if (carried + bytes.length + 1 > carry.length) {
      const longer = new Uint8Array((carried + bytes.length + 1) * 2);
      longer.set(carry.subarray(0, carried));
      carry = longer;
    }
    carry.set(bytes, carried);
    carried += bytes.length;
  }

  return {
    get format() {
      return plan?.format ?? null;
    },
    get badLines() {
      return badLines;
    },
    described,
    push(chunk) {
      const full: RecordColumns[] = [];
      let from = 0;
      if (carried > 0 || tooLong) {
        const end = chunk.indexOf(LF);
        const rest = chunk.subarray(0, end < 0 ? chunk.length : end + 1);
        if (!tooLong) keep(rest);
        if (end < 0) return full;
        if (tooLong) report(++lines, 'too-long', null);
        else readFrom(carry, 0, carried, full);
        tooLong = false;
        carried = 0;
        from = end + 1;
      }
      const to = chunk.lastIndexOf(LF) + 1;
      if (to > from) readFrom(chunk, from, to, full);
      if (Math.max(to, from) < chunk.length) keep(chunk.subarray(Math.max(to, from)));
      return full;
    },
    end() {
      const full: RecordColumns[] = [];
      if (tooLong) report(++lines, 'too-long', null);
      else if (carried > 0) {
        carry[carried] = LF;
        readFrom(carry, 0, carried + 1, full);
      }
      carried = 0;
      tooLong = false;
      if (rows > 0) full.push(endBatch(plan!));
      return full;
    },
    giveBack(given) {
      if (spare.length < 4) spare.push(given);
    },
  };
}
