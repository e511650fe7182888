/**
 * AssociateSubnetCidrBlock: an IPv6 block for a subnet that has none.
 *
 * In:    a subnet, a block within one of its VPC. Out: the association.
 * Holds: it is there at once; the answer says `associating` as AWS's does.
 * Fails: as `vpc-errors.ts` lists them.
 * @see EC2 API Reference, "AssociateSubnetCidrBlock", August 2026
 */
import type { AssociateSubnetCidrBlockRequest, AssociateSubnetCidrBlockResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { refuseParameters } from '../not-here.ts';
import { ipv6Association } from '../subnets.ts';
import { checkSubnetBlock } from '../vpc-blocks.ts';
import { vpcError } from '../vpc-errors.ts';

export const associateSubnetCidrBlock = writeAction<AssociateSubnetCidrBlockRequest, AssociateSubnetCidrBlockResult>({
  name: 'AssociateSubnetCidrBlock',
  run(input, context) {
    const { resources } = context;
    const subnet = itemWithId(resources, 'Subnets', input.SubnetId);
    refuseParameters(input, ['Ipv6IpamPoolId', 'Ipv6NetmaskLength']);
    if (input.Ipv6CidrBlock === undefined) throw missingParameter('Ipv6CidrBlock');
    if ((subnet.Ipv6CidrBlockAssociationSet?.length ?? 0) > 0) throw vpcError('subnetHasBlock', input.SubnetId);
    const vpc = itemWithId(resources, 'Vpcs', subnet.VpcId ?? '');
    const made = ipv6Association(context, checkSubnetBlock(resources, vpc, input.Ipv6CidrBlock, 6));
    resources.put('Subnets', { ...subnet, Ipv6CidrBlockAssociationSet: [made] });
    return {
      Ipv6CidrBlockAssociation: { ...made, Ipv6CidrBlockState: { State: 'associating' } },
      SubnetId: input.SubnetId,
    };
  },
});
