/**
 * DescribePrefixLists: AWS's lists with their blocks.
 *
 * In:    ids, filters, a page. Out: lists. Fails: `InvalidPrefixListID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribePrefixLists", August 2026
 */
import type { DescribePrefixListsRequest, DescribePrefixListsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { awsPrefixLists, withAwsLists } from '../prefix-lists.ts';
import type { PrefixList } from '../prefix-lists.ts';

/** No member's name alone: AWS's lists are in no index. */
const FILTERS: FilterTable<PrefixList> = {
  'prefix-list-id': (one) => one.PrefixListId,
  'prefix-list-name': (one) => one.PrefixListName,
};

export const describePrefixLists = readAction<DescribePrefixListsRequest, DescribePrefixListsResult>({
  name: 'DescribePrefixLists',
  run(input, context) {
    const aws = new Set(awsPrefixLists(context.region).map(({ PrefixListId }) => PrefixListId));
    const { items, ...next } = describeItems(
      withAwsLists(context),
      'ManagedPrefixLists',
      FILTERS,
      { ...input, ids: input.PrefixListIds },
      (item) => (aws.has(item.PrefixListId) ? item : null),
    );
    return {
      PrefixLists: items.map(({ PrefixListId: id = '', PrefixListName: name = '', Entries: entries = [] }) => ({
        PrefixListId: id,
        PrefixListName: name,
        Cidrs: entries.flatMap(({ Cidr }) => Cidr ?? []),
      })),
      ...next,
    };
  },
});
