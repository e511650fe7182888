/**
 * Colours of charts, in light and dark.
 *
 * In:    what a series is, its place among others. Out: a colour.
 * Holds: Cloudscape's palette for categories, whose neighbours can be told apart with every kind of sight. What was rejected is
 *        hatched besides: colour is never the only sign.
 * Fails: never.
 */

/** `before`: the period before, a dashed line. */
export type SeriesLook = 'plain' | 'accept' | 'reject' | 'other' | 'before';

const LIGHT = [
  '#688ae8',
  '#c33d69',
  '#2ea597',
  '#8456ce',
  '#e07941',
  '#3759ce',
  '#962249',
  '#096f64',
  '#6237a7',
  '#a84401',
];
const DARK = [
  '#486de8',
  '#e07f9d',
  '#018977',
  '#b088f5',
  '#c55305',
  '#8ea9ff',
  '#ffb0c8',
  '#40bfa9',
  '#d1b8ff',
  '#f89256',
];
const OF_LOOK = {
  accept: ['#688ae8', '#486de8'],
  reject: ['#ba2e0f', '#ff7a6b'],
  other: ['#b4b4bb', '#656871'],
  before: ['#424650', '#c6c6cd'],
} as const;

/**
 * The colour of a series.
 *
 * @param place  among those that are `plain`, from 0
 */
export function seriesColour(look: SeriesLook, place: number, isDark: boolean): string {
  if (look !== 'plain') return OF_LOOK[look][isDark ? 1 : 0];
  const palette = isDark ? DARK : LIGHT;
  return palette[place % palette.length]!;
}

/** Of axes and their lines. */
export function axisColours(isDark: boolean): {
  readonly text: string;
  readonly line: string;
  readonly ground: string;
} {
  return isDark
    ? { text: '#b4b4bb', line: '#333843', ground: '#161d26' }
    : { text: '#5f6b7a', line: '#e9ebed', ground: '#ffffff' };
}
