/**
 * Which rows of `flow_logs` a statement looks at, as far as it says so by `column = text`.
 *
 * In:    a statement as DuckDB's parser gives it. Out: for each place that reads the table the texts that all of its rows must have.
 * Holds: never too few: a place counts where the table alone stands in FROM and WHERE is such a comparison, or an AND of which one is;
 *        anything else that names the table means all rows.
 * Fails: never.
 */

/** What a column must be: a text, or that of a parameter. */
export type WantedText = { readonly text: string } | { readonly parameter: string };
/** By column, small letters. */
export type TextsOfRow = ReadonlyMap<string, WantedText>;

type Node = { readonly [key: string]: unknown };

const TABLE = 'flow_logs';

/** Null: all rows, or the table is not read. */
export function neededRows(statement: unknown): readonly TextsOfRow[] | null {
  const found: TextsOfRow[] = [];
  return visit(statement, found) && found.length > 0 ? found : null;
}

/** Whether each place that names the table wants certain rows; those go into `found`. */
function visit(node: unknown, found: TextsOfRow[]): boolean {
  if (Array.isArray(node)) return node.every((each) => visit(each, found));
  if (!isNode(node)) return true;
  if (isTable(node)) return false;
  const from = node['from_table'];
  if (node['type'] !== 'SELECT_NODE' || !isNode(from) || !isTable(from))
    return Object.values(node).every((each) => visit(each, found));
  const names = [from['table_name'], from['alias']].map((name) => String(name).toLowerCase());
  const wanted = new Map(
    conditionsOf(node['where_clause']).flatMap((each) => {
      const [column, text] = comparison(each, names) ?? [];
      return column === undefined || text === undefined ? [] : [[column, text] as const];
    }),
  );
  const { sample, column_name_alias: renamed } = from;
  if (wanted.size === 0 || isNode(sample) || !Array.isArray(renamed) || renamed.length > 0) return false;
  found.push(wanted);
  return Object.entries(node).every(([key, each]) => key === 'from_table' || visit(each, found));
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Whichever form it is: only in one of them it is known which of its rows are looked at. */
function isTable({ table_name: name }: Node): boolean {
  return typeof name === 'string' && name.toLowerCase() === TABLE;
}

function conditionsOf(where: unknown): readonly unknown[] {
  if (!isNode(where)) return [];
  if (where['type'] !== 'CONJUNCTION_AND') return [where];
  const { children } = where;
  return Array.isArray(children) ? children.flatMap(conditionsOf) : [];
}

/** Column and text of `column = text`, on either side. */
function comparison(node: unknown, tables: readonly string[]): readonly [string, WantedText] | null {
  if (!isNode(node) || node['type'] !== 'COMPARE_EQUAL') return null;
  for (const [one, other] of [
    [node['left'], node['right']],
    [node['right'], node['left']],
  ]) {
    const [column, text] = [columnOf(one, tables), textOf(other)];
    if (column !== null && text !== null) return [column, text];
  }
  return null;
}

function columnOf(node: unknown, tables: readonly string[]): string | null {
  if (!isNode(node) || node['type'] !== 'COLUMN_REF' || !Array.isArray(node['column_names'])) return null;
  const path = node['column_names'].map((each) => String(each).toLowerCase());
  const [first, second] = path;
  if (path.length === 1) return first ?? null;
  return path.length === 2 && tables.includes(first ?? '') ? (second ?? null) : null;
}

function textOf(node: unknown): WantedText | null {
  if (!isNode(node)) return null;
  if (node['type'] === 'VALUE_PARAMETER' && typeof node['identifier'] === 'string')
    return { parameter: node['identifier'] };
  const { value } = node;
  if (node['type'] !== 'VALUE_CONSTANT' || !isNode(value) || !isNode(value['type'])) return null;
  const isText = value['type']['id'] === 'VARCHAR' && value['is_null'] === false;
  return isText && typeof value['value'] === 'string' ? { text: value['value'] } : null;
}
