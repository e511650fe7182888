/**
 * A filter as the tokens of Cloudscape's property filter.
 *
 * In:    the filter's text; tokens and what was typed. Out: tokens; the text again, or what is wrong with it.
 * Holds: a token's value is what stands behind the operator in the text. Words without a field mean an address or a port, or
 *        are a whole filter that somebody pasted.
 * Fails: never; what cannot be read is a problem in words.
 */
import { filterText, readCondition, readFilter } from '../../../src/api/filter.ts';
import type { Filter, FilterCondition, FilterOperator } from '../../../src/api/filter.ts';
import { conditionText, OPERATORS } from '../../../src/api/filter.ts';

export type FilterToken = { readonly propertyKey?: string; readonly operator: string; readonly value: unknown };

export type TokensRead = { readonly text: string; readonly problem: string | null };

/** The tokens of a filter. */
export function tokensOf(filter: Filter): readonly { propertyKey: string; operator: FilterOperator; value: string }[] {
  return filter.map((condition) => ({
    propertyKey: condition.field,
    operator: condition.operator,
    value: conditionText(condition).slice(condition.field.length + condition.operator.length),
  }));
}

/**
 * The text of tokens; of those that cannot be read the first problem is told, and the others stand.
 *
 * @param others  fields that only files know
 */
export function textOfTokens(tokens: readonly FilterToken[], others: readonly string[]): TokensRead {
  const conditions: FilterCondition[] = [];
  let problem: string | null = null;
  for (const { propertyKey, operator, value } of tokens) {
    const typed = (typeof value === 'string' ? value : '').trim();
    const read =
      propertyKey === undefined
        ? readWords(typed, operator, others)
        : readTyped(propertyKey, operator as FilterOperator, typed, others);
    if (read.filter === null) problem ??= read.problem.message;
    else conditions.push(...read.filter);
  }
  return { text: filterText(conditions), problem };
}

/** As the language has it, further conditions too; where that is none, the words are one value as they are. */
function readTyped(field: string, operator: FilterOperator, typed: string, others: readonly string[]) {
  const read = readFilter(`${field}${operator}${typed}`, others);
  if (read.filter !== null || !OPERATORS.includes(operator)) return read;
  const whole = readCondition(field, operator, [typed], others);
  return whole.filter === null ? read : whole;
}

function readWords(typed: string, operator: string, others: readonly string[]) {
  const sign = operator === '!=' ? '!=' : '=';
  const field = /^\d{1,5}(?:\|\d{1,5})*$/u.test(typed) ? 'port' : /^[\da-f.:/|]+$/iu.test(typed) ? 'addr' : null;
  return readFilter(field === null ? typed : `${field}${sign}${typed}`, others);
}
