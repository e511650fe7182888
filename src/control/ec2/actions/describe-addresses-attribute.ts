/**
 * DescribeAddressesAttribute: names of elastic addresses in DNS. There are none.
 *
 * In:    allocations. Out: them, without a name. Fails: `InvalidAllocationID.*`.
 * @see EC2 API Reference, "DescribeAddressesAttribute", August 2026
 */
import type { DescribeAddressesAttributeRequest, DescribeAddressesAttributeResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';

export const describeAddressesAttribute = readAction<
  DescribeAddressesAttributeRequest,
  DescribeAddressesAttributeResult
>({
  name: 'DescribeAddressesAttribute',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'Addresses', {}, { ...input, ids: input.AllocationIds });
    return {
      Addresses: items.map(({ AllocationId: id = '', PublicIp: ip = '' }) => ({ AllocationId: id, PublicIp: ip })),
      ...next,
    };
  },
});
