/**
 * DeleteVpcEndpoints: ends endpoints, their routes and their interfaces.
 *
 * In:    ids. Out: those that could not be deleted, and why.
 * @see EC2 API Reference, "DeleteVpcEndpoints", August 2026
 */
import type { DeleteVpcEndpointsRequest, DeleteVpcEndpointsResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { removeEndpointInterface, removeEndpointRoute } from '../endpoints.ts';
import { isIdOf, malformed, notFound } from '../find-items.ts';

export const deleteVpcEndpoints = writeAction<DeleteVpcEndpointsRequest, DeleteVpcEndpointsResult>({
  name: 'DeleteVpcEndpoints',
  run({ VpcEndpointIds: ids }, context) {
    const { resources } = context;
    for (const id of ids) if (!isIdOf('VpcEndpoints', id)) throw malformed('VpcEndpoints', id);
    const unsuccessful = ids.flatMap((id) => {
      const endpoint = resources.get('VpcEndpoints', id);
      if (endpoint === undefined) {
        const { code, message } = notFound('VpcEndpoints', [id]);
        return [{ ResourceId: id, Error: { Code: code, Message: message } }];
      }
      for (const table of endpoint.RouteTableIds ?? []) removeEndpointRoute(resources, endpoint, table);
      for (const one of endpoint.NetworkInterfaceIds ?? []) removeEndpointInterface(context, one);
      resources.remove('VpcEndpoints', id);
      return [];
    });
    return { Unsuccessful: unsuccessful };
  },
});
