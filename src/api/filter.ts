/**
 * A filter over records as one line of text: `action=REJECT,dstport=22|443,srcaddr=10.0.0.0/8,bytes>=1000`.
 *
 * In:    text, as it stands in a URL or on a command line. Out: conditions, all of which hold; and the text of conditions.
 * Holds: printing and parsing give the conditions back. `|` separates values of which one fits; `-` is a field that is
 *        absent, as in a record; a value with a comma, `|`, `"` or blanks at its ends stands in double quotes, in which `\`
 *        takes the next character as it is. `!=` is the opposite of `=`: it holds where the field is absent too.
 * Fails: never; what cannot be read is a problem with its code, its place and the way out.
 */
import { FILTER_ERRORS } from '../model/filter-errors.ts';
import { addressText, networkText } from './address-text.ts';
import type { FilterField, FilterKind } from './filter-fields.ts';
import { filterField } from './filter-fields.ts';

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type FilterOperator = (typeof OPERATORS)[number];

/** Null: absent. Numbers are digits, addresses in the spelling of records, networks with their length. */
export type FilterValue = string | null;

export type FilterCondition = {
  /** A name of `filterField`. */
  readonly field: string;
  readonly operator: FilterOperator;
  /** One for `<` and its like; one or several, none twice, for `=` (any fits) and `!=` (none fits). */
  readonly values: readonly FilterValue[];
};

/** All hold; empty: every record. */
export type Filter = readonly FilterCondition[];

export type FilterProblem = {
  readonly code: keyof typeof FILTER_ERRORS;
  /** What the text of the code takes. */
  readonly facts: readonly (string | number)[];
  readonly message: string;
};

export type ReadFilter =
  | { readonly filter: Filter; readonly problem: null }
  | { readonly filter: null; readonly problem: FilterProblem };

/** A longer filter would fit into no URL. */
const MOST_CHARACTERS = 6000;
const WANTED: Readonly<Record<FilterKind, string>> = {
  address: 'an address or a network, such as 10.0.1.5 or 10.0.0.0/8, or - for none',
  number: 'a whole number, such as 443, or - for none',
  text: 'a text, or - for none',
};

class Unread extends Error {
  readonly problem: FilterProblem;
  constructor(code: FilterProblem['code'], ...facts: readonly (string | number)[]) {
    const text = FILTER_ERRORS[code].text as (...facts: readonly (string | number)[]) => string;
    super(code);
    this.problem = { code, facts, message: text(...facts) };
  }
}

/**
 * Reads a filter.
 *
 * @param others  names beyond the field table that headers of files have
 */
export function readFilter(text: string, others: readonly string[] = []): ReadFilter {
  try {
    if (text.length > MOST_CHARACTERS)
      throw new Unread('FG_FILTER_SHAPE', MOST_CHARACTERS, '…', `it has more than ${MOST_CHARACTERS} characters`);
    const filter: FilterCondition[] = [];
    let at = blanks(text, 0);
    while (at < text.length) {
      const [condition, end] = conditionAt(text, at, others);
      filter.push(condition);
      at = blanks(text, end);
      if (at === text.length) break;
      if (text[at] !== ',') throw shape(text, at, 'a comma belongs between two conditions');
      at = blanks(text, at + 1);
      if (at === text.length) throw shape(text, at, 'a condition belongs behind the comma');
    }
    return { filter, problem: null };
  } catch (error) {
    if (error instanceof Unread) return { filter: null, problem: error.problem };
    throw error;
  }
}

/** The text of a filter, without a blank. */
export function filterText(filter: Filter): string {
  return filter.map(conditionText).join(',');
}

/** The text of one condition. */
export function conditionText({ field, operator, values }: FilterCondition): string {
  return `${field}${operator}${values.map(valueText).join('|')}`;
}

/**
 * A condition from what somebody typed for its parts.
 *
 * @param values  texts without quotes; null: absent
 */
export function readCondition(
  field: string,
  operator: FilterOperator,
  values: readonly FilterValue[],
  others: readonly string[] = [],
): ReadFilter {
  return readFilter(conditionText({ field, operator, values }), others);
}

function blanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function shape(text: string, at: number, wanted: string): Unread {
  return new Unread('FG_FILTER_SHAPE', text.slice(at, at + 20), at + 1, wanted);
}

function conditionAt(
  text: string,
  from: number,
  others: readonly string[],
): readonly [condition: FilterCondition, end: number] {
  const [name = ''] = /^[a-z][\w-]*/iu.exec(text.slice(from)) ?? [];
  if (name === '') throw shape(text, from, 'a condition begins with the name of a field');
  const sign = blanks(text, from + name.length);
  const [operator = ''] = /^(?:!=|<=|>=|=|<|>)/u.exec(text.slice(sign)) ?? [];
  if (operator === '') throw shape(text, sign, `${name} wants one of ${OPERATORS.join(' ')}`);
  const field = filterField(name, others);
  if (field === undefined) throw new Unread('FG_FILTER_FIELD', name);
  const values: FilterValue[] = [];
  let at = sign + operator.length;
  for (;;) {
    const [value, end] = valueAt(text, blanks(text, at), field);
    if (!values.includes(value)) values.push(value);
    at = blanks(text, end);
    if (text[at] !== '|') break;
    at++;
  }
  const condition = { field: field.name, operator: operator as FilterOperator, values };
  checkOperator(field, condition);
  return [condition, at];
}

function valueAt(text: string, from: number, field: FilterField): readonly [value: FilterValue, end: number] {
  if (text[from] === '"') {
    let value = '';
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] === '"') return [valueOf(value, field), at + 1];
      if (text[at] === '\\') at++;
      value += text[at] ?? '';
    }
    throw shape(text, from, 'the double quote has no end');
  }
  const [bare = ''] = /^[^,|"]*/u.exec(text.slice(from)) ?? [];
  const value = bare.replace(/[ \t]+$/u, '');
  if (value === '') throw shape(text, from, `${field.name} wants a value; write - for none, "" for an empty text`);
  return [value === '-' ? null : valueOf(value, field), from + bare.length];
}

/** A value in the one spelling that it has. */
function valueOf(text: string, { name, kind }: FilterField): string {
  const trimmed = text.trim();
  let value: string | null = text;
  if (kind === 'number') value = /^\d{1,18}$/u.test(trimmed) ? trimmed.replace(/^0+(?=\d)/u, '') : null;
  if (kind === 'address') value = trimmed.includes('/') ? networkText(trimmed) : addressText(trimmed);
  if (value === null) throw new Unread('FG_FILTER_VALUE', name, text, WANTED[kind]);
  return value;
}

function checkOperator({ name, kind, either }: FilterField, { operator, values }: FilterCondition): void {
  if (operator === '=' || operator === '!=') return;
  const refuse = (why: string): Unread => new Unread('FG_FILTER_OPERATOR', name, operator, why);
  if (kind !== 'number')
    throw refuse(`only numbers are larger or smaller, and ${name} is ${kind === 'text' ? 'a text' : 'an address'}`);
  if (either.length > 0) throw refuse(`either ${name} may be meant`);
  if (values.length !== 1) throw refuse('one number is compared, and several are given');
  if (values[0] === null) throw refuse('nothing is larger or smaller than a field that is absent');
}

/** A value as it is parsed again; in quotes where it must be. */
function valueText(value: FilterValue): string {
  if (value === null) return '-';
  const isBare =
    value !== '' && value !== '-' && !/[,|"\\]/u.test(value) && value === value.replace(/^[ \t]+|[ \t]+$/gu, '');
  return isBare ? value : `"${value.replaceAll(/["\\]/gu, '\\$&')}"`;
}
