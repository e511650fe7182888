/**
 * Permissions as requests give them → rules, one for each peer.
 *
 * In:    `IpPermissions`, or the single members of the old form. Out: what each rule lets pass.
 * Holds: protocols are named as EC2 names them, ports that do not count are -1, address blocks are canonical. A group of
 *        another VPC is named with the peering connection that leads to it.
 * Fails: as `group-errors.ts` lists them.
 */
import type { IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Context } from './action.ts';
import { readBlock } from './address-blocks.ts';
import { isIdOf, itemWithId, malformed } from './find-items.ts';
import { groupError } from './group-errors.ts';
import { hasPorts, isIcmp } from './group-rules.ts';
import type { Group, RuleContent } from './group-rules.ts';
import type { Input } from './items.ts';
import { groupNamed } from './security-groups.ts';

type Reference = NonNullable<RuleContent['ReferencedGroupInfo']>;
type Pair = Input<UserIdGroupPair>;

/** The old form: one rule in members of the request itself. */
export type SingleRule = {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly SourceSecurityGroupName?: string;
  readonly SourceSecurityGroupOwnerId?: string;
};

const WORDS: Readonly<Record<string, string>> = { all: '-1', '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };
const HIGHEST_PORT = 65535;
const HIGHEST_ICMP = 255;
const LONGEST_TEXT = 255;
const WORDING = /^[a-zA-Z\d ._\-:/()#,@[\]+=&;{}!$*]*$/;

/** Whether a text may be a name or description. */
export function isWording(text: string): boolean {
  return text.length <= LONGEST_TEXT && WORDING.test(text);
}

/** The description of a rule. */
export function checkDescription(text: string): string {
  if (!isWording(text)) throw groupError('description', 'rule');
  return text;
}

/** Protocol and ports. */
export function readTraffic(given: {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
}): Pick<RuleContent, 'IpProtocol' | 'FromPort' | 'ToPort'> {
  const { IpProtocol: word = '-1', FromPort: from, ToPort: to } = given;
  const small = word.toLowerCase();
  const protocol = WORDS[small] ?? small;
  if (hasPorts(protocol)) {
    if (from === undefined || to === undefined) throw groupError('noPorts');
    for (const port of [from, to]) if (port < 0 || port > HIGHEST_PORT) throw groupError('portOutOfRange', port);
    if (from > to) throw groupError('portRange', from, to);
    return { IpProtocol: protocol, FromPort: from, ToPort: to };
  }
  if (isIcmp(protocol)) {
    if (from === undefined || to === undefined) throw groupError('noIcmp');
    const fits = from >= -1 && from <= HIGHEST_ICMP && to >= -1 && to <= HIGHEST_ICMP && (from >= 0 || to < 0);
    if (!fits) throw groupError('icmp', from, to);
    return { IpProtocol: protocol, FromPort: from, ToPort: to };
  }
  if (!/^(?:-1|\d{1,3})$/.test(protocol) || Number(protocol) > 255) throw groupError('protocol', word);
  return { IpProtocol: protocol === '-1' ? protocol : String(Number(protocol)), FromPort: -1, ToPort: -1 };
}

/** An IPv4 or IPv6 block of a rule. */
export function readRuleBlock(text: string, family: 4 | 6): string {
  return formatCidr(readBlock('cidr', text, family, (_, given) => groupError('block', given)));
}

/**
 * The group that a pair names, as the rule of a group has it.
 *
 * @param mustBe  false where the rule is to be taken away: then the other group may be gone already
 */
export function readReference(context: Context, group: Group, pair: Pair, mustBe: boolean): Reference {
  const { account, resources, region, find } = context;
  const id = pair.GroupId ?? groupNamed(resources, group.VpcId ?? '', pair.GroupName ?? '')?.GroupId;
  if (id === undefined) throw groupError('noGroup', pair.GroupName ?? '');
  if (!isIdOf('SecurityGroups', id)) throw malformed('SecurityGroups', id);
  if (!mustBe) return { GroupId: id };
  const found = find('SecurityGroups', id);
  const owner = found?.account;
  if (found === undefined || owner === undefined || (pair.UserId !== undefined && pair.UserId !== owner))
    throw groupError('noGroup', id);
  const vpcId = found.item.VpcId;
  if (owner === account && found.region === region && vpcId === group.VpcId) return { GroupId: id, UserId: owner };
  const peering = found.region === region ? peeringBetween(context, group.VpcId, vpcId) : undefined;
  // Whether another account has such a group is nobody's business without a peering connection.
  if (peering === undefined) throw owner === account ? groupError('otherNetwork') : groupError('noGroup', id);
  if (pair.VpcPeeringConnectionId !== undefined && pair.VpcPeeringConnectionId !== peering)
    throw groupError('otherNetwork');
  return { GroupId: id, PeeringStatus: 'active', UserId: owner, VpcId: vpcId, VpcPeeringConnectionId: peering };
}

function peeringBetween(
  { resources }: Context,
  one: string | undefined,
  other: string | undefined,
): string | undefined {
  return resources.list('VpcPeeringConnections').find(({ Status, AccepterVpcInfo, RequesterVpcInfo }) => {
    const ends = [AccepterVpcInfo?.VpcId, RequesterVpcInfo?.VpcId];
    return Status?.Code === 'active' && ends.includes(one) && ends.includes(other);
  })?.VpcPeeringConnectionId;
}

const described = (text: string | undefined): { Description?: string } =>
  text === undefined ? {} : { Description: checkDescription(text) };

/** The rules of one permission. */
function rulesIn(context: Context, group: Group, permission: Input<IpPermission>, mustBe: boolean): RuleContent[] {
  const traffic = readTraffic(permission);
  const { IpRanges: four = [], Ipv6Ranges: six = [], PrefixListIds: lists = [] } = permission;
  const rules = [
    ...four.map(({ CidrIp = '', Description }) => ({
      ...traffic,
      CidrIpv4: readRuleBlock(CidrIp, 4),
      ...described(Description),
    })),
    ...six.map(({ CidrIpv6 = '', Description }) => ({
      ...traffic,
      CidrIpv6: readRuleBlock(CidrIpv6, 6),
      ...described(Description),
    })),
    ...lists.map(({ PrefixListId: id = '', Description }) => {
      if (mustBe) itemWithId(context.resources, 'ManagedPrefixLists', id);
      return { ...traffic, PrefixListId: id, ...described(Description) };
    }),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
      ...traffic,
      ReferencedGroupInfo: readReference(context, group, pair, mustBe),
      ...described(pair.Description),
    })),
  ];
  if (rules.length === 0) throw groupError('noPeer');
  return rules;
}

/** A single rule as a permission; null where none is given. */
function permissionOf(given: SingleRule): Input<IpPermission> | null {
  const { IpProtocol: protocol, FromPort, ToPort, CidrIp: block, SourceSecurityGroupName: name } = given;
  if (protocol === undefined && block === undefined && name === undefined) return null;
  const owner = given.SourceSecurityGroupOwnerId;
  return {
    ...(protocol === undefined ? {} : { IpProtocol: protocol }),
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
    ...(block === undefined ? {} : { IpRanges: [{ CidrIp: block }] }),
    ...(name === undefined
      ? {}
      : { UserIdGroupPairs: [{ GroupName: name, ...(owner === undefined ? {} : { UserId: owner }) }] }),
  };
}

/** The rules that a request gives in either form; none where it gives neither. */
export function readRules(
  context: Context,
  group: Group,
  given: SingleRule & { readonly IpPermissions?: readonly Input<IpPermission>[] },
  mustBe: boolean,
): RuleContent[] {
  const single = permissionOf(given);
  if (single !== null && given.IpPermissions !== undefined) throw groupError('bothForms');
  return [...(given.IpPermissions ?? []), ...(single === null ? [] : [single])].flatMap((permission) =>
    rulesIn(context, group, permission, mustBe),
  );
}
