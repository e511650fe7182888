/**
 * What all Describe calls of things with ids do: ids, filters, pages.
 *
 * In:    a kind, the table of its filters, the ids, filters and page of a request. Out: the items wanted, and the token of
 *        the next page.
 * Holds: a thing must be of the ids, where some are given, and fit every filter.
 * Fails: `….NotFound` and `….Malformed` for ids; those of `filters.ts` and `pages.ts`; `InvalidParameterCombination` for
 *        MaxResults beside ids.
 */
import type { Context } from './action.ts';
import { invalidCombination } from './errors.ts';
import { filterBy, indexed } from './filters.ts';
import type { FilterTable } from './filters.ts';
import { itemsWithIds, notFound } from './find-items.ts';
import { idOf, tagsOf } from './items.ts';
import type { Items, Kind } from './items.ts';
import { pageOf } from './pages.ts';
import type { SeenAt } from './seen-for-a-while.ts';

/** What a request asks of it. */
type Asked = {
  readonly ids: readonly string[] | undefined;
  readonly Filters?: readonly { readonly Name?: string; readonly Values?: readonly string[] }[] | undefined;
  readonly MaxResults?: number;
  readonly NextToken?: string;
};

/**
 * The things that are wanted.
 *
 * @param seenAt  how a thing is at this time, where time alone changes it; null where it is not seen any more
 */
export function describeItems<K extends Kind>(
  context: Context,
  kind: K,
  table: FilterTable<Items[K]>,
  { ids = [], Filters: filters, ...page }: Asked,
  seenAt: SeenAt<K> = (item) => item,
): { readonly items: readonly Items[K][]; readonly NextToken?: string } {
  const { now, resources } = context;
  if (ids.length > 0 && page.MaxResults !== undefined)
    throw invalidCombination('The parameter MaxResults cannot be used with the ids of what is described');
  const index = filters === undefined ? null : indexed(table, filters);
  const kept =
    ids.length > 0
      ? itemsWithIds(resources, kind, ids)
      : index === null
        ? resources.list(kind)
        : [...new Set(index.values)].flatMap((value) => resources.where(kind, index.member, value));
  const all = kept.flatMap((item) => seenAt(item, now) ?? []);
  if (ids.length > 0) {
    const seen = new Set(all.map((item) => idOf(kind, item)));
    const gone = ids.filter((id) => !seen.has(id));
    if (gone.length > 0) throw notFound(kind, gone);
  }
  const wanted =
    filters === undefined ? all : all.filter(filterBy(table, (item: Items[K]) => tagsOf(kind, item), filters));
  // Pages go by id; what an index or a caller's list of ids gives has another order.
  const isPage = page.MaxResults !== undefined || page.NextToken !== undefined;
  const sorted =
    isPage && index !== null ? wanted.toSorted((a, b) => (idOf(kind, a) < idOf(kind, b) ? -1 : 1)) : wanted;
  return pageOf(kind, sorted, (item) => idOf(kind, item), page);
}
