/**
 * Filters of the records behind the groups of an answer.
 *
 * In:    the filter, a group. Out: the filter of its records.
 * Holds: of one dimension, what is in "Other" is a filter too: none of the groups.
 * Fails: never.
 */
import type { ExploredGroup, FieldValue } from '../../../../src/api/explore.ts';
import { filterText, readCondition, readFilter } from '../../../../src/api/filter.ts';
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { othersIn } from '../../filter-edit.ts';

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
