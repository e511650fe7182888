/**
 * The range of time that somebody asks for: `--last 6h`, `--from-time T`, `--to-time T`.
 *
 * In:    the texts of the options. Out: the range, whole seconds, its end not in it; null where none was asked for.
 * Holds: a time without zone is UTC, whatever zone this machine is in; a date alone is its first instant; `now`, `today`
 *        and `yesterday` are of UTC. `--last` ends now.
 * Fails: FG_TIME_VALUE, FG_TIME_ORDER, FG_TIME_BOTH, which name the value and what would do.
 */
import { failure } from '../model/errors.ts';
import type { TimeRange } from '../lake/read/source.ts';
import { isoOf } from '../lake/read/time-range.ts';

/** The options as they were given. */
export type RangeTexts = { readonly last?: string; readonly fromTime?: string; readonly toTime?: string };

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DAY_SECONDS = 86_400;
const LAST_WANTED = 'a number with s, m, h, d or w, such as 6h';
const TIME_WANTED =
  'a date (2026-11-23), a time (2026-11-23T14:30Z, with +01:00 for another zone than UTC), seconds since 1970, now, today or yesterday';
/** Fewer digits are a year or a date without hyphens rather than seconds since 1970. */
const EPOCH = /^\d{9,11}(?:\.\d+)?$/u;
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:([Zz])|([+-])(\d\d):?(\d\d)?))?)?$/u;

/**
 * Reads the options.
 *
 * @param nowMillis  the clock, milliseconds since 1970 UTC
 */
export function askedRange({ last, fromTime, toTime }: RangeTexts, nowMillis: number): TimeRange | null {
  const nowSeconds = nowMillis / 1000;
  if (last !== undefined) {
    const other = fromTime === undefined ? toTime : fromTime;
    if (other !== undefined)
      throw failure('FG_TIME_BOTH', last, `${fromTime === undefined ? '--to-time' : '--from-time'} ${other}`);
    const endSeconds = Math.ceil(nowSeconds);
    return { startSeconds: Math.floor(nowSeconds - lengthOf('--last', last)), endSeconds };
  }
  if (fromTime === undefined && toTime === undefined) return null;
  const from = fromTime === undefined ? Number.NEGATIVE_INFINITY : instantOf('--from-time', fromTime, nowSeconds);
  const to = toTime === undefined ? Number.POSITIVE_INFINITY : instantOf('--to-time', toTime, nowSeconds);
  if (from >= to) throw failure('FG_TIME_ORDER', fromTime ?? '', toTime ?? '', isoOf(from), isoOf(to));
  return { startSeconds: Math.floor(from), endSeconds: Math.ceil(to) };
}

/**
 * Seconds of a length, such as `6h`.
 *
 * @param option  for messages
 */
export function lengthOf(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?) ?([smhdw])$/u.exec(text.trim()) ?? [];
  const seconds = Number(number) * (UNIT_SECONDS[unit] ?? 0);
  // Longer ago than 1970 there is nothing.
  if (!(seconds > 0 && seconds <= 100 * 366 * DAY_SECONDS)) throw failure('FG_TIME_VALUE', option, text, LAST_WANTED);
  return seconds;
}

/** As `lengthOf`, and `0`: none. */
export function lengthOrNone(option: string, text: string): number {
  return /^0[smhdw]?$/u.test(text) ? 0 : lengthOf(option, text);
}

/**
 * The instant that a text names, in seconds since 1970 UTC.
 *
 * @param option      for messages
 * @param nowSeconds  the clock
 */
export function instantOf(option: string, given: string, nowSeconds: number): number {
  const text = given.trim();
  const midnight = Math.floor(nowSeconds / DAY_SECONDS) * DAY_SECONDS;
  const word = { now: nowSeconds, today: midnight, yesterday: midnight - DAY_SECONDS }[text.toLowerCase()];
  const seconds = word ?? (EPOCH.test(text) ? Number(text) : isoSeconds(text));
  if (seconds === null) throw failure('FG_TIME_VALUE', option, given, TIME_WANTED);
  return seconds;
}

/** Seconds since 1970; null for what is no time, such as the 31st of a month with 30 days. */
function isoSeconds(text: string): number | null {
  const found = TIME.exec(text);
  if (found === null) return null;
  const part = (at: number): number => Number(found[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const millis = Date.UTC(year, month - 1, day, hour, minute, second);
  const made = new Date(millis).toISOString();
  const two = (at: number): string => found[at] ?? '00';
  if (made.slice(0, 19) !== `${found[1]}-${found[2]}-${found[3]}T${two(4)}:${two(5)}:${two(6)}`) return null;
  const [zoneHours, zoneMinutes] = [part(10), part(11)];
  if (zoneHours > 14 || zoneMinutes > 59) return null;
  const ahead = (zoneHours * 3600 + zoneMinutes * 60) * (found[9] === '-' ? -1 : 1);
  return millis / 1000 + Number(`0.${found[7] ?? 0}`) - ahead;
}
