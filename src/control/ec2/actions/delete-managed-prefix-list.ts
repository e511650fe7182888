/**
 * DeleteManagedPrefixList: takes a list away that nothing names.
 *
 * In:    a list. Out: it, being deleted. Fails: `DependencyViolation`, `OperationNotPermitted`, `InvalidPrefixListID.*`.
 * @see EC2 API Reference, "DeleteManagedPrefixList", August 2026
 */
import type { DeleteManagedPrefixListRequest, DeleteManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { isListUsed, ownList } from '../prefix-lists.ts';

export const deleteManagedPrefixList = writeAction<DeleteManagedPrefixListRequest, DeleteManagedPrefixListResult>({
  name: 'DeleteManagedPrefixList',
  run({ PrefixListId: id }, context) {
    const list = ownList(context, id);
    if (isListUsed(context.resources, id)) throw endpointError('listInUse', id);
    context.resources.remove('ManagedPrefixLists', id);
    return { PrefixList: { ...list, State: 'delete-in-progress' } };
  },
});
