/**
 * ModifyVpcAttribute: one attribute a call.
 *
 * In:    a VPC, one attribute with its value. Out: nothing.
 * Fails: `InvalidVpcID.NotFound`, `InvalidParameterCombination` for none or several attributes.
 * @see EC2 API Reference, "ModifyVpcAttribute", August 2026
 */
import type { ModifyVpcAttributeRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { vpcError } from '../vpc-errors.ts';

const ATTRIBUTES = ['EnableDnsHostnames', 'EnableDnsSupport', 'EnableNetworkAddressUsageMetrics'] as const;

export const modifyVpcAttribute = writeAction<ModifyVpcAttributeRequest, object>({
  name: 'ModifyVpcAttribute',
  run(input, { resources }) {
    const vpc = itemWithId(resources, 'Vpcs', input.VpcId);
    const given = ATTRIBUTES.filter((name) => input[name]?.Value !== undefined);
    const [name] = given;
    if (name === undefined || given.length > 1) throw vpcError('oneAttribute', given.join(', '));
    resources.put('Vpcs', { ...vpc, [name]: input[name]?.Value });
    return {};
  },
});
