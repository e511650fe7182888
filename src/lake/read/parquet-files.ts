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
import { reasonOf } from './text-file.ts';

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
};

export type ParquetGroup = { readonly parts: readonly TablePart[]; readonly columns: readonly ParquetColumn[] };

export type ParquetSurvey = {
  readonly groups: readonly ParquetGroup[];
  readonly problems: readonly { readonly part: TablePart; readonly why: string }[];
};

/** Reads the schemas of parts that lie on this machine. */
export async function surveyParquet(duck: Pick<Duck, 'all'>, parts: readonly TablePart[]): Promise<ParquetSurvey> {
  const problems: { part: TablePart; why: string }[] = [];
  const groups = new Map<string, { parts: TablePart[]; columns: ParquetColumn[] }>();
  for (const { part, schema, why } of await schemas(duck, parts)) {
    const columns = schema.map(([stored, storedType]) => column(stored, storedType));
    if (why !== null) problems.push({ part, why });
    else if (!columns.some(({ known }) => known)) problems.push({ part, why: 'no column of it is a flow log field' });
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

async function schemas(
  duck: Pick<Duck, 'all'>,
  parts: readonly TablePart[],
): Promise<{ part: TablePart; schema: Schema; why: string | null }[]> {
  if (parts.length === 0) return [];
  try {
    const rows = await duck.all(
      `SELECT file_name, name, duckdb_type FROM parquet_schema(${paths(parts)}) WHERE duckdb_type IS NOT NULL`,
    );
    const byFile = new Map<string, [string, string][]>();
    for (const [file, name, type] of rows) {
      const key = String(file);
      const list = byFile.get(key) ?? [];
      if (list.length === 0) byFile.set(key, list);
      list.push([String(name), String(type)]);
    }
    return parts.map((part) => ({ part, schema: byFile.get(part.path ?? '') ?? [], why: null }));
  } catch (error) {
    // One bad file fails them all: find it by halves.
    if (parts.length === 1) return [{ part: parts[0]!, schema: [], why: shortReason(error) }];
    const half = parts.length >> 1;
    return [...(await schemas(duck, parts.slice(0, half))), ...(await schemas(duck, parts.slice(half)))];
  }
}

function shortReason(error: unknown): string {
  return (reasonOf(error).split('\n')[0] ?? '').replace(/^[A-Za-z ]+ Error: /, '');
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
  if (column.type === 'VARCHAR') {
    return `nullif(${column.storedType === 'VARCHAR' ? stored : `CAST(${stored} AS VARCHAR)`}, '-')`;
  }
  if (column.storedType === column.type) return stored;
  return `TRY_CAST(${mayFail(column) ? `nullif(CAST(${stored} AS VARCHAR), '-')` : stored} AS ${column.type})`;
}

/** Whether a stored value may be no number of the column's type. */
export function mayFail(column: ParquetColumn): boolean {
  const numbers = ['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT'];
  if (column.type === 'BIGINT') numbers.push('UINTEGER', 'BIGINT');
  return column.type !== 'VARCHAR' && !numbers.includes(column.storedType);
}

/** How DuckDB must be told of a file: in its paths some letters are patterns. */
export function patternOf(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

function paths(parts: readonly TablePart[]): string {
  return `[${parts.map((part) => quoteText(patternOf(part.path ?? ''))).join(', ')}]`;
}
