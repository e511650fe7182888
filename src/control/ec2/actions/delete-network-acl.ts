/**
 * DeleteNetworkAcl.
 *
 * In:    an id. Out: nothing.
 * Fails: as `acl-errors.ts` lists them: not the default one, nor one that a subnet has.
 * @see EC2 API Reference, "DeleteNetworkAcl", August 2026
 */
import type { DeleteNetworkAclRequest } from '@aws-sdk/client-ec2';
import { aclError } from '../acl-errors.ts';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';

export const deleteNetworkAcl = writeAction<DeleteNetworkAclRequest, object>({
  name: 'DeleteNetworkAcl',
  run({ NetworkAclId: id }, { resources }) {
    const acl = itemWithId(resources, 'NetworkAcls', id);
    if (acl.IsDefault === true) throw aclError('defaultAcl', id);
    if ((acl.Associations?.length ?? 0) > 0) throw aclError('dependency', id);
    resources.remove('NetworkAcls', id);
    return {};
  },
});
