/**
 * DeleteNatGateway: ends a gateway and its interface; its elastic address is free again.
 *
 * In:    a gateway. Out: its id. Holds: routes to it stay, as black holes. It is described as deleted for an hour.
 * Fails: `NatGatewayNotFound`, `NatGatewayMalformed`.
 * @see EC2 API Reference, "DeleteNatGateway", August 2026
 */
import type { DeleteNatGatewayRequest, DeleteNatGatewayResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';
import { removeInterface } from '../network-interfaces.ts';
import { breakRoutes } from '../route-tables.ts';

export const deleteNatGateway = writeAction<DeleteNatGatewayRequest, DeleteNatGatewayResult>({
  name: 'DeleteNatGateway',
  run({ NatGatewayId: id }, context) {
    const { now, resources } = context;
    const gateway = itemWithId(resources, 'NatGateways', id);
    if (gateway.State === 'deleted') throw gatewayError('deletedNat', id);
    for (const { NetworkInterfaceId: interfaceId = '' } of gateway.NatGatewayAddresses ?? []) {
      const item = resources.get('NetworkInterfaces', interfaceId);
      if (item !== undefined) removeInterface(context, item);
    }
    breakRoutes(context, gateway.VpcId ?? '', id);
    resources.put('NatGateways', { ...gateway, State: 'deleted', DeleteTime: now.toISOString() });
    return { NatGatewayId: id };
  },
});
