/**
 * DeleteVpc: with its default group, ACL and main route table, and its flow logs.
 *
 * In:    an id. Out: nothing.
 * Fails: `InvalidVpcID.NotFound`, `DependencyViolation` where more is in it.
 * @see EC2 API Reference, "DeleteVpc", August 2026
 */
import type { DeleteVpcRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { vpcHasDependents } from '../dependencies.ts';
import { endFlowLogs } from '../end-flow-logs.ts';
import { itemWithId } from '../find-items.ts';
import { removeGroup } from '../security-groups.ts';
import { vpcError } from '../vpc-errors.ts';

export const deleteVpc = writeAction<DeleteVpcRequest, object>({
  name: 'DeleteVpc',
  run({ VpcId: id }, context) {
    const { resources } = context;
    itemWithId(resources, 'Vpcs', id);
    if (vpcHasDependents(context, id)) throw vpcError('vpcDependency', id);
    for (const group of resources.where('SecurityGroups', 'VpcId', id)) removeGroup(context, group.GroupId ?? '');
    for (const acl of resources.where('NetworkAcls', 'VpcId', id))
      resources.remove('NetworkAcls', acl.NetworkAclId ?? '');
    for (const table of resources.where('RouteTables', 'VpcId', id))
      resources.remove('RouteTables', table.RouteTableId ?? '');
    endFlowLogs(context, id);
    resources.remove('Vpcs', id);
    return {};
  },
});
