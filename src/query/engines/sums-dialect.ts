/**
 * DuckDB's dialect for a query whose rows may stand for several records.
 *
 * In:    the values of the query's parameters. Out: the dialect, and what relations its SQL names.
 * Holds: a sum of counts is of the type of a count; where there is no row it is 0.
 * Fails: never.
 */
import type { SumsAsked } from '../../lake/read/compacted/sums.ts';
import type { Dialect } from '../dialect.ts';
import { DUCKDB } from '../dialect.ts';

/** The dialect; `asked` grows as SQL is made with it. */
export function sumsDialect(parameters: Readonly<Record<string, string | bigint>>): {
  readonly dialect: Dialect;
  readonly asked: readonly SumsAsked[];
} {
  const asked: SumsAsked[] = [];
  const dialect: Dialect = {
    ...DUCKDB,
    sums({ by, every, rejected = false, top: of }) {
      const view = `flow_sums_${asked.length + 1}`;
      const stepSeconds = every === undefined ? null : Number(typeof every === 'string' ? parameters[every] : every);
      const top = of === undefined ? null : { by: of.by, most: Number(parameters[of.most]), where: of.where ?? null };
      asked.push({ view, dimensions: by, stepSeconds, rejected, top });
      return view;
    },
    flows: (holds) => {
      const counted = holds === undefined ? 'flows' : `CASE WHEN ${holds} THEN flows END`;
      return `CAST(coalesce(sum(${counted}), 0) AS BIGINT)`;
    },
    andFlows: ', flows',
  };
  return { dialect, asked };
}
