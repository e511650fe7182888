/**
 * Columns of times, made of those of seconds.
 *
 * In:    columns. Out: SQL.
 */
import { quoteName } from '../../storage/duck/quote.ts';

/** Columns of seconds that a column of times is made of. */
export const TIMES: readonly string[] = ['start', 'end'];

/** Seconds, or milliseconds as some SKIPDATA lines have; NULL for what is neither. */
export function times(columns: readonly { readonly name: string }[]): string {
  const parts = TIMES.filter((name) => columns.some((column) => column.name === name));
  return parts
    .map(
      (
        name,
      ) => `, CASE WHEN ${quoteName(name)} BETWEEN 0 AND 99999999999 THEN make_timestamp(${quoteName(name)} * 1000000)
        WHEN ${quoteName(name)} BETWEEN 100000000000 AND 99999999999999 THEN make_timestamp(${quoteName(name)} * 1000) END AS ${name}_time`,
    )
    .join('');
}
