/**
 * DisassociateSubnetCidrBlock: takes the IPv6 block from a subnet.
 *
 * In:    the id of an association. Out: what it was.
 * Holds: it is gone at once; the answer says `disassociating` as AWS's does.
 * Fails: as `vpc-errors.ts` lists them: no interface may have an IPv6 address then.
 * @see EC2 API Reference, "DisassociateSubnetCidrBlock", August 2026
 */
import type { DisassociateSubnetCidrBlockRequest, DisassociateSubnetCidrBlockResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { vpcError } from '../vpc-errors.ts';

export const disassociateSubnetCidrBlock = writeAction<
  DisassociateSubnetCidrBlockRequest,
  DisassociateSubnetCidrBlockResult
>({
  name: 'DisassociateSubnetCidrBlock',
  run({ AssociationId: id }, { resources }) {
    for (const subnet of resources.list('Subnets')) {
      const found = subnet.Ipv6CidrBlockAssociationSet?.find(({ AssociationId }) => AssociationId === id);
      if (found === undefined) continue;
      if (hasAddresses(resources, subnet.SubnetId ?? '')) throw vpcError('blockInUse', found.Ipv6CidrBlock ?? '');
      resources.put('Subnets', { ...subnet, AssignIpv6AddressOnCreation: false, Ipv6CidrBlockAssociationSet: [] });
      return {
        Ipv6CidrBlockAssociation: { ...found, Ipv6CidrBlockState: { State: 'disassociating' } },
        SubnetId: subnet.SubnetId,
      };
    }
    throw vpcError('subnetAssociation', id);
  },
});

function hasAddresses(resources: Resources, subnetId: string): boolean {
  return resources
    .where('NetworkInterfaces', 'SubnetId', subnetId)
    .some(({ Ipv6Addresses }) => (Ipv6Addresses?.length ?? 0) > 0);
}
