/**
 * How a range of time is cut for a graph.
 *
 * In:    a range, how many points are wanted. Out: the length of spans; where they begin.
 * Holds: spans are of a length that people count in, and touch; they are counted from 1970, so that the same instant is in
 *        the same span whatever was asked. None is shorter than a minute, the length of a window.
 * Fails: never.
 */
import type { TimeRange } from '../../lake/read/source.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const LENGTHS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28].map((count) => count * DAY),
];

/** The shortest length of spans that gives no more than so many. */
export function stepFor({ startSeconds, endSeconds }: TimeRange, points: number): number {
  const least = (endSeconds - startSeconds) / points;
  return LENGTHS.find((length) => length >= least) ?? Math.ceil(least / DAY) * DAY;
}

/** Where the spans of a range begin, seconds since 1970; the first may begin before it. */
export function spansOf({ startSeconds, endSeconds }: TimeRange, stepSeconds: number): number[] {
  const times: number[] = [];
  for (let at = Math.floor(startSeconds / stepSeconds) * stepSeconds; at < endSeconds; at += stepSeconds)
    times.push(at);
  return times;
}

/** Where the period before a range begins: as long, and a whole number of spans earlier, so that spans stand over spans. */
export function shiftFor({ startSeconds, endSeconds }: TimeRange, stepSeconds: number): number {
  return Math.ceil((endSeconds - startSeconds) / stepSeconds) * stepSeconds;
}
