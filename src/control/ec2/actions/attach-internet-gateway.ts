/**
 * AttachInternetGateway: gives a VPC a way to the internet.
 *
 * In:    a gateway, a VPC. Out: nothing. Holds: a VPC has one and a gateway one VPC; routes that waited for it lead again.
 * Fails: `Resource.AlreadyAssociated`, `InvalidParameterValue`, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "AttachInternetGateway", August 2026
 */
import type { AttachInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';
import { internetGatewayOf } from '../public-addresses.ts';
import { mendRoutes } from '../route-tables.ts';

export const attachInternetGateway = writeAction<AttachInternetGatewayRequest, object>({
  name: 'AttachInternetGateway',
  run({ InternetGatewayId: id, VpcId: vpcId }, context) {
    const { resources } = context;
    const gateway = itemWithId(resources, 'InternetGateways', id);
    itemWithId(resources, 'Vpcs', vpcId);
    const [attachment] = gateway.Attachments ?? [];
    if (attachment !== undefined) throw gatewayError('attached', id, attachment.VpcId ?? '');
    if (internetGatewayOf(context, vpcId) !== null) throw gatewayError('vpcHasOne', vpcId);
    resources.put('InternetGateways', { ...gateway, Attachments: [{ State: 'available', VpcId: vpcId }] });
    mendRoutes(context, vpcId, id);
    return {};
  },
});
