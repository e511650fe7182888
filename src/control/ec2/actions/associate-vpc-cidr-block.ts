/**
 * AssociateVpcCidrBlock: another block for a VPC.
 *
 * In:    a VPC, an IPv4 block, or that an IPv6 block is wanted. Out: the association.
 * Holds: the block is there at once, with its local routes; the first IPv6 block brings ACL entries and rules of groups too. The
 *        answer says `associating` as AWS's does.
 * Fails: as `vpc-errors.ts` lists them.
 * @see EC2 API Reference, "AssociateVpcCidrBlock", August 2026
 */
import type { AssociateVpcCidrBlockRequest, AssociateVpcCidrBlockResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { invalidCombination, missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { addIpv6Entries } from '../network-acls.ts';
import { refuseParameters } from '../not-here.ts';
import { followBlocksOfVpc } from '../peering.ts';
import { followBlocks } from '../route-tables.ts';
import { addIpv6Rules } from '../security-groups.ts';
import { addBlock, addIpv6Block, hasIpv6 } from '../vpc-blocks.ts';

export const associateVpcCidrBlock = writeAction<AssociateVpcCidrBlockRequest, AssociateVpcCidrBlockResult>({
  name: 'AssociateVpcCidrBlock',
  run(input, context) {
    const { resources } = context;
    const vpc = itemWithId(resources, 'Vpcs', input.VpcId);
    refuseParameters(input, [
      'Ipv4IpamPoolId',
      'Ipv4NetmaskLength',
      'Ipv6CidrBlock',
      'Ipv6IpamPoolId',
      'Ipv6NetmaskLength',
      'Ipv6Pool',
    ]);
    const wantsIpv6 = input.AmazonProvidedIpv6CidrBlock === true;
    if (wantsIpv6 && input.CidrBlock !== undefined)
      throw invalidCombination('The parameters AmazonProvidedIpv6CidrBlock and CidrBlock cannot be used together');
    if (wantsIpv6) {
      const made = addIpv6Block(context, input.Ipv6CidrBlockNetworkBorderGroup, vpc);
      const after = { ...vpc, Ipv6CidrBlockAssociationSet: [...(vpc.Ipv6CidrBlockAssociationSet ?? []), made] };
      resources.put('Vpcs', after);
      followBlocks(context, after);
      followBlocksOfVpc(context, after);
      if (!hasIpv6(vpc)) {
        addIpv6Entries(context, input.VpcId);
        addIpv6Rules(context, input.VpcId);
      }
      const told = { ...made, Ipv6CidrBlockState: { State: 'associating' } };
      return { Ipv6CidrBlockAssociation: told, VpcId: input.VpcId };
    }
    if (input.CidrBlock === undefined) throw missingParameter('CidrBlock');
    const made = addBlock(context, 'cidrBlock', input.CidrBlock, vpc);
    const after = { ...vpc, CidrBlockAssociationSet: [...(vpc.CidrBlockAssociationSet ?? []), made] };
    resources.put('Vpcs', after);
    followBlocks(context, after);
    followBlocksOfVpc(context, after);
    return { CidrBlockAssociation: { ...made, CidrBlockState: { State: 'associating' } }, VpcId: input.VpcId };
  },
});
