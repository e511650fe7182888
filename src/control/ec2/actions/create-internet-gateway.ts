/**
 * CreateInternetGateway.
 *
 * In:    tags. Out: a gateway that is attached to nothing. Fails: those of tags.
 * @see EC2 API Reference, "CreateInternetGateway", August 2026
 */
import type { CreateInternetGatewayRequest, CreateInternetGatewayResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { tagsFor } from '../tags.ts';

export const createInternetGateway = writeAction<CreateInternetGatewayRequest, CreateInternetGatewayResult>({
  name: 'CreateInternetGateway',
  run(input, { account, newId, resources }) {
    const gateway = {
      Attachments: [],
      InternetGatewayId: newId('igw-'),
      OwnerId: account,
      Tags: tagsFor('internet-gateway', input.TagSpecifications),
    };
    resources.put('InternetGateways', gateway);
    return { InternetGateway: gateway };
  },
});
