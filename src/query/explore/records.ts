/**
 * Records one by one, the newest first.
 *
 * In:    range, filter, columns, where the page before ended. Out: a page.
 * Holds: every record of the range is on one page and none on two, equal ones too, as long as no record comes to a second
 *        that was read: a page begins in the second in which the one before ended, behind as many of its records. Records
 *        without a time are on none.
 * Fails: FG_PAGE_VALUE; as asking does.
 */
import type { RecordsPage } from '../../api/explore.ts';
import { FILTER_FIELDS } from '../../api/filter-fields.ts';
import type { Filter } from '../../api/filter.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { failure } from '../../model/errors.ts';
import { DUCKDB } from '../dialect.ts';
import type { Dialect } from '../dialect.ts';
import type { BoundQuestion } from '../engine.ts';
import { ALL_FIELDS } from '../held-fields.ts';
import type { HeldFields } from '../held-fields.ts';
import type { Place } from './ask-place.ts';
import { fieldSql, takenFor } from './columns.ts';
import { fieldValue } from './explore.ts';
import { conditionsSql, fieldOf, fieldsOf, valuesOf } from './where.ts';

export type RecordsWanted = {
  readonly range: TimeRange;
  readonly filter: Filter;
  /** Names of fields; `x-open` is added. Those that no file holds are absent in every row. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** `RecordsPage.next` of the page before; null: the first. */
  readonly after: string | null;
};

/** What tells records of the same second apart, the ones with more at stake first. */
const ORDER = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'action',
  'end',
  'bytes',
  'packets',
];

/** The second that a page ended in, and how many of its records came before. */
type PageEnd = { readonly seconds: number; readonly passed: number };

/** Asks. */
export async function recordsPage(place: Place, wanted: RecordsWanted, signal: AbortSignal): Promise<RecordsPage> {
  const { range, rows: most } = wanted;
  const end = wanted.after === null ? null : readPageEnd(wanted.after);
  const columns = [...new Set(wanted.columns)].filter((name) => name !== 'x-open');
  const read = {
    startSeconds: range.startSeconds,
    endSeconds: Math.min(range.endSeconds, (end?.seconds ?? Infinity) + 1),
  };
  const make = (marksOpen: boolean): BoundQuestion => recordsStatement({ ...wanted, columns }, end, marksOpen, DUCKDB);
  const answer = await place.ask(make, read, signal);
  const page = answer.rows.slice(0, most);
  const last = page.at(-1);
  return {
    range: { fromSeconds: range.startSeconds, toSeconds: range.endSeconds },
    columns: [...columns, 'x-open'],
    rows: page.map((row) => row.slice(1).map(fieldValue)),
    next: answer.rows.length <= most || last === undefined ? null : nextAfter(page, Number(last[0]), end),
    formats: answer.formats,
    sql: answer.sql,
    notes: answer.notes,
    read: answer.read,
  };
}

function recordsStatement(
  { range, filter, columns, rows }: Pick<RecordsWanted, 'range' | 'filter' | 'columns' | 'rows'>,
  end: PageEnd | null,
  marksOpen: boolean,
  d: Dialect,
): BoundQuestion {
  const taken = fieldsOf(filter).map(takenFor);
  const shown = columns.map(fieldOf).map(takenFor);
  const sql = (held: HeldFields): string => {
    const start = d.time('start');
    const seconds = `CAST(epoch(${start}) AS BIGINT)`;
    const tie = ORDER.filter((field) => held.byAny(field)).map((field) => fieldSql({ name: field }, d, held));
    const conditions = [
      `${start} >= ${d.instant('starts')}`,
      `${start} < ${d.instant('ends')}`,
      ...(end === null ? [] : [`${start} <= ${d.instant('page')}`]),
      ...conditionsSql(filter, d, held),
    ];
    return `SELECT ${[seconds, ...columns.map((name) => fieldSql(fieldOf(name), d, held)), marksOpen ? 'x_open' : 'FALSE'].join(', ')}
  FROM ${d.table}
  WHERE ${conditions.join('\n    AND ')}
  ORDER BY ${[`${start} DESC`, ...tie].join(', ')}
  LIMIT ${d.parameter('rows')}${end === null ? '' : ` OFFSET ${d.parameter('passed')}`}`;
  };
  const instead = Object.fromEntries([
    ...shown.flatMap(({ needs }) =>
      needs.filter((field) => knownField(field)).map((field) => [field, 'it is absent'] as const),
    ),
    ...[...taken, ...shown].flatMap((each) => Object.entries(each.instead)),
  ]);
  const needsFields = [...new Set(['start', ...taken.flatMap(({ needs }) => needs)])];
  return {
    sql: sql(ALL_FIELDS),
    parameters: {
      ...valuesOf(filter),
      starts: BigInt(range.startSeconds),
      ends: BigInt(range.endSeconds),
      // One more shows whether there is another page.
      rows: BigInt(rows + 1),
      ...(end === null ? {} : { page: BigInt(end.seconds), passed: BigInt(end.passed) }),
    },
    saved: { name: 'records', needsFields, instead, sql },
  };
}

function knownField(name: string): boolean {
  return FILTER_FIELDS.some((field) => field.name === name);
}

function nextAfter(page: readonly (readonly unknown[])[], seconds: number, end: PageEnd | null): string {
  const inLast = page.filter((row) => Number(row[0]) === seconds).length;
  // A page that never left the second in which the one before ended adds to what was passed.
  const passed = end !== null && end.seconds === seconds ? end.passed + inLast : inLast;
  return `${seconds}.${passed}`;
}

function readPageEnd(text: string): PageEnd {
  const [, seconds = '', passed = ''] = /^(\d{1,12})\.(\d{1,12})$/u.exec(text) ?? [];
  if (seconds === '') throw failure('FG_PAGE_VALUE', text);
  return { seconds: Number(seconds), passed: Number(passed) };
}
