/**
 * ModifyManagedPrefixList: adds and removes entries, or gives a list another name or size.
 *
 * In:    a list, what changes, the version that the caller knows. Out: the list; it is complete with the next look.
 * Holds: other entries make another version. An entry that is there and added gets the new description.
 * Fails: as `endpoint-errors.ts` lists them, `InvalidPrefixListID.*`.
 * @see EC2 API Reference, "ModifyManagedPrefixList", August 2026
 */
import type { ModifyManagedPrefixListRequest, ModifyManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { checkListName, checkListSize, ownList, readEntries } from '../prefix-lists.ts';

export const modifyManagedPrefixList = writeAction<ModifyManagedPrefixListRequest, ModifyManagedPrefixListResult>({
  name: 'ModifyManagedPrefixList',
  run(input, context) {
    const { PrefixListId: id, AddEntries: add = [], RemoveEntries: remove = [] } = input;
    const before = ownList(context, id);
    const { Entries: had = [], MaxEntries: size = 0, Version: version = 1, AddressFamily: family } = before;
    if (input.IpamPrefixListResolverSyncEnabled !== undefined)
      throw endpointError('notHere', 'IpamPrefixListResolverSyncEnabled');
    if (input.CurrentVersion !== undefined && input.CurrentVersion !== version) throw endpointError('listVersion');
    const isEntries = add.length + remove.length > 0;
    if (isEntries && input.MaxEntries !== undefined) throw endpointError('sizeAndEntries');
    const most = checkListSize(input.MaxEntries ?? size);
    const seen = new Set<string>();
    const removed = new Set(readEntries(family, remove, seen).map(({ Cidr }) => Cidr));
    const added = readEntries(family, add, seen);
    for (const cidr of removed)
      if (!had.some(({ Cidr }) => Cidr === cidr)) throw endpointError('noEntry', cidr ?? '', id);
    const addedTo = new Map(added.map((one) => [one.Cidr, one]));
    const kept = had.filter(({ Cidr }) => !removed.has(Cidr)).map((one) => addedTo.get(one.Cidr) ?? one);
    const entries = [...kept, ...added.filter((one) => !kept.includes(one))];
    if (entries.length > most) throw endpointError('listFull', most);
    const after = {
      ...before,
      State: 'modify-complete',
      PrefixListName: checkListName(input.PrefixListName ?? before.PrefixListName ?? ''),
      MaxEntries: most,
      Version: isEntries ? version + 1 : version,
      Entries: entries,
    };
    context.resources.put('ManagedPrefixLists', after);
    return { PrefixList: { ...after, State: 'modify-in-progress' } };
  },
});
