/**
 * AssociateRouteTable: a subnet takes a table, or what comes in by an internet gateway does.
 *
 * In:    a table; a subnet or a gateway. Out: the association. Holds: the same again gives the same association.
 * Fails: `Resource.AlreadyAssociated`, `InvalidParameterValue`, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "AssociateRouteTable", August 2026
 */
import type { AssociateRouteTableRequest, AssociateRouteTableResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import type { Input } from '../items.ts';
import { associate } from '../route-associations.ts';
import { routeError } from '../route-errors.ts';

export const associateRouteTable = writeAction<AssociateRouteTableRequest, AssociateRouteTableResult>({
  name: 'AssociateRouteTable',
  run(input, { newId, resources }) {
    const { RouteTableId: id, SubnetId: subnetId, GatewayId: gatewayId } = input;
    const table = itemWithId(resources, 'RouteTables', id);
    const vpcId = table.VpcId ?? '';
    const { noun, vpcIds } = endOf(resources, input);
    if (!vpcIds.includes(vpcId)) throw routeError('otherNetwork', id, noun, subnetId ?? gatewayId ?? '');
    const state = { AssociationState: { State: 'associated' } };
    for (const one of resources.where('RouteTables', 'VpcId', vpcId))
      for (const { SubnetId, GatewayId, RouteTableAssociationId: known = '' } of one.Associations ?? []) {
        const isOfIt = subnetId === undefined ? GatewayId === gatewayId : SubnetId === subnetId;
        if (!isOfIt) continue;
        if (one.RouteTableId !== id) throw routeError('associated', id);
        return { AssociationId: known, ...state };
      }
    const made = newId('rtbassoc-');
    associate(resources, table, made, subnetId === undefined ? { GatewayId: gatewayId } : { SubnetId: subnetId });
    return { AssociationId: made, ...state };
  },
});

/** What is to take the table, and its VPC. */
function endOf(
  resources: Resources,
  { SubnetId: subnet, GatewayId: gateway, PublicIpv4Pool: pool }: Input<AssociateRouteTableRequest>,
): { readonly noun: string; readonly vpcIds: readonly (string | undefined)[] } {
  if (pool !== undefined) throw routeError('notHere', 'PublicIpv4Pool');
  if (subnet !== undefined && gateway !== undefined) throw routeError('several', 'SubnetId', 'GatewayId');
  if (subnet !== undefined) return { noun: 'subnet', vpcIds: [itemWithId(resources, 'Subnets', subnet).VpcId] };
  if (gateway === undefined) throw missingParameter('SubnetId');
  if (!gateway.startsWith('igw-')) throw routeError('noSuchTarget', gateway);
  const { Attachments: attachments = [] } = itemWithId(resources, 'InternetGateways', gateway);
  return { noun: 'network gateway', vpcIds: attachments.map(({ VpcId }) => VpcId) };
}
