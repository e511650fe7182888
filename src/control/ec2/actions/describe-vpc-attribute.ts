/**
 * DescribeVpcAttribute: one of the attributes that no description of a VPC has.
 *
 * In:    a VPC, the name of an attribute. Out: its value.
 * Fails: `InvalidVpcID.NotFound`, `InvalidParameterValue` for an attribute that is none.
 * @see EC2 API Reference, "DescribeVpcAttribute", August 2026
 */
import type { DescribeVpcAttributeRequest, DescribeVpcAttributeResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { vpcError } from '../vpc-errors.ts';

export const describeVpcAttribute = readAction<DescribeVpcAttributeRequest, DescribeVpcAttributeResult>({
  name: 'DescribeVpcAttribute',
  run({ Attribute: attribute, VpcId: id }, { resources }) {
    const vpc = itemWithId(resources, 'Vpcs', id);
    switch (attribute) {
      case 'enableDnsSupport':
        return { VpcId: id, EnableDnsSupport: { Value: vpc.EnableDnsSupport ?? true } };
      case 'enableDnsHostnames':
        return { VpcId: id, EnableDnsHostnames: { Value: vpc.EnableDnsHostnames ?? false } };
      case 'enableNetworkAddressUsageMetrics':
        return {
          VpcId: id,
          EnableNetworkAddressUsageMetrics: { Value: vpc.EnableNetworkAddressUsageMetrics ?? false },
        };
      default:
        throw vpcError('unknownAttribute', attribute);
    }
  },
});
