/**
 * AssignIpv6Addresses: IPv6 addresses for an interface.
 *
 * In:    an interface, addresses or how many. Out: the addresses.
 * Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "AssignIpv6Addresses", August 2026
 */
import type { AssignIpv6AddressesRequest, AssignIpv6AddressesResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { interfaceError } from '../interface-errors.ts';
import { checkCount, ownInterface } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';
import { addressesTaken, takeChosen, takeFreeIpv6 } from '../private-addresses.ts';

export const assignIpv6Addresses = writeAction<AssignIpv6AddressesRequest, AssignIpv6AddressesResult>({
  name: 'AssignIpv6Addresses',
  run(input, context) {
    const { resources } = context;
    const { NetworkInterfaceId: id, Ipv6Addresses: chosen = [], Ipv6AddressCount: count } = input;
    refuseParameters(input, ['Ipv6PrefixCount', 'Ipv6Prefixes']);
    const item = ownInterface(resources, id);
    const subnet = itemWithId(resources, 'Subnets', item.SubnetId ?? '');
    if (chosen.length > 0 && count !== undefined)
      throw interfaceError('chosenAndCounted', 'Ipv6Addresses', 'Ipv6AddressCount');
    if (chosen.length === 0 && count === undefined) throw missingParameter('Ipv6AddressCount');
    const taken = addressesTaken(resources, item.SubnetId ?? '');
    const added = [
      ...chosen.map((text) => takeChosen(subnet, text, 6, taken)),
      ...takeFreeIpv6(context, subnet, checkCount('ipv6AddressCount', count ?? 0), taken),
    ];
    resources.put('NetworkInterfaces', {
      ...item,
      Ipv6Addresses: [
        ...(item.Ipv6Addresses ?? []),
        ...added.map((address) => ({ Ipv6Address: address, IsPrimaryIpv6: false })),
      ],
    });
    return { AssignedIpv6Addresses: added, AssignedIpv6Prefixes: [], NetworkInterfaceId: id };
  },
});
