/**
 * AssignPrivateIpAddresses: secondary IPv4 addresses for an interface.
 *
 * In:    an interface, addresses or how many, whether they may be taken from another interface. Out: the addresses.
 * Holds: only a secondary address can be taken from another interface, which then has no elastic address for it.
 * Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "AssignPrivateIpAddresses", August 2026
 */
import type { AssignPrivateIpAddressesRequest, AssignPrivateIpAddressesResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { interfaceError } from '../interface-errors.ts';
import { checkCount, ownInterface, privateAddress, releaseAddresses } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';
import { addressesTaken, takeChosen, takeFree } from '../private-addresses.ts';

export const assignPrivateIpAddresses = writeAction<AssignPrivateIpAddressesRequest, AssignPrivateIpAddressesResult>({
  name: 'AssignPrivateIpAddresses',
  run(input, context) {
    const { region, resources } = context;
    const { NetworkInterfaceId: id, PrivateIpAddresses: chosen = [], SecondaryPrivateIpAddressCount: count } = input;
    refuseParameters(input, ['Ipv4PrefixCount', 'Ipv4Prefixes']);
    const { SubnetId: subnetId = '' } = ownInterface(resources, id);
    const subnet = itemWithId(resources, 'Subnets', subnetId);
    if (chosen.length > 0 && count !== undefined)
      throw interfaceError('chosenAndCounted', 'PrivateIpAddresses', 'SecondaryPrivateIpAddressCount');
    if (chosen.length === 0 && count === undefined) throw missingParameter('SecondaryPrivateIpAddressCount');
    if (input.AllowReassignment === true) for (const address of chosen) takeFromOther(context, subnetId, id, address);
    const taken = addressesTaken(resources, subnetId);
    const added = [
      ...chosen.map((text) => takeChosen(subnet, text, 4, taken)),
      ...takeFree(subnet, checkCount('secondaryPrivateIpAddressCount', count ?? 0), taken),
    ];
    const item = ownInterface(resources, id);
    resources.put('NetworkInterfaces', {
      ...item,
      PrivateIpAddresses: [
        ...(item.PrivateIpAddresses ?? []),
        ...added.map((address) => privateAddress(region, address, false)),
      ],
    });
    return {
      NetworkInterfaceId: id,
      AssignedPrivateIpAddresses: added.map((address) => ({ PrivateIpAddress: address })),
      AssignedIpv4Prefixes: [],
    };
  },
});

function takeFromOther(context: WriteContext, subnetId: string, id: string, address: string): void {
  for (const other of context.resources.where('NetworkInterfaces', 'SubnetId', subnetId)) {
    const { NetworkInterfaceId: otherId = '', PrivateIpAddresses: addresses = [] } = other;
    const kept = addresses.filter((one) => one.PrivateIpAddress !== address || one.Primary === true);
    if (otherId === id || kept.length === addresses.length) continue;
    releaseAddresses(context, otherId, (one) => one === address);
    context.resources.put('NetworkInterfaces', { ...other, PrivateIpAddresses: kept });
  }
}
