/**
 * DuckDB's complaint about SQL, shortened.
 *
 * In:    its message and the SQL. Out: one line: what is wrong, where, and what was meant perhaps.
 * Holds: the place is given as line and column of the SQL as it was typed.
 */

import { nearNames } from './near.ts';

const LONGEST = 300;

/**
 * One line of a message of DuckDB.
 *
 * @param message  as DuckDB gives it: kind, text, and a line of the SQL with a caret below
 * @param column   the column that it did not find, if that is what it says
 * @param names    columns of the table, to name near ones
 */
export function sqlProblem(message: string, sql: string, column: string | null, names: readonly string[]): string {
  const first = (message.split('\n')[0] ?? '').replace(/^[A-Z][A-Za-z ]*? Error: /, '').trim();
  const text = first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
  const where = placeOf(message, sql);
  const near = column === null ? [] : nearNames(column, names);
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `${text.replace(/[.!]$/, '')}${where === null ? '' : ` at ${where}`}${meant}`;
}

/** The column that a message says is not there. */
export function unknownColumn(message: string): string | null {
  return (
    /(?:column|Column) "?([^"\s]+)"? (?:not found|was not found|that (?:does not|doesn't) exist)/.exec(message)?.[1] ??
    /does not have a column named "([^"]+)"/.exec(message)?.[1] ??
    null
  );
}

/** DuckDB shows the line in question, cut at both ends where it is long, and a caret below. */
function placeOf(message: string, sql: string): string | null {
  const found = /\nLINE (\d+): (.*)\n( *)\^/.exec(message);
  if (found === null) return null;
  const [, number, shown, blanks] = found as unknown as [string, string, string, string];
  const line = sql.split('\n')[Number(number) - 1] ?? '';
  const core = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const at = line.indexOf(core);
  const inShown = blanks.length - `LINE ${number}: `.length - (shown.startsWith('...') ? 3 : 0);
  return at < 0 ? `line ${number}` : `line ${number}, column ${at + inShown + 1}`;
}
