/**
 * Parquet files of records: their schemas, and each column as the table has it.
 *
 * In:    paths. Out: groups of files of one schema, with the SQL that reads one column of them.
 * Holds: columns are found by name; a type that another writer chose is cast; `-` and NULL are both absent.
 * Fails: a file that cannot be read, or names no field, comes out as a problem and in no group.
 */
import { columnName, fieldNamed } from '../../record/fields/list.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { quoteName, quoteText } from '../../storage/duck/duck.ts';
import type { TablePart } from './source.ts';
import { whyUnread } from './forms/packing.ts';

export type ColumnType = 'VARCHAR' | 'INTEGER' | 'BIGINT';

export type ParquetColumn = {
  /** As the table calls it. */
  readonly name: string;
  /** As the file calls it. */
  readonly stored: string;
  /** DuckDB's type of what is stored. */
  readonly storedType: string;
  readonly type: ColumnType;
  readonly known: boolean;
  /** What is absent is NULL and nothing else, and the type is the table's: a comparison reaches the statistics of the file. */
  readonly plain?: true;
};

export type ParquetGroup = { readonly parts: readonly TablePart[]; readonly columns: readonly ParquetColumn[] };

/** A part that cannot be read; `isOther`: it is something else than a flow log. */
export type UnreadPart = { readonly part: TablePart; readonly why: string; readonly isOther: boolean };

export type ParquetSurvey = { readonly groups: readonly ParquetGroup[]; readonly problems: readonly UnreadPart[] };

/** Reads the schemas of parts that lie on this machine. */
export async function surveyParquet(duck: Pick<Duck, 'all'>, parts: readonly TablePart[]): Promise<ParquetSurvey> {
  const problems: UnreadPart[] = [];
  const groups = new Map<string, { parts: TablePart[]; columns: ParquetColumn[] }>();
  for (const { part, schema, why } of await schemas(duck, parts)) {
    const columns = schema.map(([stored, storedType]) => column(stored, storedType));
    const twice = columns.find(({ name }, at) => columns.findIndex((each) => each.name === name) !== at);
    const nested = columns.find(({ known, storedType }) => known && storedType === 'STRUCT');
    if (why !== null) problems.push({ part, why, isOther: false });
    else if (!columns.some(({ known }) => known))
      problems.push({ part, why: 'no column of it is a flow log field', isOther: true });
    else if (nested !== undefined)
      problems.push({ part, why: `its field ${nested.name} is no single value`, isOther: false });
    else if (twice !== undefined)
      problems.push({
        part,
        why: `it has the field ${twice.name} twice, and nothing says which is meant`,
        isOther: false,
      });
    else {
      const key = JSON.stringify(schema);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { parts: [part], columns });
      else group.parts.push(part);
    }
  }
  return { groups: [...groups.values()], problems };
}

type Schema = readonly (readonly [name: string, type: string])[];
type SchemaElement = readonly [name: string, type: string, children: number];

/** The columns among a schema's elements: each of them stands before what it is made of, and the file before all. */
function columnsOf(elements: readonly SchemaElement[]): Schema {
  const columns: [string, string][] = [];
  let inside = 0;
  for (const [name, type, children] of elements.slice(1)) {
    if (inside > 0) inside--;
    else columns.push([name, children > 0 ? 'STRUCT' : type]);
    inside += children;
  }
  return columns;
}

async function schemas(
  duck: Pick<Duck, 'all'>,
  parts: readonly TablePart[],
): Promise<{ part: TablePart; schema: Schema; why: string | null }[]> {
  if (parts.length === 0) return [];
  try {
    const rows = await duck.all(
      `SELECT file_name, name, coalesce(duckdb_type, 'STRUCT'), coalesce(num_children, 0) FROM parquet_schema(${paths(parts)})`,
    );
    const byFile = new Map<string, SchemaElement[]>();
    for (const [file, name, type, children] of rows) {
      const list = byFile.get(String(file)) ?? [];
      if (list.length === 0) byFile.set(String(file), list);
      list.push([String(name), String(type), Number(children)]);
    }
    return parts.map((part) => ({ part, schema: columnsOf(byFile.get(part.path ?? '') ?? []), why: null }));
  } catch (error) {
    // One bad file fails them all: find it by halves.
    if (parts.length === 1) return [{ part: parts[0]!, schema: [], why: shortReason(error) }];
    const half = parts.length >> 1;
    return [...(await schemas(duck, parts.slice(0, half))), ...(await schemas(duck, parts.slice(half)))];
  }
}

function shortReason(error: unknown): string {
  return (whyUnread(error).split('\n')[0] ?? '').replace(/^[A-Za-z ]+ Error: /, '');
}

function column(stored: string, storedType: string): ParquetColumn {
  const field = fieldNamed(stored.toLowerCase().replaceAll('_', '-'));
  const name = field === undefined ? columnName(stored).toLowerCase() : columnName(field.name);
  return { name, stored, storedType, type: field?.column ?? 'VARCHAR', known: field !== undefined };
}

/** SQL of the rows of a group. */
export function readGroup(group: ParquetGroup): string {
  return `read_parquet(${paths(group.parts)}, hive_partitioning = false)`;
}

/** SQL of a column's value as the table has it. */
export function valueOf(column: ParquetColumn): string {
  const stored = quoteName(column.stored);
  if (column.plain === true) return stored;
  if (column.type === 'VARCHAR') return `nullif(${textOf(column, stored)}, '-')`;
  if (column.storedType === column.type) return stored;
  if (!mayFail(column)) return `TRY_CAST(${stored} AS ${column.type})`;
  // Other writers have times where AWS has seconds.
  if (SECONDS.includes(column.name) && /^(?:TIMESTAMP|DATE)/.test(column.storedType)) {
    return `TRY_CAST(floor(epoch(${stored})) AS ${column.type})`;
  }
  if (WHOLE.includes(column.storedType)) return `TRY_CAST(${stored} AS ${column.type})`;
  // A cast alone would round, trim and take exponents.
  return `TRY_CAST(regexp_extract(CAST(${stored} AS VARCHAR), '^([+-]?[0-9]+)(\\.0*)?$', 1) AS ${column.type})`;
}

const SECONDS: readonly string[] = ['start', 'end'];
const WHOLE: readonly string[] = [
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
];

function textOf(column: ParquetColumn, stored: string): string {
  if (column.storedType === 'VARCHAR') return stored;
  const text = `CAST(${stored} AS VARCHAR)`;
  if (!column.known || !column.name.endsWith('account_id')) return text;
  // As a number an account has lost its leading zeros; it has twelve digits always.
  const isNumber = WHOLE.includes(column.storedType) || /^(?:DOUBLE|DECIMAL)/.test(column.storedType);
  if (!isNumber) return text;
  const digits = `CAST(CAST(${stored} AS HUGEINT) AS VARCHAR)`;
  return `CASE WHEN ${stored} BETWEEN 0 AND 999999999999 AND ${stored} = floor(${stored}) THEN lpad(${digits}, 12, '0') ELSE ${text} END`;
}

/** Whether a stored value may be no number of the column's type. */
export function mayFail(column: ParquetColumn): boolean {
  const numbers = ['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT'];
  if (column.type === 'BIGINT') numbers.push('UINTEGER', 'BIGINT');
  return column.type !== 'VARCHAR' && !numbers.includes(column.storedType);
}

/**
 * The first file whose values cannot all be read, as damage inside of one shows only then; null where all can be.
 *
 * @param names  columns that are read
 */
export async function brokenParquet(
  duck: Pick<Duck, 'all'>,
  groups: readonly ParquetGroup[],
  names: ReadonlySet<string>,
): Promise<UnreadPart | null> {
  for (const { parts, columns } of groups) {
    const own = columns.filter(({ name }) => names.has(name));
    const values = own.map((each) => `max(${valueOf(each)})`);
    for (const part of parts) {
      try {
        await duck.all(`SELECT ${['count(*)', ...values].join(', ')} FROM ${readGroup({ parts: [part], columns })}`);
      } catch (error) {
        return { part, why: shortReason(error), isOther: false };
      }
    }
  }
  return null;
}

/** How DuckDB must be told of a file: in its paths some letters are patterns. */
export function patternOf(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

function paths(parts: readonly TablePart[]): string {
  return `[${parts.map((part) => quoteText(patternOf(part.path ?? ''))).join(', ')}]`;
}
