/**
 * A second reading of record text, as plain as can be: a string for each line and field.
 *
 * In:    the bytes of a file, the format it is said to have, the columns that are wanted. Out: the text that its records
 *        print to, and the lines that are broken and why; or the code of the error.
 * Holds: shares no code with the parser, only the table of fields. Bytes are characters of one byte (latin1) throughout.
 * Fails: never.
 */
import { FIELDS } from '../../src/record/fields/list.ts';

/** A broken line: number from 1, cause, field. */
export type PlainTrouble = readonly [line: number, cause: string, field: string | null];
export type PlainReading = {
  /** Lines of the records that were read, `\n` behind each. */
  readonly text: string;
  readonly rows: number;
  readonly badCount: number;
  /** The first twenty. */
  readonly bad: readonly PlainTrouble[];
};

const DEFAULT_NAMES = (
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end ' +
  'action log-status'
).split(' ');
const TYPES = new Map(FIELDS.map((field) => [field.name, field.column]));
const MOST: Readonly<Record<string, string>> = { INTEGER: '2147483647', BIGINT: '9223372036854775807' };
const DESCRIBED = 20;
const LONGEST = 65_536;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const hyphens = (name: string): string => name.replaceAll('_', '-');
const underscores = (name: string): string => name.replaceAll('-', '_');

/** The names in a header; null for a line that is none. */
function namesIn(line: string): string[] | null {
  const names = line.split(' ');
  if (!names.every((name) => /^[A-Za-z][A-Za-z0-9_.:-]*$/.test(name))) return null;
  return names.some((name) => TYPES.has(hyphens(name))) ? names : null;
}

/** The value as it is printed again, or null and why it cannot be read. */
function readValue(part: string, type: string): { readonly value: string } | { readonly cause: string } {
  const most = MOST[type];
  if (part === '-') return { value: part };
  if (most !== undefined) {
    if (!/^\d+$/.test(part)) return { cause: 'not-a-number' };
    const value = part.replace(/^0+(?=\d)/, '');
    const isMore = value.length === most.length ? value > most : value.length > most.length;
    return isMore ? { cause: 'too-large' } : { value };
  }
  if (/[\x80-\xff]/.test(part)) {
    try {
      utf8.decode(bytesOf(part));
    } catch {
      return { cause: 'not-text' };
    }
  }
  return { value: part };
}

/** How the lines of a file are read. */
type Shape = {
  readonly names: readonly string[];
  readonly types: readonly string[];
  /** The header as the file has it. */
  readonly header: string;
  /** Fields that are wanted, in the order of the columns. */
  readonly chosen: readonly number[];
  readonly isChosen: readonly boolean[];
};

function shapeOf(found: readonly string[], wanted: readonly string[] | null): Shape | string {
  const names = found.map((name) => (TYPES.has(hyphens(name)) ? hyphens(name) : name));
  const columns = names.map(underscores);
  if (new Set(columns.map((name) => name.toLowerCase())).size < names.length) return 'FG_FIELD_TWICE';
  const asked = wanted === null ? columns : [...new Set(wanted.map(underscores))];
  const chosen = asked.map((name) => columns.indexOf(name)).filter((at) => at >= 0);
  const types = names.map((name) => TYPES.get(name) ?? 'VARCHAR');
  return { names, types, header: found.join(' '), chosen, isChosen: names.map((_, at) => chosen.includes(at)) };
}

/** Values by field, or cause and field: the first field that is not well decides. */
function readFields(line: string, shape: Shape, values: string[]): readonly [string, string | null] | null {
  const parts = line.split(/[\0- ]/);
  let at = 0;
  for (let n = 0; n < shape.names.length; n++) {
    const part = parts[n] ?? '';
    if (part === '') return ['field-count', null];
    if (shape.isChosen[n]) {
      const read = readValue(part, shape.types[n]!);
      if ('cause' in read) return [read.cause, shape.names[n]!];
      values[n] = read.value;
    }
    at += part.length;
    const isLast = n === shape.names.length - 1;
    if (isLast ? at !== line.length : line[at] !== ' ') return ['field-count', null];
    at++;
  }
  return null;
}

/** The shape of a file from its first line; the code of the error where there is none. */
function begin(bare: string, line: string, told: readonly string[] | null, wanted: readonly string[] | null) {
  const names = namesIn(bare);
  if (names !== null) return { isHeader: true, shape: shapeOf(names, wanted) };
  if (told !== null) return { isHeader: false, shape: shapeOf(told, wanted) };
  const shown = lenient.decode(bytesOf(line)).trimEnd();
  const isDefault = /^\d+ /.test(line) && shown.split(' ').length === DEFAULT_NAMES.length;
  return { isHeader: false, shape: isDefault ? shapeOf(DEFAULT_NAMES, wanted) : 'FG_HEADER_MISSING' };
}

/** Reads a file. */
export function readPlainly(
  bytes: Uint8Array,
  told: readonly string[] | null,
  wanted: readonly string[] | null,
): PlainReading | string {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const printed: string[] = [];
  const bad: PlainTrouble[] = [];
  const values: string[] = [];
  let badCount = 0;
  let shape: Shape | null = null;
  for (const [n, raw] of lines.entries()) {
    const line = n === 0 && raw.startsWith('\xef\xbb\xbf') ? raw.slice(3) : raw;
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    let trouble: readonly [string, string | null] | null = null;
    if (line.length > LONGEST) trouble = ['too-long', null];
    else if (bare === '') continue;
    else {
      if (shape === null) {
        const begun = begin(bare, line, told, wanted);
        if (typeof begun.shape === 'string') return begun.shape;
        shape = begun.shape;
        if (begun.isHeader) continue;
      }
      if (bare === shape.header) continue;
      trouble = readFields(bare, shape, values);
    }
    if (trouble === null) printed.push(shape!.chosen.map((at) => values[at]).join(' '));
    else if (badCount++ < DESCRIBED) bad.push([n + 1, ...trouble]);
  }
  return { text: printed.map((line) => `${line}\n`).join(''), rows: printed.length, badCount, bad };
}
