/**
 * Network ACLs: what a new one holds, their entries, the subnets that have them.
 *
 * In:    VPCs, subnets, entries of requests. Out: ACLs as they are described.
 * Holds: entries are unique by direction and number, egress first, then by number. The last of each direction denies all:
 *        32767, and 32768 where the VPC has IPv6 addresses. A subnet is associated with exactly one ACL.
 * Fails: as `acl-errors.ts` lists them.
 */
import type { Change, WriteContext } from './action.ts';
import { aclError } from './acl-errors.ts';
import { canonicalBlock } from './address-blocks.ts';
import type { Items } from './items.ts';
import type { Tag } from './tags.ts';
import { hasIpv6 } from './vpc-blocks.ts';

export type NetworkAcl = Items['NetworkAcls'];
export type Entry = NonNullable<NetworkAcl['Entries']>[number];
type Vpc = Items['Vpcs'];

const LAST = 32767;
const LAST_IPV6 = 32768;
const MOST_ENTRIES = 40;
const HIGHEST_NUMBER = 32766;

const sorted = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort((a, b) => Number(b.Egress) - Number(a.Egress) || (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));

function entryOfAll(number: number, egress: boolean, action: 'allow' | 'deny', isIpv6: boolean): Entry {
  const block = isIpv6 ? { Ipv6CidrBlock: '::/0' } : { CidrBlock: '0.0.0.0/0' };
  return { ...block, Egress: egress, Protocol: '-1', RuleAction: action, RuleNumber: number };
}

/** Makes an ACL of a VPC: the default one lets all pass, others nothing. */
export function addNetworkAcl(
  { account, newId, resources }: WriteContext,
  vpc: Vpc,
  isDefault: boolean,
  tags: readonly Tag[],
): NetworkAcl {
  const entries = [true, false].flatMap((egress) => [
    ...(isDefault ? [entryOfAll(100, egress, 'allow', false)] : []),
    ...(isDefault && hasIpv6(vpc) ? [entryOfAll(101, egress, 'allow', true)] : []),
    entryOfAll(LAST, egress, 'deny', false),
    ...(hasIpv6(vpc) ? [entryOfAll(LAST_IPV6, egress, 'deny', true)] : []),
  ]);
  const acl: NetworkAcl = {
    Associations: [],
    Entries: entries,
    IsDefault: isDefault,
    NetworkAclId: newId('acl-'),
    Tags: tags,
    VpcId: vpc.VpcId,
    OwnerId: account,
  };
  resources.put('NetworkAcls', acl);
  return acl;
}

/**
 * What the first IPv6 block of a VPC brings its ACLs. The default one lets IPv6 pass in a direction whose entries are as
 * they were at first: VPC User Guide, "Custom network ACLs", August 2026.
 */
export function addIpv6Entries({ resources }: WriteContext, vpcId: string): void {
  for (const acl of resources.where('NetworkAcls', 'VpcId', vpcId)) {
    const entries = acl.Entries ?? [];
    const added = [true, false].flatMap((egress) => {
      const those = entries.filter((one) => one.Egress === egress);
      if (those.some((one) => one.RuleNumber === LAST_IPV6)) return [];
      const isUntouched = acl.IsDefault === true && those.length === 2 && those[0]?.RuleNumber === 100;
      return [
        ...(isUntouched ? [entryOfAll(101, egress, 'allow', true)] : []),
        entryOfAll(LAST_IPV6, egress, 'deny', true),
      ];
    });
    resources.put('NetworkAcls', { ...acl, Entries: sorted([...entries, ...added]) });
  }
}

/** Puts a new subnet under the default ACL of its VPC. */
export function associateWithDefault({ newId, resources }: WriteContext, vpcId: string, subnetId: string): void {
  const acl = resources.where('NetworkAcls', 'VpcId', vpcId).find(({ IsDefault }) => IsDefault === true);
  // A VPC that no call made, such as the host's own, may have none.
  if (acl !== undefined) associate(resources, acl, subnetId, newId('aclassoc-'));
}

/** Associates a subnet that has no ACL. */
export function associate(resources: Change, acl: NetworkAcl, subnetId: string, associationId: string): void {
  const association = {
    NetworkAclAssociationId: associationId,
    NetworkAclId: acl.NetworkAclId,
    SubnetId: subnetId,
  };
  resources.put('NetworkAcls', { ...acl, Associations: [...(acl.Associations ?? []), association] });
}

/** Takes a subnet from its ACL. */
export function dissociate({ resources }: WriteContext, acl: NetworkAcl, subnetId: string): void {
  const kept = (acl.Associations ?? []).filter(({ SubnetId }) => SubnetId !== subnetId);
  resources.put('NetworkAcls', { ...acl, Associations: kept });
}

/** The ACL that a subnet has. */
export function aclOfSubnet({ resources }: WriteContext, vpcId: string, subnetId: string): NetworkAcl | undefined {
  return resources
    .where('NetworkAcls', 'VpcId', vpcId)
    .find(({ Associations }) => Associations?.some((one) => one.SubnetId === subnetId));
}

/** An entry as CreateNetworkAclEntry and ReplaceNetworkAclEntry give it. */
type Given = {
  readonly RuleNumber: number;
  readonly Egress: boolean;
  readonly Protocol: string;
  readonly RuleAction: string;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly IcmpTypeCode?: { readonly Type?: number; readonly Code?: number };
  readonly PortRange?: { readonly From?: number; readonly To?: number };
};

const isIpv6 = (one: Entry): boolean => one.Ipv6CidrBlock !== undefined;

/** Reads an entry. */
export function readEntry(given: Given, vpc: Vpc, action: 'allow' | 'deny'): Entry {
  const { RuleNumber: number, Egress: egress, CidrBlock: four, Ipv6CidrBlock: six } = given;
  if (number < 1 || number > HIGHEST_NUMBER) throw aclError('entryNumber', number);
  if ((four === undefined) === (six === undefined)) throw aclError('oneBlock');
  if (six !== undefined && !hasIpv6(vpc)) throw aclError('ipv6WithoutBlock', vpc.VpcId ?? '');
  const block =
    six === undefined
      ? { CidrBlock: canonicalBlock('cidrBlock', four ?? '', 4) }
      : { Ipv6CidrBlock: canonicalBlock('ipv6CidrBlock', six, 6) };
  return { ...block, Egress: egress, ...readTraffic(given), RuleAction: action, RuleNumber: number };
}

const NUMBERS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };
const HIGHEST_PORT = 65535;
const HIGHEST_ICMP = 255;

function readTraffic({ Protocol: given, IcmpTypeCode: icmp, PortRange: ports }: Given): Partial<Entry> {
  const protocol = NUMBERS[given.toLowerCase()] ?? given;
  if (!/^(?:-1|\d{1,3})$/.test(protocol) || Number(protocol) > 255) throw aclError('protocol', given);
  if (protocol === '6' || protocol === '17') {
    const { From: from, To: to } = ports ?? {};
    if (from === undefined || to === undefined) throw aclError('ports', 'Both ends must be given.');
    if (from < 0 || to > HIGHEST_PORT || from > to) throw aclError('ports', `${from} to ${to} is no range of ports.`);
    return { Protocol: protocol, PortRange: { From: from, To: to } };
  }
  if (protocol === '1' || protocol === '58') {
    const { Type: type, Code: code } = icmp ?? {};
    const fits = (value: number | undefined): boolean => value !== undefined && value >= -1 && value <= HIGHEST_ICMP;
    if (!fits(type) || !fits(code)) throw aclError('icmp');
    return { Protocol: protocol, IcmpTypeCode: { Code: code, Type: type } };
  }
  return { Protocol: protocol };
}

/** Adds an entry, or puts it in the place of the one with its number. */
export function putEntry(resources: Change, acl: NetworkAcl, entry: Entry, replaces: boolean): void {
  const entries = acl.Entries ?? [];
  const { RuleNumber: number = 0, Egress: egress } = entry;
  const others = entries.filter((one) => one.RuleNumber !== number || one.Egress !== egress);
  const isThere = others.length < entries.length;
  if (isThere && !replaces) throw aclError('entryExists', number);
  if (!isThere && replaces) throw aclError('noEntry', number);
  const beside = others.filter(
    (one) => one.Egress === egress && isIpv6(one) === isIpv6(entry) && (one.RuleNumber ?? 0) < LAST,
  );
  if (beside.length >= MOST_ENTRIES) throw aclError('tooManyEntries', MOST_ENTRIES);
  resources.put('NetworkAcls', { ...acl, Entries: sorted([...others, entry]) });
}

/** Takes an entry away. */
export function removeEntry(resources: Change, acl: NetworkAcl, number: number, egress: boolean): void {
  const entries = acl.Entries ?? [];
  const kept = entries.filter((one) => one.RuleNumber !== number || one.Egress !== egress);
  if (number >= LAST || kept.length === entries.length) throw aclError('noEntry', number);
  resources.put('NetworkAcls', { ...acl, Entries: kept });
}
