/**
 * Groups of an answer as rows and series.
 *
 * In:    an answer, names of numbers. Out: labels, filters, series for the graph; rows for the table.
 * Holds: the order of the answer; "Other" last. Of one dimension, what is in "Other" is a filter too: none of the groups.
 */
import type { Explored, ExploredGroup, FieldValue } from '../../../../src/api/explore.ts';
import { filterText, readCondition, readFilter } from '../../../../src/api/filter.ts';
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { othersIn } from '../../filter-edit.ts';
import { shortCountText } from '../../format.ts';
import type { ChartSeries } from '../../parts/chart-data.ts';
import type { SeriesLook } from '../../parts/chart-colours.ts';

export const OTHER = 'other';
export const BEFORE = 'before';

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
  if (other !== null) series.push({ id: OTHER, label: otherLabel(other.groups), values: other.series, look: 'other' });
  if (seriesBefore !== null) series.push({ id: BEFORE, label: 'Period before', values: seriesBefore, look: 'before' });
  return series;
}

/** `10.0.0.1 · 443 https`; all that there is where nothing parts it. */
export function groupLabel(
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
  return values[0] === 'ACCEPT' ? 'accept' : values[0] === 'REJECT' ? 'reject' : 'plain';
}

/** The filter of the records of a group. */
export function groupFilter(text: string, dimensions: readonly string[], values: readonly FieldValue[]): string {
  const made = dimensions.flatMap((field, at) => conditionOf(field, '=', [values[at] ?? null]));
  return withConditions(text, made);
}

/** That of the records in "Other"; null where it is none of one dimension. */
export function otherFilter(
  text: string,
  dimensions: readonly string[],
  groups: readonly ExploredGroup[],
): string | null {
  if (dimensions.length !== 1) return null;
  const made = conditionOf(
    dimensions[0]!,
    '!=',
    groups.map(({ values }) => values[0] ?? null),
  );
  return made.length === 0 ? null : withConditions(text, made);
}

function conditionOf(field: string, operator: '=' | '!=', values: readonly FieldValue[]): readonly FilterCondition[] {
  const texts = values.map((value) => (value === null ? null : String(value)));
  return readCondition(field, operator, texts, [field]).filter ?? [];
}

/** Conditions that are there already are not there twice; `=` takes the place of another `=`. */
function withConditions(text: string, made: readonly FilterCondition[]): string {
  const before = readFilter(text, othersIn(text)).filter ?? [];
  const kept = before.filter(
    ({ field, operator }) => operator !== '=' || !made.some((one) => one.field === field && one.operator === '='),
  );
  return filterText([...kept, ...made]);
}
