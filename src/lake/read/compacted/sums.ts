/**
 * Sums of records: which roll-up of a file stands for its records, and the relation of both.
 *
 * In:    what a question tells records apart by, files of a lake, a range of time. Out: SQL whose rows stand for one record or many:
 *        the dimensions, `start_time` and `end_time` (the first and the last of them), `bytes`, `packets`, `flows`.
 * Holds: a roll-up stands for a file where all records of the file began and ended in the range, it has every dimension that the
 *        file's records have, and its spans lie within those that are asked for: then every sum, count, least and greatest is
 *        that of the records. Where a number is absent in records it is absent in rows of their own.
 * Fails: never.
 */
import { quoteName } from '../../../storage/duck/quote.ts';
import { readGroup } from '../parquet-files.ts';
import type { ColumnType } from '../parquet-files.ts';
import type { TablePart, TimeRange } from '../source.ts';
import { isBounded } from '../time-range.ts';
import { rollupPart } from './lake-files.ts';
import type { LakePart } from './lake-files.ts';
import { GROUP_HASH } from './manifest.ts';
import type { LakeFile, LakeRollup } from './manifest.ts';
import type { TopAsked } from './top-groups.ts';

/** What a question needs of sums. */
export type SumsAsked = {
  /** The relation that its SQL names. */
  readonly view: string;
  /** Columns that its groups and conditions are about. */
  readonly dimensions: readonly string[];
  /** Length of the spans that it tells apart; null: none. */
  readonly stepSeconds: number | null;
  /** It looks at records with action REJECT only. */
  readonly rejected: boolean;
  /** It wants those groups only; null: all. */
  readonly top: TopAsked | null;
};

/** The roll-up that stands for a file, the one with the fewest rows; null: its records are needed. */
export function rollupFor(file: LakeFile, asked: SumsAsked, range: TimeRange): LakeRollup | null {
  if (!isWhole(file, range)) return null;
  const has = new Set(file.coverage.flatMap(({ columns }) => columns));
  const fit = file.rollups.filter(
    ({ dimensions, stepSeconds, only }) =>
      (only === null || (asked.rejected && only === 'rejected')) &&
      (asked.stepSeconds === null || asked.stepSeconds % stepSeconds === 0) &&
      asked.dimensions.every((name) => dimensions.includes(name) || !has.has(name)),
  );
  return fit.length === 0 ? null : fit.reduce((a, b) => (b.rows < a.rows ? b : a));
}

/** Whether all records of a file are of a range, and began in it. */
function isWhole({ firstStart, lastStart, firstEnd }: LakeFile, range: TimeRange): boolean {
  if (!isBounded(range)) return true;
  if (firstStart === null || lastStart === null || firstEnd === null) return false;
  return firstStart >= range.startSeconds && firstEnd >= range.startSeconds && lastStart < range.endSeconds;
}

/** Of each file of a lake what a question reads: its records, or a roll-up. */
export type SumsPlan = {
  readonly asked: SumsAsked;
  readonly records: readonly LakePart[];
  readonly rollups: readonly { readonly part: TablePart; readonly rollup: LakeRollup }[];
};

/** Chooses for all files. */
export function planSums(asked: SumsAsked, parts: readonly LakePart[], range: TimeRange): SumsPlan {
  const chosen = parts.map((part) => ({ part, rollup: rollupFor(part.lake, asked, range) }));
  return {
    asked,
    records: chosen.flatMap(({ part, rollup }) => (rollup === null ? [part] : [])),
    rollups: chosen.flatMap(({ part, rollup }) =>
      rollup === null ? [] : [{ part: rollupPart(part, rollup), rollup }],
    ),
  };
}

/**
 * Whether all that a question for few groups reads has hashes which all rows of a group share: roll-ups alone, with hashes of the same of the
 * columns that its groups are told apart by.
 */
export function hasHashes({ asked: { top }, records, rollups }: SumsPlan): boolean {
  const of = rollups[0]?.rollup.hashed;
  if (top === null || of === undefined || records.length > 0 || !of.every((name) => top.by.includes(name)))
    return false;
  return rollups.every(({ rollup: { hashed } }) => hashed?.join(' ') === of.join(' '));
}

/** Columns of a record that are added up. */
const MEASURES: readonly string[] = ['bytes', 'packets'];
/** Columns of times, and what a roll-up calls them. */
const SPANS = [
  { name: 'start_time', of: 'start', stored: 'first_time' },
  { name: 'end_time', of: 'end', stored: 'last_time' },
] as const;

/** Columns of a roll-up that its rows are read by, besides those that the table has too. */
export const SUM_COLUMNS: readonly string[] = [...SPANS.map(({ stored }) => stored), 'flows'];

/**
 * SQL of the relation.
 *
 * @param records  SQL of the records that no roll-up stands for; null: there are none
 * @param here     where roll-ups lie on this machine, by key
 * @param columns  of the table, those that the question needs
 */
export function sumsSql(
  plan: SumsPlan,
  records: string | null,
  here: ReadonlyMap<string, TablePart>,
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): string {
  const { asked, rollups } = plan;
  const dimensions = columns.filter(({ name }) => asked.dimensions.includes(name));
  const measures = columns.filter(({ name }) => MEASURES.includes(name));
  const spans = SPANS.filter(({ of }) => columns.some(({ name }) => name === of));
  const branches: string[] = [];
  if (records !== null) {
    const list = [...dimensions, ...spans, ...measures].map(({ name }) => quoteName(name));
    const only = asked.rejected ? " WHERE action = 'REJECT'" : '';
    branches.push(`SELECT ${[...list, 'CAST(1 AS BIGINT) AS flows'].join(', ')} FROM (${records})${only}`);
  }
  const groups = Map.groupBy(rollups, ({ rollup }) => rollup.dimensions.join(' '));
  for (const [names, some] of groups) {
    const parts = some.flatMap(({ part }) => here.get(part.ref.key) ?? []);
    if (parts.length === 0) continue;
    const has = new Set(names.split(' '));
    const list = [
      ...dimensions.map(({ name, type }) =>
        has.has(name) ? quoteName(name) : `CAST(NULL AS ${type}) AS ${quoteName(name)}`,
      ),
      ...spans.map(({ name, stored }) => `${stored} AS ${name}`),
      ...measures.map(({ name }) => quoteName(name)),
      'flows',
      ...(records === null && hasHashes(plan) ? [GROUP_HASH] : []),
    ];
    branches.push(`SELECT ${list.join(', ')} FROM ${readGroup({ parts, columns: [] })}`);
  }
  if (branches.length > 0) return branches.join(' UNION ALL ');
  // Nothing is here yet: a question is looked at before anything is brought.
  const empty = [
    ...[...dimensions, ...measures].map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`),
    ...spans.map(({ name }) => `CAST(NULL AS TIMESTAMP) AS ${name}`),
    'CAST(NULL AS BIGINT) AS flows',
  ];
  return `SELECT ${empty.join(', ')} WHERE false`;
}
