/**
 * Makes the networks of scenarios, in the words that one thinks of them in.
 *
 * In:    names, blocks, what is allowed. Out: calls of the EC2 API, in their order; ids.
 * Holds: everything is tagged with its name. Every VPC has IPv6 and a flow log with all that a record can tell of a verdict.
 * Fails: as the calls do.
 */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { CallEc2 } from './call-ec2.ts';
import { SERVES_TAG } from './scenario.ts';

/** Of the flow logs of a lab. */
export const LAB_FORMAT = [
  'version account-id vpc-id subnet-id instance-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes',
  'start end action log-status tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction traffic-path',
  'x-rule-id x-verdict-stage x-verdict-source',
]
  .join(' ')
  .split(' ')
  .map((name) => `\${${name}}`)
  .join(' ');
/** Of Nitro, so windows have at most 60 s. */
const TYPE = 't3.micro';
const EVERYWHERE_4 = '0.0.0.0/0';
const EVERYWHERE_6 = '::/0';

/** What a group lets in: from a block, or from the members of a group. */
export type Allowed = {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6' | '-1';
  readonly port?: number;
  readonly lastPort?: number;
  readonly from: readonly string[];
};

/** An entry of a network ACL. */
export type AclEntry = {
  readonly number: number;
  readonly egress?: true;
  readonly allow: boolean;
  readonly protocol: 'tcp' | 'udp' | '-1';
  readonly block: string;
  readonly port?: number;
  readonly lastPort?: number;
};

export type VpcHandle = { readonly id: string; readonly block6: string; subnets: number };
export type SubnetHandle = { readonly id: string; readonly vpc: VpcHandle; readonly block6: string };

export type InstanceWish = {
  readonly subnet: SubnetHandle;
  /** The last of its IPv4 and, in hexadecimal digits that read the same, of its IPv6 address. */
  readonly address: string;
  readonly groups: readonly string[];
  readonly isPublic?: true;
  readonly serves?: string;
};

export type NetworkMaker = ReturnType<typeof networkMaker>;

/** Makes networks by calls. */
export function networkMaker(call: CallEc2) {
  const tagged = (resource: string, name: string, more: readonly Sdk.Tag[] = []): { TagSpecifications: object[] } => ({
    TagSpecifications: [{ ResourceType: resource, Tags: [{ Key: 'Name', Value: name }, ...more] }],
  });

  /** A VPC with IPv6 and its flow log. */
  async function vpc(name: string, block: string): Promise<VpcHandle> {
    const { Vpc: made } = await call<Sdk.CreateVpcResult>('CreateVpc', {
      CidrBlock: block,
      AmazonProvidedIpv6CidrBlock: true,
      ...tagged('vpc', name),
    });
    const id = made?.VpcId ?? '';
    const { Vpcs } = await call<Sdk.DescribeVpcsResult>('DescribeVpcs', { VpcIds: [id] });
    const block6 = Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? '';
    await call('CreateFlowLogs', {
      ResourceType: 'VPC',
      ResourceIds: [id],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local/',
      LogFormat: LAB_FORMAT,
      MaxAggregationInterval: 60,
      ...tagged('vpc-flow-log', name),
    });
    return { id, block6, subnets: 0 };
  }

  async function subnet(of: VpcHandle, name: string, block: string): Promise<SubnetHandle> {
    const number = ++of.subnets;
    // Groups at its end that are 0 are not written.
    const [first = '0', second = '0', third = '0', fourth = '0'] = of.block6.split('::')[0]!.split(':');
    const block6 = `${first}:${second}:${third}:${(Number.parseInt(fourth, 16) + number).toString(16)}::/64`;
    const { Subnet: made } = await call<Sdk.CreateSubnetResult>('CreateSubnet', {
      VpcId: of.id,
      CidrBlock: block,
      Ipv6CidrBlock: block6,
      ...tagged('subnet', name),
    });
    return { id: made?.SubnetId ?? '', vpc: of, block6 };
  }

  /** A route table with routes, of these subnets. */
  async function routeTable(
    of: VpcHandle,
    name: string,
    subnets: readonly SubnetHandle[],
    routes: readonly object[],
  ): Promise<void> {
    const { RouteTable: made } = await call<Sdk.CreateRouteTableResult>('CreateRouteTable', {
      VpcId: of.id,
      ...tagged('route-table', name),
    });
    const id = made?.RouteTableId ?? '';
    for (const route of routes) await call('CreateRoute', { RouteTableId: id, ...route });
    for (const one of subnets) await call('AssociateRouteTable', { RouteTableId: id, SubnetId: one.id });
  }

  /** An internet gateway, and routes to it for these subnets. */
  async function internet(of: VpcHandle, subnets: readonly SubnetHandle[]): Promise<void> {
    const { InternetGateway: made } = await call<Sdk.CreateInternetGatewayResult>('CreateInternetGateway', {});
    const GatewayId = made?.InternetGatewayId ?? '';
    await call('AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId: of.id });
    await routeTable(of, 'public', subnets, [
      { DestinationCidrBlock: EVERYWHERE_4, GatewayId },
      { DestinationIpv6CidrBlock: EVERYWHERE_6, GatewayId },
    ]);
  }

  async function group(of: VpcHandle, name: string, allowed: readonly Allowed[]): Promise<string> {
    const { GroupId = '' } = await call<Sdk.CreateSecurityGroupResult>('CreateSecurityGroup', {
      VpcId: of.id,
      GroupName: name,
      Description: `lab: ${name}`,
      ...tagged('security-group', name),
    });
    if (allowed.length > 0)
      await call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: allowed.map(permissionOf) });
    return GroupId;
  }

  async function acl(
    of: VpcHandle,
    name: string,
    subnets: readonly SubnetHandle[],
    entries: readonly AclEntry[],
  ): Promise<void> {
    const { NetworkAcl: made } = await call<Sdk.CreateNetworkAclResult>('CreateNetworkAcl', {
      VpcId: of.id,
      ...tagged('network-acl', name),
    });
    const NetworkAclId = made?.NetworkAclId ?? '';
    for (const { number, egress = false, allow, protocol, block, port, lastPort = port } of entries)
      await call('CreateNetworkAclEntry', {
        NetworkAclId,
        RuleNumber: number,
        Egress: egress,
        RuleAction: allow ? 'allow' : 'deny',
        Protocol: { tcp: '6', udp: '17', '-1': '-1' }[protocol],
        ...(block.includes(':') ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
        ...(port === undefined ? {} : { PortRange: { From: port, To: lastPort } }),
      });
    const { NetworkAcls } = await call<Sdk.DescribeNetworkAclsResult>('DescribeNetworkAcls', {
      Filters: [{ Name: 'vpc-id', Values: [of.id] }],
    });
    for (const one of subnets) {
      const tied = NetworkAcls?.flatMap(({ Associations = [] }) => Associations).find(
        ({ SubnetId }) => SubnetId === one.id,
      );
      await call('ReplaceNetworkAclAssociation', { AssociationId: tied?.NetworkAclAssociationId, NetworkAclId });
    }
  }

  async function instance(name: string, wish: InstanceWish): Promise<void> {
    const last = wish.address.slice(wish.address.lastIndexOf('.') + 1);
    await call('RunInstances', {
      ImageId: 'ami-00000000000000000',
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: wish.subnet.id,
          Groups: wish.groups,
          PrivateIpAddress: wish.address,
          Ipv6Addresses: [{ Ipv6Address: wish.subnet.block6.replace('/64', last) }],
          AssociatePublicIpAddress: wish.isPublic === true,
        },
      ],
      TagSpecifications: [
        ...tagged('instance', name, [{ Key: SERVES_TAG, Value: wish.serves ?? '' }]).TagSpecifications,
        ...tagged('network-interface', name).TagSpecifications,
      ],
    });
  }

  /** A public NAT gateway, for the IPv4 traffic of these subnets. */
  async function nat(name: string, at: SubnetHandle, subnets: readonly SubnetHandle[]): Promise<void> {
    const { AllocationId } = await call<Sdk.AllocateAddressResult>('AllocateAddress', { Domain: 'vpc' });
    const { NatGateway: made } = await call<Sdk.CreateNatGatewayResult>('CreateNatGateway', {
      SubnetId: at.id,
      AllocationId,
      ...tagged('natgateway', name),
    });
    await routeTable(at.vpc, 'private', subnets, [
      { DestinationCidrBlock: EVERYWHERE_4, NatGatewayId: made?.NatGatewayId },
    ]);
  }

  /** A peering connection that is active; its id. */
  async function peering(name: string, from: VpcHandle, to: VpcHandle): Promise<string> {
    const { VpcPeeringConnection: made } = await call<Sdk.CreateVpcPeeringConnectionResult>(
      'CreateVpcPeeringConnection',
      { VpcId: from.id, PeerVpcId: to.id, ...tagged('vpc-peering-connection', name) },
    );
    const id = made?.VpcPeeringConnectionId ?? '';
    await call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
    return id;
  }

  return { vpc, subnet, routeTable, internet, group, acl, instance, nat, peering };
}

function permissionOf({ protocol, port, lastPort = port, from }: Allowed): object {
  const ofKind = (kind: (one: string) => boolean): string[] => from.filter(kind);
  const four = ofKind((one) => /^[\d.]+\//u.test(one));
  const six = ofKind((one) => one.includes(':'));
  const groups = ofKind((one) => one.startsWith('sg-'));
  return {
    IpProtocol: protocol,
    ...(protocol.startsWith('icmp') ? { FromPort: -1, ToPort: -1 } : {}),
    ...(port === undefined ? {} : { FromPort: port, ToPort: lastPort }),
    ...(four.length > 0 ? { IpRanges: four.map((CidrIp) => ({ CidrIp })) } : {}),
    ...(six.length > 0 ? { Ipv6Ranges: six.map((CidrIpv6) => ({ CidrIpv6 })) } : {}),
    ...(groups.length > 0 ? { UserIdGroupPairs: groups.map((GroupId) => ({ GroupId })) } : {}),
  };
}
