/**
 * CreateNetworkAcl.
 *
 * In:    a VPC, tags. Out: an ACL that lets nothing pass, and is no subnet's.
 * Fails: `InvalidVpcID.NotFound`.
 * @see EC2 API Reference, "CreateNetworkAcl", August 2026
 */
import type { CreateNetworkAclRequest, CreateNetworkAclResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { addNetworkAcl } from '../network-acls.ts';
import { tagsFor } from '../tags.ts';

export const createNetworkAcl = writeAction<CreateNetworkAclRequest, CreateNetworkAclResult>({
  name: 'CreateNetworkAcl',
  run({ VpcId: vpcId, TagSpecifications: specifications, ClientToken: token }, context) {
    const vpc = itemWithId(context.resources, 'Vpcs', vpcId);
    const acl = addNetworkAcl(context, vpc, false, tagsFor('network-acl', specifications));
    return { NetworkAcl: acl, ...(token === undefined ? {} : { ClientToken: token }) };
  },
});
