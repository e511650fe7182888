/**
 * ReplaceNetworkAclAssociation: another ACL for a subnet.
 *
 * In:    the id of the association that the subnet has, an ACL. Out: the id of the new one.
 * Fails: as `acl-errors.ts` lists them.
 * @see EC2 API Reference, "ReplaceNetworkAclAssociation", August 2026
 */
import type { ReplaceNetworkAclAssociationRequest, ReplaceNetworkAclAssociationResult } from '@aws-sdk/client-ec2';
import { aclError } from '../acl-errors.ts';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { associate, dissociate } from '../network-acls.ts';

export const replaceNetworkAclAssociation = writeAction<
  ReplaceNetworkAclAssociationRequest,
  ReplaceNetworkAclAssociationResult
>({
  name: 'ReplaceNetworkAclAssociation',
  run({ AssociationId: id, NetworkAclId: aclId }, context) {
    const { newId, resources } = context;
    const wanted = itemWithId(resources, 'NetworkAcls', aclId);
    for (const acl of resources.list('NetworkAcls')) {
      const found = acl.Associations?.find((one) => one.NetworkAclAssociationId === id);
      if (found === undefined) continue;
      const { SubnetId: subnetId = '' } = found;
      if (acl.VpcId !== wanted.VpcId) throw aclError('otherVpc', aclId, subnetId);
      dissociate(context, acl, subnetId);
      const made = newId('aclassoc-');
      // The ACL may be the one that the subnet had.
      associate(resources, itemWithId(resources, 'NetworkAcls', aclId), subnetId, made);
      return { NewAssociationId: made };
    }
    throw aclError('noAssociation', id);
  },
});
