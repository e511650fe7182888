/**
 * The host's own model (rule P7): one VPC, a subnet for each connected prefix, one group and one ACL that allow all.
 *
 * In:    the host's devices, and whose it is. Out: what `describe` answers would say of it, by kind.
 * Holds: ids are made from the host id, so the same host has the same ones for ever; a device keeps its interface's id by
 *        its name and MAC. A bridge port is left out when its bridge is an interface.
 * Fails: never; a device without an address is no interface.
 */
import type { HostDevice } from '../../collect/capture/devices.ts';
import { zonesOf } from '../../control/ec2/regions.ts';
import type { Items } from '../../control/ec2/items.ts';
import { formatCidr, parseCidr } from '../../network/vpc/addresses.ts';
import { derivedId } from './option-flow-log.ts';

export type HostOptions = {
  readonly hostId: string;
  readonly accountId: string;
  readonly region: string;
};

/** Who asked for the interfaces that devices are: nobody else's requester, and no action changes it. */
export const HOST_REQUESTER = 'flowgauge up';

type Kinds =
  | 'Vpcs'
  | 'Subnets'
  | 'NetworkInterfaces'
  | 'SecurityGroups'
  | 'SecurityGroupRules'
  | 'NetworkAcls'
  | 'RouteTables';

/** The model of a host; of VPC, group, ACL and route table there is one each. */
export type HostModel = { readonly [K in Kinds]: readonly Items[K][] } & {
  /** Names of devices by the ids of their interfaces. */
  readonly devices: ReadonlyMap<string, string>;
};

/** The id of the VPC of a host. */
export function hostVpcId(hostId: string): string {
  return derivedId('vpc', hostId);
}

/** The devices of a host that are interfaces. */
export function hostInterfaces(devices: readonly HostDevice[]): HostDevice[] {
  return devices.filter((device) => {
    if (device.loopback || device.addresses.length === 0) return false;
    const bridge = devices.find(({ name }) => name === device.bridge);
    return bridge === undefined || bridge.addresses.length === 0;
  });
}

/** Describes a host whose interfaces these devices are. */
export function hostModel(options: HostOptions, devices: readonly HostDevice[]): HostModel {
  const { accountId: OwnerId, region, hostId } = options;
  const VpcId = hostVpcId(hostId);
  const GroupId = derivedId('sg', hostId);
  const NetworkAclId = derivedId('acl', hostId);
  const RouteTableId = derivedId('rtb', hostId);
  const [zone] = zonesOf(region);
  const place = { AvailabilityZone: zone?.name, AvailabilityZoneId: zone?.id } as const;
  const prefixes = new Map<string, string>();
  const names = new Map<string, string>();
  const interfaces = devices.map((device): Items['NetworkInterfaces'] => {
    const NetworkInterfaceId = derivedId('eni', hostId, `${device.name} ${device.mac ?? ''}`);
    names.set(NetworkInterfaceId, device.name);
    const [first] = device.addresses;
    const prefix = formatCidr(parseCidr(`${first!.address}/${first!.prefixLength}`)!);
    const SubnetId = derivedId('subnet', hostId, prefix);
    prefixes.set(prefix, SubnetId);
    const v4 = device.addresses.filter(({ family }) => family === 4).map(({ address }) => address);
    const v6 = device.addresses.filter(({ family }) => family === 6).map(({ address }) => address);
    return {
      NetworkInterfaceId,
      OwnerId,
      VpcId,
      SubnetId,
      ...place,
      InterfaceType: 'interface',
      Description: `device ${device.name} of this host`,
      Status: 'in-use',
      RequesterManaged: false,
      RequesterId: HOST_REQUESTER,
      SourceDestCheck: false,
      ...(device.mac === null ? {} : { MacAddress: device.mac }),
      ...(v4[0] === undefined ? {} : { PrivateIpAddress: v4[0] }),
      PrivateIpAddresses: v4.map((address, at) => ({ PrivateIpAddress: address, Primary: at === 0 })),
      Ipv6Addresses: v6.map((address) => ({ Ipv6Address: address })),
      Groups: [{ GroupId, GroupName: 'default' }],
      TagSet: [],
    };
  });
  const isV6 = (cidr: string): boolean => cidr.includes(':');
  const cidrs = [...prefixes.keys()];
  const v4 = cidrs.filter((cidr) => !isV6(cidr));
  const associated = { State: 'associated' } as const;
  return {
    devices: names,
    Vpcs: [
      {
        VpcId,
        OwnerId,
        State: 'available',
        ...(v4[0] === undefined ? {} : { CidrBlock: v4[0] }),
        CidrBlockAssociationSet: v4.map((CidrBlock) => ({
          AssociationId: derivedId('vpc-cidr-assoc', hostId, CidrBlock),
          CidrBlock,
          CidrBlockState: associated,
        })),
        Ipv6CidrBlockAssociationSet: cidrs.filter(isV6).map((Ipv6CidrBlock) => ({
          AssociationId: derivedId('vpc-cidr-assoc', hostId, Ipv6CidrBlock),
          Ipv6CidrBlock,
          Ipv6CidrBlockState: associated,
        })),
        InstanceTenancy: 'default',
        IsDefault: false,
        Tags: [{ Key: 'Name', Value: 'this host' }],
      },
    ],
    Subnets: cidrs.map((cidr) => {
      const SubnetId = prefixes.get(cidr)!;
      return {
        SubnetId,
        SubnetArn: `arn:aws:ec2:${region}:${OwnerId}:subnet/${SubnetId}`,
        VpcId,
        OwnerId,
        State: 'available',
        ...place,
        ...(isV6(cidr) ? {} : { CidrBlock: cidr }),
        Ipv6CidrBlockAssociationSet: isV6(cidr)
          ? [
              {
                AssociationId: derivedId('subnet-cidr-assoc', hostId, cidr),
                Ipv6CidrBlock: cidr,
                Ipv6CidrBlockState: associated,
              },
            ]
          : [],
        Ipv6Native: isV6(cidr),
        DefaultForAz: false,
        MapPublicIpOnLaunch: false,
        AssignIpv6AddressOnCreation: false,
        Tags: [],
      };
    }),
    NetworkInterfaces: interfaces,
    ...openRules(options, { GroupId, VpcId, OwnerId }),
    NetworkAcls: [
      {
        NetworkAclId,
        VpcId,
        OwnerId,
        IsDefault: true,
        Associations: [...prefixes.values()].map((SubnetId) => ({
          NetworkAclAssociationId: derivedId('aclassoc', hostId, SubnetId),
          NetworkAclId,
          SubnetId,
        })),
        Entries: [true, false].flatMap((Egress) => [
          { Egress, RuleNumber: 100, Protocol: '-1', RuleAction: 'allow' as const, CidrBlock: '0.0.0.0/0' },
          { Egress, RuleNumber: 101, Protocol: '-1', RuleAction: 'allow' as const, Ipv6CidrBlock: '::/0' },
          { Egress, RuleNumber: 32767, Protocol: '-1', RuleAction: 'deny' as const, CidrBlock: '0.0.0.0/0' },
          { Egress, RuleNumber: 32768, Protocol: '-1', RuleAction: 'deny' as const, Ipv6CidrBlock: '::/0' },
        ]),
        Tags: [],
      },
    ],
    RouteTables: [
      {
        RouteTableId,
        VpcId,
        OwnerId,
        Associations: [
          {
            RouteTableAssociationId: derivedId('rtbassoc', hostId),
            RouteTableId,
            Main: true,
            AssociationState: associated,
          },
        ],
        PropagatingVgws: [],
        Routes: cidrs.map((cidr) => ({
          ...(isV6(cidr) ? { DestinationIpv6CidrBlock: cidr } : { DestinationCidrBlock: cidr }),
          GatewayId: 'local',
          Origin: 'CreateRouteTable',
          State: 'active',
        })),
        Tags: [],
      },
    ],
  };
}

/** A group that allows all, both ways. Its rules stand apart from it, as those of every group that is kept here. */
function openRules(
  { hostId, region }: HostOptions,
  { GroupId, VpcId, OwnerId }: { readonly GroupId: string; readonly VpcId: string; readonly OwnerId: string },
): Pick<HostModel, 'SecurityGroups' | 'SecurityGroupRules'> {
  const arn = (what: string): string => `arn:aws:ec2:${region}:${OwnerId}:${what}`;
  return {
    SecurityGroups: [
      {
        GroupId,
        GroupName: 'default',
        Description: 'default VPC security group: allows all until told otherwise',
        VpcId,
        OwnerId,
        SecurityGroupArn: arn(`security-group/${GroupId}`),
        Tags: [],
      },
    ],
    SecurityGroupRules: [false, true].flatMap((IsEgress) =>
      [{ CidrIpv4: '0.0.0.0/0' }, { CidrIpv6: '::/0' }].map((cidr) => {
        const SecurityGroupRuleId = derivedId('sgr', hostId, String(IsEgress), JSON.stringify(cidr));
        return {
          SecurityGroupRuleId,
          GroupId,
          GroupOwnerId: OwnerId,
          IsEgress,
          IpProtocol: '-1',
          FromPort: -1,
          ToPort: -1,
          ...cidr,
          Tags: [],
          SecurityGroupRuleArn: arn(`security-group-rule/${SecurityGroupRuleId}`),
        };
      }),
    ),
  };
}
