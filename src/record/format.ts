/**
 * Log formats: the ordered fields that a flow log prints.
 *
 * In:    `${version} ${account-id} …` as CreateFlowLogs takes it, or the header line of a text file.
 * Out:   the fields in order, and the version of the records.
 * Holds: a format for writing has known fields, each once, and either interface fields or transit gateway fields. A
 *        header that is read may name fields that nobody knows: they are kept under their own name.
 * Fails: `FG_FORMAT_EMPTY`, `FG_FORMAT_SHAPE`, `FG_FIELD_UNKNOWN`, `FG_FIELD_TWICE`, `FG_FORMAT_MIXED`.
 */
import { failure } from '../model/errors.ts';
import { FIELDS, INTERFACE_FIELDS, columnName, fieldNamed } from './fields/list.ts';
import { TRANSIT_GATEWAY_NAMES } from './fields/transit-gateway.ts';
import { V2 } from './fields/v2.ts';
import type { Field } from './fields/field.ts';

/** Parsed once for each flow log or file header. */
export type LogFormat = {
  /** `${a} ${b}`, one space between fields: as DescribeFlowLogs shows it. */
  readonly text: string;
  /** The highest version among the fields, at least 2; extension fields do not count. */
  readonly version: number;
  readonly fields: readonly Field[];
};

/** AWS's default format: the fourteen fields of version 2. */
export const DEFAULT_FORMAT: string = formatText(V2.map((field) => field.name));

const TRANSIT_GATEWAY_SET = new Set(TRANSIT_GATEWAY_NAMES);

/** The text of a format with these fields. */
export function formatText(names: readonly string[]): string {
  return names.map((name) => `\${${name}}`).join(' ');
}

/** The header line of a text file, without newline. */
export function headerLine(format: LogFormat): string {
  return format.fields.map((field) => field.name).join(' ');
}

/**
 * All interface fields up to a version, as the presets of consoles have them.
 *
 * @param upTo   10 gives AWS's 42 fields, 11 its 54
 * @param order  `aws` as AWS's table has them; `alphabetical` as the console writes formats
 */
export function allFields(upTo: number = 11, order: 'aws' | 'alphabetical' = 'aws'): LogFormat {
  const names = INTERFACE_FIELDS.filter((field) => field.version <= upTo).map((field) => field.name);
  return parseLogFormat(formatText(order === 'aws' ? names : names.sort()));
}

/** AWS's whole set for transit gateway flow logs, in its order. */
export function transitGatewayFields(): LogFormat {
  return parseLogFormat(formatText(TRANSIT_GATEWAY_NAMES));
}

/** The names in `${a} ${b}`; exactly one space between two of them, none at the ends. */
function namesOfFormat(text: string): string[] {
  const names: string[] = [];
  const piece = /\$\{([^${}\s]+)\}/y;
  for (;;) {
    const at = piece.lastIndex;
    const match = piece.exec(text);
    if (match === null) throw failure('FG_FORMAT_SHAPE', text, at + 1);
    names.push(match[1]!);
    const next = piece.lastIndex;
    if (next === text.length) return names;
    if (text[next] !== ' ') throw failure('FG_FORMAT_SHAPE', text, next + 1);
    piece.lastIndex = next + 1;
  }
}

/** The names of a header line; underscores of columns become the hyphens of fields. */
function namesOfHeader(line: string): string[] {
  const text = line.replace(/[\r\n]+$/, '');
  const names = text.split(' ');
  let at = 1;
  for (const name of names) {
    // Names are printed again and become columns: no control characters, no quotes.
    if (!/^[A-Za-z0-9_.:-]+$/.test(name)) throw failure('FG_FORMAT_SHAPE', text, at);
    at += name.length + 1;
  }
  return names.map((name) => {
    const hyphens = name.replaceAll('_', '-');
    return fieldNamed(hyphens) === undefined ? name : hyphens;
  });
}

/** A field that only a header named. */
function unknownField(name: string): Field {
  return {
    name,
    version: 0,
    since: '',
    column: 'VARCHAR',
    ddl: 'string',
    meaning: 'Not known to this version of flowgauge; read as text under its own name.',
    absent: 'as whoever wrote it decided',
    from: 'constant',
    stays: false,
    known: false,
    print: { kind: 'none' },
  };
}

function formatOf(fields: readonly Field[]): LogFormat {
  const seen = new Set<string>();
  for (const field of fields) {
    // Two names that differ only in `-` and `_` would be one column.
    const column = columnName(field.name).toLowerCase();
    if (seen.has(column)) throw failure('FG_FIELD_TWICE', field.name);
    seen.add(column);
  }
  const version = Math.max(2, ...fields.map((field) => field.version));
  return { text: formatText(fields.map((field) => field.name)), version, fields };
}

/**
 * The format of a flow log, for writing.
 *
 * @param text  `${version} ${srcaddr} …`, or names separated by single spaces
 */
export function parseLogFormat(text: string): LogFormat {
  if (text.trim() === '') throw failure('FG_FORMAT_EMPTY');
  const names = text.includes('$') ? namesOfFormat(text) : namesOfHeader(text);
  const fields = names.map((name) => {
    const field = fieldNamed(name);
    if (field === undefined) throw failure('FG_FIELD_UNKNOWN', name);
    return field;
  });
  const gateway = fields.find((field) => field.version === 6);
  const other = fields.find((field) => !TRANSIT_GATEWAY_SET.has(field.name));
  if (gateway !== undefined && other !== undefined) throw failure('FG_FORMAT_MIXED', gateway.name, other.name);
  return formatOf(fields);
}

/**
 * The format of a file, from its header line: any names in any order, each once.
 *
 * @param line  with hyphens (text files) or underscores (columns); an ending newline is ignored
 */
export function readHeader(line: string): LogFormat {
  if (line.trim() === '') throw failure('FG_FORMAT_EMPTY');
  return formatOf(namesOfHeader(line).map((name) => fieldNamed(name) ?? unknownField(name)));
}

/** Whether a file's first line is a header: nothing but names, at least one of them a field's. Records never are. */
export function isHeader(line: string): boolean {
  const names = line.replace(/\r?\n?$/, '').split(' ');
  return names.every((name) => /^[A-Za-z][A-Za-z0-9_.:-]*$/.test(name)) && names.some((name) => isFieldName(name));
}

function isFieldName(name: string): boolean {
  const hyphens = name.replaceAll('_', '-');
  return FIELDS.some((field) => field.name === hyphens);
}
