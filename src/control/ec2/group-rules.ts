/**
 * The rules of security groups: kept one by one, described as permissions too.
 *
 * In:    rules as they are kept. Out: permissions, the text of a rule, what tells two rules apart.
 * Holds: a rule is in `SecurityGroupRules` and nowhere else; the item of a group made here has no permissions, so that the two
 *        cannot differ. Imported groups have their permissions as AWS described them.
 */
import type { Change, Resources } from './action.ts';
import type { Items } from './items.ts';

export type Group = Items['SecurityGroups'];
export type GroupRule = Items['SecurityGroupRules'];
type Permission = NonNullable<Group['IpPermissions']>[number];

/** What a rule lets pass: all of it but id, group and tags. */
export type RuleContent = Pick<
  GroupRule,
  | 'IpProtocol'
  | 'FromPort'
  | 'ToPort'
  | 'CidrIpv4'
  | 'CidrIpv6'
  | 'PrefixListId'
  | 'ReferencedGroupInfo'
  | 'Description'
>;

/** The rules of a group in one direction. */
export function rulesOf(resources: Resources, groupId: string, isEgress: boolean): GroupRule[] {
  return resources.where('SecurityGroupRules', 'GroupId', groupId).filter((rule) => rule.IsEgress === isEgress);
}

/** The peer of a rule, by its id or block. */
export function peerOf(rule: RuleContent): string {
  return rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? '';
}

/** Two rules of a group and direction are the same when this is. */
export function keyOf(rule: RuleContent): string {
  return `${trafficOf(rule)} ${peerOf(rule)}`;
}

function trafficOf({ IpProtocol: protocol, FromPort: from, ToPort: to }: RuleContent): string {
  return `${protocol} ${from} ${to}`;
}

/** A rule as EC2's messages tell it. */
export function ruleText(rule: RuleContent): string {
  const { IpProtocol: protocol = '', FromPort: from = -1, ToPort: to = -1 } = rule;
  const begin = `peer: ${peerOf(rule)}, ${protocol === '-1' ? 'ALL' : protocol.toUpperCase()}`;
  const number = (value: number): string => (value === -1 ? 'ALL' : String(value));
  if (hasPorts(protocol)) return `${begin}, from port: ${from}, to port: ${to}, ALLOW`;
  if (isIcmp(protocol)) return `${begin}, type: ${number(from)}, code: ${number(to)}, ALLOW`;
  return `${begin}, ALLOW`;
}

export const hasPorts = (protocol: string): boolean => protocol === 'tcp' || protocol === 'udp';
export const isIcmp = (protocol: string): boolean => protocol === 'icmp' || protocol === 'icmpv6';

/** Rules of one direction as permissions: one for each kind of traffic, with all its peers, whenever they were added. */
function permissionsOf(rules: readonly GroupRule[]): Permission[] {
  const sorted = rules.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return [...Map.groupBy(sorted, trafficOf).values()].map((same): Permission => {
    const [{ IpProtocol: protocol = '', FromPort: from, ToPort: to } = {}] = same;
    const told = (rule: GroupRule): { Description?: string } =>
      rule.Description === undefined ? {} : { Description: rule.Description };
    return {
      IpProtocol: protocol,
      ...(hasPorts(protocol) || isIcmp(protocol) ? { FromPort: from, ToPort: to } : {}),
      UserIdGroupPairs: same.flatMap((rule) =>
        rule.ReferencedGroupInfo === undefined ? [] : [{ ...told(rule), ...rule.ReferencedGroupInfo }],
      ),
      IpRanges: same.flatMap((rule) => (rule.CidrIpv4 === undefined ? [] : [{ ...told(rule), CidrIp: rule.CidrIpv4 }])),
      Ipv6Ranges: same.flatMap((rule) =>
        rule.CidrIpv6 === undefined ? [] : [{ ...told(rule), CidrIpv6: rule.CidrIpv6 }],
      ),
      PrefixListIds: same.flatMap((rule) =>
        rule.PrefixListId === undefined ? [] : [{ ...told(rule), PrefixListId: rule.PrefixListId }],
      ),
    };
  });
}

/** A group as it is described: with permissions. */
export function describedGroup(resources: Resources, group: Group): Group {
  if (group.IpPermissions !== undefined) return group;
  const id = group.GroupId ?? '';
  return {
    ...group,
    IpPermissions: permissionsOf(rulesOf(resources, id, false)),
    IpPermissionsEgress: permissionsOf(rulesOf(resources, id, true)),
  };
}

/** Rules that name groups over a peering connection say what has become of it. */
export function followPeering(resources: Change, peeringId: string, status: string): void {
  for (const rule of resources.list('SecurityGroupRules')) {
    const { ReferencedGroupInfo: other } = rule;
    if (other?.VpcPeeringConnectionId === peeringId && other.PeeringStatus !== status)
      resources.put('SecurityGroupRules', { ...rule, ReferencedGroupInfo: { ...other, PeeringStatus: status } });
  }
}
