/**
 * A statement with its values written out, for showing and for pasting.
 *
 * In:    SQL with `$name`s of ours, values. Out: SQL without parameters that gives the same answer.
 * Holds: a value is a whole number or a text in quotes; SQL of ours has no `$` but those of parameters. What is shown is
 *        never what is run.
 */
import { quoteText } from '../../storage/duck/quote.ts';
import type { BoundQuestion } from '../engine.ts';

/** Writes the values into DuckDB's SQL. */
export function literalSql({ sql, parameters }: Pick<BoundQuestion, 'sql' | 'parameters'>): string {
  return sql
    .replaceAll(/\$(\w+)/gu, (whole, name: string) => {
      const value = Object.hasOwn(parameters, name) ? parameters[name]! : null;
      if (value === null) return whole;
      return typeof value === 'bigint' ? String(value) : quoteText(value);
    })
    .replaceAll(/\n {2}/gu, '\n');
}
