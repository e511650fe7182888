/**
 * The one statement behind graph and table.
 *
 * In:    a question: range, filter, dimensions, measure. Out: SQL with its parameters.
 * Holds: a row for each span, period and group, of which only the `top` with the most are told apart; all others are group 0.
 *        A record counts in the span in which it begins.
 * Fails: never.
 */
import type { Filter } from '../../api/filter.ts';
import type { Measure } from '../../api/explore.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { columnName } from '../../record/fields/list.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import type { Dialect } from '../dialect.ts';
import type { BoundQuestion } from '../engine.ts';
import type { HeldFields } from '../held-fields.ts';
import { ALL_FIELDS } from '../held-fields.ts';
import { fieldSql, takenFor } from './columns.ts';
import { conditionsSql, fieldOf, fieldsOf, valuesOf } from './where.ts';

export type ExploreQuestion = {
  /** Whole seconds, bounded. */
  readonly range: TimeRange;
  readonly filter: Filter;
  /** Names of `filterField`, none twice. */
  readonly dimensions: readonly string[];
  readonly measure: Measure;
  readonly stepSeconds: number;
  /** Groups that are told apart. */
  readonly top: number;
  /** The period before; null: it is not asked for. */
  readonly before: TimeRange | null;
};

/** Columns before those of the dimensions. */
export const LEADING = ['span', 'period', 'place'] as const;
/** Columns after them. */
export const TRAILING = ['bytes', 'packets', 'flows', 'records', 'all_groups'] as const;

/** The question, bound. */
export function exploreStatement(asked: ExploreQuestion, d: Dialect): BoundQuestion {
  const { range, filter, dimensions, measure, stepSeconds, top, before } = asked;
  const taken = [...fieldsOf(filter), ...dimensions.map(fieldOf)].map(takenFor);
  const needsFields = new Set(['start', ...taken.flatMap(({ needs }) => needs)]);
  if (measure === 'bytes' || measure === 'packets') needsFields.add(measure);
  const instead = Object.fromEntries(taken.flatMap((each) => Object.entries(each.instead)));
  const sql = (held: HeldFields): string => exploreSql(asked, d, held);
  return {
    sql: sql(ALL_FIELDS),
    parameters: {
      ...valuesOf(filter),
      starts: BigInt(range.startSeconds),
      ends: BigInt(range.endSeconds),
      step: BigInt(stepSeconds),
      ...(dimensions.length === 0 ? {} : { top: BigInt(top) }),
      ...(before === null ? {} : { before: BigInt(before.startSeconds), before_ends: BigInt(before.endSeconds) }),
    },
    saved: { name: 'explore', needsFields: [...needsFields], instead, sql },
  };
}

function exploreSql({ filter, dimensions, measure, before }: ExploreQuestion, d: Dialect, held: HeldFields): string {
  const names = dimensions.map(aliasOf);
  const start = d.time('start');
  const period = before === null ? '0' : `CASE WHEN ${start} < ${d.instant('starts')} THEN 1 ELSE 0 END`;
  const traffic = trafficSql(held);
  // The period before is as long, and begins a whole number of spans earlier.
  const gap =
    before === null ? '' : `\n    AND (${start} >= ${d.instant('starts')} OR ${start} < ${d.instant('before_ends')})`;
  const list = (items: readonly string[]): string => items.map((each) => `${each}, `).join('');
  const seen = `seen AS (
    SELECT ${d.spanBegin(d.parameter('step'))} AS span, ${period} AS period,
      ${list(dimensions.map((name, at) => `${fieldSql(fieldOf(name), d, held)} AS ${names[at]}`))}
      coalesce(${held.column('bytes')}, 0) AS bytes, coalesce(${held.column('packets')}, 0) AS packets,
      CASE WHEN ${traffic} THEN 1 ELSE 0 END AS flows, 1 AS records
    FROM ${d.table}
    WHERE ${start} >= ${d.instant(before === null ? 'starts' : 'before')} AND ${start} < ${d.instant('ends')}${gap}
    ${[...(measure === 'records' ? [] : [traffic]), ...conditionsSql(filter, d, held)].map((each) => `AND ${each}`).join('\n    ')}
  )`;
  const sums = 'sum(bytes) AS bytes, sum(packets) AS packets, sum(flows) AS flows, sum(records) AS records';
  if (names.length === 0)
    return `WITH ${seen}
  SELECT span, period, 1 AS place, ${sums}, 1 AS all_groups
  FROM seen
  GROUP BY span, period
  ORDER BY span`;
  return `WITH ${seen},
  sizes AS (
    SELECT ${list(names)}sum(${measure}) AS amount FROM seen WHERE period = 0 GROUP BY ${names.join(', ')}
  ),
  top_groups AS (
    SELECT ${list(names)}row_number() OVER (ORDER BY amount DESC, ${names.join(', ')}) AS place
    FROM sizes
    ORDER BY place
    LIMIT ${d.parameter('top')}
  )
  SELECT span, period, coalesce(place, 0) AS place, ${list(names.map((name) => `top_groups.${name}`))}${sums},
    (SELECT count(*) FROM sizes) AS all_groups
  FROM seen LEFT JOIN top_groups ON ${names.map((name) => `seen.${name} IS NOT DISTINCT FROM top_groups.${name}`).join(' AND ')}
  GROUP BY span, period, place, ${names.map((name) => `top_groups.${name}`).join(', ')}
  ORDER BY span, period, place`;
}

/** Whether a record is of traffic, by whatever field of it there is. */
function trafficSql(held: HeldFields): string {
  const told = ['packets', 'bytes', 'srcaddr', 'action'].filter((field) => held.byAny(field));
  return told.length === 0 ? 'TRUE' : `(${told.map((field) => `${field} IS NOT NULL`).join(' OR ')})`;
}

const TAKEN: ReadonlySet<string> = new Set([...LEADING, ...TRAILING, 'amount']);

/** What a dimension is called in the statement. */
function aliasOf(dimension: string): string {
  const name = columnName(dimension);
  if (TAKEN.has(name)) return `${name}_value`;
  return /^[a-z_]\w*$/u.test(name) && name !== 'end' ? name : quoteName(name);
}
