/**
 * GetManagedPrefixListEntries: the blocks of a list.
 *
 * In:    a list, a version, a page. Out: entries. Holds: of the newest version only.
 * Fails: `InvalidPrefixListID.*`, `UnsupportedOperation`, those of pages.
 * @see EC2 API Reference, "GetManagedPrefixListEntries", August 2026
 */
import type { GetManagedPrefixListEntriesRequest, GetManagedPrefixListEntriesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { itemWithId } from '../find-items.ts';
import { pageOf } from '../pages.ts';
import { withAwsLists } from '../prefix-lists.ts';

const PAGES = { least: 1, most: 100 };

export const getManagedPrefixListEntries = readAction<
  GetManagedPrefixListEntriesRequest,
  GetManagedPrefixListEntriesResult
>({
  name: 'GetManagedPrefixListEntries',
  run({ PrefixListId: id, TargetVersion: version, ...page }, context) {
    const list = itemWithId(withAwsLists(context).resources, 'ManagedPrefixLists', id);
    if (version !== undefined && version !== (list.Version ?? 1)) throw endpointError('notHere', 'TargetVersion');
    // As on AWS there are never more than a page holds.
    const asked = { MaxResults: PAGES.most, ...page };
    const { items, ...next } = pageOf(`entries of ${id}`, list.Entries ?? [], ({ Cidr = '' }) => Cidr, asked, PAGES);
    return { Entries: items, ...next };
  },
});
