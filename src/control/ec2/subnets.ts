/**
 * Subnets: their description, and the IPv6 block that one may have.
 *
 * In:    subnets as they are kept. Out: as they are described.
 * Holds: how many addresses are free is counted when it is asked for, from the interfaces that are there. Imported subnets have
 *        the count that AWS gave.
 */
import type { Resources, WriteContext } from './action.ts';
import type { Items } from './items.ts';
import { freeCount } from './private-addresses.ts';

type Subnet = Items['Subnets'];
export type SubnetBlock6 = NonNullable<Subnet['Ipv6CidrBlockAssociationSet']>[number];

/** A subnet with the count of its free addresses. */
export function describedSubnet(resources: Resources, subnet: Subnet): Subnet {
  if (subnet.AvailableIpAddressCount !== undefined) return subnet;
  return { ...subnet, AvailableIpAddressCount: freeCount(resources, subnet) };
}

/** The association of an IPv6 block with a subnet. */
export function ipv6Association({ newId }: WriteContext, block: string): SubnetBlock6 {
  return {
    AssociationId: newId('subnet-cidr-assoc-'),
    Ipv6CidrBlock: block,
    Ipv6CidrBlockState: { State: 'associated' },
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}
