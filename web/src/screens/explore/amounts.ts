/**
 * Amounts in words.
 *
 * In:    numbers of a measure, now and before. Out: words.
 * Holds: numbers of axes are short, all others whole or to three digits.
 * Fails: never.
 */
import type { Measure } from '../../../../src/api/explore.ts';
import { bytesText, countText, manyText, shortCountText } from '../../format.ts';

/** How amounts of a measure are written; short at axes. */
export function amountText(measure: Measure): {
  readonly full: (value: number) => string;
  readonly short: (value: number) => string;
} {
  return measure === 'bytes' ? { full: bytesText, short: bytesText } : { full: countText, short: shortCountText };
}

/** `+12%`, `−50%`, `new`, `as before`. */
export function changeText(now: number, before: number): string {
  if (now === before) return 'as before';
  if (before === 0) return 'new';
  const percent = ((now - before) / before) * 100;
  const size = Math.abs(percent);
  if (size >= 1000) return manyText(Math.round(now / before), 'time');
  return `${percent > 0 ? '+' : '−'}${size.toFixed(size < 10 ? 1 : 0)}%`;
}
