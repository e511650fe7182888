/**
 * A filter in an address, changed by clicks.
 *
 * In:    the filter's text, a field and a value. Out: the text with one condition more, or less.
 * Holds: `only` takes the place of what was asked of the field by `=`; `without` adds to what is left out. A text that cannot be
 *        read is left as it is.
 * Fails: never.
 */
import { filterText, readCondition, readFilter } from '../../src/api/filter.ts';
import type { Filter, FilterCondition, FilterOperator } from '../../src/api/filter.ts';
import type { FieldValue } from '../../src/api/explore.ts';

/** Only records whose field is this. */
export function only(text: string, field: string, value: FieldValue): string {
  return changed(text, field, '=', value, (filter, made) => [
    ...filter.filter((condition) => condition.field !== field || condition.operator !== '='),
    made,
  ]);
}

/** No records whose field is this. */
export function without(text: string, field: string, value: FieldValue): string {
  return changed(text, field, '!=', value, (filter, made) => {
    const at = filter.findIndex((condition) => condition.field === field && condition.operator === '!=');
    if (at < 0) return [...filter, made];
    const values = [...new Set([...filter[at]!.values, ...made.values])];
    return filter.with(at, { ...filter[at]!, values });
  });
}

/** A number that is not exact, such as a time in words, is none of these. */
function changed(
  text: string,
  field: string,
  operator: FilterOperator,
  value: FieldValue,
  edit: (filter: Filter, made: FilterCondition) => Filter,
): string {
  const { filter } = readFilter(text, othersIn(text, field));
  const made = readCondition(field, operator, [value === null ? null : String(value)], [field]).filter?.[0];
  return filter === null || made === undefined ? text : filterText(edit(filter, made));
}

/** Fields of a filter that only files know: they are text. */
export function othersIn(text: string, ...more: readonly string[]): readonly string[] {
  return [...more, ...[...text.matchAll(/(?:^|,)\s*([a-z][\w-]*)/giu)].map((found) => found[1]!)];
}
