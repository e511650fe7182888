/**
 * Rows of a question, by column.
 *
 * In:    SQL. Out: its rows, all of them: detections group, so these are few.
 * Fails: with the error of the query.
 */
import type { FindingCell } from '../api/findings.ts';
import type { Duck } from '../storage/duck/duck.ts';

/** A row by its columns. */
export type FoundRow = Readonly<Record<string, FindingCell>>;

/** All rows of a question, by column. */
export async function rowsOf(duck: Pick<Duck, 'rows'>, sql: string): Promise<FoundRow[]> {
  const { columns, batches } = await duck.rows(sql);
  const rows: FoundRow[] = [];
  for await (const batch of batches)
    for (const row of batch)
      rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, cellOf(row[at] ?? null)])));
  return rows;
}

/** What JSON cannot hold exactly keeps its digits. */
function cellOf(value: string | number | bigint | boolean | null): FindingCell {
  return typeof value === 'bigint' ? String(value) : value;
}
