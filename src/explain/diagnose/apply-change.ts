/**
 * A snapshot with a change made, to be asked again.
 *
 * In:    a snapshot and changes as EC2 takes them. Out: a snapshot; what a change names and it does not have is left.
 * Holds: rules are added behind those that are there, ACL entries by their number, routes before equal ones.
 */
import type { Change, Permission } from '../../api/explanation.ts';
import { parseCidr } from '../../network/vpc/addresses.ts';
import type { Cidr, Peer, RouteTarget, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };
/** Stands for an address that is not allocated yet. */
const SOME_PUBLIC = 0xc6120001;

/** What the id of a gateway stands for; null where no route names it. */
export type TargetOf = (id: string) => RouteTarget | null;

/** Makes changes one after the other. */
export function applyChanges(snapshot: VpcSnapshot, changes: readonly Change[], targetOf: TargetOf): VpcSnapshot {
  return changes.reduce((before, change) => applyChange(before, change, targetOf), snapshot);
}

function applyChange(snapshot: VpcSnapshot, change: Change, targetOf: TargetOf): VpcSnapshot {
  switch (change.action) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress':
      return withGroupRules(snapshot, change);
    case 'CreateNetworkAclEntry':
      return withAclEntry(snapshot, change);
    case 'CreateRoute':
      return withRoute(snapshot, change, targetOf);
    case 'ModifyNetworkInterfaceAttribute':
      return withInterface(snapshot, change.NetworkInterfaceId, () => ({ sourceDestCheck: false }));
    case 'AssociateAddress': {
      const private4 = parseCidr(`${change.PrivateIpAddress}/32`)?.words[0] ?? 0;
      return withInterface(snapshot, change.NetworkInterfaceId, (one) => ({
        translations: [...(one.translations ?? []), { private4, public4: SOME_PUBLIC }],
      }));
    }
    case 'CreateVpcBlockPublicAccessExclusion': {
      const subnet = snapshot.subnets.find(({ id }) => id === change.SubnetId)?.number ?? 0;
      const blockPublicAccess = snapshot.blockPublicAccess.flatMap((one) => {
        if (one.subnet !== subnet) return [one];
        return change.InternetGatewayExclusionMode === 'allow-egress'
          ? [{ subnet, mode: 'block-ingress' as const }]
          : [];
      });
      return { ...snapshot, blockPublicAccess };
    }
  }
}

function withInterface(
  snapshot: VpcSnapshot,
  id: string,
  make: (one: VpcSnapshot['interfaces'][number]) => object,
): VpcSnapshot {
  const interfaces = snapshot.interfaces.map((one) => (one.id === id ? { ...one, ...make(one) } : one));
  return { ...snapshot, interfaces };
}

function peersOf(snapshot: VpcSnapshot, permission: Permission): Peer[] {
  const cidrs = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
  ];
  return [
    ...cidrs.map((text): Peer => ({ kind: 'cidr', cidr: parseCidr(text) as Cidr })),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }): Peer => {
      const group = snapshot.groups.find(({ id }) => id === GroupId)?.number ?? 0;
      const members = snapshot.interfaces.filter((one) => group !== 0 && one.groups.includes(group));
      return {
        kind: 'group',
        id: GroupId,
        members: members.flatMap(({ addresses }) => addresses),
        prefixes: members.flatMap(({ prefixes }) => prefixes),
      };
    }),
  ];
}

type GroupChange = Extract<Change, { readonly IpPermissions: readonly Permission[] }>;

function withGroupRules(snapshot: VpcSnapshot, change: GroupChange): VpcSnapshot {
  const direction = change.action === 'AuthorizeSecurityGroupIngress' ? 'ingress' : 'egress';
  const rules = [...snapshot.rules];
  const added = change.IpPermissions.flatMap((permission) =>
    peersOf(snapshot, permission).map((peer) => {
      const protocol =
        permission.IpProtocol === '-1' ? -1 : (PROTOCOLS[permission.IpProtocol] ?? Number(permission.IpProtocol));
      const isIcmp = protocol === 1 || protocol === 58;
      const from = permission.FromPort ?? (isIcmp ? -1 : 0);
      const to = permission.ToPort ?? (isIcmp ? -1 : 65535);
      const rule: Rule = {
        number: rules.length,
        id: `new/${rules.length}`,
        direction,
        allow: true,
        order: 0,
        protocol,
        fromPort: isIcmp ? 0 : from,
        toPort: isIcmp ? 65535 : to,
        icmpType: isIcmp ? from : -1,
        icmpCode: isIcmp ? to : -1,
        peer,
      };
      return rules.push(rule) - 1;
    }),
  );
  const groups = snapshot.groups.map((group) =>
    group.id === change.GroupId ? { ...group, [direction]: [...group[direction], ...added] } : group,
  );
  return { ...snapshot, rules, groups };
}

type EntryChange = Extract<Change, { readonly action: 'CreateNetworkAclEntry' }>;

function withAclEntry(snapshot: VpcSnapshot, change: EntryChange): VpcSnapshot {
  const direction = change.Egress ? 'egress' : 'ingress';
  const number = snapshot.rules.length;
  const rule: Rule = {
    number,
    id: `${change.NetworkAclId}/${change.Egress ? 'out' : 'in'}/${change.RuleNumber}`,
    direction,
    allow: true,
    order: change.RuleNumber,
    protocol: Number(change.Protocol),
    fromPort: change.PortRange?.From ?? 0,
    toPort: change.PortRange?.To ?? 65535,
    icmpType: change.IcmpTypeCode?.Type ?? -1,
    icmpCode: change.IcmpTypeCode?.Code ?? -1,
    peer: { kind: 'cidr', cidr: parseCidr(change.CidrBlock ?? change.Ipv6CidrBlock ?? '') as Cidr },
  };
  const rules = [...snapshot.rules, rule];
  const acls = snapshot.acls.map((acl) => {
    if (acl.id !== change.NetworkAclId) return acl;
    const entries = [...acl[direction], number].sort((a, b) => rules[a]!.order - rules[b]!.order);
    return { ...acl, [direction]: entries };
  });
  return { ...snapshot, rules, acls };
}

type RouteChange = Extract<Change, { readonly action: 'CreateRoute' }>;

function withRoute(snapshot: VpcSnapshot, change: RouteChange, targetOf: TargetOf): VpcSnapshot {
  const destination = parseCidr(change.DestinationCidrBlock ?? change.DestinationIpv6CidrBlock ?? '');
  const id = change.VpcPeeringConnectionId ?? change.NatGatewayId ?? change.GatewayId ?? '';
  const peering = snapshot.peerings?.find((one) => one.id === id);
  const routeTables = snapshot.routeTables.map((table) => {
    if (table.id !== change.RouteTableId || destination === null) return table;
    const own = snapshot.subnets.find(({ routeTable }) => routeTable === table.number)?.vpc ?? 0;
    const peerVpc = peering?.ends.find(({ vpc }) => vpc !== own)?.vpc ?? 0;
    const target = peering ? ({ kind: 'peering', id, interface: 0, peerVpc } as const) : targetOf(id);
    if (target === null) return table;
    return { ...table, routes: [{ destination, target }, ...table.routes] };
  });
  return { ...snapshot, routeTables };
}
