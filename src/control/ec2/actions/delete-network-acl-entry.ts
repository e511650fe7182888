/**
 * DeleteNetworkAclEntry.
 *
 * In:    an ACL, the number and direction of an entry. Out: nothing.
 * Fails: as `acl-errors.ts` lists them: the last entries stay.
 * @see EC2 API Reference, "DeleteNetworkAclEntry", August 2026
 */
import type { DeleteNetworkAclEntryRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { removeEntry } from '../network-acls.ts';

export const deleteNetworkAclEntry = writeAction<DeleteNetworkAclEntryRequest, object>({
  name: 'DeleteNetworkAclEntry',
  run({ NetworkAclId: id, RuleNumber: number, Egress: egress }, { resources }) {
    removeEntry(resources, itemWithId(resources, 'NetworkAcls', id), number, egress);
    return {};
  },
});
