/**
 * How much, of whom, over time.
 *
 * In:    a question, the place. Out: graph and table of one statement.
 * Holds: the groups and "other" add up to the total, in every span. A group that the period before had and this one has not
 *        is in "other" there.
 * Fails: FG_EXPLORE_DIMENSIONS; as asking does.
 */
import { MEASURES } from '../../api/explore.ts';
import type { Explored, ExploredGroup, FieldValue, Measure, SecondsRange } from '../../api/explore.ts';
import type { Filter } from '../../api/filter.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { failure } from '../../model/errors.ts';
import { DUCKDB } from '../dialect.ts';
import type { Cell } from '../engine.ts';
import type { Place } from './ask-place.ts';
import { shiftFor, spansOf, stepFor } from './spans.ts';
import { LEADING, TRAILING, exploreStatement } from './statement.ts';
import { fieldOf } from './where.ts';

export type Explore = {
  readonly range: TimeRange;
  readonly filter: Filter;
  readonly dimensions: readonly string[];
  readonly measure: Measure;
  /** Spans at most. */
  readonly points: number;
  readonly top: number;
  readonly withBefore: boolean;
};

/** More cannot be told apart in a table. */
const MOST_DIMENSIONS = 4;

type Sums = { amounts: Record<Measure, number>; before: Record<Measure, number>; series: number[] };

/** Asks. */
export async function explore(place: Place, asked: Explore, signal: AbortSignal): Promise<Explored> {
  const { range, filter, measure, points, top, withBefore } = asked;
  const dimensions = checkDimensions(asked.dimensions);
  const stepSeconds = stepFor(range, points);
  const shift = shiftFor(range, stepSeconds);
  const before = withBefore ? { startSeconds: range.startSeconds - shift, endSeconds: range.endSeconds - shift } : null;
  const question = exploreStatement({ range, filter, dimensions, measure, stepSeconds, top, before }, DUCKDB);
  const readRange = { startSeconds: (before ?? range).startSeconds, endSeconds: range.endSeconds };
  const answer = await place.ask(() => question, readRange, signal);
  const times = spansOf(range, stepSeconds);
  const read = readRows(answer.rows, dimensions.length, measure, times, stepSeconds, shift);
  const sumsOf = ({ amounts, before, series }: Sums): Omit<ExploredGroup, 'values'> => ({
    amounts,
    before: withBefore ? before : null,
    series,
  });
  const groups = [...read.groups.entries()]
    .filter(([number]) => number > 0)
    .sort(([a], [b]) => a - b)
    .map(([, group]) => ({ values: group.values, ...sumsOf(group) }));
  const rest = read.groups.get(0);
  return {
    range: secondsOf(range),
    before: before === null ? null : secondsOf(before),
    dimensions,
    measure,
    stepSeconds,
    times,
    groups,
    other: rest === undefined ? null : { ...sumsOf(rest), groups: Math.max(0, read.allGroups - groups.length) },
    total: read.total.amounts,
    totalBefore: withBefore ? read.total.before : null,
    seriesBefore: withBefore ? read.seriesBefore : null,
    sql: answer.sql,
    notes: answer.notes,
    read: answer.read,
  };
}

function secondsOf({ startSeconds, endSeconds }: TimeRange): SecondsRange {
  return { fromSeconds: startSeconds, toSeconds: endSeconds };
}

function checkDimensions(names: readonly string[]): readonly string[] {
  const distinct = [...new Set(names)];
  if (distinct.length > MOST_DIMENSIONS)
    throw failure('FG_EXPLORE_DIMENSIONS', distinct.join(','), 'these are too many');
  for (const name of distinct) {
    if (!/^[a-z][\w-]*$/u.test(name)) throw failure('FG_EXPLORE_DIMENSIONS', name, 'it is no name of a field');
    if (fieldOf(name).either.length > 0)
      throw failure('FG_EXPLORE_DIMENSIONS', name, 'it may be either side, and a record would be in two groups');
  }
  return distinct;
}

function noSums(spans: number): Sums {
  const none = (): Record<Measure, number> => ({ bytes: 0, packets: 0, flows: 0, records: 0 });
  return { amounts: none(), before: none(), series: Array.from({ length: spans }, () => 0) };
}

function readRows(
  rows: readonly (readonly Cell[])[],
  dimensions: number,
  measure: Measure,
  times: readonly number[],
  stepSeconds: number,
  shift: number,
) {
  const groups = new Map<number, Sums & { values: readonly FieldValue[] }>();
  const total = noSums(0);
  const seriesBefore = Array.from({ length: times.length }, () => 0);
  let allGroups = 0;
  const first = LEADING.length;
  for (const row of rows) {
    const [span, period, number] = row;
    const isBefore = Number(period) === 1;
    const values = row.slice(first, first + dimensions).map(fieldValue);
    const group = groups.get(Number(number)) ?? { ...noSums(times.length), values };
    groups.set(Number(number), group);
    const at = Math.round((Date.parse(String(span)) / 1000 + (isBefore ? shift : 0) - times[0]!) / stepSeconds);
    const into = (sums: Sums): Record<Measure, number> => (isBefore ? sums.before : sums.amounts);
    for (const [place, each] of MEASURES.entries()) {
      const amount = Number(row[first + dimensions + place]);
      into(group)[each] += amount;
      into(total)[each] += amount;
      if (each !== measure) continue;
      const series = isBefore ? seriesBefore : group.series;
      series[at] = (series[at] ?? 0) + amount;
    }
    allGroups = Number(row[first + dimensions + TRAILING.length - 1]);
  }
  return { groups, total, seriesBefore, allGroups };
}

/** A cell as JSON has it. */
export function fieldValue(cell: Cell): FieldValue {
  return typeof cell === 'bigint' ? String(cell) : cell;
}
