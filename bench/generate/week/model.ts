/**
 * The network of the generated week, as describe answers: what its records are judged by where somebody asks about rules.
 *
 * In:    nothing. Out: one JSON object, as `--vpc` takes it.
 * Holds: every interface of the week is in it, and one more, which no flow log covers and nobody speaks to.
 */
import type { Nic } from './lines.ts';
import { NICS } from './places.ts';

const VPC = 'vpc-0aa0';
const SUBNET = 'subnet-0aa0';
/** Ports that anybody may ask, by the interface's name in `NICS`. */
const PUBLIC: Readonly<Record<string, readonly number[]>> = { balancer: [80, 443], web: [4444], app: [22, 3389] };

/** The describe answers. */
export function weekModel(): object {
  const named = Object.entries(NICS).flatMap(([name, one]) =>
    ('id' in one ? [one] : one).map((nic: Nic) => ({ name, nic })),
  );
  const bare = { NetworkInterfaceId: 'eni-0bare', VpcId: VPC, SubnetId: SUBNET, PrivateIpAddress: '10.0.0.200' };
  return {
    Vpcs: [
      {
        VpcId: VPC,
        CidrBlock: '10.0.0.0/16',
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2600:1f18:4a::/56' }],
      },
    ],
    Subnets: [{ SubnetId: SUBNET, VpcId: VPC, CidrBlock: '10.0.0.0/16' }],
    NetworkInterfaces: [
      ...named.map(({ name, nic: { id, four, six } }) => ({
        NetworkInterfaceId: id,
        VpcId: VPC,
        SubnetId: SUBNET,
        PrivateIpAddress: four,
        Ipv6Addresses: [{ Ipv6Address: six }],
        Groups: [{ GroupId: `sg-${name}` }],
      })),
      bare,
    ],
    SecurityGroups: Object.keys(NICS).map((name) => ({
      GroupId: `sg-${name}`,
      VpcId: VPC,
      IpPermissions: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [{ CidrIpv6: '2600:1f18:4a::/48' }] },
        ...(PUBLIC[name] ?? []).map((port) => ({
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        })),
      ],
      IpPermissionsEgress: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    })),
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0aa0',
        VpcId: VPC,
        IsDefault: true,
        Entries: [true, false].flatMap((Egress) => [
          { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
          { RuleNumber: 101, Egress, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0' },
        ]),
      },
    ],
    FlowLogs: named.map(({ nic: { id } }, at) => ({
      FlowLogId: `fl-${at.toString(16).padStart(4, '0')}`,
      ResourceId: id,
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::logs',
      MaxAggregationInterval: 60,
      FlowLogStatus: 'ACTIVE',
      LogFormat: '${version} ${account-id}',
    })),
  };
}
