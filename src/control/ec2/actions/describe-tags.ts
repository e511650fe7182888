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
import type { Plain } from '../items.ts';
import { pageOf } from '../pages.ts';
import { KINDS_WITH_TAGS } from '../tagged.ts';

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
    const all = KINDS_WITH_TAGS.flatMap((kind) =>
      resources.list(kind).flatMap((item) =>
        tagsOf(kind, item).map(({ Key, Value }) => ({
          Key,
          ResourceId: idOf(kind, item),
          ResourceType: KIND_WORDS[kind].resourceType,
          Value,
        })),
      ),
    );
    // A filter `tag:KEY` finds that tag of a thing.
    const wanted = all.filter(filterBy(FILTERS, (tag: Description) => [tag], filters));
    const keyOf = (tag: Description): string => `${tag.ResourceId} ${tag.Key ?? ''}`;
    wanted.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const { items, ...next } = pageOf('Tags', wanted, keyOf, page);
    return { Tags: items, ...next };
  },
});
