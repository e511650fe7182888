/**
 * What descriptions say that may decide and that nothing here follows: it is named in answers, never passed over.
 *
 * In:    a described thing. Out: lines for `notUnderstood`, each beginning with the id of what it is about.
 * Holds: only what is other than usual is named: a NAT gateway that is there, a running instance and an endpoint that is
 *        available need no word. Of what carries rules every member that is not known is named, for it may narrow them.
 */
import type { Described } from './described.ts';

/** Members of what carries rules: `SecurityGroups[].IpPermissions`, `SecurityGroupRules`, entries of ACLs, routes. */
const PERMISSION = new Set('IpProtocol FromPort ToPort IpRanges Ipv6Ranges PrefixListIds UserIdGroupPairs'.split(' '));
const GROUP_RULE = new Set(
  'SecurityGroupRuleId GroupId GroupOwnerId IsEgress IpProtocol FromPort ToPort CidrIpv4 CidrIpv6 PrefixListId ReferencedGroupInfo Description Tags SecurityGroupRuleArn'.split(
    ' ',
  ),
);
const ENTRY = new Set(
  'RuleNumber Protocol RuleAction Egress CidrBlock Ipv6CidrBlock IcmpTypeCode PortRange'.split(' '),
);

/** Lines about an interface. */
export function ofInterface(item: Described): string[] {
  const id = item.text('NetworkInterfaceId');
  const lines: string[] = [];
  if (item.has('DenyAllIgwTraffic') && item.flag('DenyAllIgwTraffic'))
    lines.push(`${id}: it denies all traffic of internet gateways (DenyAllIgwTraffic), which is not followed`);
  if (item.texts('AssociatedSubnets').length > 0)
    lines.push(`${id}: it is in more subnets than one (AssociatedSubnets), which is not followed`);
  return lines;
}

/** Lines about a NAT gateway, an endpoint or an attachment to a transit gateway. */
export function ofState(item: Described, id: string): string[] {
  const state = item.textOr('State', 'available').toLowerCase();
  // What is deleted works for nobody: routes to it are blackholes, and say so.
  return ['available', 'deleted'].includes(state) ? [] : [`${id}: its state is ${state}; it is taken to work`];
}

/** Lines about a NAT gateway. */
export function ofNatGateway(item: Described): string[] {
  const id = item.text('NatGatewayId');
  const isInspected = item.objects('AttachedAppliances').length > 0;
  return [
    ...ofState(item, id),
    ...(isInspected ? [`${id}: appliances are attached to it, which are not followed`] : []),
  ];
}

/** Lines about an instance. */
export function ofInstance(item: Described): string[] {
  const id = item.text('InstanceId');
  const state = item.objectOr('State', null)?.textOr('Name', 'running') ?? 'running';
  // One that is terminated has no interface any more.
  return ['running', 'terminated'].includes(state)
    ? []
    : [`${id}: it is ${state}; nothing is said of whether it answers`];
}

/** Lines about a security group. */
export function ofGroup(item: Described): string[] {
  const permissions = [...item.objects('IpPermissions'), ...item.objects('IpPermissionsEgress')];
  return unknownIn(item.text('GroupId'), 'a permission', permissions, PERMISSION);
}

/** Lines about a rule of a security group. */
export function ofGroupRule(item: Described): string[] {
  return unknownIn(item.text('GroupId'), 'a rule', [item], GROUP_RULE);
}

/** Lines about a network ACL. */
export function ofAcl(item: Described): string[] {
  return unknownIn(item.text('NetworkAclId'), 'an entry', item.objects('Entries'), ENTRY);
}

function unknownIn(id: string, what: string, items: readonly Described[], known: ReadonlySet<string>): string[] {
  const unknown = new Set(items.flatMap((item) => item.others(known)));
  return [...unknown].map((key) => `${id}: ${what} of it has ${key}, which is not known here and not followed`);
}
