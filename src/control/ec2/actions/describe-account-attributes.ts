/**
 * DescribeAccountAttributes: what AWS says of a new account without a default VPC.
 *
 * In:    names. Out: attributes. Fails: `InvalidParameterValue` for a name that is none.
 * @see EC2 API Reference, "DescribeAccountAttributes", August 2026
 */
import type { DescribeAccountAttributesRequest, DescribeAccountAttributesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { oneOf } from '../errors.ts';

const ATTRIBUTES = {
  'supported-platforms': 'VPC',
  'default-vpc': 'none',
  'max-instances': '20',
  'vpc-max-security-groups-per-interface': '5',
  'max-elastic-ips': '5',
  'vpc-max-elastic-ips': '5',
} as const;
const NAMES = Object.keys(ATTRIBUTES) as readonly (keyof typeof ATTRIBUTES)[];

export const describeAccountAttributes = readAction<DescribeAccountAttributesRequest, DescribeAccountAttributesResult>({
  name: 'DescribeAccountAttributes',
  run({ AttributeNames: given }) {
    const names = given?.map((name) => oneOf('attributeName', name, NAMES) ?? 'default-vpc') ?? NAMES;
    return {
      AccountAttributes: names.map((name) => ({
        AttributeName: name,
        AttributeValues: [{ AttributeValue: ATTRIBUTES[name] }],
      })),
    };
  },
});
