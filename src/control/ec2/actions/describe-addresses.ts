/**
 * DescribeAddresses: elastic addresses, and what has them.
 *
 * In:    allocations, public addresses, filters. Out: addresses, all at once.
 * Fails: `InvalidAllocationID.*`, `InvalidAddress.NotFound`, those of filters.
 * @see EC2 API Reference, "DescribeAddresses", August 2026
 */
import type { DescribeAddressesRequest, DescribeAddressesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { gatewayError } from '../gateway-errors.ts';
import type { Address } from '../public-addresses.ts';

const FILTERS: FilterTable<Address> = {
  'allocation-id': 'AllocationId',
  'association-id': 'AssociationId',
  domain: 'Domain',
  'instance-id': 'InstanceId',
  'network-border-group': 'NetworkBorderGroup',
  'network-interface-id': 'NetworkInterfaceId',
  'network-interface-owner-id': 'NetworkInterfaceOwnerId',
  'private-ip-address': 'PrivateIpAddress',
  'public-ip': 'PublicIp',
};

export const describeAddresses = readAction<DescribeAddressesRequest, DescribeAddressesResult>({
  name: 'DescribeAddresses',
  run(input, context) {
    const { PublicIps: wanted = [] } = input;
    const { items } = describeItems(context, 'Addresses', FILTERS, { ...input, ids: input.AllocationIds });
    const known = new Set(context.resources.list('Addresses').map(({ PublicIp }) => PublicIp));
    const missing = wanted.find((address) => !known.has(address));
    if (missing !== undefined) throw gatewayError('noAddress', missing);
    return { Addresses: items.filter(({ PublicIp = '' }) => wanted.length === 0 || wanted.includes(PublicIp)) };
  },
});
