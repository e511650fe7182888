/**
 * CreateNetworkInterface.
 *
 * In:    a subnet, groups, addresses or how many of them, tags. Out: the interface.
 * Holds: it is there at once; the answer says `pending` as AWS's does.
 * Fails: as `interface-errors.ts` lists them.
 * @see EC2 API Reference, "CreateNetworkInterface", August 2026
 */
import type { CreateNetworkInterfaceRequest, CreateNetworkInterfaceResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { checkTimeouts } from '../connection-timeouts.ts';
import { itemWithId } from '../find-items.ts';
import { interfaceError } from '../interface-errors.ts';
import type { Input, Items } from '../items.ts';
import { addInterface } from '../network-interfaces.ts';
import { refuseParameters } from '../not-here.ts';
import { tagsFor } from '../tags.ts';

const KINDS = ['interface', 'efa', 'efa-only', 'branch', 'trunk'];

export const createNetworkInterface = writeAction<CreateNetworkInterfaceRequest, CreateNetworkInterfaceResult>({
  name: 'CreateNetworkInterface',
  run(input, context) {
    const subnet = itemWithId(context.resources, 'Subnets', input.SubnetId);
    refuseParameters(input, [
      'EnablePrimaryIpv6',
      'Ipv4PrefixCount',
      'Ipv4Prefixes',
      'Ipv6PrefixCount',
      'Ipv6Prefixes',
      'Operator',
    ]);
    const { InterfaceType: kind = 'interface', Groups: groupIds, ClientToken: token } = input;
    if (!KINDS.includes(kind)) throw interfaceError('kind', kind);
    if (groupIds?.length === 0) throw interfaceError('noGroups');
    const timeouts = input.ConnectionTrackingSpecification;
    const made = addInterface(context, {
      subnet,
      description: input.Description ?? '',
      ...(groupIds === undefined ? {} : { groupIds }),
      kind,
      ...addressesIn(input),
      ...ipv6In(input, subnet),
      requester: { id: context.principal, managed: false },
      sourceDestCheck: true,
      ...(timeouts === undefined ? {} : { timeouts: checkTimeouts(timeouts) }),
      tags: tagsFor('network-interface', input.TagSpecifications),
    });
    return {
      NetworkInterface: { ...made, Status: 'pending' },
      ...(token === undefined ? {} : { ClientToken: token }),
    };
  },
});

/** The IPv4 addresses that are chosen, and how many are not. */
function addressesIn(input: Input<CreateNetworkInterfaceRequest>): {
  primary: string | null;
  secondary: string[];
  secondaryCount: number;
} {
  const { PrivateIpAddress: one, PrivateIpAddresses: listed = [], SecondaryPrivateIpAddressCount: count = 0 } = input;
  const primaries = listed
    .filter(({ Primary }) => Primary === true)
    .map(({ PrivateIpAddress }) => PrivateIpAddress ?? '');
  const [primary = null, more] = one === undefined ? primaries : [one, ...primaries];
  if (more !== undefined) throw interfaceError('twice', more);
  const secondary = listed
    .filter(({ Primary }) => Primary !== true)
    .map(({ PrivateIpAddress }) => PrivateIpAddress ?? '');
  if (secondary.length > 0 && count > 0)
    throw interfaceError('chosenAndCounted', 'PrivateIpAddresses', 'SecondaryPrivateIpAddressCount');
  return { primary, secondary, secondaryCount: count };
}

/** The IPv6 addresses that are chosen, and how many are not: one where the subnet gives one to each. */
function ipv6In(
  input: Input<CreateNetworkInterfaceRequest>,
  subnet: Items['Subnets'],
): { ipv6: string[]; ipv6Count: number } {
  const chosen = (input.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address ?? '');
  const count = input.Ipv6AddressCount ?? (chosen.length === 0 && subnet.AssignIpv6AddressOnCreation === true ? 1 : 0);
  if (chosen.length > 0 && count > 0) throw interfaceError('chosenAndCounted', 'Ipv6Addresses', 'Ipv6AddressCount');
  return { ipv6: chosen, ipv6Count: count };
}
