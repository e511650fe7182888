/**
 * Filters: the part of a Describe call that says which things are wanted.
 *
 * In:    what each filter of an action looks at, as a table; the filters of a request. Out: whether an item is wanted.
 * Holds: the values of one filter are alternatives, filters must all hold. A thing of which a filter looks at several
 *        values fits when one of them does. Values are compared as text with `*` and `?`, and case-sensitive.
 *        A filter that is given as a member is found by an index.
 * Fails: `InvalidParameterValue` where a filter is none of the table.
 */
import { Ec2Error } from './errors.ts';
import { wildcard } from './wildcard.ts';

type Value = string | number | boolean | undefined | null;

/** Finds what a filter looks at. */
export type Look<T> = (item: T) => Value | readonly Value[];

/** What each filter looks at: a text member of the item, or what a function finds. */
export type FilterTable<T> = Readonly<Record<string, (keyof T & string) | Look<T>>>;

/** A filter of a request. */
type Filter = { readonly Name?: string; readonly Values?: readonly string[] };
type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

/** AWS takes as many values for one request. */
const MOST_VALUES = 200;

function valuesOf(found: Value | readonly Value[]): string[] {
  const list = Array.isArray(found) ? (found as readonly Value[]) : [found as Value];
  return list.filter((value) => value !== undefined && value !== null).map(String);
}

/**
 * The test of a request's filters.
 *
 * @param tags  the tags of an item, for `tag:KEY` and `tag-key`; null where things of this kind have none
 */
export function filterBy<T>(
  table: FilterTable<T>,
  tags: ((item: T) => readonly Tag[]) | null,
  filters: readonly Filter[] = [],
): (item: T) => boolean {
  if (filters.reduce((sum, { Values }) => sum + (Values?.length ?? 0), 0) > MOST_VALUES)
    throw new Ec2Error(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${MOST_VALUES}`,
    );
  const tests = filters.map(({ Name: name, Values: values = [] }) => {
    if (name === undefined)
      throw new Ec2Error('MissingParameter', 'The request must contain the parameter Filter.Name');
    const look = getter(table, tags, name);
    if (look === null) throw new Ec2Error('InvalidParameterValue', `The filter '${name}' is invalid`);
    const fits = values.map(wildcard);
    return (item: T): boolean => valuesOf(look(item)).some((value) => fits.some((fit) => fit(value)));
  });
  return (item) => tests.every((test) => test(item));
}

function getter<T>(table: FilterTable<T>, tags: ((item: T) => readonly Tag[]) | null, name: string): Look<T> | null {
  const own = Object.hasOwn(table, name) ? table[name] : undefined;
  if (typeof own === 'string') return (item) => item[own] as Value;
  if (own !== undefined) return own;
  if (tags === null) return null;
  if (name === 'tag-key') return (item) => tags(item).map(({ Key }) => Key);
  if (!name.startsWith('tag:')) return null;
  const key = name.slice('tag:'.length);
  return (item) => tags(item).flatMap(({ Key, Value }) => (Key === key ? [Value ?? ''] : []));
}

/** Texts that a member must have one of, where a filter says so: what an index finds before the rest is looked at. */
export function indexed<T>(
  table: FilterTable<T>,
  filters: readonly Filter[],
): { readonly member: keyof T & string; readonly values: readonly string[] } | null {
  for (const { Name: name = '', Values: values = [] } of filters) {
    const member = Object.hasOwn(table, name) ? table[name] : undefined;
    if (typeof member === 'string' && !values.some((value) => /[*?\\]/.test(value))) return { member, values };
  }
  return null;
}
