/**
 * DetachInternetGateway: takes the way to the internet from a VPC.
 *
 * In:    a gateway, its VPC. Out: nothing. Holds: routes to it stay, as black holes.
 * Fails: `Gateway.NotAttached`, `DependencyViolation`, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "DetachInternetGateway", August 2026
 */
import type { DetachInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';
import { disassociate } from '../route-associations.ts';
import { breakRoutes } from '../route-tables.ts';

export const detachInternetGateway = writeAction<DetachInternetGatewayRequest, object>({
  name: 'DetachInternetGateway',
  run({ InternetGatewayId: id, VpcId: vpcId }, context) {
    const { resources } = context;
    const gateway = itemWithId(resources, 'InternetGateways', id);
    itemWithId(resources, 'Vpcs', vpcId);
    if (!gateway.Attachments?.some((one) => one.VpcId === vpcId)) throw gatewayError('notAttached', id, vpcId);
    const isPublic = resources
      .where('NetworkInterfaces', 'VpcId', vpcId)
      .some(({ PrivateIpAddresses }) => PrivateIpAddresses?.some(({ Association }) => Association !== undefined));
    if (isPublic) throw gatewayError('publicAddresses', vpcId);
    resources.put('InternetGateways', { ...gateway, Attachments: [] });
    breakRoutes(context, vpcId, id);
    for (const table of resources.where('RouteTables', 'VpcId', vpcId))
      for (const { GatewayId, RouteTableAssociationId: association = '' } of table.Associations ?? [])
        if (GatewayId === id) disassociate(resources, table, association);
    return {};
  },
});
