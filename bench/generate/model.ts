/**
 * Makes the describe-shaped model of the benchmark's network.
 *
 * In:    the network of a seed. Out: one JSON object of `aws ec2 describe-*` answers with 1,000 interfaces and exactly
 *        20,000 rules (group rules and ACL entries together).
 * Holds: groups have at most 60 rules a direction and interfaces at most 5 groups, as AWS's quotas say. What the flow
 *        generator means to be allowed is allowed, the rest is rejected: by a group's default, or by an ACL entry.
 */
import { INTERFACES, OUTBOUND, SERVES, idOf, remote4, remote6, text4, text6 } from './network.ts';
import type { BenchNetwork, Role } from './network.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

export const MODEL_RULES = 20_000;

const ROLE_VARIANTS = 10;
const TEAM_RULES = 60;
const ACLS = 20;
const ACL_DENIALS = 24;
const PREFIX_LISTS = 5;

type Range = { cidr4?: string; cidr6?: string; group?: string; list?: string };
type Permission = {
  IpProtocol: string;
  FromPort?: number;
  ToPort?: number;
  IpRanges: { CidrIp: string }[];
  Ipv6Ranges: { CidrIpv6: string }[];
  PrefixListIds: { PrefixListId: string }[];
  UserIdGroupPairs: { GroupId: string; UserId: string }[];
};
type Group = { GroupId: string; name: string; ingress: Permission[]; egress: Permission[] };

const WORLD: readonly Range[] = [{ cidr4: '0.0.0.0/0' }, { cidr6: '::/0' }];

/** The model, and how many rules it has. */
export function benchModel(network: BenchNetwork): Record<string, unknown[]> {
  const random = createRandom(network.seed * 2 + 4);
  const { accountId: owner, vpcId, seed } = network;
  const inside: readonly Range[] = [{ cidr4: network.cidr4 }, { cidr6: network.cidr6 }];
  const acls = networkAcls(network, random);
  const count = { rules: acls.reduce((sum, acl) => sum + acl.Entries.length, 0) };

  const permission = (protocol: string, from: number | null, to: number, ranges: readonly Range[]): Permission => {
    count.rules += ranges.length;
    return {
      IpProtocol: protocol,
      ...(from === null ? {} : { FromPort: from, ToPort: to }),
      IpRanges: ranges.flatMap((r) => (r.cidr4 === undefined ? [] : [{ CidrIp: r.cidr4 }])),
      Ipv6Ranges: ranges.flatMap((r) => (r.cidr6 === undefined ? [] : [{ CidrIpv6: r.cidr6 }])),
      PrefixListIds: ranges.flatMap((r) => (r.list === undefined ? [] : [{ PrefixListId: r.list }])),
      UserIdGroupPairs: ranges.flatMap((r) => (r.group === undefined ? [] : [{ GroupId: r.group, UserId: owner }])),
    };
  };
  const groups: Group[] = [];
  const group = (name: string): Group => {
    const made = { GroupId: idOf('sg', groups.length, seed), name, ingress: [], egress: [] };
    groups.push(made);
    return made;
  };
  const lists = Array.from({ length: PREFIX_LISTS }, (_, at) => ({
    PrefixListId: idOf('pl', at, seed),
    PrefixListName: `partners-${at}`,
    AddressFamily: 'IPv4',
    OwnerId: owner,
    State: 'create-complete',
    Version: 1,
    MaxEntries: 20,
    Entries: Array.from({ length: 20 }, (_entry, e) => ({ Cidr: block4(remote4(at * 997 + e * 31, seed), 24) })),
  }));

  const base = [false, true].map((restricted) => {
    const made = group(restricted ? 'base-restricted' : 'base-open');
    made.ingress.push(permission('icmp', 8, -1, inside.slice(0, 1)), permission('icmpv6', 128, -1, inside.slice(1)));
    made.ingress.push(permission('tcp', 22, 22, [{ cidr4: '10.20.8.0/24' }]));
    if (restricted) {
      made.egress.push(permission('-1', null, 0, inside));
      made.egress.push(permission('icmp', 8, -1, WORLD.slice(0, 1)), permission('icmpv6', 128, -1, WORLD.slice(1)));
      for (const port of new Set(OUTBOUND.tcp)) made.egress.push(permission('tcp', port, port, WORLD));
      for (const port of OUTBOUND.udp) made.egress.push(permission('udp', port, port, WORLD));
    } else made.egress.push(permission('-1', null, 0, WORLD));
    return made;
  });

  const roles = new Map<Role, Group[]>();
  for (const [role, serves] of Object.entries(SERVES) as [Role, (typeof SERVES)[Role]][]) {
    const variants = Array.from({ length: ROLE_VARIANTS }, (_, at) => group(`${role}-${at}`));
    for (const made of variants) {
      for (const [protocol, ports] of [['tcp', serves.tcp] as const, ['udp', serves.udp] as const]) {
        for (const port of ports) made.ingress.push(permission(protocol, port, port, serves.world ? WORLD : inside));
      }
      const known = groups.slice(0, -1).map((g) => ({ group: g.GroupId }));
      const port = serves.tcp[0] as number;
      made.ingress.push(permission('tcp', port, port, known.slice(-3)));
    }
    roles.set(role, variants);
  }

  // The long lists that grow over the years: single partners, blocks, port ranges, other groups. Most match nothing.
  const teams: Group[] = [];
  while (count.rules < MODEL_RULES) {
    const made = group(`team-${teams.length}`);
    teams.push(made);
    const many = Math.min(TEAM_RULES, MODEL_RULES - count.rules);
    for (let rule = 0; rule < many; rule++) made.ingress.push(teamRule(rule, teams.length));
  }
  function teamRule(rule: number, team: number): Permission {
    const far = Math.floor(random.unit() ** 3 * 200_000);
    const kind = random.below(20);
    const port = [443, 8443, 5432, 6379, 9000, 10_000][random.below(6)] as number;
    if (rule === 0) return permission('tcp', 443, 443, [{ list: idOf('pl', team % PREFIX_LISTS, seed) }]);
    if (kind < 11) return permission('tcp', port, port, [{ cidr4: block4(remote4(far, seed), 32) }]);
    if (kind < 14) return permission('tcp', port, port + random.below(50), [{ cidr4: block4(remote4(far, seed), 24) }]);
    if (kind < 16) return permission('tcp', port, port, [{ cidr6: `${text6(remote6(far, seed))}/128` }]);
    if (kind < 18) return permission('udp', port, port, [{ cidr4: block4(remote4(far, seed), 20) }]);
    const other = groups[random.below(groups.length - 1)] as Group;
    return permission('tcp', port, port, [{ group: other.GroupId }]);
  }

  const groupsOf = (index: number): Group[] => {
    const holder = network.interfaces[index];
    const role = roles.get(holder?.role ?? 'web') as Group[];
    return [
      base[holder?.restricted === true ? 1 : 0] as Group,
      role[index % ROLE_VARIANTS] as Group,
      teams[index % teams.length] as Group,
      teams[(index * 7 + 3) % teams.length] as Group,
    ];
  };

  const igw = idOf('igw', 0, seed);
  return {
    Vpcs: [
      {
        VpcId: vpcId,
        OwnerId: owner,
        State: 'available',
        IsDefault: false,
        CidrBlock: network.cidr4,
        CidrBlockAssociationSet: [{ CidrBlock: network.cidr4, CidrBlockState: { State: 'associated' } }],
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: network.cidr6, Ipv6CidrBlockState: { State: 'associated' } }],
      },
    ],
    Subnets: network.subnets.map((subnet, at) => ({
      SubnetId: subnet.id,
      VpcId: vpcId,
      OwnerId: owner,
      State: 'available',
      SubnetArn: `arn:aws:ec2:us-east-1:${owner}:subnet/${subnet.id}`,
      AvailabilityZone: `us-east-1${'abcd'[at % 4]}`,
      AvailabilityZoneId: `use1-az${(at % 4) + 1}`,
      CidrBlock: subnet.cidr4,
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: subnet.cidr6, Ipv6CidrBlockState: { State: 'associated' } }],
    })),
    NetworkInterfaces: Array.from({ length: INTERFACES }, (_, index) =>
      networkInterface(network, index, groupsOf(index)),
    ),
    SecurityGroups: groups.map((made) => ({
      GroupId: made.GroupId,
      GroupName: made.name,
      Description: made.name,
      OwnerId: owner,
      VpcId: vpcId,
      IpPermissions: made.ingress,
      IpPermissionsEgress: made.egress,
    })),
    NetworkAcls: acls,
    ManagedPrefixLists: lists,
    RouteTables: [
      {
        RouteTableId: idOf('rtb', 0, seed),
        VpcId: vpcId,
        OwnerId: owner,
        Associations: [{ Main: true, RouteTableId: idOf('rtb', 0, seed), AssociationState: { State: 'associated' } }],
        Routes: [
          { DestinationCidrBlock: network.cidr4, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
          { DestinationIpv6CidrBlock: network.cidr6, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw, Origin: 'CreateRoute', State: 'active' },
          { DestinationIpv6CidrBlock: '::/0', GatewayId: igw, Origin: 'CreateRoute', State: 'active' },
        ],
      },
    ],
    InternetGateways: [{ InternetGatewayId: igw, OwnerId: owner, Attachments: [{ VpcId: vpcId, State: 'available' }] }],
  };
}

function networkInterface(network: BenchNetwork, index: number, groups: readonly Group[]): Record<string, unknown> {
  const holder = network.interfaces[index];
  if (holder === undefined) throw new Error(`no interface ${index}`);
  const addresses = holder.addresses4.map((address) => text4(address));
  return {
    NetworkInterfaceId: holder.id,
    OwnerId: network.accountId,
    VpcId: network.vpcId,
    SubnetId: network.subnets[holder.subnet]?.id,
    AvailabilityZone: `us-east-1${'abcd'[holder.subnet % 4]}`,
    InterfaceType: 'interface',
    Status: 'in-use',
    SourceDestCheck: true,
    RequesterManaged: false,
    MacAddress: holder.mac,
    PrivateIpAddress: addresses[0],
    PrivateIpAddresses: addresses.map((address, at) => ({ PrivateIpAddress: address, Primary: at === 0 })),
    Ipv6Addresses: [{ Ipv6Address: text6(holder.address6) }],
    Groups: groups.map((g) => ({ GroupId: g.GroupId, GroupName: g.name })),
    Attachment: {
      InstanceId: idOf('i', index, network.seed),
      InstanceOwnerId: network.accountId,
      DeviceIndex: 0,
      Status: 'attached',
    },
    TagSet: [{ Key: 'Name', Value: `${holder.role}-${index}` }],
  };
}

/** ACLs of two subnets each: denied sources first, then what may pass, statelessly both ways. */
function networkAcls(network: BenchNetwork, random: Random) {
  return Array.from({ length: ACLS }, (_, at) => {
    const NetworkAclId = idOf('acl', at, network.seed);
    const Entries: Record<string, unknown>[] = [];
    const entry = (
      egress: boolean,
      number: number,
      action: string,
      protocol: string,
      cidr: string,
      from = -1,
      to = -1,
    ) =>
      Entries.push({
        Egress: egress,
        RuleNumber: number,
        RuleAction: action,
        Protocol: protocol,
        ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
        ...(from < 0 ? {} : { PortRange: { From: from, To: to } }),
      });
    for (const egress of [false, true]) {
      entry(egress, 10, 'deny', '-1', '185.0.0.0/8');
      for (let d = 0; d < ACL_DENIALS; d++) {
        // 198.18.0.0/15 is for benchmarks and in nobody's traffic: entries that are asked and never match.
        entry(egress, 20 + d, 'deny', '-1', block4(((198 << 24) | (18 << 16) | random.below(131_072)) >>> 0, 28));
      }
      entry(egress, 100, 'allow', '-1', network.cidr4);
      entry(egress, 110, 'allow', '-1', network.cidr6);
      entry(egress, 120, 'allow', '6', '0.0.0.0/0', 0, 65_535);
      entry(egress, 130, 'allow', '17', '0.0.0.0/0', 0, 65_535);
      entry(egress, 140, 'allow', '-1', '0.0.0.0/0');
      entry(egress, 150, 'allow', '-1', '::/0');
      entry(egress, 32_767, 'deny', '-1', '0.0.0.0/0');
      entry(egress, 32_768, 'deny', '-1', '::/0');
    }
    const Associations = network.subnets
      .filter((_subnet, index) => index % ACLS === at)
      .map((subnet) => ({
        NetworkAclId,
        SubnetId: subnet.id,
        NetworkAclAssociationId: `aclassoc-${subnet.id.slice(7)}`,
      }));
    return { NetworkAclId, VpcId: network.vpcId, OwnerId: network.accountId, IsDefault: false, Associations, Entries };
  });
}

function block4(address: number, bits: number): string {
  return `${text4(bits === 0 ? 0 : (address & (-1 << (32 - bits))) >>> 0)}/${bits}`;
}
