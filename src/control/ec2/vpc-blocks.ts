/**
 * The address blocks of a VPC and its subnets.
 *
 * In:    requests, VPCs and subnets as they are described. Out: associations of blocks; what a subnet may have.
 * Holds: blocks of a VPC do not overlap, nor do those of its subnets, each of which lies within one of the VPC.
 * Fails: as `vpc-errors.ts` lists them.
 */
import { formatCidr, parseCidr } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import type { Resources, WriteContext } from './action.ts';
import { isWithin, knownBlock, overlaps, readBlock } from './address-blocks.ts';
import type { Items } from './items.ts';
import { vpcError } from './vpc-errors.ts';

type Vpc = Items['Vpcs'];
type Subnet = Items['Subnets'];
export type Block4 = NonNullable<Vpc['CidrBlockAssociationSet']>[number];
export type Block6 = NonNullable<Vpc['Ipv6CidrBlockAssociationSet']>[number];

/** VPC User Guide, "VPC CIDR blocks", August 2026. */
const VPC_BITS = { least: 16, most: 28 };
const SUBNET_BITS = VPC_BITS;
const IPV6_BITS = 56;
const SUBNET6_BITS = { least: 44, most: 64, step: 4 };
const MOST_BLOCKS = { 4: 50, 6: 5 };
const NOT_FOR_VPCS = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(knownBlock);

/** The blocks that a VPC has, the first one first, then those of IPv6. */
export function blocksOfVpc(vpc: Vpc): string[] {
  const four = vpc.CidrBlockAssociationSet?.map(({ CidrBlock }) => CidrBlock ?? '') ?? [vpc.CidrBlock ?? ''];
  const six = (vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? '');
  return [...four, ...six].filter((block) => block !== '');
}

/** The IPv6 blocks that a subnet has: none or one. */
export function ipv6BlocksOfSubnet(subnet: Subnet): string[] {
  return (subnet.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? '');
}

/** Whether a VPC has an IPv6 block. */
export function hasIpv6(vpc: Vpc): boolean {
  return (vpc.Ipv6CidrBlockAssociationSet?.length ?? 0) > 0;
}

/** An IPv4 block that a VPC is to have beside others. */
export function addBlock({ newId }: WriteContext, parameter: string, text: string, vpc: Vpc | null): Block4 {
  const block = readBlock(parameter, text, 4);
  const own = vpc === null ? [] : blocksOfVpc(vpc).map(knownBlock);
  if (block.bits < VPC_BITS.least || block.bits > VPC_BITS.most || NOT_FOR_VPCS.some((one) => overlaps(one, block)))
    throw vpcError('vpcRange', text);
  const other = own.find((one) => overlaps(one, block));
  if (other !== undefined) throw vpcError('vpcOverlap', text, formatCidr(other));
  checkCount(vpc, own, 4);
  return {
    AssociationId: newId('vpc-cidr-assoc-'),
    CidrBlock: formatCidr(block),
    CidrBlockState: { State: 'associated' },
  };
}

/**
 * An IPv6 block for a VPC. Those that AWS gives are of its own, for the whole internet; these are unique local addresses
 * (RFC 4193), so that nobody else's are taken.
 */
export function addIpv6Block(
  { newId, region }: WriteContext,
  borderGroup: string | undefined,
  vpc: Vpc | null,
): Block6 {
  checkCount(vpc, vpc === null ? [] : blocksOfVpc(vpc).map(knownBlock), 6);
  const random = newId('');
  const [a, b, c, d] = [random.slice(0, 2), random.slice(2, 6), random.slice(6, 10), random.slice(10, 12)];
  const block = parseCidr(`fd${a}:${b}:${c}:${d}00::/${IPV6_BITS}`);
  return {
    AssociationId: newId('vpc-cidr-assoc-'),
    Ipv6CidrBlock: block === null ? '' : formatCidr(block),
    Ipv6CidrBlockState: { State: 'associated' },
    NetworkBorderGroup: borderGroup ?? region,
    Ipv6Pool: 'Amazon',
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}

function checkCount(vpc: Vpc | null, own: readonly Cidr[], family: 4 | 6): void {
  const most = MOST_BLOCKS[family];
  if (own.filter((one) => one.family === family).length >= most)
    throw vpcError('tooManyBlocks', vpc?.VpcId ?? '', most);
}

/** The block of a subnet to be, in canonical form. */
export function checkSubnetBlock(resources: Resources, vpc: Vpc, text: string, family: 4 | 6): string {
  const block = readBlock(family === 4 ? 'cidrBlock' : 'ipv6CidrBlock', text, family);
  const { bits } = block;
  const fits =
    family === 4
      ? bits >= SUBNET_BITS.least && bits <= SUBNET_BITS.most
      : bits >= SUBNET6_BITS.least && bits <= SUBNET6_BITS.most && bits % SUBNET6_BITS.step === 0;
  if (!fits || !blocksOfVpc(vpc).some((one) => isWithin(block, knownBlock(one)))) throw vpcError('subnetRange', text);
  for (const other of resources.where('Subnets', 'VpcId', vpc.VpcId ?? '')) {
    const taken = family === 4 ? [other.CidrBlock ?? ''] : ipv6BlocksOfSubnet(other);
    if (taken.some((one) => one !== '' && overlaps(knownBlock(one), block))) throw vpcError('subnetConflict', text);
  }
  return formatCidr(block);
}
