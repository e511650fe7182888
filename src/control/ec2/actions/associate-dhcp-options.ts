/**
 * AssociateDhcpOptions: gives a VPC other options, or none.
 *
 * In:    options, or `default` for none; a VPC. Out: nothing. Fails: `InvalidDhcpOptionID.*`, `InvalidVpcID.*`.
 * @see EC2 API Reference, "AssociateDhcpOptions", August 2026
 */
import type { AssociateDhcpOptionsRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';

export const associateDhcpOptions = writeAction<AssociateDhcpOptionsRequest, object>({
  name: 'AssociateDhcpOptions',
  run({ DhcpOptionsId: id, VpcId: vpcId }, { resources }) {
    if (id !== 'default') itemWithId(resources, 'DhcpOptions', id);
    resources.put('Vpcs', { ...itemWithId(resources, 'Vpcs', vpcId), DhcpOptionsId: id });
    return {};
  },
});
