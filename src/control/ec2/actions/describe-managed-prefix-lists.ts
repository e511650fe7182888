/**
 * DescribeManagedPrefixLists: the account's own and AWS's.
 *
 * In:    ids, filters, a page. Out: lists without their entries. Fails: `InvalidPrefixListID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeManagedPrefixLists", August 2026
 */
import type { DescribeManagedPrefixListsRequest, DescribeManagedPrefixListsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { withAwsLists } from '../prefix-lists.ts';
import type { PrefixList } from '../prefix-lists.ts';

/** No member's name alone: AWS's lists are in no index. */
const FILTERS: FilterTable<PrefixList> = {
  'owner-id': (one) => one.OwnerId,
  'prefix-list-id': (one) => one.PrefixListId,
  'prefix-list-name': (one) => one.PrefixListName,
};

export const describeManagedPrefixLists = readAction<
  DescribeManagedPrefixListsRequest,
  DescribeManagedPrefixListsResult
>({
  name: 'DescribeManagedPrefixLists',
  run(input, context) {
    const asked = { ...input, ids: input.PrefixListIds };
    const { items, ...next } = describeItems(withAwsLists(context), 'ManagedPrefixLists', FILTERS, asked);
    return { PrefixLists: items, ...next };
  },
});
