/**
 * Changes of rules by chance, in the words of `replay --change` and made through the EC2 API.
 *
 * In:    calls, a seed. Out: steps; the network changed.
 * Holds: the same seed gives the same steps where the network is the same. A step that says what is there already changes nothing.
 */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { ChangeStep, RuleWords } from '../../src/api/change.ts';
import type { CallEc2 } from '../../src/app/lab/call-ec2.ts';

const PEERS = [
  '0.0.0.0/0',
  '10.0.1.0/24',
  '10.0.2.10/32',
  '10.0.1.20/32',
  '198.51.100.0/24',
  '192.0.2.66/32',
  '::/0',
  '2001:db8:100::/48',
];
const WIDE = ['0.0.0.0/0', '10.0.0.0/16', '::/0'];
const PROTOCOLS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', icmpv6: '58', all: '-1' };
/** Entries that changes add have numbers below those that a scenario has. */
const LAST_OWN = 49;

/** One of a list. */
export type Pick = <T>(list: readonly T[]) => T;

/** Choices of a seed (mulberry32). */
export function randomOf(seed: number): Pick {
  let state = seed >>> 0;
  return (list) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return list[Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * list.length)]!;
  };
}

/** A step that the network can take; those before it in the same change are not yet made. */
export async function randomStep(
  call: CallEc2,
  pick: Pick,
  groups: readonly string[],
  ports: readonly number[],
  before: readonly ChangeStep[],
): Promise<ChangeStep> {
  const direction = pick(['ingress', 'ingress', 'egress'] as const);
  const kind = pick(['add-rule', 'add-rule', 'remove-rule', 'add-entry', 'add-entry', 'remove-entry']);
  const { SecurityGroupRules: rules = [] } = await call<Sdk.DescribeSecurityGroupRulesResult>(
    'DescribeSecurityGroupRules',
    {
      Filters: [{ Name: 'group-id', Values: groups }],
    },
  );
  const { NetworkAcls: acls = [] } = await call<Sdk.DescribeNetworkAclsResult>('DescribeNetworkAcls', {});
  const taken = new Set(before.map((step) => ('number' in step ? `${step.acl} ${step.direction} ${step.number}` : '')));
  const gone = new Set(before.map((step) => ('rule' in step ? step.rule : '')));
  const left = rules.map(({ SecurityGroupRuleId: id = '' }) => id).filter((id) => !gone.has(id));
  if (kind === 'remove-rule' && left.length > 0) return { do: 'remove-rule', rule: pick(left.toSorted()) };
  const added = acls.flatMap(({ NetworkAclId: acl = '', Entries = [] }) =>
    Entries.filter(({ RuleNumber = 0 }) => RuleNumber <= LAST_OWN).map(({ RuleNumber: number = 0, Egress }) => ({
      acl,
      direction: Egress === true ? ('egress' as const) : ('ingress' as const),
      number,
    })),
  );
  const own = added.filter((one) => !taken.has(`${one.acl} ${one.direction} ${one.number}`));
  if (kind === 'remove-entry' && own.length > 0) return { do: 'remove-entry', ...pick(own) };
  const protocol = pick(['tcp', 'tcp', 'udp', 'all']);
  const words = { direction, protocol, ...(protocol === 'all' ? {} : { ports: String(pick(ports)) }) };
  if (kind === 'add-rule')
    return { do: 'add-rule', group: pick(groups), ...words, peer: pick([...PEERS, ...WIDE, ...groups]) };
  const acl = pick(acls.map(({ NetworkAclId: id = '' }) => id).toSorted());
  const numbers = Array.from({ length: LAST_OWN }, (_, i) => i + 1).filter(
    (number) =>
      !taken.has(`${acl} ${direction} ${number}`) &&
      !added.some((one) => one.acl === acl && one.direction === direction && one.number === number),
  );
  return {
    do: 'add-entry',
    acl,
    number: pick(numbers),
    action: pick(['deny', 'deny', 'allow'] as const),
    ...words,
    cidr: pick([...PEERS, ...WIDE]),
  };
}

function permissionOf({ protocol, ports, peer }: Omit<RuleWords, 'direction'>): Sdk.IpPermission {
  const [from, to = from] = (ports ?? '').split('-').map(Number);
  const isIcmp = protocol.startsWith('icmp');
  return {
    IpProtocol: protocol === 'all' ? '-1' : protocol,
    ...(isIcmp ? { FromPort: -1, ToPort: -1 } : ports === undefined ? {} : { FromPort: from, ToPort: to }),
    ...(peer.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: peer }] }
      : peer.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: peer }] }
        : { IpRanges: [{ CidrIp: peer }] }),
  };
}

/** Makes a step. */
export async function applyStep(call: CallEc2, step: ChangeStep): Promise<void> {
  const side = 'direction' in step && step.direction === 'egress' ? 'Egress' : 'Ingress';
  const rulesOf = async (filter: Sdk.Filter): Promise<readonly Sdk.SecurityGroupRule[]> =>
    (await call<Sdk.DescribeSecurityGroupRulesResult>('DescribeSecurityGroupRules', { Filters: [filter] }))
      .SecurityGroupRules ?? [];
  const revoke = async (rules: readonly Sdk.SecurityGroupRule[], egress: boolean): Promise<void> => {
    const [first] = rules;
    if (first === undefined) return;
    await call(`RevokeSecurityGroup${egress ? 'Egress' : 'Ingress'}`, {
      GroupId: first.GroupId,
      SecurityGroupRuleIds: rules.map(({ SecurityGroupRuleId: id }) => id),
    });
  };
  if (step.do === 'add-rule') {
    const request = { GroupId: step.group, IpPermissions: [permissionOf(step)] };
    await call(`AuthorizeSecurityGroup${side}`, request).catch((error: unknown) => {
      if (!/InvalidPermission\.Duplicate/u.test(String(error))) throw error;
    });
    return;
  }
  if (step.do === 'remove-rule' && 'rule' in step) {
    const found = await rulesOf({ Name: 'security-group-rule-id', Values: [step.rule] });
    await revoke(found, found[0]?.IsEgress === true);
    return;
  }
  if (step.do === 'replace-rules') {
    const found = await rulesOf({ Name: 'group-id', Values: [step.group] });
    const egress = step.direction === 'egress';
    await revoke(
      found.filter(({ IsEgress }) => IsEgress === egress),
      egress,
    );
    const IpPermissions = step.rules.map(permissionOf);
    if (IpPermissions.length > 0) await call(`AuthorizeSecurityGroup${side}`, { GroupId: step.group, IpPermissions });
    return;
  }
  if (step.do === 'add-entry') {
    const [From, To = From] = (step.ports ?? '').split('-').map(Number);
    await call('CreateNetworkAclEntry', {
      NetworkAclId: step.acl,
      RuleNumber: step.number,
      Egress: step.direction === 'egress',
      RuleAction: step.action,
      Protocol: PROTOCOLS[step.protocol] ?? step.protocol,
      ...(step.cidr.includes(':') ? { Ipv6CidrBlock: step.cidr } : { CidrBlock: step.cidr }),
      ...(step.ports === undefined ? {} : { PortRange: { From, To } }),
    });
    return;
  }
  if (step.do === 'remove-entry') {
    await call('DeleteNetworkAclEntry', {
      NetworkAclId: step.acl,
      RuleNumber: step.number,
      Egress: step.direction === 'egress',
    });
    return;
  }
  throw new Error(`no call for ${step.do}`);
}
