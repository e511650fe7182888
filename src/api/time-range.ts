/**
 * The time range that every screen and route has in its address.
 *
 * In:    `from` and `to` as seconds since 1970 UTC, or `last` as 15m, 6h, 7d. Out: a choice, and its seconds at a time.
 * Holds: what is printed is read back as the same. Without a word it is the last hour.
 * Fails: never; what cannot be read is `null`, for the caller to say so.
 */

/** `[from, to)` in seconds since 1970 UTC, or so many seconds up to now. */
export type TimeChoice =
  | { readonly kind: 'last'; readonly seconds: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

export const DEFAULT_TIME: TimeChoice = { kind: 'last', seconds: 3600 };

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MOST_SECONDS = 100 * 366 * 86_400;

/** The choice that parameters make; null where they cannot be read. `get` gives a parameter's text, null where it is not there. */
export function readTime(get: (name: string) => string | null): TimeChoice | null {
  const [from, to, last] = [get('from'), get('to'), get('last')];
  if (from !== null && to !== null) {
    const [start, end] = [secondsOf(from), secondsOf(to)];
    return start === null || end === null || start >= end ? null : { kind: 'between', from: start, to: end };
  }
  if (from !== null || to !== null) return null;
  if (last === null) return DEFAULT_TIME;
  const [, count, unit] = /^([1-9]\d{0,9})([smhd])$/.exec(last) ?? [];
  const seconds = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
  return seconds <= MOST_SECONDS ? { kind: 'last', seconds } : null;
}

function secondsOf(text: string): number | null {
  return /^\d{1,11}$/.test(text) ? Number(text) : null;
}

/** The parameters of a choice; the others are to be taken away. */
export function timeParameters(choice: TimeChoice): Readonly<Record<string, string>> {
  return choice.kind === 'last'
    ? { last: lastText(choice.seconds) }
    : { from: String(choice.from), to: String(choice.to) };
}

/** `90m` for 5400: the largest unit that fits whole. */
export function lastText(seconds: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => seconds % size === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

/** Its seconds, when now is `nowSeconds`. */
export function rangeOf(choice: TimeChoice, nowSeconds: number): { readonly from: number; readonly to: number } {
  return choice.kind === 'between'
    ? { from: choice.from, to: choice.to }
    : { from: Math.floor(nowSeconds) - choice.seconds, to: Math.floor(nowSeconds) };
}
