/**
 * DeleteEgressOnlyInternetGateway.
 *
 * In:    a gateway. Out: that it is done. Holds: routes to it stay, as black holes. Fails: `InvalidGatewayID.*`.
 * @see EC2 API Reference, "DeleteEgressOnlyInternetGateway", August 2026
 */
import type {
  DeleteEgressOnlyInternetGatewayRequest,
  DeleteEgressOnlyInternetGatewayResult,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { breakRoutes } from '../route-tables.ts';

export const deleteEgressOnlyInternetGateway = writeAction<
  DeleteEgressOnlyInternetGatewayRequest,
  DeleteEgressOnlyInternetGatewayResult
>({
  name: 'DeleteEgressOnlyInternetGateway',
  run({ EgressOnlyInternetGatewayId: id }, context) {
    const gateway = itemWithId(context.resources, 'EgressOnlyInternetGateways', id);
    for (const { VpcId: vpcId = '' } of gateway.Attachments ?? []) breakRoutes(context, vpcId, id);
    context.resources.remove('EgressOnlyInternetGateways', id);
    return { ReturnCode: true };
  },
});
