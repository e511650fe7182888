/**
 * Rows of many objects as one sorted Parquet file, and the SQL that reads them.
 *
 * In:    a table of rows with the number of their object. Out: the file; SQL of the rows of some of its objects.
 * Holds: values are as in the table, types and absent ones too. Rows are sorted so that a question about an address
 *        reads few of them.
 * Fails: with DuckDB's error, as of a full disk.
 */
import { quoteName, quoteText } from '../../../storage/duck/duck.ts';
import type { Duck } from '../../../storage/duck/duck.ts';
import { patternOf } from '../parquet-files.ts';
import type { KeptObject } from './object-cache.ts';

/** Tells objects of a pack apart. No field has a space in its name. */
export const OBJECT_COLUMN = 'object number';

/**
 * What rows are sorted by: the first that a format has. One column brings nearly all that more of them bring (five times
 * faster top talkers, twenty times faster questions about a source), for half of the time.
 */
const ORDER = ['srcaddr', 'pkt_srcaddr', 'interface_id', 'start'] as const;

/** Makes the file, which is not there yet. */
export async function writePack(
  duck: Pick<Duck, 'run'>,
  table: string,
  columns: readonly string[],
  path: string,
): Promise<void> {
  const order = ORDER.find((name) => columns.includes(name)) ?? OBJECT_COLUMN;
  await duck.run(
    `COPY (FROM ${table} ORDER BY ${quoteName(order)}) TO ${quoteText(path)}
     (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
  );
}

/** SQL that a query may take its rows from, for each kind of pack: those of which all is wanted, and the others. */
export function rowsOfPacks(objects: readonly KeptObject[]): string[] {
  const wanted = new Map<string, { rows: number; readonly of: number; readonly ids: number[] }>();
  for (const { id, rows, pack } of objects) {
    if (pack === null || rows === 0) continue;
    const entry = wanted.get(pack.path) ?? { rows: 0, of: pack.rows, ids: [] };
    wanted.set(pack.path, entry);
    entry.rows += rows;
    entry.ids.push(id);
  }
  const whole: string[] = [];
  const some: string[] = [];
  const ids: number[] = [];
  for (const [path, entry] of wanted) {
    if (entry.rows === entry.of) whole.push(path);
    else {
      some.push(path);
      for (const id of entry.ids) ids.push(id);
    }
  }
  return [
    ...(whole.length === 0 ? [] : [readPacks(whole)]),
    ...(some.length === 0 ? [] : [`(FROM ${readPacks(some)} WHERE ${isOneOf(ids)})`]),
  ];
}

/** SQL of all rows of packs. */
export function readPacks(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => quoteText(patternOf(path))).join(', ')}], hive_partitioning = false)`;
}

/** SQL that is true for the rows of these objects. Numbers were given one after the other: ranges are few. */
export function isOneOf(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const before = ranges.at(-1);
    if (before !== undefined && before.last === id - 1) before.last = id;
    else ranges.push({ first: id, last: id });
  }
  const column = quoteName(OBJECT_COLUMN);
  return ranges.map(({ first, last }) => `${column} BETWEEN ${first} AND ${last}`).join(' OR ');
}
