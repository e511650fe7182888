/**
 * What a change opens beyond what was asked.
 *
 * In:    a change. Out: addresses times ports, and the interfaces of the model at which it opens something that was closed.
 * Holds: each interface is asked with the engine before the change; one that let it pass already is not counted.
 */
import type { Change, Opens } from '../../api/explanation.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { NONE } from '../../network/verdict/rule-index.ts';
import { parseCidr } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';
import { rangeOf } from './address-range.ts';
import type { World } from './world.ts';
import { interfaceAt, routeTo } from './world.ts';

export type OpenedBy = { readonly opens: Opens; readonly interfaceIds: readonly string[] };

const ALL_PORTS = 65_536;
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };

/** What one change opens. */
export function openedBy(world: World, change: Change): OpenedBy {
  const told = (at: readonly number[], addresses: bigint, ports: number): OpenedBy => ({
    opens: { addresses: String(addresses), ports, interfaces: at.length },
    interfaceIds: at.map((number) => interfaceAt(world, number).id),
  });
  const sizeOf = (cidr: Cidr): bigint => {
    const { low, high } = rangeOf(cidr);
    return high - low + 1n;
  };
  switch (change.action) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress': {
      const { at, addresses, ports } = byGroupRule(world, change);
      return told(at, addresses, ports);
    }
    case 'CreateNetworkAclEntry': {
      const block = parseCidr(change.CidrBlock ?? change.Ipv6CidrBlock ?? '')!;
      const { From = 0, To = ALL_PORTS - 1 } = change.PortRange ?? {};
      return told(byAclEntry(world, change, block), sizeOf(block), change.IcmpTypeCode ? 1 : To - From + 1);
    }
    case 'CreateRoute': {
      const block = parseCidr(change.DestinationCidrBlock ?? change.DestinationIpv6CidrBlock ?? '')!;
      return told(byRoute(world, change.RouteTableId ?? '', block), sizeOf(block), ALL_PORTS);
    }
    case 'CreateVpcBlockPublicAccessExclusion': {
      const subnet = world.snapshot.subnets.find(({ id }) => id === change.SubnetId)?.number ?? 0;
      return told(world.inSubnet.get(subnet) ?? [], sizeOf(parseCidr('0.0.0.0/0')!), ALL_PORTS);
    }
    case 'AssociateAddress':
    case 'ModifyNetworkInterfaceAttribute':
      return told([world.byId.get(change.NetworkInterfaceId) ?? 0].filter(Boolean), 1n, ALL_PORTS);
  }
}

type GroupChange = Extract<Change, { readonly IpPermissions: readonly object[] }>;

function byGroupRule(world: World, change: GroupChange): { at: number[]; addresses: bigint; ports: number } {
  const { snapshot, inquiry } = world;
  const [permission] = change.IpPermissions;
  const block = parseCidr(permission?.IpRanges?.[0]?.CidrIp ?? permission?.Ipv6Ranges?.[0]?.CidrIpv6 ?? '');
  const named = snapshot.groups.find(({ id }) => id === permission?.UserIdGroupPairs?.[0]?.GroupId)?.number ?? 0;
  const members = (world.inGroup.get(named) ?? []).flatMap((at) => interfaceAt(world, at).addresses);
  const peers: readonly Address[] = block ? [block] : members;
  const protocol = PROTOCOLS[permission?.IpProtocol ?? ''] ?? Number(permission?.IpProtocol);
  const isIcmp = protocol === 1 || protocol === 58;
  const { FromPort = 0, ToPort = ALL_PORTS - 1 } = permission ?? {};
  const isIngress = change.action === 'AuthorizeSecurityGroupIngress';
  const group = snapshot.groups.find(({ id }) => id === change.GroupId)?.number ?? 0;
  const at = (world.inGroup.get(group) ?? []).filter((number) =>
    interfaceAt(world, number).addresses.some((own) =>
      peers.some((peer) => {
        if (peer.family !== own.family) return false;
        const [source, destination] = isIngress ? [peer, own] : [own, peer];
        const port = isIcmp ? 0 : FromPort;
        const icmp = isIcmp ? (FromPort << 8) | ToPort : null;
        const packet = { protocol, source, destination, sourcePort: 0, port, icmp };
        return inquiry.take(packet).groups(number, isIngress ? INGRESS : EGRESS) === NONE;
      }),
    ),
  );
  const range = block && rangeOf(block);
  const addresses = range ? range.high - range.low + 1n : BigInt(members.length);
  return { at, addresses, ports: isIcmp ? 1 : ToPort - FromPort + 1 };
}

type EntryChange = Extract<Change, { readonly action: 'CreateNetworkAclEntry' }>;

function byAclEntry(world: World, change: EntryChange, block: Cidr): number[] {
  const { snapshot, inquiry } = world;
  const acl = snapshot.acls.find(({ id }) => id === change.NetworkAclId)?.number ?? 0;
  const all = snapshot.subnets.flatMap((one) =>
    acl !== 0 && one.acl === acl ? (world.inSubnet.get(one.number) ?? []) : [],
  );
  const icmp = change.IcmpTypeCode ? (change.IcmpTypeCode.Type << 8) | change.IcmpTypeCode.Code : null;
  return all.filter((number) => {
    const own = interfaceAt(world, number).addresses.find(({ family }) => family === block.family);
    if (!own) return false;
    const [source, destination] = change.Egress ? [own, block] : [block, own];
    const port = change.PortRange?.From ?? 0;
    const packet = { protocol: Number(change.Protocol), source, destination, sourcePort: 0, port, icmp };
    return inquiry.take(packet).acl(number, change.Egress ? EGRESS : INGRESS) < 0;
  });
}

function byRoute(world: World, tableId: string, block: Cidr): number[] {
  const { snapshot } = world;
  const table = snapshot.routeTables.find(({ id }) => id === tableId)?.number ?? 0;
  return snapshot.subnets
    .filter(({ routeTable }) => table !== 0 && routeTable === table)
    .flatMap(({ number }) => world.inSubnet.get(number) ?? [])
    .filter((at) => routeTo(world, at, block)?.destination.bits !== block.bits);
}
