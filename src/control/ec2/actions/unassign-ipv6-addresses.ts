/**
 * UnassignIpv6Addresses: takes IPv6 addresses from an interface.
 *
 * In:    an interface, addresses. Out: the addresses.
 * Holds: all of them or none. Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "UnassignIpv6Addresses", August 2026
 */
import type { UnassignIpv6AddressesRequest, UnassignIpv6AddressesResult } from '@aws-sdk/client-ec2';
import { formatAddress, parseAddress } from '../../../network/vpc/addresses.ts';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { interfaceError } from '../interface-errors.ts';
import { ownInterface } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';

export const unassignIpv6Addresses = writeAction<UnassignIpv6AddressesRequest, UnassignIpv6AddressesResult>({
  name: 'UnassignIpv6Addresses',
  run(input, { resources }) {
    const { NetworkInterfaceId: id, Ipv6Addresses: given = [] } = input;
    refuseParameters(input, ['Ipv6Prefixes']);
    const item = ownInterface(resources, id);
    if (given.length === 0) throw missingParameter('Ipv6Addresses');
    const addresses = item.Ipv6Addresses ?? [];
    const gone = given.map((text) => {
      const address = parseAddress(text);
      if (address === null) throw interfaceError('noAddress', text);
      const written = formatAddress(address);
      if (!addresses.some((one) => one.Ipv6Address === written)) throw interfaceError('notAssigned', text);
      return written;
    });
    const kept = addresses.filter((one) => !gone.includes(one.Ipv6Address ?? ''));
    resources.put('NetworkInterfaces', { ...item, Ipv6Addresses: kept });
    return { NetworkInterfaceId: id, UnassignedIpv6Addresses: gone, UnassignedIpv6Prefixes: [] };
  },
});
