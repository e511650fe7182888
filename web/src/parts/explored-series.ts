/**
 * Groups of an answer as series of a graph.
 *
 * In:    an answer, names of numbers. Out: series with labels.
 * Holds: the order of the answer; "Other" last, the period before over them.
 * Fails: never.
 */
import type { Explored, FieldValue } from '../../../src/api/explore.ts';
import { shortCountText } from '../format.ts';
import type { SeriesLook } from './chart-colours.ts';
import type { ChartSeries } from './chart-data.ts';

const OTHER = 'other';
const BEFORE = 'before';

/** Series of the graph, the largest at the bottom; the period before over them. */
export function seriesOf(
  answer: Explored,
  labelOf: (field: string, value: FieldValue) => string,
): readonly ChartSeries[] {
  const { dimensions, groups, other, seriesBefore } = answer;
  const series: ChartSeries[] = groups.map(({ values, series: own }, at) => ({
    id: String(at),
    label: groupLabel(dimensions, values, labelOf),
    values: own,
    look: lookOf(dimensions, values),
  }));
  if (other !== null)
    series.push({ id: OTHER, label: otherLabel(other.groups), values: other.series, look: 'other', isInert: true });
  if (seriesBefore !== null)
    series.push({ id: BEFORE, label: 'Period before', values: seriesBefore, look: 'before', isInert: true });
  return series;
}

/** `10.0.0.1 · 443 https`; all that there is where nothing parts it. */
function groupLabel(
  dimensions: readonly string[],
  values: readonly FieldValue[],
  labelOf: (field: string, value: FieldValue) => string,
): string {
  return dimensions.length === 0 ? 'All' : values.map((value, at) => labelOf(dimensions[at]!, value)).join(' · ');
}

/** `Other (1.2K groups)`; where groups of the period before alone are in it, `Other`. */
export function otherLabel(groups: number): string {
  return groups === 0 ? 'Other' : `Other (${shortCountText(groups)} ${groups === 1 ? 'group' : 'groups'})`;
}

/** Accepted and rejected have their own colours where they are what is parted. */
function lookOf(dimensions: readonly string[], values: readonly FieldValue[]): SeriesLook {
  if (dimensions.length !== 1 || dimensions[0] !== 'action') return 'plain';
  // NODATA and SKIPDATA have no action.
  return values[0] === 'ACCEPT' ? 'accept' : values[0] === 'REJECT' ? 'reject' : 'other';
}
