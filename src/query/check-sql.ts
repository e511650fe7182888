/**
 * Other people's SQL, looked at before it runs.
 *
 * In:    a text. Out: what of the table it may need, and its parameters in the order of their numbers.
 * Holds: exactly one statement that reads; no table function but those of `TABLE_FUNCTIONS` (others write logs, change
 *        settings or run SQL of their own), and nothing that tells settings, paths or the SQL of ours: whoever asks may be
 *        somebody else than whoever runs this. DuckDB's own parser says what the text is: nothing is guessed from words.
 *        Columns and rows are never too few: where a form leaves it open which are meant, it is all.
 * Fails: FG_QUERY_REFUSED, FG_QUERY_SQL.
 */
import { failure } from '../model/errors.ts';
import type { Duck } from '../storage/duck/duck.ts';
import { quoteText } from '../storage/duck/duck.ts';
import { neededRows } from './needed-rows.ts';
import type { TextsOfRow } from './needed-rows.ts';

const TABLE_FUNCTIONS = new Set(['unnest', 'range', 'generate_series', 'histogram', 'histogram_values', 'json_each']);

/** Functions that tell or do more than work out a value. */
const KEPT_FUNCTIONS = new Set(['current_setting', 'getenv', 'write_log']);
/** Views of DuckDB's own; two of them tell no more than names and types. */
const KEPT_TABLES = /^(?:duckdb|pg|sqlite|pragma)_/;
const KEPT_SCHEMAS = new Set(['pg_catalog', 'information_schema']);
const OPEN_TABLES = new Set(['columns', 'tables']);

/** Forms that mean columns without naming them. */
const OPEN_FORMS = new Set(['STAR', 'POSITIONAL_REFERENCE', 'PIVOT', 'SHOW_REF']);

const NOT_READING = 'the SQL does something else than read';

export type CheckedSql = {
  /** What DuckDB must call it when it prepares it. */
  readonly kind: 'SELECT' | 'EXPLAIN';
  /** Names that may be columns of the table, small letters; null: any column may be meant. */
  readonly names: ReadonlySet<string> | null;
  /** Names of parameters; the first is `$1` to DuckDB. */
  readonly parameters: readonly string[];
  /** Rows of the table that it may look at; null: all. */
  readonly rows: readonly TextsOfRow[] | null;
};

type Node = { readonly [key: string]: unknown };
type Serialized = {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly named_param_map?: readonly { key: string; value: number }[] }[];
};

/** Looks at SQL without running it. */
export async function checkSql(duck: Pick<Duck, 'all'>, sql: string): Promise<CheckedSql> {
  if (sql.includes('\0')) throw failure('FG_QUERY_REFUSED', 'the SQL has a NUL character in it');
  // Only blanks may stand before and behind the word: what opens a comment there would be read otherwise than we read it.
  const explained = /^[ \t\r\n]*explain(?:[ \t\r\n]+analyze\b|[ \t\r\n]*\([\w \t\r\n,]*\))?(?=[ \t\r\n(])/i.exec(sql);
  const text = explained === null ? sql : ' '.repeat(explained[0].length) + sql.slice(explained[0].length);
  const [row] = await duck.all(`SELECT json_serialize_sql(${quoteText(text)})`);
  const parsed = JSON.parse(String(row?.[0])) as Serialized;
  if (parsed.error) throw notRead(parsed, sql);
  const statements = parsed.statements ?? [];
  if (statements.length === 0) throw failure('FG_QUERY_REFUSED', 'there is no SQL');
  if (statements.length > 1) throw failure('FG_QUERY_REFUSED', `these are ${statements.length} statements`);
  const found = { names: new Set<string>(), open: false, tables: new Set<string>(), alone: new Set<string>() };
  visit(statements[0], found);
  // `SELECT f FROM flow_logs f` is a whole row.
  const rows = [...found.alone].some((name) => found.tables.has(name));
  const parameters = [...(statements[0]?.named_param_map ?? [])].sort((a, b) => a.value - b.value);
  return {
    kind: explained === null ? 'SELECT' : 'EXPLAIN',
    names: found.open || rows ? null : found.names,
    parameters: parameters.map(({ key }) => key),
    rows: neededRows(statements[0]),
  };
}

/**
 * Refuses what DuckDB, preparing it, calls something else than we do.
 *
 * @param kinds  of all statements in the text
 */
export function checkKinds({ kind }: CheckedSql, kinds: readonly string[]): void {
  if (kinds.length !== 1 || kinds[0] !== kind) throw failure('FG_QUERY_REFUSED', NOT_READING);
}

function notRead(parsed: Serialized, sql: string): Error {
  if (parsed.error_type === 'parser') {
    const at = parsed.position === undefined ? '' : ` at ${place(sql, Number(parsed.position))}`;
    const message = parsed.error_message ?? 'syntax error';
    // AWS named a column by a word that SQL keeps for itself.
    const hint = /near "end"/i.test(message) ? '; write the column as "end", in double quotes' : '';
    return failure('FG_QUERY_SQL', `${message}${at}${hint}`);
  }
  return failure('FG_QUERY_REFUSED', NOT_READING);
}

/** Line and column of an offset in bytes, as editors count. */
export function place(sql: string, offset: number): string {
  const before = Buffer.from(sql).subarray(0, offset).toString();
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}

type Found = { readonly names: Set<string>; open: boolean; readonly tables: Set<string>; readonly alone: Set<string> };

function visit(node: unknown, found: Found): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, found);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  note(node as Node, found);
  for (const child of Object.values(node)) visit(child, found);
}

function note(node: Node, found: Found): void {
  const texts = (value: unknown): string[] =>
    (Array.isArray(value) ? value : []).filter((each) => typeof each === 'string').map((each) => each.toLowerCase());
  const type = String(node['type']);
  if (OPEN_FORMS.has(type)) found.open = true;
  switch (type) {
    case 'COLUMN_REF': {
      const path = texts(node['column_names']);
      for (const name of path) found.names.add(name);
      if (path.length === 1) found.alone.add(path[0]!);
      break;
    }
    case 'FUNCTION': {
      const name = String(node['function_name']).toLowerCase();
      if (KEPT_FUNCTIONS.has(name)) throw failure('FG_QUERY_REFUSED', `the SQL asks the function "${name}"`);
      break;
    }
    case 'BASE_TABLE':
      refuseKept(
        typeof node['schema_name'] === 'string' ? node['schema_name'].toLowerCase() : '',
        String(node['table_name']).toLowerCase(),
      );
      for (const key of ['alias', 'table_name']) found.tables.add(String(node[key]).toLowerCase());
      if (texts(node['column_name_alias']).length > 0) found.open = true;
      break;
    case 'JOIN':
      if (node['ref_type'] === 'NATURAL') found.open = true;
      for (const name of texts(node['using_columns'])) found.names.add(name);
      break;
    case 'TABLE_FUNCTION': {
      const name = String((node['function'] as Node | undefined)?.['function_name']).toLowerCase();
      if (!TABLE_FUNCTIONS.has(name)) throw failure('FG_QUERY_REFUSED', `the SQL asks the table function "${name}"`);
      break;
    }
    default:
  }
}

function refuseKept(schema: string, table: string): void {
  const isKept = KEPT_SCHEMAS.has(schema) ? !OPEN_TABLES.has(table) : KEPT_TABLES.test(table);
  if (isKept) throw failure('FG_QUERY_REFUSED', `the SQL asks "${table}", which tells of this machine`);
}
