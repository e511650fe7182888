/**
 * The smallest change that lets one step pass.
 *
 * In:    a step that does not pass, where it was, and for whom. Out: a change, or null where none in this model would do.
 * Holds: for the addresses that were asked about and no others: a rule names a group only where that is the same
 *        address, and where the rule that comes nearest names a group. An ACL's entry gets a free number before the one
 *        that denies. A group rule goes into the group with the fewest interfaces.
 */
import type { Change, Permission, Step } from '../../api/explanation.ts';
import { formatAddress, formatCidr, hostCidr } from '../../network/vpc/addresses.ts';
import type { Address, Cidr, Interface, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Flow } from './flow.ts';
import { icmpOf } from './flow.ts';
import type { Visit } from './judge-visit.ts';
import { isPrivate, sameAddress } from './route-step.ts';
import type { World } from './world.ts';
import { interfaceAt, publicOf } from './world.ts';

/** A flow, and the blocks that its ends stand for. */
export type Wanted = { readonly flow: Flow; readonly from: Cidr; readonly to: Cidr };

const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
/** Behind the last entry that a person can write. */
const LAST_ENTRY = 32767;
const STRIDE = 100;

/** The change for one step. */
export function neededChange(world: World, wanted: Wanted, step: Step, visit: Visit | null): Change | null {
  const at = step.interfaceId === null ? 0 : (world.byId.get(step.interfaceId) ?? 0);
  switch (step.stage) {
    case 'sg-ingress':
    case 'sg-egress':
      return visit && groupChange(world, wanted, step, visit);
    case 'nacl-ingress':
    case 'nacl-egress':
      return visit && aclChange(world, wanted, step, visit);
    case 'route':
      return routeChange(world, wanted, step, at);
    case 'source-dest-check':
      return {
        action: 'ModifyNetworkInterfaceAttribute',
        NetworkInterfaceId: step.interfaceId ?? '',
        SourceDestCheck: { Value: false },
      };
    case 'public-address': {
      const own = at === wanted.flow.to.at ? wanted.flow.to.address : interfaceAt(world, at).addresses[0];
      const isPlain = interfaceAt(world, at).kind === 'interface' && own !== undefined;
      return isPlain
        ? {
            action: 'AssociateAddress',
            NetworkInterfaceId: step.interfaceId ?? '',
            PrivateIpAddress: formatAddress(own),
          }
        : null;
    }
    case 'block-public-access':
      return {
        action: 'CreateVpcBlockPublicAccessExclusion',
        SubnetId: interfaceAt(world, at).subnetId ?? '',
        InternetGatewayExclusionMode: 'allow-bidirectional',
      };
    default:
      return null;
  }
}

/** The block that the far end of a visit stands for. */
function remoteBlock({ flow, from, to }: Wanted, visit: Visit): Cidr {
  const remote = visit.direction === 'egress' ? visit.destination : visit.source;
  if (sameAddress(remote, flow.from.address)) return from;
  if (sameAddress(remote, flow.to.address)) return to;
  return hostCidr(remote);
}

function trafficOf(visit: Visit): Pick<Permission, 'IpProtocol' | 'FromPort' | 'ToPort'> {
  const IpProtocol = WORDS[visit.protocol] ?? String(visit.protocol);
  const icmp = icmpOf(visit.protocol, visit.leg);
  if (icmp !== null) return { IpProtocol, FromPort: icmp >> 8, ToPort: icmp & 0xff };
  return visit.ports === null ? { IpProtocol } : { IpProtocol, FromPort: visit.ports[0], ToPort: visit.ports[1] };
}

function groupChange(world: World, wanted: Wanted, step: Step, visit: Visit): Change | null {
  const { snapshot, inGroup } = world;
  const own = interfaceAt(world, visit.at);
  const size = (number: number): number => inGroup.get(number)?.length ?? 0;
  const [smallest] = own.groups
    .map((number) => snapshot.groups[number]!)
    .filter(({ known }) => known)
    .sort((a, b) => size(a.number) - size(b.number) || (a.id < b.id ? -1 : 1));
  if (!smallest) return null;
  const block = remoteBlock(wanted, visit);
  const isOne = block.bits === (block.family === 4 ? 32 : 128);
  const reference = isOne ? referenceFor(world, step, visit, own) : null;
  const peer =
    reference !== null
      ? { UserIdGroupPairs: [{ GroupId: reference }] }
      : block.family === 4
        ? { IpRanges: [{ CidrIp: formatCidr(block) }] }
        : { Ipv6Ranges: [{ CidrIpv6: formatCidr(block) }] };
  return {
    action: step.stage === 'sg-ingress' ? 'AuthorizeSecurityGroupIngress' : 'AuthorizeSecurityGroupEgress',
    GroupId: smallest.id,
    IpPermissions: [{ ...trafficOf(visit), ...peer }],
  };
}

/** The group to name in place of an address: the far interface is alone in it, and rules here name groups. */
function referenceFor(world: World, step: Step, visit: Visit, own: Interface): string | null {
  const { snapshot, inGroup, paths } = world;
  const far = visit.direction === 'egress' ? visit.destination : visit.source;
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = far.words;
  const other = interfaceAt(world, paths.holders.inVpc(own.vpc, far.family, w0, w1, w2, w3));
  if (other.number === 0) return null;
  const namesGroup = (ruleId: string): boolean => ruleOf(snapshot, own, ruleId)?.peer.kind === 'group';
  const isMeant = step.nearMisses.some(
    ({ ruleId, differsIn }) =>
      differsIn.length === 1 && /^(source|destination)$/.test(differsIn[0]!) && namesGroup(ruleId),
  );
  if (!isMeant || other.addresses.length !== 1 || other.prefixes.length > 0) return null;
  const alone = other.groups.find((number) => inGroup.get(number)?.length === 1);
  return alone === undefined ? null : (snapshot.groups[alone]?.id ?? null);
}

function ruleOf({ rules, groups }: VpcSnapshot, own: Interface, id: string): Rule | undefined {
  return own.groups
    .flatMap((number) => [...groups[number]!.ingress, ...groups[number]!.egress])
    .map((number) => rules[number]!)
    .find((rule) => rule.id === id);
}

function aclChange(world: World, wanted: Wanted, step: Step, visit: Visit): Change | null {
  const { snapshot } = world;
  const acl = snapshot.acls.find(({ id }) => id === step.asked[0]);
  const orders = (acl?.[visit.direction] ?? []).map((number) => snapshot.rules[number]!.order);
  const denied = (acl?.[visit.direction] ?? []).find((number) => snapshot.rules[number]!.id === step.ruleId);
  const number = denied === undefined ? null : freeNumber(orders, snapshot.rules[denied]!.order);
  if (acl === undefined || number === null) return null;
  const block = remoteBlock(wanted, visit);
  const icmp = icmpOf(visit.protocol, visit.leg);
  const ports = visit.ports && stillClosed(visit.ports, step.passingPorts);
  return {
    action: 'CreateNetworkAclEntry',
    NetworkAclId: acl.id,
    RuleNumber: number,
    Protocol: String(visit.protocol),
    RuleAction: 'allow',
    Egress: visit.direction === 'egress',
    ...(block.family === 4 ? { CidrBlock: formatCidr(block) } : { Ipv6CidrBlock: formatCidr(block) }),
    ...(ports === null ? {} : { PortRange: { From: ports[0], To: ports[1] } }),
    ...(icmp === null ? {} : { IcmpTypeCode: { Type: icmp >> 8, Code: icmp & 0xff } }),
  };
}

/** The ports from the first that does not pass to the last. */
function stillClosed(
  [from, to]: readonly [number, number],
  passing: readonly (readonly [number, number])[] | null,
): readonly [number, number] {
  const before = passing?.find(([low, high]) => low <= from && high >= from);
  const after = passing?.find(([low, high]) => low <= to && high >= to);
  return [before ? Math.min(before[1] + 1, to) : from, after ? Math.max(after[0] - 1, from) : to];
}

/**
 * A number for an entry that is asked before another: half way to the one before it, so that there is room on both sides.
 *
 * @param orders  numbers of all entries of the direction
 */
export function freeNumber(orders: readonly number[], denied: number): number | null {
  const used = new Set(orders);
  const before = Math.max(0, ...orders.filter((order) => order < denied));
  if (denied === LAST_ENTRY) {
    const round = (Math.floor(before / STRIDE) + 1) * STRIDE;
    if (round < LAST_ENTRY) return round;
  }
  const middle = before + Math.floor((denied - before) / 2);
  if (middle > before) return middle;
  for (let number = denied - 1; number > 0; number--) if (!used.has(number)) return number;
  return null;
}

function routeChange(world: World, { flow, from, to }: Wanted, step: Step, at: number): Change | null {
  const table = step.asked[0];
  if (table === undefined || !table.startsWith('rtb-')) return null;
  const isRequest = step.leg === 'request';
  const block = isRequest ? to : from;
  const other = isRequest ? flow.to : flow.from;
  const target = targetFor(world, at, other.at, other.address, isRequest);
  return (
    target && {
      action: 'CreateRoute',
      RouteTableId: table,
      ...(block.family === 4
        ? { DestinationCidrBlock: formatCidr(block) }
        : { DestinationIpv6CidrBlock: formatCidr(block) }),
      ...target,
    }
  );
}

type Target = { readonly VpcPeeringConnectionId?: string; readonly GatewayId?: string; readonly NatGatewayId?: string };

function targetFor(world: World, at: number, other: number, address: Address, isRequest: boolean): Target | null {
  const { snapshot } = world;
  const own = interfaceAt(world, at);
  if (other !== 0) {
    const there = interfaceAt(world, other).vpc;
    const joins = (vpc: number): boolean => vpc === own.vpc || vpc === there;
    const peering = snapshot.peerings?.find(({ ends }) => there !== own.vpc && ends.every(({ vpc }) => joins(vpc)));
    return peering ? { VpcPeeringConnectionId: peering.id } : null;
  }
  if (isPrivate(address)) return null;
  const targets = snapshot.subnets
    .filter(({ vpc, number }) => number > 0 && vpc === own.vpc)
    .flatMap(({ routeTable }) => snapshot.routeTables[routeTable]?.routes ?? [])
    .map(({ target }) => target);
  const gateway = targets.find(({ kind }) => kind === 'internet-gateway');
  const nat = targets.find(({ kind }) => kind === 'nat-gateway');
  const mine = own.addresses.find(({ family }) => family === 4);
  const isPublic = address.family === 6 || (mine !== undefined && publicOf(world, at, mine) !== null);
  if (gateway && (isPublic || !isRequest)) return { GatewayId: gateway.id };
  return nat && isRequest && address.family === 4 ? { NatGatewayId: nat.id } : null;
}
