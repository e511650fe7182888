/**
 * UnassignPrivateIpAddresses: takes secondary IPv4 addresses from an interface.
 *
 * In:    an interface, addresses. Out: nothing; elastic addresses that they had are free again.
 * Holds: all of them or none. Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "UnassignPrivateIpAddresses", August 2026
 */
import type { UnassignPrivateIpAddressesRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { interfaceError } from '../interface-errors.ts';
import { ownInterface, releaseAddresses } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';

export const unassignPrivateIpAddresses = writeAction<UnassignPrivateIpAddressesRequest, object>({
  name: 'UnassignPrivateIpAddresses',
  run(input, context) {
    const { NetworkInterfaceId: id, PrivateIpAddresses: gone = [] } = input;
    refuseParameters(input, ['Ipv4Prefixes']);
    const item = ownInterface(context.resources, id);
    if (gone.length === 0) throw missingParameter('PrivateIpAddresses');
    const addresses = item.PrivateIpAddresses ?? [];
    for (const address of gone) {
      const found = addresses.find((one) => one.PrivateIpAddress === address);
      if (found === undefined) throw interfaceError('notAssigned', address);
      if (found.Primary === true) throw interfaceError('primary', address);
    }
    releaseAddresses(context, id, (address) => gone.includes(address));
    context.resources.put('NetworkInterfaces', {
      ...item,
      PrivateIpAddresses: addresses.filter((one) => !gone.includes(one.PrivateIpAddress ?? '')),
    });
    return {};
  },
});
