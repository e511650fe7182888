/**
 * Numbers and times as people read them.
 *
 * In:    counts, bytes, seconds. Out: words.
 * Holds: times are UTC, and say so where they stand alone. Bytes are in powers of 1024 with IEC's units; rounding never hides
 *        that there is something: it is not 0.
 */

const COUNT = new Intl.NumberFormat('en');
const ROUNDED = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `1,234,567` */
export const countText = (count: number | bigint): string => COUNT.format(count);

/** `1 file`, `1,234 files`; `several` where more of it is not a matter of an s. */
export const manyText = (count: number | bigint, one: string, several: string = `${one}s`): string =>
  `${countText(count)} ${Number(count) === 1 ? one : several}`;

/** `1.23M`, where there is no room. */
export const shortCountText = (count: number): string => COMPACT.format(count);

/** `1.5 MiB` */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${ROUNDED.format(bytes / 1024 ** step)} ${UNITS[step]}`;
}

/** `12.5%` of a share from 0 to 1. */
export const shareText = (share: number): string => `${ROUNDED.format(share * 100)}%`;

/** `2026-11-30 12:04:05`, of seconds since 1970. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026-11-30 12:04:05 UTC` */
export const timeTextUtc = (seconds: number): string => `${timeText(seconds)} UTC`;

/** `1 min 5 s`, `3 h 20 min`, `2 d 4 h`: two units, for a time that has passed. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 && seconds % 1 !== 0 ? ROUNDED.format(seconds) : whole} s`;
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .flatMap(([count, unit]) => (count > 0 ? `${count} ${unit}` : []))
    .join(' ');
}
