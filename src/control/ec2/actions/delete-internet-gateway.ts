/**
 * DeleteInternetGateway: takes a gateway away that is attached to nothing.
 *
 * In:    a gateway. Out: nothing. Fails: `DependencyViolation`, `InvalidInternetGatewayID.*`.
 * @see EC2 API Reference, "DeleteInternetGateway", August 2026
 */
import type { DeleteInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { gatewayError } from '../gateway-errors.ts';

export const deleteInternetGateway = writeAction<DeleteInternetGatewayRequest, object>({
  name: 'DeleteInternetGateway',
  run({ InternetGatewayId: id }, { resources }) {
    const { Attachments: attachments = [] } = itemWithId(resources, 'InternetGateways', id);
    if (attachments.length > 0) throw gatewayError('gatewayInUse', id);
    resources.remove('InternetGateways', id);
    return {};
  },
});
