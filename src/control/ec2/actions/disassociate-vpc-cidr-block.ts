/**
 * DisassociateVpcCidrBlock: takes a block from a VPC, with its local routes.
 *
 * In:    the id of an association. Out: what it was.
 * Holds: it is gone at once; the answer says `disassociating` as AWS's does. Entries of ACLs and rules of groups stay.
 * Fails: as `vpc-errors.ts` lists them: the first block stays, and one in which there is a subnet.
 * @see EC2 API Reference, "DisassociateVpcCidrBlock", August 2026
 */
import type { DisassociateVpcCidrBlockRequest, DisassociateVpcCidrBlockResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { isWithin, knownBlock } from '../address-blocks.ts';
import { followBlocksOfVpc } from '../peering.ts';
import { followBlocks } from '../route-tables.ts';
import { ipv6BlocksOfSubnet } from '../vpc-blocks.ts';
import { vpcError } from '../vpc-errors.ts';

export const disassociateVpcCidrBlock = writeAction<DisassociateVpcCidrBlockRequest, DisassociateVpcCidrBlockResult>({
  name: 'DisassociateVpcCidrBlock',
  run({ AssociationId: id }, context) {
    const { resources } = context;
    for (const vpc of resources.list('Vpcs')) {
      const { CidrBlockAssociationSet: four = [], Ipv6CidrBlockAssociationSet: six = [], VpcId } = vpc;
      const block4 = four.find(({ AssociationId }) => AssociationId === id);
      const block6 = six.find(({ AssociationId }) => AssociationId === id);
      if (block4 !== undefined && block4.CidrBlock === vpc.CidrBlock) throw vpcError('primaryBlock', id);
      const block = block4?.CidrBlock ?? block6?.Ipv6CidrBlock;
      if (block === undefined) continue;
      if (holdsSubnet(resources, VpcId ?? '', block)) throw vpcError('blockInUse', block);
      const after = {
        ...vpc,
        CidrBlockAssociationSet: four.filter((one) => one !== block4),
        Ipv6CidrBlockAssociationSet: six.filter((one) => one !== block6),
      };
      resources.put('Vpcs', after);
      followBlocks(context, after);
      followBlocksOfVpc(context, after);
      const State = 'disassociating';
      return block6 === undefined
        ? { CidrBlockAssociation: { ...block4, CidrBlockState: { State } }, VpcId }
        : { Ipv6CidrBlockAssociation: { ...block6, Ipv6CidrBlockState: { State } }, VpcId };
    }
    throw vpcError('vpcAssociation', id);
  },
});

function holdsSubnet(resources: Resources, vpcId: string, block: string): boolean {
  return resources
    .where('Subnets', 'VpcId', vpcId)
    .flatMap((subnet) => [subnet.CidrBlock ?? '', ...ipv6BlocksOfSubnet(subnet)])
    .some((one) => one !== '' && isWithin(knownBlock(one), knownBlock(block)));
}
