/**
 * Security groups and their rules.
 *
 * In:    items of `SecurityGroups` (rules as permissions) and of `SecurityGroupRules` (rules with `sgr-` ids).
 * Out:   one fact for each group, one for each rule with one peer.
 * Holds: ports of a rule for a protocol other than TCP and UDP do not count, as EC2 says: 0 to 65535.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { Cidr } from './snapshot.ts';

export type PeerFact =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'prefix-list'; readonly id: string }
  /** `peering`: the state of the peering connection it lies behind, where that is not active. */
  | { readonly kind: 'group'; readonly id: string; readonly peering?: string };

export type RuleFact = {
  readonly id: string;
  readonly groupId: string;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly peer: PeerFact;
};

export type GroupFact = { readonly id: string; readonly vpcId: string; readonly rules: readonly RuleFact[] };

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };
const WORDS = new Map(Object.entries(PROTOCOLS).map(([word, number]) => [number, word]));

/** The number of `IpProtocol` or an ACL entry's `Protocol`; -1 all. */
export function readProtocol(item: Described, key: string): number {
  const text = item.text(key).toLowerCase();
  const number = text === 'all' ? -1 : (PROTOCOLS[text] ?? (/^(-1|\d{1,3})$/.test(text) ? Number(text) : 256));
  if (number > 255) throw item.wrong(key, 'tcp, udp, icmp, icmpv6, a protocol number or -1');
  return number;
}

type Traffic = Pick<RuleFact, 'protocol' | 'fromPort' | 'toPort' | 'icmpType' | 'icmpCode'>;

const ALL_PORTS = { fromPort: 0, toPort: 65535 };
const ALL_ICMP = { icmpType: -1, icmpCode: -1 };
const NO_TRAFFIC: Traffic = { protocol: -1, ...ALL_PORTS, ...ALL_ICMP };

function readTraffic(item: Described): Traffic {
  const protocol = readProtocol(item, 'IpProtocol');
  if (protocol === 1 || protocol === 58) {
    const icmpType = item.wholeOr('FromPort', -1, 255, -1);
    return { protocol, ...ALL_PORTS, icmpType, icmpCode: icmpType < 0 ? -1 : item.wholeOr('ToPort', -1, 255, -1) };
  }
  if (protocol !== 6 && protocol !== 17) return { protocol, ...ALL_PORTS, ...ALL_ICMP };
  const fromPort = item.wholeOr('FromPort', -1, 65535, -1);
  const toPort = item.wholeOr('ToPort', -1, 65535, fromPort);
  if (fromPort < 0) return { protocol, ...ALL_PORTS, ...ALL_ICMP };
  if (toPort < fromPort) throw item.wrong('ToPort', `a port not below FromPort ${fromPort}`);
  return { protocol, fromPort, toPort, ...ALL_ICMP };
}

/**
 * The part of the id of a rule without `sgr-` (rule V2) that tells its traffic: `tcp/22-22/`, `all/all/`, `icmp/8-all/`,
 * `47/all/`.
 */
function trafficText({ protocol, fromPort, toPort, icmpType, icmpCode }: Traffic): string {
  if (protocol < 0) return 'all/all/';
  const word = WORDS.get(protocol) ?? String(protocol);
  if (protocol === 6 || protocol === 17) return `${word}/${fromPort}-${toPort}/`;
  if (icmpType < 0) return `${word}/all/`;
  return `${word}/${icmpType}-${icmpCode < 0 ? 'all' : icmpCode}/`;
}

/** A group as rules name it. One of EC2-Classic, or one that is gone, may have a name alone: nobody here is in it. */
function readGroupPeer(pair: Described): Extract<PeerFact, { readonly kind: 'group' }> {
  const id = pair.textOr('GroupId', null) ?? `${pair.textOr('UserId', 'classic')}/${pair.text('GroupName')}`;
  const peering = pair.textOr('PeeringStatus', 'active');
  return { kind: 'group', id, ...(peering === 'active' ? {} : { peering }) };
}

/** Adds rules by id. The same permission twice is one rule; EC2 refuses the second, files made by hand do not. */
function readPermissions(
  item: Described,
  groupId: string,
  direction: 'ingress' | 'egress',
  rules: Map<string, RuleFact>,
): void {
  const isIngress = direction === 'ingress';
  const groupBegin = `${groupId}/${isIngress ? 'in' : 'out'}/`;
  // Made once: there are many permissions, and each has a peer or two.
  let traffic = NO_TRAFFIC;
  let begin = '';
  const add = (peer: PeerFact, peerText: string): void => {
    const { protocol, fromPort, toPort, icmpType, icmpCode } = traffic;
    const id = begin + peerText;
    rules.set(id, { id, groupId, direction, protocol, fromPort, toPort, icmpType, icmpCode, peer });
  };
  const addIpv4 = (one: Described): void => add({ kind: 'cidr', cidr: one.cidr('CidrIp') }, one.text('CidrIp'));
  const addIpv6 = (one: Described): void => add({ kind: 'cidr', cidr: one.cidr('CidrIpv6') }, one.text('CidrIpv6'));
  const addList = (one: Described): void => {
    const id = one.text('PrefixListId');
    add({ kind: 'prefix-list', id }, id);
  };
  const addGroup = (one: Described): void => {
    const peer = readGroupPeer(one);
    add(peer, peer.id);
  };
  item.each(isIngress ? 'IpPermissions' : 'IpPermissionsEgress', (permission) => {
    traffic = readTraffic(permission);
    begin = groupBegin + trafficText(traffic);
    permission.each('IpRanges', addIpv4);
    permission.each('Ipv6Ranges', addIpv6);
    permission.each('PrefixListIds', addList);
    permission.each('UserIdGroupPairs', addGroup);
  });
}

/** An item of `SecurityGroups`. */
export function readGroup(item: Described): GroupFact {
  const id = item.text('GroupId');
  const rules = new Map<string, RuleFact>();
  readPermissions(item, id, 'ingress', rules);
  readPermissions(item, id, 'egress', rules);
  return { id, vpcId: item.textOr('VpcId', ''), rules: [...rules.values()] };
}

/** An item of `SecurityGroupRules`. */
export function readGroupRule(item: Described): RuleFact {
  const referenced = item.objectOr('ReferencedGroupInfo', null);
  const peer = ((): PeerFact => {
    if (item.has('CidrIpv4')) return { kind: 'cidr', cidr: item.cidr('CidrIpv4') };
    if (item.has('CidrIpv6')) return { kind: 'cidr', cidr: item.cidr('CidrIpv6') };
    if (item.has('PrefixListId')) return { kind: 'prefix-list', id: item.text('PrefixListId') };
    if (referenced) return readGroupPeer(referenced);
    throw item.wrong('CidrIpv4', 'an address block, and CidrIpv6, PrefixListId and ReferencedGroupInfo are absent too');
  })();
  return {
    id: item.text('SecurityGroupRuleId'),
    groupId: item.text('GroupId'),
    direction: item.flag('IsEgress') ? 'egress' : 'ingress',
    ...readTraffic(item),
    peer,
  };
}
