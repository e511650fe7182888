/**
 * CreateManagedPrefixList.
 *
 * In:    a name, a family, how many entries it may have, entries. Out: the list; it is complete with the next look.
 * Fails: as `endpoint-errors.ts` lists them, those of tags.
 * @see EC2 API Reference, "CreateManagedPrefixList", August 2026
 */
import type { CreateManagedPrefixListRequest, CreateManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { checkListName, checkListSize, readEntries } from '../prefix-lists.ts';
import { tagsFor } from '../tags.ts';

export const createManagedPrefixList = writeAction<CreateManagedPrefixListRequest, CreateManagedPrefixListResult>({
  name: 'CreateManagedPrefixList',
  run(input, { account, newId, region, resources }) {
    const { AddressFamily: family, MaxEntries: most } = input;
    if (family !== 'IPv4' && family !== 'IPv6') throw endpointError('listFamily', family);
    checkListSize(most);
    const entries = readEntries(family, input.Entries ?? []);
    if (entries.length > most) throw endpointError('listFull', most);
    const id = newId('pl-');
    const list = {
      PrefixListId: id,
      AddressFamily: family,
      State: 'create-complete',
      PrefixListArn: `arn:aws:ec2:${region}:${account}:prefix-list/${id}`,
      PrefixListName: checkListName(input.PrefixListName),
      MaxEntries: most,
      Version: 1,
      Tags: tagsFor('prefix-list', input.TagSpecifications),
      OwnerId: account,
    };
    resources.put('ManagedPrefixLists', { ...list, Entries: entries });
    return { PrefixList: { ...list, State: 'create-in-progress' } };
  },
});
