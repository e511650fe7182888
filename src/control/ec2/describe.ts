/**
 * What all Describe calls of things with ids do: ids, filters, pages.
 *
 * In:    a kind, the table of its filters, the ids, filters and page of a request. Out: the items wanted, and the token of
 *        the next page.
 * Holds: a thing must be of the ids, where some are given, and fit every filter.
 * Fails: `….NotFound` and `….Malformed` for ids; those of `filters.ts` and `pages.ts`; `InvalidParameterCombination` for
 *        MaxResults or NextToken beside ids.
 */
import type { Context, Resources } from './action.ts';
import { invalidCombination, invalidParameterValue } from './errors.ts';
import { filterBy, indexed } from './filters.ts';
import type { FilterTable } from './filters.ts';
import { itemsWithIds, notFound } from './find-items.ts';
import { idOf, KIND_WORDS, tagsOf } from './items.ts';
import type { Items, Kind } from './items.ts';
import { pageOf, USUAL_PAGES } from './pages.ts';
import type { SeenAt } from './seen-for-a-while.ts';

/** EC2 API Reference, "DescribeFlowLogs", August 2026; the others say the same where they say something. */
const MOST_IDS = 1000;

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
  if (ids.length > MOST_IDS)
    throw invalidParameterValue(KIND_WORDS[kind].id, String(ids.length), `There may be up to ${MOST_IDS} ids.`);
  if (ids.length > 0 && (page.MaxResults !== undefined || (page.NextToken ?? '') !== ''))
    throw invalidCombination('MaxResults and NextToken cannot be used with the ids of what is described');
  const given = ids.length > 0 ? itemsWithIds(resources, kind, [...new Set(ids)]) : null;
  const gone = given?.filter((item) => seenAt(item, now) === null).map((item) => idOf(kind, item)) ?? [];
  if (gone.length > 0) throw notFound(kind, gone);
  const fits = filters === undefined ? null : filterBy(table, (item: Items[K]) => tagsOf(kind, item), filters);
  const wanted = (item: Items[K]): Items[K] | null => {
    const seen = seenAt(item, now);
    return seen !== null && (fits === null || fits(seen)) ? seen : null;
  };
  const index = filters === undefined ? null : indexed(table, filters);
  const isPage = page.MaxResults !== undefined || page.NextToken !== undefined;
  const few = isPage ? (page.MaxResults ?? USUAL_PAGES.most) : Infinity;
  const all = given ?? candidates(resources, kind, index, few);
  return pageOf(kind, all, (item) => idOf(kind, item), page, USUAL_PAGES, wanted);
}

/**
 * What may be wanted, ascending by id where it is a page: a page begins somewhere in that order.
 *
 * @param few  where an index finds more than so many for a page, sorting them each time costs more than looking at all
 */
function candidates<K extends Kind>(
  resources: Resources,
  kind: K,
  index: ReturnType<typeof indexed<Items[K]>>,
  few: number,
): readonly Items[K][] {
  if (index === null) return resources.list(kind);
  const values = [...new Set(index.values)];
  const found = (): Items[K][] => values.flatMap((value) => resources.where(kind, index.member, value));
  if (few === Infinity) return found();
  const count = values.reduce((sum, value) => sum + resources.count(kind, index.member, value), 0);
  if (count > few) return resources.list(kind);
  return found().sort((a, b) => (idOf(kind, a) < idOf(kind, b) ? -1 : 1));
}
