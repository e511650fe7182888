/**
 * A small network written by hand, for tests.
 *
 * In:    rules and ACL entries as words. Out: a model as JSON.
 */
import type { Scene, Told } from './told-packets.ts';

/** Id, group, direction, protocol, ports (or ICMP type and code), and a block, group or prefix list. */
export type RuleWords = readonly [
  id: string,
  group: string,
  direction: 'in' | 'out',
  protocol: string,
  from: number,
  to: number,
  peer: string,
];

/** An item of `SecurityGroupRules`. */
export function rule([id, group, direction, protocol, from, to, peer]: RuleWords): object {
  const to_ = peer.startsWith('sg-')
    ? { ReferencedGroupInfo: { GroupId: peer } }
    : peer.startsWith('pl-')
      ? { PrefixListId: peer }
      : peer.includes(':')
        ? { CidrIpv6: peer }
        : { CidrIpv4: peer };
  return {
    SecurityGroupRuleId: id,
    GroupId: group,
    IsEgress: direction === 'out',
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    ...to_,
  };
}

/** Number, direction, action, protocol, ports (or ICMP type and code), block. */
export type EntryWords = readonly [
  number: number,
  direction: 'in' | 'out',
  action: 'allow' | 'deny',
  protocol: string,
  from: number,
  to: number,
  cidr: string,
];

/** An item of `Entries`. */
export function entry([number, direction, action, protocol, from, to, cidr]: EntryWords): object {
  const block = cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr };
  const traffic =
    protocol === '1'
      ? { IcmpTypeCode: { Type: from, Code: to } }
      : from < 0
        ? {}
        : { PortRange: { From: from, To: to } };
  return {
    RuleNumber: number,
    Egress: direction === 'out',
    RuleAction: action,
    Protocol: protocol,
    ...traffic,
    ...block,
  };
}

/** Entries that let all pass. */
export const OPEN: readonly EntryWords[] = [
  [100, 'in', 'allow', '-1', -1, -1, '0.0.0.0/0'],
  [100, 'out', 'allow', '-1', -1, -1, '0.0.0.0/0'],
  [101, 'in', 'allow', '-1', -1, -1, '::/0'],
  [101, 'out', 'allow', '-1', -1, -1, '::/0'],
];

/** eni-a (10.0.1.5, sg-a) and eni-a2 (10.0.1.6, no group) in subnet-a, eni-b (10.0.2.5, sg-b) in subnet-b. */
export function network(rules: readonly RuleWords[], aclA: readonly EntryWords[] = OPEN, more: object = {}): object {
  return {
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
    Subnets: [
      { SubnetId: 'subnet-a', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
      { SubnetId: 'subnet-b', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24' },
    ],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-a',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        PrivateIpAddress: '10.0.1.5',
        Ipv6Addresses: [{ Ipv6Address: '2001:db8:1::5' }],
        Groups: [{ GroupId: 'sg-a' }],
      },
      { NetworkInterfaceId: 'eni-a2', VpcId: 'vpc-1', SubnetId: 'subnet-a', PrivateIpAddress: '10.0.1.6', Groups: [] },
      {
        NetworkInterfaceId: 'eni-b',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-b',
        PrivateIpAddress: '10.0.2.5',
        Groups: [{ GroupId: 'sg-b' }],
      },
    ],
    SecurityGroups: [
      { GroupId: 'sg-a', VpcId: 'vpc-1' },
      { GroupId: 'sg-b', VpcId: 'vpc-1' },
    ],
    SecurityGroupRules: rules.map(rule),
    NetworkAcls: [
      { NetworkAclId: 'acl-a', VpcId: 'vpc-1', Entries: aclA.map(entry), Associations: [{ SubnetId: 'subnet-a' }] },
      { NetworkAclId: 'acl-d', VpcId: 'vpc-1', IsDefault: true, Entries: OPEN.map(entry) },
    ],
    ...more,
  };
}

/** A host outside. */
export const HOST = '198.51.100.7';
/** TCP from `HOST` to a port of eni-a. */
export const inA = (at: number, port: number, tcp = 'S', from = 40000): Told => ({
  at,
  src: `${HOST}:${from}`,
  dst: `10.0.1.5:${port}`,
  tcp,
});
/** TCP from a port of eni-a to `HOST`. */
export const outA = (at: number, port: number, tcp = 'SA', to = 40000): Told => ({
  at,
  src: `10.0.1.5:${port}`,
  dst: `${HOST}:${to}`,
  tcp,
});
/** All observations in one line. */
export const seen = (scene: Scene, ...packets: Told[]): string => scene.see(...packets).join(', ');
