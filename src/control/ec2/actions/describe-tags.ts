/**
 * DescribeTags: tags of all things, one by one.
 *
 * In:    filters, a page. Out: tags with the ids and types of what has them. Fails: with those of filters and pages.
 * @see EC2 API Reference, "DescribeTags", August 2026
 */
import type { DescribeTagsRequest, DescribeTagsResult, TagDescription } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { filterBy } from '../filters.ts';
import type { FilterTable } from '../filters.ts';
import { idOf, KIND_WORDS, tagsOf } from '../items.ts';
import type { Items, Kind, Plain } from '../items.ts';
import { firstAfter, itemsFrom, pageFrom, USUAL_PAGES } from '../pages.ts';
import { KINDS_WITH_TAGS } from '../tagged.ts';
import type { Resources } from '../action.ts';

type Description = Plain<TagDescription>;

const FILTERS: FilterTable<Description> = {
  key: (tag) => tag.Key,
  'resource-id': (tag) => tag.ResourceId,
  'resource-type': (tag) => tag.ResourceType,
  value: (tag) => tag.Value,
};

export const describeTags = readAction<DescribeTagsRequest, DescribeTagsResult>({
  name: 'DescribeTags',
  run({ Filters: filters, ...page }, { resources }) {
    // A filter `tag:KEY` finds that tag of a thing.
    const fits = filterBy(FILTERS, (tag: Description) => [tag], filters);
    const after = (key: string): Iterable<Description> => tagsAfter(resources, key);
    const wanted = (tag: Description): Description | null => (fits(tag) ? tag : null);
    const { items, ...next } = pageFrom('Tags', after, keyOf, page, USUAL_PAGES, wanted);
    return { Tags: items, ...next };
  },
});

/** No blank is in an id, and none sorts before it. */
const keyOf = ({ ResourceId: id, Key: key }: Description): string => `${id} ${key ?? ''}`;

/** In the order of ids. */
const KINDS = KINDS_WITH_TAGS.toSorted((a, b) => (KIND_WORDS[a].prefix < KIND_WORDS[b].prefix ? -1 : 1));

/** The tags behind a key, by the ids of things and then by their keys; things before it are not looked at. */
function* tagsAfter(resources: Resources, after: string): Generator<Description> {
  const [id = ''] = after.split(' ', 1);
  for (const kind of KINDS) {
    if (id > KIND_WORDS[kind].prefix && !id.startsWith(KIND_WORDS[kind].prefix)) continue;
    const items = resources.list(kind);
    for (const item of itemsFrom(items, firstFrom(kind, items, id)))
      for (const tag of describedTags(kind, item)) if (keyOf(tag) > after) yield tag;
  }
}

/** Where the first thing stands that has this id or a later one. */
function firstFrom<K extends Kind>(kind: K, items: readonly Items[K][], id: string): number {
  const at = firstAfter(items, (item) => idOf(kind, item), id);
  const before = items[at - 1];
  return before !== undefined && idOf(kind, before) === id ? at - 1 : at;
}

function describedTags<K extends Kind>(kind: K, item: Items[K]): Description[] {
  const { resourceType: ResourceType } = KIND_WORDS[kind];
  const ResourceId = idOf(kind, item);
  return tagsOf(kind, item)
    .map(({ Key, Value }) => ({ Key, ResourceId, ResourceType, Value }))
    .toSorted((a, b) => ((a.Key ?? '') < (b.Key ?? '') ? -1 : 1));
}
