/**
 * A filter as SQL.
 *
 * In:    conditions. Out: a condition of SQL, and the values of its parameters.
 * Holds: what somebody typed is a parameter's value and never text of the SQL. `!=` holds where `=` does not, also where
 *        the field is absent.
 * Fails: FG_FILTER_*.
 */
import type { Filter, FilterCondition, FilterValue } from '../../api/filter.ts';
import { readFilter } from '../../api/filter.ts';
import type { FilterField } from '../../api/filter-fields.ts';
import { filterField } from '../../api/filter-fields.ts';
import { failure } from '../../model/errors.ts';
import type { Dialect } from '../dialect.ts';
import type { HeldFields } from '../held-fields.ts';
import { fieldSql } from './columns.ts';

/** Values by parameter name. */
export type Values = Record<string, string | bigint>;

/**
 * A filter from its text.
 *
 * @param others  names beyond the field table that the files have
 */
export function filterFrom(text: string, others: readonly string[] = []): Filter {
  const { filter, problem } = readFilter(text, others);
  if (problem === null) return filter;
  const fail = failure as (code: string, ...facts: readonly unknown[]) => Error;
  throw fail(problem.code, ...problem.facts);
}

/** The fields of a filter. */
export function fieldsOf(filter: Filter): readonly FilterField[] {
  return filter.map(({ field }) => fieldOf(field));
}

/** A field by the name that a filter or a list of dimensions has for it. */
export function fieldOf(name: string): FilterField {
  return filterField(name, [name])!;
}

/** Values of the parameters of `conditionsSql`. */
export function valuesOf(filter: Filter): Values {
  const values: Values = {};
  for (const [at, { field, values: given }] of filter.entries()) {
    const { kind } = fieldOf(field);
    for (const [place, value] of given.entries())
      if (value !== null) values[parameterName(at, place)] = kind === 'number' ? BigInt(value) : value;
  }
  return values;
}

/** The conditions; all must hold. */
export function conditionsSql(filter: Filter, d: Dialect, held: HeldFields): readonly string[] {
  return filter.map((condition, at) => conditionSql(condition, at, d, held));
}

function parameterName(condition: number, value: number): string {
  return `f${condition + 1}_${value + 1}`;
}

function conditionSql({ field, operator, values }: FilterCondition, at: number, d: Dialect, held: HeldFields): string {
  const found = fieldOf(field);
  const sides = found.either.length > 0 ? found.either.map(fieldOf) : [found];
  const holds = sides.map((side) => {
    const column = fieldSql(side, d, held);
    if (operator !== '=' && operator !== '!=')
      return `${operand(column)} ${operator} ${d.parameter(parameterName(at, 0))}`;
    return fits(column, side, values, at, d);
  });
  const all = holds.length === 1 ? holds[0]! : `(${holds.join(' OR ')})`;
  return operator === '!=' ? `NOT coalesce(${all}, FALSE)` : all;
}

/** Whether a column has one of the values. */
function fits(column: string, { kind }: FilterField, values: readonly FilterValue[], at: number, d: Dialect): string {
  const equal: string[] = [];
  const parts: string[] = [];
  for (const [place, value] of values.entries()) {
    const name = parameterName(at, place);
    if (value === null) parts.push(`${operand(column)} IS NULL`);
    else if (kind === 'address' && value.includes('/')) parts.push(d.inNetwork(column, name));
    else equal.push(d.parameter(name));
  }
  if (equal.length === 1) parts.unshift(`${operand(column)} = ${equal[0]}`);
  if (equal.length > 1) parts.unshift(`${operand(column)} IN (${equal.join(', ')})`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`;
}

/** An expression in parentheses where it is more than a name. */
function operand(sql: string): string {
  return /^"?\w+"?$/u.test(sql) ? sql : `(${sql})`;
}
