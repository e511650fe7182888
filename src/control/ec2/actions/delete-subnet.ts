/**
 * DeleteSubnet: with its associations with an ACL and a route table, and its flow logs.
 *
 * In:    an id. Out: nothing.
 * Fails: `InvalidSubnetID.NotFound`, `DependencyViolation` where interfaces are in it.
 * @see EC2 API Reference, "DeleteSubnet", August 2026
 */
import type { DeleteSubnetRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { subnetHasDependents } from '../dependencies.ts';
import { endFlowLogs } from '../end-flow-logs.ts';
import { itemWithId } from '../find-items.ts';
import { aclOfSubnet, dissociate } from '../network-acls.ts';
import { forgetSubnet } from '../route-tables.ts';
import { vpcError } from '../vpc-errors.ts';

export const deleteSubnet = writeAction<DeleteSubnetRequest, object>({
  name: 'DeleteSubnet',
  run({ SubnetId: id }, context) {
    const { VpcId: vpcId = '' } = itemWithId(context.resources, 'Subnets', id);
    if (subnetHasDependents(context.resources, id)) throw vpcError('subnetDependency', id);
    const acl = aclOfSubnet(context, vpcId, id);
    if (acl !== undefined) dissociate(context, acl, id);
    forgetSubnet(context, vpcId, id);
    endFlowLogs(context, id);
    context.resources.remove('Subnets', id);
    return {};
  },
});
