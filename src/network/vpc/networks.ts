/**
 * VPCs and subnets.
 *
 * In:    items of `Vpcs`, `Subnets`, `VpcEncryptionControls`. Out: what of them decides or is printed.
 * Holds: the primary block comes first; blocks that are no longer associated are left out.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { BlockMode } from './public-access.ts';
import type { Cidr } from './snapshot.ts';

/** What a VPC or a subnet says of Block Public Access; null: nothing. */
export type ToldBlock = BlockMode | 'off' | null;

export type VpcFact = {
  readonly id: string;
  readonly ownerId: string | null;
  readonly cidrs: readonly Cidr[];
  readonly toldBlock: ToldBlock;
  /** What it says itself of its encryption controls; null: nothing. */
  readonly encryption: EncryptionFact | null;
};

export type SubnetFact = {
  readonly id: string;
  readonly vpcId: string;
  readonly ownerId: string | null;
  readonly cidrs: readonly Cidr[];
  readonly zone: string | null;
  readonly zoneId: string | null;
  readonly outpostArn: string | null;
  readonly arn: string | null;
  readonly toldBlock: ToldBlock;
};

export type EncryptionFact = {
  readonly vpcId: string;
  readonly mode: 'monitor' | 'enforce' | null;
  readonly exclusions: readonly string[];
};

function blocks(item: Described, list: string, member: string, state: string): Cidr[] {
  return item
    .objects(list)
    .filter((block) => (block.objectOr(state, null)?.textOr('State', null) ?? 'associated') === 'associated')
    .map((block) => block.cidr(member));
}

function withPrimary(item: Described, others: readonly Cidr[]): Cidr[] {
  const seen = new Set<string>();
  const all = item.has('CidrBlock') ? [item.cidr('CidrBlock'), ...others] : others;
  return all.filter((cidr) => {
    const key = `${cidr.words.join('.')}/${cidr.bits}`;
    return !seen.has(key) && seen.add(key);
  });
}

function readToldBlock(item: Described): ToldBlock {
  const states = item.objectOr('BlockPublicAccessStates', null);
  return states?.has('InternetGatewayBlockMode') === true
    ? states.oneOf('InternetGatewayBlockMode', ['off', 'block-bidirectional', 'block-ingress'])
    : null;
}

/** An item of `Vpcs`. */
export function readVpc(item: Described): VpcFact {
  const id = item.text('VpcId');
  const control = item.objectOr('EncryptionControl', null);
  return {
    id,
    toldBlock: readToldBlock(item),
    encryption: control?.has('Mode') === true ? encryptionOf(control, id) : null,
    ownerId: item.wordOr('OwnerId', null),
    cidrs: withPrimary(item, [
      ...blocks(item, 'CidrBlockAssociationSet', 'CidrBlock', 'CidrBlockState'),
      ...blocks(item, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock', 'Ipv6CidrBlockState'),
    ]),
  };
}

/** An item of `Subnets`. */
export function readSubnet(item: Described): SubnetFact {
  return {
    id: item.text('SubnetId'),
    vpcId: item.text('VpcId'),
    ownerId: item.wordOr('OwnerId', null),
    cidrs: withPrimary(item, blocks(item, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock', 'Ipv6CidrBlockState')),
    zone: item.textOr('AvailabilityZone', null),
    zoneId: item.textOr('AvailabilityZoneId', null),
    outpostArn: item.textOr('OutpostArn', null),
    arn: item.textOr('SubnetArn', null),
    toldBlock: readToldBlock(item),
  };
}

const EXCLUSION_WORDS: Readonly<Record<string, string>> = {
  InternetGateway: 'internet-gateway',
  EgressOnlyInternetGateway: 'egress-only-internet-gateway',
  NatGateway: 'nat-gateway',
  VirtualPrivateGateway: 'virtual-private-gateway',
  VpcPeering: 'peering',
  VpcLattice: 'vpc-lattice',
  Lambda: 'lambda',
  ElasticFileSystem: 'elastic-file-system',
};

/** An item of `VpcEncryptionControls`. */
export function readEncryption(item: Described): EncryptionFact {
  return encryptionOf(item, item.text('VpcId'));
}

function encryptionOf(item: Described, vpcId: string): EncryptionFact {
  const off = ['deleting', 'deleted', 'delete-failed', 'creating'].includes(item.textOr('State', ''));
  const exclusions = item.objectOr('ResourceExclusions', null);
  return {
    vpcId,
    mode: off ? null : item.oneOf('Mode', ['monitor', 'enforce']),
    exclusions: Object.entries(EXCLUSION_WORDS)
      .filter(([key]) => exclusions?.objectOr(key, null)?.textOr('State', null)?.startsWith('enabl'))
      .map(([, word]) => word),
  };
}

/** The region of a zone's name, such as us-east-1 of us-east-1a, us-east-1-bos-1a and us-east-1-wl1-bos-wlz-1. */
export function regionOfZone(zone: string): string | null {
  return /^([a-z]{2,4}(?:-[a-z]+)+-\d)(?:[a-z]$|-[a-z])/.exec(zone)?.[1] ?? null;
}

/** Region and account that an ARN names; null what could not be part of a file's name. */
export function ofArn(arn: string): { readonly region: string | null; readonly accountId: string | null } {
  const parts = arn.split(':');
  const word = (part: string | undefined): string | null => (part && /^[a-z\d-]+$/.test(part) ? part : null);
  return { region: word(parts[3]), accountId: word(parts[4]) };
}
