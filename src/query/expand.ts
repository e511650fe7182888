/**
 * SQL for an engine that has neither our macros nor our parameters.
 *
 * In:    SQL with `$name` and macros; their values, and a dialect. Out: the SQL with both written out.
 * Holds: texts, quoted names and comments stay as they are. Macros stand for the same as in DuckDB; a value is one literal,
 *        whatever it holds. What reads is let through only: SELECT, WITH, VALUES, TABLE, one statement.
 * Fails: FG_QUERY_REFUSED, FG_QUERY_SQL, FG_PARAMETER_MISSING, FG_PARAMETER_UNKNOWN.
 */
import { failure } from '../model/errors.ts';
import { quoteText } from '../storage/duck/quote.ts';
import type { Dialect } from './dialect.ts';

type Macro = { readonly arguments: number; readonly write: (d: Dialect, ...given: string[]) => string };

/** By name in small letters; the same that `storage/duck/macros.ts` makes in DuckDB. */
const WRITTEN: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ['cidr_contains', { arguments: 2, write: (d, address, network) => d.inCidr(address, network) }],
  ['is_private', { arguments: 1, write: (d, address) => d.isPrivate(address) }],
  ['is_public', { arguments: 1, write: (d, address) => `(${d.isPublic(address)})` }],
  ['port_name', { arguments: 1, write: (d, port) => d.portName(port) }],
  ['protocol_name', { arguments: 1, write: (d, protocol) => d.protocolName(protocol) }],
  ['tcp_flag_names', { arguments: 1, write: (d, flags) => d.flagNames(flags) }],
  ['traffic_path_name', { arguments: 1, write: (d, code) => d.trafficPathName(code) }],
  ['encryption_name', { arguments: 1, write: (d, code) => d.encryptionName(code) }],
]);

/** One piece of SQL: a blank, comment, text, quoted name, `$name`, word, number, or one other character. */
const PIECE =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$[A-Za-z_]\w*|[A-Za-z_]\w*|\d[\w.]*|[\s\S]/gu;
const IS_BLANK = /^(?:\s|--|\/\*)/u;
const READS = /^(?:select|with|values|table|\()$/iu;

/** SQL taken apart, its end without `;`. */
type Pieces = readonly string[];

/**
 * Writes out parameters and macros.
 *
 * @param what        for messages: the saved query's name, or `the SQL`
 * @param parameters  values by name; each must stand in the SQL
 */
export function expandSql(
  sql: string,
  d: Dialect,
  parameters: Readonly<Record<string, string | bigint>>,
  what: string,
): string {
  const pieces = takeApart(sql);
  const used = new Set(pieces.filter((piece) => /^\$\w/u.test(piece)).map((piece) => piece.slice(1)));
  for (const name of Object.keys(parameters))
    if (!used.has(name)) throw failure('FG_PARAMETER_UNKNOWN', what, name, [...used]);
  const value = (name: string): string => {
    const given = parameters[name];
    if (given === undefined) throw failure('FG_PARAMETER_MISSING', what, name, `$${name} stands in it`);
    return typeof given === 'bigint' ? String(given) : quoteText(given);
  };
  return written(pieces, d, value).trim();
}

/**
 * Puts a table in front of a statement, which may begin with tables of its own.
 *
 * @param name   of the table, as the statement writes it
 * @param table  SELECT that it stands for
 */
export function withTable(sql: string, name: string, table: string): string {
  const pieces = takeApart(sql);
  const first = pieces.findIndex((piece) => !IS_BLANK.test(piece));
  const own = `${name} AS (\n${table}\n)`;
  if (pieces[first]?.toLowerCase() !== 'with') return `WITH ${own}\n${sql}`;
  const next = pieces.findIndex((piece, at) => at > first && !IS_BLANK.test(piece));
  const isRecursive = pieces[next]?.toLowerCase() === 'recursive';
  const rest = pieces.slice((isRecursive ? next : first) + 1).join('');
  return `WITH ${isRecursive ? 'RECURSIVE ' : ''}${own},${rest}`;
}

function takeApart(sql: string): Pieces {
  if (sql.includes('\0')) throw failure('FG_QUERY_REFUSED', 'the SQL has a NUL character in it');
  const pieces = sql.match(PIECE) ?? [];
  const opened = pieces.findIndex((piece, at) => /^['"]$/u.test(piece) || (piece === '/' && pieces[at + 1] === '*'));
  if (opened >= 0) throw failure('FG_QUERY_SQL', `what ${pieces[opened]} opens is not closed`);
  const end = pieces.findIndex((piece) => piece === ';');
  const behind = end < 0 ? [] : pieces.slice(end + 1).filter((piece) => !IS_BLANK.test(piece) && piece !== ';');
  if (behind.length > 0) throw failure('FG_QUERY_REFUSED', 'these are several statements');
  const statement = end < 0 ? pieces : pieces.slice(0, end);
  const first = statement.find((piece) => !IS_BLANK.test(piece));
  if (first === undefined) throw failure('FG_QUERY_REFUSED', 'there is no SQL');
  if (!READS.test(first)) throw failure('FG_QUERY_REFUSED', `the SQL begins with "${first}"`);
  return statement;
}

function written(pieces: Pieces, d: Dialect, value: (name: string) => string): string {
  let out = '';
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    const macro = WRITTEN.get(piece.toLowerCase());
    const open = macro === undefined ? -1 : pieces.findIndex((each, next) => next > at && !IS_BLANK.test(each));
    if (/^\$\w/u.test(piece)) out += value(piece.slice(1));
    else if (macro === undefined || pieces[open] !== '(') out += piece;
    else {
      const { given, end } = argumentsOf(pieces, open, piece);
      if (given.length !== macro.arguments)
        throw failure('FG_QUERY_SQL', `${piece} takes ${macro.arguments} values, not ${given.length}`);
      // In brackets: what is given may be longer than a name, and a comment in it would swallow what follows.
      out += macro.write(d, ...given.map((each) => atom(written(withoutComments(each), d, value).trim())));
      at = end;
    }
  }
  return out;
}

/** Pieces between the commas of a call; `end` is its closing bracket. */
function argumentsOf(pieces: Pieces, open: number, name: string): { given: Pieces[]; end: number } {
  const given: string[][] = [[]];
  let depth = 0;
  for (let at = open; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (piece === '(' || piece === '[') depth++;
    if (piece === ')' || piece === ']') depth--;
    if (depth === 0) return { given, end: at };
    if (piece === ',' && depth === 1) given.push([]);
    else if (at > open) given.at(-1)!.push(piece);
  }
  throw failure('FG_QUERY_SQL', `the bracket behind ${name} is not closed`);
}

function withoutComments(pieces: Pieces): Pieces {
  return pieces.map((piece) => (/^(?:--|\/\*)/u.test(piece) ? ' ' : piece));
}

function atom(sql: string): string {
  return /^(?:[\w.]+|"(?:[^"]|"")*"|'(?:[^']|'')*')$/u.test(sql) ? sql : `(${sql})`;
}
