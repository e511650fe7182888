/**
 * Pages: a long answer in parts.
 *
 * In:    all items with their keys, MaxResults, the token of the part before. Out: one part, and the token of the next.
 * Holds: items stand in the order of their keys, and parts go by key, so what is made or removed between two calls neither repeats nor hides anything else. A
 *        token says where to go on; it is opaque, and one of another action is refused. An empty one is none.
 * Fails: `InvalidParameterValue` for MaxResults, `InvalidNextToken`.
 */
import { Ec2Error } from './errors.ts';

/** The most and fewest results that may be asked for. */
export type PageRange = { readonly least: number; readonly most: number };

/** What most Describe calls take. */
export const USUAL_PAGES: PageRange = { least: 5, most: 1000 };

type Asked = { readonly MaxResults?: number; readonly NextToken?: string };

function tokenOf(action: string, key: string): string {
  return Buffer.from(JSON.stringify([action, key])).toString('base64url');
}

function keyIn(action: string, token: string): string {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(read) && read.length === 2 && read[0] === action && typeof read[1] === 'string') return read[1];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Ec2Error('InvalidNextToken', 'The specified NextToken is invalid.');
}

/**
 * One part of the items; all of them where no part was asked for.
 *
 * @param action  whose tokens these are
 * @param items   ascending by key
 * @param keyOf   differs between items
 * @param wanted  an item as it is answered; null where it is not wanted. No more items are asked than a part needs
 */
export function pageOf<T>(
  action: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  asked: Asked,
  range: PageRange = USUAL_PAGES,
  wanted: (item: T) => T | null = (item) => item,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const itemsAfter = (key: string): Iterable<T> =>
    key === '' ? items : itemsFrom(items, firstAfter(items, keyOf, key));
  return pageFrom(action, itemsAfter, keyOf, asked, range, wanted);
}

/**
 * As `pageOf`, of items that are put together only as far as they are asked for.
 *
 * @param itemsAfter  those behind a key, ascending; all where it is empty
 */
export function pageFrom<T>(
  action: string,
  itemsAfter: (key: string) => Iterable<T>,
  keyOf: (item: T) => string,
  { MaxResults: most, NextToken: token }: Asked,
  range: PageRange = USUAL_PAGES,
  wanted: (item: T) => T | null = (item) => item,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  if (most !== undefined && (most < range.least || most > range.most))
    throw new Ec2Error(
      'InvalidParameterValue',
      `Value ( ${most} ) for parameter maxResults is invalid. Expecting a value between ${range.least} and ${range.most}.`,
    );
  if (most === undefined && !isToken(token)) return { items: everything(itemsAfter(''), wanted) };
  const after = isToken(token) ? keyIn(action, token) : '';
  const size = most ?? range.most;
  const part: T[] = [];
  for (const one of itemsAfter(after)) {
    const item = wanted(one);
    if (item === null) continue;
    const last = part.at(-1);
    if (last !== undefined && part.length === size) return { items: part, NextToken: tokenOf(action, keyOf(last)) };
    part.push(item);
  }
  return { items: part };
}

const isToken = (token: string | undefined): token is string => token !== undefined && token !== '';

function everything<T>(items: Iterable<T>, wanted: (item: T) => T | null): T[] {
  const all: T[] = [];
  for (const one of items) {
    const item = wanted(one);
    if (item !== null) all.push(item);
  }
  return all;
}

/** The items from one on. */
export function* itemsFrom<T>(items: readonly T[], from: number): Generator<T> {
  for (let at = from; at < items.length; at++) yield items[at]!;
}

/** Where the first item stands whose key is behind another key. */
export function firstAfter<T>(items: readonly T[], keyOf: (item: T) => string, after: string): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keyOf(items[middle]!) > after) to = middle;
    else from = middle + 1;
  }
  return from;
}
