/**
 * Series as a stacked chart draws them.
 *
 * In:    values of series by span. Out: what is drawn: sums from the bottom up, each span as a step.
 * Holds: the last span has an end. Lines over the stack are not stacked.
 * Fails: never.
 */
import type { SeriesLook } from './chart-colours.ts';

export type ChartSeries = {
  readonly id: string;
  readonly label: string;
  /** One for each span. */
  readonly values: readonly number[];
  readonly look: SeriesLook;
  /** It is no group: a click on it means nothing. */
  readonly isInert?: true;
};

/** As they are drawn: the top of the stack first, for what is below covers it; lines over the stack last. */
export function drawn<S extends { readonly look: SeriesLook }>(series: readonly S[]): readonly S[] {
  const isLine = ({ look }: S): boolean => look === 'before';
  return [...series.filter((one) => !isLine(one)).toReversed(), ...series.filter(isLine)];
}

/** Columns for uPlot: times, then for each series, in the order of `drawn`, its upper edge. */
export function stackedColumns(
  times: readonly number[],
  stepSeconds: number,
  series: readonly ChartSeries[],
): readonly (readonly number[])[] {
  const edges = new Map<ChartSeries, readonly number[]>();
  let below: readonly number[] = times.map(() => 0);
  for (const one of series) {
    const { values, look } = one;
    const edge = times.map((_, at) => (values[at] ?? 0) + (look === 'before' ? 0 : below[at]!));
    if (look !== 'before') below = edge;
    edges.set(one, [...edge, edge.at(-1) ?? 0]);
  }
  const last = times.at(-1);
  return [last === undefined ? [] : [...times, last + stepSeconds], ...drawn(series).map((one) => edges.get(one)!)];
}

/** The span that a time lies in; null beside them all. */
export function spanAt(times: readonly number[], stepSeconds: number, seconds: number): number | null {
  if (times.length === 0) return null;
  const at = Math.floor((seconds - times[0]!) / stepSeconds);
  return at >= 0 && at < times.length ? at : null;
}

/** From the first of two spans to the end of the last, within the range of the chart. */
export function spansBetween(
  times: readonly number[],
  stepSeconds: number,
  [one, other]: readonly [number, number],
  range: { readonly fromSeconds: number; readonly toSeconds: number },
): { readonly from: number; readonly to: number } {
  const first = times[Math.min(one, other)]!;
  const last = times[Math.max(one, other)]! + stepSeconds;
  return { from: Math.max(first, range.fromSeconds), to: Math.min(last, range.toSeconds) };
}
