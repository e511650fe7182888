/**
 * Which rows of `flow_logs` a statement looks at, as far as it says so by `column = text` and `column IN (text, …)`.
 *
 * In:    a statement as DuckDB's parser gives it. Out: texts that rows must have, all of one of these; those of each place that reads
 *        the table.
 * Holds: never too few: a place counts where the table alone stands in FROM and WHERE is such a comparison, an AND of which one is,
 *        or an OR of nothing else; anything else that names the table means all rows.
 * Fails: never.
 */

/** What a column must be: a text, or that of a parameter. */
export type WantedText = { readonly text: string } | { readonly parameter: string };
/** By column, small letters. */
export type TextsOfRow = ReadonlyMap<string, WantedText>;

type Node = { readonly [key: string]: unknown };

const TABLE = 'flow_logs';
/** An AND of ORs has as many ways as their product; of more than these only one of the ORs is looked at. */
const MOST_WAYS = 64;

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
  const ways = waysOf(node['where_clause'], names);
  const { sample, column_name_alias: renamed } = from;
  if (ways === null || isNode(sample) || !Array.isArray(renamed) || renamed.length > 0) return false;
  found.push(...ways);
  return Object.entries(node).every(([key, each]) => key === 'from_table' || visit(each, found));
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Whichever form it is: only in one of them it is known which of its rows are looked at. */
function isTable({ table_name: name }: Node): boolean {
  return typeof name === 'string' && name.toLowerCase() === TABLE;
}

/** Texts by which a row fulfils a condition, all of one of these; null: others may too. */
function waysOf(where: unknown, tables: readonly string[]): readonly TextsOfRow[] | null {
  if (!isNode(where)) return null;
  const children: readonly unknown[] = Array.isArray(where['children']) ? where['children'] : [];
  switch (where['type']) {
    case 'CONJUNCTION_AND': {
      const known = children.flatMap((each) => [waysOf(each, tables)].filter((ways) => ways !== null));
      return known.length === 0 ? null : known.reduce(both);
    }
    case 'CONJUNCTION_OR': {
      const ways = children.map((each) => waysOf(each, tables));
      return ways.every((each) => each !== null) ? ways.flat() : null;
    }
    case 'COMPARE_IN': {
      const column = columnOf(children[0], tables);
      const texts = children.slice(1).map(textOf);
      if (column === null || !texts.every((text) => text !== null)) return null;
      return texts.map((text) => new Map([[column, text]]));
    }
    default: {
      const found = comparison(where, tables);
      return found === null ? null : [new Map([found])];
    }
  }
}

function both(some: readonly TextsOfRow[], others: readonly TextsOfRow[]): readonly TextsOfRow[] {
  if (some.length * others.length > MOST_WAYS) return some.length < others.length ? some : others;
  return some.flatMap((one) => others.map((other) => new Map([...one, ...other])));
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
