/**
 * ReplaceNetworkAclEntry: another entry in the place of the one with its number.
 *
 * In:    an ACL, an entry with number and direction. Out: nothing.
 * Fails: as `acl-errors.ts` lists them.
 * @see EC2 API Reference, "ReplaceNetworkAclEntry", August 2026
 */
import type { ReplaceNetworkAclEntryRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { oneOf } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { putEntry, readEntry } from '../network-acls.ts';

export const replaceNetworkAclEntry = writeAction<ReplaceNetworkAclEntryRequest, object>({
  name: 'ReplaceNetworkAclEntry',
  run(input, { resources }) {
    const acl = itemWithId(resources, 'NetworkAcls', input.NetworkAclId);
    const vpc = itemWithId(resources, 'Vpcs', acl.VpcId ?? '');
    const action = oneOf('ruleAction', input.RuleAction, ['allow', 'deny']) ?? 'deny';
    putEntry(resources, acl, readEntry(input, vpc, action), true);
    return {};
  },
});
