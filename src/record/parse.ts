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
import { WordList } from './word-list.ts';
import type { BadLine, RecordColumn, RecordColumns } from './columns.ts';
import type { LogFormat } from './format.ts';

/** Rows of a batch: sixteen vectors of DuckDB. */
export const BATCH_ROWS = 32_768;
/** A longer line is broken, whatever it holds. */
const LONGEST_LINE = 65_536;
/** Broken lines that are described; all are counted. */
const DESCRIBED_LINES = 20;

/** What becomes of a field. */
const SKIP = 0;
const INTEGER = 1;
const BIGINT = 2;
const WORD = 3;

const SPACE = 32;
const LF = 10;
const CR = 13;
const DASH = 45;
/** The largest value of the high word of an i64. */
const MOST_HIGH = 0x7fff_ffff;

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

/** Where the values of one wanted field go. */
type Target = {
  readonly field: number;
  readonly name: string;
  readonly kind: number;
  readonly type: RecordColumn['type'];
  /** In 32-bit words from the begin of the buffer. */
  readonly data: number;
  /** In bytes. */
  readonly valid: number;
  readonly words: WordList | null;
};

/** How lines of a format are read: by field kind and place of values, absent bits and texts. */
type Plan = {
  readonly format: LogFormat;
  readonly header: string;
  readonly targets: readonly Target[];
  readonly bytes: number;
  readonly kinds: Uint8Array;
  readonly data: Int32Array;
  readonly valid: Int32Array;
  readonly words: readonly (WordList | null)[];
};

function planOf(format: LogFormat, wanted: readonly string[] | null, capacity: number): Plan {
  const { fields } = format;
  const positions = new Map(fields.map((field, position) => [columnName(field.name), position]));
  const asked = wanted === null ? [...positions.keys()] : [...new Set(wanted.map(columnName))];
  const kinds = new Uint8Array(fields.length);
  const data = new Int32Array(fields.length);
  const valid = new Int32Array(fields.length);
  const words: (WordList | null)[] = fields.map(() => null);
  const targets: Target[] = [];
  let at = 0;
  for (const name of asked) {
    const field = positions.get(name);
    if (field === undefined) continue;
    const { column } = fields[field]!;
    const kind = column === 'VARCHAR' ? WORD : column === 'INTEGER' ? INTEGER : BIGINT;
    const list = kind === WORD ? new WordList() : null;
    const type = kind === WORD ? 'u32' : kind === INTEGER ? 'i32' : 'i64';
    targets.push({ field, name, kind, type, data: at, valid: 0, words: list });
    kinds[field] = kind;
    data[field] = at;
    words[field] = list;
    at += kind === BIGINT ? capacity * 2 : capacity;
  }
  const placed = targets.map((target, n) => {
    valid[target.field] = at * 4 + (n * capacity) / 8;
    return { ...target, valid: valid[target.field]! };
  });
  return {
    format,
    header: headerLine(format),
    targets: placed,
    bytes: at * 4 + (placed.length * capacity) / 8,
    kinds,
    data,
    valid,
    words,
  };
}

/** Value of the digits in `bytes[from, to)` as high and low word; false where it is beyond an i64. */
function writeWide(bytes: Uint8Array, from: number, to: number, into: Int32Array, at: number): boolean {
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const sum = low * 10 + bytes[i]! - 48;
    high = high * 10 + Math.floor(sum / 0x1_0000_0000);
    low = sum % 0x1_0000_0000;
    if (high > MOST_HIGH) return false;
  }
  into[at] = low;
  into[at + 1] = high;
  return true;
}

const decoder = new TextDecoder('utf-8');

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
  let buffer = new ArrayBuffer(0);
  let ints = new Int32Array(0);
  let bits = new Uint8Array(0);
  /** By field: whether any row of the batch is absent. */
  let anyAbsent = new Uint8Array(0);
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
    anyAbsent = new Uint8Array(p.kinds.length);
    for (const { words } of p.targets) words?.nextBatch();
    rows = 0;
  }

  /** The batch so far; a new one begins with the next line. */
  function endBatch(p: Plan): RecordColumns {
    const columns = p.targets.map((target): RecordColumn => {
      const bytes = rows * (target.kind === BIGINT ? 8 : 4);
      return {
        name: target.name,
        type: target.type,
        data: new Uint8Array(buffer, target.data * 4, bytes),
        valid: anyAbsent[target.field] === 0 ? null : new Uint8Array(buffer, target.valid, (rows + 7) >> 3),
        dictionary: target.words?.words ?? null,
      };
    });
    const batch = { rows, origin, columns, buffer };
    buffer = new ArrayBuffer(0);
    rows = 0;
    return batch;
  }

  function report(line: number, cause: BadLine['cause'], field: string | null): void {
    badLines++;
    if (described.length < DESCRIBED_LINES) described.push({ origin, line, cause, field });
  }

  /** Decides what the lines are from the first of them; true where it is a header and has been read. */
  function begin(first: string): boolean {
    const text = first.startsWith('\uFEFF') ? first.slice(1) : first;
    const header = isHeader(text);
    // A file's own header says more than what we were told about it.
    const format = header ? readHeader(text) : (options.format ?? defaultOf(text));
    plan = planOf(format, options.columns, capacity);
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
    const { kinds, data, valid, words } = p;
    const count = kinds.length;
    let i = from;
    while (i < to) {
      if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] === LF)) {
        i += bytes[i] === LF ? 1 : 2;
        lines++;
        continue;
      }
      if (buffer.byteLength === 0) beginBatch(p);
      const start = i;
      const row = rows;
      let c = SPACE;
      let field = 0;
      let cause: BadLine['cause'] | null = null;
      for (; field < count; field++) {
        if (c !== SPACE) break;
        const begun = i;
        c = bytes[i++]!;
        if (c <= SPACE) break;
        const kind = kinds[field]!;
        if (kind === SKIP) {
          while (c > SPACE) c = bytes[i++]!;
          continue;
        }
        // Bytes that end a field are at most 32, so a lone dash is one before any of them.
        if (c === DASH && bytes[i]! <= SPACE) {
          c = bytes[i++]!;
          bits[valid[field]! + (row >> 3)]! &= ~(1 << (row & 7));
          anyAbsent[field] = 1;
          continue;
        }
        if (kind === WORD) {
          let hash = 0;
          do {
            hash = (Math.imul(hash, 31) + c) | 0;
            c = bytes[i++]!;
          } while (c > SPACE);
          const index = words[field]!.indexOf(bytes, begun, i - 1, hash);
          if (index < 0) {
            cause = 'not-text';
            break;
          }
          ints[data[field]! + row] = index;
          continue;
        }
        let value = 0;
        let digit = c - 48;
        const first = Math.min(i + 8, to);
        while (digit >= 0 && digit <= 9) {
          value = (value * 10 + digit) | 0;
          c = bytes[i++]!;
          digit = c - 48;
          if (i > first) break;
        }
        let exact = value;
        while (digit >= 0 && digit <= 9) {
          exact = exact * 10 + digit;
          c = bytes[i++]!;
          digit = c - 48;
        }
        if (c > SPACE || i - 1 === begun) {
          cause = 'not-a-number';
          break;
        }
        if (kind === INTEGER) {
          if (exact > 0x7fff_ffff) {
            cause = 'too-large';
            break;
          }
          ints[data[field]! + row] = exact;
        } else {
          const at = data[field]! + row * 2;
          if (exact <= Number.MAX_SAFE_INTEGER) {
            ints[at] = exact;
            ints[at + 1] = exact / 0x1_0000_0000;
          } else if (!writeWide(bytes, begun, i - 1, ints, at)) {
            cause = 'too-large';
            break;
          }
        }
      }
      lines++;
      if (cause === null && field === count && (c === LF || (c === CR && bytes[i] === LF))) {
        if (c === CR) i++;
        rows++;
        if (rows === capacity) full.push(endBatch(p));
        continue;
      }
      const end = bytes.indexOf(LF, start);
      for (let f = 0; f < count; f++) {
        if (kinds[f] !== SKIP) bits[valid[f]! + (row >> 3)]! |= 1 << (row & 7);
      }
      if (!isRepeatedHeader(p, bytes, start, end)) {
        report(lines, cause ?? 'field-count', cause === null ? null : p.format.fields[field]!.name);
      }
      i = end + 1;
    }
  }

  function isRepeatedHeader(p: Plan, bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < p.header.length || to - from > p.header.length + 1) return false;
    return decoder.decode(bytes.subarray(from, to)).trimEnd() === p.header;
  }

  /** Reads whole lines, the very first as what it is. */
  function readFrom(bytes: Uint8Array, from: number, to: number, full: RecordColumns[]): void {
    let at = from;
    while (plan === null && at < to) {
      const end = bytes.indexOf(LF, at) + 1;
      const text = decoder.decode(bytes.subarray(at, end));
      if (text.trim() === '') lines++;
      else if (!begin(text)) break;
      at = end;
    }
    if (at < to) readLines(bytes, at, to, full);
  }

  function keep(bytes: Uint8Array): void {
    if (carried + bytes.length > LONGEST_LINE) {
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
