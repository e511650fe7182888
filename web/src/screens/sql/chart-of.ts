/**
 * Which chart an answer to SQL makes.
 *
 * In:    columns, rows, which of them are wanted. Out: lines over time, bars, or why neither.
 * Holds: nothing is left out in silence: what does not fit is counted. Times are steps of equal length where rows have them.
 * Fails: never.
 */
import type { SqlCell, SqlColumn } from '../../../../src/api/sql.ts';

export type ChartChoice = { readonly across: string; readonly up: string };

export type SqlChart =
  | {
      readonly kind: 'time';
      readonly times: readonly number[];
      readonly stepSeconds: number;
      readonly values: readonly number[];
    }
  | {
      readonly kind: 'bars';
      readonly bars: readonly { readonly name: string; readonly value: number; readonly text: string }[];
      /** Rows behind these. */
      readonly left: number;
    }
  | { readonly kind: 'none'; readonly why: string };

const MOST_BARS = 50;
const MOST_SPANS = 2000;

export const isNumeric = ({ type }: SqlColumn): boolean => /INT|DOUBLE|FLOAT|DECIMAL/.test(type);
const isTime = ({ type, name }: SqlColumn): boolean =>
  /^(?:TIMESTAMP|DATE)/.test(type) || (isNumeric({ type, name, unit: null }) && (name === 'start' || name === 'end'));

/** The first column that names rows, the first number that is none of these; null where there is no such pair. */
export function firstChoice(columns: readonly SqlColumn[]): ChartChoice | null {
  const across = columns.find(isTime) ?? columns.find((column) => !isNumeric(column)) ?? columns[0];
  const up = columns.find((column) => column !== across && isNumeric(column) && !isTime(column));
  return across === undefined || up === undefined ? null : { across: across.name, up: up.name };
}

/** The chart of a choice. */
export function chartOf(
  columns: readonly SqlColumn[],
  rows: readonly (readonly SqlCell[])[],
  { across, up }: ChartChoice,
): SqlChart {
  const [x, y] = [across, up].map((name) => columns.findIndex((column) => column.name === name));
  if (x === undefined || y === undefined || x < 0 || y < 0)
    return { kind: 'none', why: 'Choose a column for each axis.' };
  if (!isNumeric(columns[y]!)) return { kind: 'none', why: `${up} is no number.` };
  if (isTime(columns[x]!)) return overTime(rows, x, y);
  const bars = rows.slice(0, MOST_BARS).map((row) => {
    const cell = row[y] ?? null;
    return { name: textOf(row[x] ?? null), value: Number(cell ?? 0), text: textOf(cell) };
  });
  return { kind: 'bars', bars, left: rows.length - bars.length };
}

const textOf = (cell: SqlCell): string => (cell === null ? '-' : String(cell));

function overTime(rows: readonly (readonly SqlCell[])[], x: number, y: number): SqlChart {
  const sums = new Map<number, number>();
  for (const row of rows) {
    const at = secondsOf(row[x] ?? null);
    if (!Number.isNaN(at)) sums.set(at, (sums.get(at) ?? 0) + Number(row[y] ?? 0));
  }
  const found = [...sums.keys()].toSorted((a, b) => a - b);
  const first = found[0];
  const last = found.at(-1);
  if (first === undefined || last === undefined) return { kind: 'none', why: 'No row has a time.' };
  const apart = found.slice(1).map((at, before) => at - found[before]!);
  const stepSeconds = Math.max(1, apart.length === 0 ? 60 : Math.min(...apart));
  const spans = Math.floor((last - first) / stepSeconds) + 1;
  if (spans > MOST_SPANS)
    return {
      kind: 'none',
      why: `Times from row to row are ${stepSeconds} s apart over ${last - first} s, too many steps for a chart; group them, with time_bucket.`,
    };
  const times = Array.from({ length: spans }, (_, at) => first + at * stepSeconds);
  const values = times.map(() => 0);
  for (const [at, value] of sums) values[Math.floor((at - first) / stepSeconds)]! += value;
  return { kind: 'time', times, stepSeconds, values };
}

/** A time of DuckDB, which is in UTC, or seconds; NaN for anything else. */
function secondsOf(cell: SqlCell): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string') return Number.NaN;
  return Math.floor(Date.parse(cell.endsWith('Z') ? cell : `${cell.replace(' ', 'T')}Z`) / 1000);
}
