/**
 * Words of rules, entries and routes as facts of a model.
 *
 * In:    words, and the place where they stand. Out: the facts that describe-shaped JSON would give.
 * Holds: ids of rules are those that a model without `sgr-` ids has, so that a rule that was there keeps its number.
 * Fails: FG_CHANGE_VALUE.
 */
import type { EntryWords, RouteWords, RuleWords } from '../../api/change.ts';
import { failure } from '../../model/errors.ts';
import type { AclEntryFact } from '../../network/vpc/acls.ts';
import { readAcl } from '../../network/vpc/acls.ts';
import { parseCidr } from '../../network/vpc/addresses.ts';
import { described } from '../../network/vpc/described.ts';
import type { RuleFact } from '../../network/vpc/groups.ts';
import { readGroup } from '../../network/vpc/groups.ts';
import type { RouteFact } from '../../network/vpc/routes.ts';
import { readRouteTable } from '../../network/vpc/routes.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';

/** Where words stand, for messages. */
export type Place = { readonly name: string; readonly path: string };

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58, all: -1, '-1': -1 };

function protocolOf(text: string, place: Place): number {
  const number = PROTOCOL_NUMBERS[text.toLowerCase()] ?? (/^\d{1,3}$/u.test(text) ? Number(text) : 256);
  if (number > 255) throw wrong(place, 'protocol', text, 'tcp, udp, icmp, icmpv6, a protocol number or all');
  return number;
}

function wrong(place: Place, member: string, value: string, wanted: string): Error {
  return failure('FG_CHANGE_VALUE', place.name, `${place.path}.${member}`, `"${value}"`, wanted);
}

/** Both ends of ports, or type and code of ICMP; -1 all. */
function portsOf(text: string | undefined, protocol: number, place: Place): readonly [number, number] {
  if (text === undefined || text === 'all' || text === '-1') return [-1, -1];
  const isIcmp = protocol === 1 || protocol === 58;
  const found = (isIcmp ? /^(\d{1,3})(?:\/(\d{1,3}))?$/u : /^(\d{1,5})(?:-(\d{1,5}))?$/u).exec(text);
  const from = Number(found?.[1] ?? Number.NaN);
  const to = found?.[2] === undefined ? (isIcmp ? -1 : from) : Number(found[2]);
  const most = isIcmp ? 255 : 65_535;
  if (!(from <= most && to <= most && (isIcmp || to >= from)))
    throw wrong(place, 'ports', text, isIcmp ? 'an ICMP type, or type/code' : 'a port, or two with a hyphen');
  return [from, to];
}

/** A block of either family. */
export function cidrOf(text: string, member: string, place: Place): Cidr {
  const cidr = parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  if (cidr === null) throw wrong(place, member, text, 'an address block such as 10.0.0.0/8');
  return cidr;
}

/** The rule of a group. */
export function ruleFactOf(group: string, words: RuleWords, place: Place): RuleFact {
  const protocol = protocolOf(words.protocol, place);
  const [FromPort, ToPort] = portsOf(words.ports, protocol, place);
  const { peer } = words;
  const peers = peer.startsWith('pl-')
    ? { PrefixListIds: [{ PrefixListId: peer }] }
    : !/^[\d.]+(?:\/.*)?$|:/u.test(peer)
      ? { UserIdGroupPairs: [{ GroupId: peer }] }
      : cidrOf(peer, 'peer', place).family === 6
        ? { Ipv6Ranges: [{ CidrIpv6: withLength(peer) }] }
        : { IpRanges: [{ CidrIp: withLength(peer) }] };
  const key = words.direction === 'ingress' ? 'IpPermissions' : 'IpPermissionsEgress';
  const json = { GroupId: group, [key]: [{ IpProtocol: String(protocol), FromPort, ToPort, ...peers }] };
  return readGroup(described(place.name, json)).rules[0]!;
}

function withLength(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
}

/** The entry of an ACL. */
export function entryFactOf(acl: string, words: EntryWords, place: Place): AclEntryFact {
  const protocol = protocolOf(words.protocol, place);
  const [From, To] = portsOf(words.ports, protocol, place);
  const cidr = cidrOf(words.cidr, 'cidr', place);
  const isIcmp = protocol === 1 || protocol === 58;
  const traffic = isIcmp ? { IcmpTypeCode: { Type: From, Code: To } } : From < 0 ? {} : { PortRange: { From, To } };
  const json = {
    NetworkAclId: acl,
    Entries: [
      {
        RuleNumber: words.number,
        Egress: words.direction === 'egress',
        RuleAction: words.action,
        Protocol: String(protocol),
        ...traffic,
        ...(cidr.family === 6 ? { Ipv6CidrBlock: withLength(words.cidr) } : { CidrBlock: withLength(words.cidr) }),
      },
    ],
  };
  return readAcl(described(place.name, json)).entries.find((entry) => entry.order === words.number)!;
}

/** Members of a route that name its target, by how the id begins. */
const TARGETS: readonly (readonly [prefix: string, member: string])[] = [
  ['nat-', 'NatGatewayId'],
  ['tgw-', 'TransitGatewayId'],
  ['pcx-', 'VpcPeeringConnectionId'],
  ['eigw-', 'EgressOnlyInternetGatewayId'],
  ['lgw-', 'LocalGatewayId'],
  ['cagw-', 'CarrierGatewayId'],
  ['eni-', 'NetworkInterfaceId'],
  ['i-', 'InstanceId'],
];

/** The route of a table. */
export function routeFactOf(words: RouteWords, place: Place): RouteFact {
  const { destination, target } = words;
  const member = TARGETS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? 'GatewayId';
  const to = destination.startsWith('pl-')
    ? { DestinationPrefixListId: destination }
    : cidrOf(destination, 'destination', place).family === 6
      ? { DestinationIpv6CidrBlock: withLength(destination) }
      : { DestinationCidrBlock: withLength(destination) };
  const json = { RouteTableId: 'rtb', Routes: [{ ...to, [member]: target }] };
  return readRouteTable(described(place.name, json)).routes[0]!;
}
