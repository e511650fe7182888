/**
 * CreateEgressOnlyInternetGateway: a way out for the IPv6 traffic of a VPC.
 *
 * In:    a VPC, tags. Out: the gateway. Fails: `InvalidVpcID.*`, those of tags.
 * @see EC2 API Reference, "CreateEgressOnlyInternetGateway", August 2026
 */
import { randomUUID } from 'node:crypto';
import type {
  CreateEgressOnlyInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayResult,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { tagsFor } from '../tags.ts';

export const createEgressOnlyInternetGateway = writeAction<
  CreateEgressOnlyInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayResult
>({
  name: 'CreateEgressOnlyInternetGateway',
  run(input, { newId, resources }) {
    itemWithId(resources, 'Vpcs', input.VpcId);
    const gateway = {
      Attachments: [{ State: 'attached', VpcId: input.VpcId }],
      EgressOnlyInternetGatewayId: newId('eigw-'),
      Tags: tagsFor('egress-only-internet-gateway', input.TagSpecifications),
    };
    resources.put('EgressOnlyInternetGateways', gateway);
    return { ClientToken: input.ClientToken ?? randomUUID(), EgressOnlyInternetGateway: gateway };
  },
});
