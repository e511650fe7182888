/**
 * Which records a range of time has.
 *
 * In:    a range, and what a table or file calls a record's `start` and `end`. Out: SQL that is true for its records.
 * Holds: a record is in a range of which it has a part: it started before the range's end, and ended in the range or
 *        after it. NODATA and SKIPDATA go by the same rule. Times in milliseconds, as some SKIPDATA lines have them, are
 *        compared as such. Where a format has only one of the two, that one stands for both; a record whose time is
 *        absent is in no range.
 *        The SQL is comparisons and ORs of two: of those DuckDB knows by a row group's least and greatest value that it
 *        need not be read (3 ms in place of 135 for one of thirty row groups).
 * Fails: never.
 */
import type { TimeRange } from './source.ts';

/** Below are seconds, from here on milliseconds. */
const FIRST_MILLIS = 100_000_000_000;

/** Whether a range leaves anything out. */
export function isBounded({ startSeconds, endSeconds }: TimeRange): boolean {
  return Number.isFinite(startSeconds) || Number.isFinite(endSeconds);
}

/**
 * The condition of a range.
 *
 * @param start  SQL of the column, null where there is none
 * @param end    likewise
 * @returns null where every record is in: the range is unbounded, or there are no times
 */
export function rowsWithin(range: TimeRange, start: string | null, end: string | null): string | null {
  const [begins, ends] = [start ?? end, end ?? start];
  if (begins === null || ends === null) return null;
  const { startSeconds: from, endSeconds: to } = range;
  const parts: string[] = [];
  if (Number.isFinite(from)) {
    const millis = Math.max(FIRST_MILLIS, from * 1000);
    parts.push(`${ends} >= ${from} AND (${ends} >= ${millis} OR ${ends} < ${FIRST_MILLIS})`);
  }
  if (Number.isFinite(to)) {
    const millis = Math.max(FIRST_MILLIS, to * 1000);
    parts.push(`${begins} < ${millis} AND (${begins} < ${to} OR ${begins} >= ${FIRST_MILLIS})`);
  }
  return parts.length === 0 ? null : parts.join(' AND ');
}

/** SQL that is true where a TIMESTAMP is not before the range. */
export function beganWithin({ startSeconds }: TimeRange, time: string): string {
  return Number.isFinite(startSeconds) ? `${time} >= make_timestamp(${startSeconds * 1e6})` : 'true';
}

/** A time as people and `--from-time` read it: 2026-11-23T12:05:00Z; the seconds where no calendar reaches it. */
export function isoOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} s` : time.toISOString().replace('.000Z', 'Z');
}

/** A range in words: `of 2026-11-23T12:00:00Z to 2026-11-23T13:00:00Z`. */
export function rangeText({ startSeconds, endSeconds }: TimeRange): string {
  if (!Number.isFinite(endSeconds))
    return Number.isFinite(startSeconds) ? `since ${isoOf(startSeconds)}` : 'of any time';
  return Number.isFinite(startSeconds)
    ? `of ${isoOf(startSeconds)} to ${isoOf(endSeconds)}`
    : `before ${isoOf(endSeconds)}`;
}
