/**
 * The things that the control API keeps, typed as the SDK types what describes them.
 *
 * In:    nothing. Out: kinds, the type of the items of each, and what AWS calls them.
 * Holds: items are what `describe` answers hold, as JSON: times are text. Kinds are those of `network/vpc/kinds.ts`.
 */
import type * as Sdk from '@aws-sdk/client-ec2';

/** A type of the SDK as JSON has it: times and enumerations are text, lists are not changed. */
export type Plain<T> = T extends Date | string
  ? string
  : T extends readonly (infer I)[]
    ? readonly Plain<I>[]
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

/** As `Plain`, of a request that was read: what must be given is there, what is absent has no member. */
export type Input<T> = T extends Date | string
  ? string
  : T extends readonly (infer I)[]
    ? readonly Input<I>[]
    : T extends object
      ? { readonly [K in keyof T]: Input<Exclude<T[K], undefined>> }
      : T;

/** The items of each kind. */
export type Items = {
  /** With the attributes that DescribeVpcAttribute tells, which no description of a VPC has. */
  readonly Vpcs: Plain<
    Sdk.Vpc & {
      EnableDnsHostnames?: boolean;
      EnableDnsSupport?: boolean;
      EnableNetworkAddressUsageMetrics?: boolean;
    }
  >;
  readonly Subnets: Plain<Sdk.Subnet>;
  readonly NetworkInterfaces: Plain<Sdk.NetworkInterface>;
  readonly SecurityGroups: Plain<Sdk.SecurityGroup>;
  readonly SecurityGroupRules: Plain<Sdk.SecurityGroupRule>;
  readonly NetworkAcls: Plain<Sdk.NetworkAcl>;
  readonly RouteTables: Plain<Sdk.RouteTable>;
  /** With the time at which it came to its end; what has ended is seen for a while. */
  readonly VpcPeeringConnections: Plain<Sdk.VpcPeeringConnection & { EndedTime?: Date }>;
  /** With its entries, as `import aws` keeps it. */
  readonly ManagedPrefixLists: Plain<Sdk.ManagedPrefixList & { Entries?: Sdk.PrefixListEntry[] }>;
  readonly InternetGateways: Plain<Sdk.InternetGateway>;
  readonly EgressOnlyInternetGateways: Plain<Sdk.EgressOnlyInternetGateway>;
  readonly NatGateways: Plain<Sdk.NatGateway>;
  /**
   * With the reservation that it is described in, and what DescribeInstanceAttribute tells. What its interfaces tell is
   * theirs alone.
   */
  readonly Instances: Plain<
    Sdk.Instance & {
      ReservationId?: string;
      DisableApiTermination?: boolean;
      DisableApiStop?: boolean;
      ShutdownBehavior?: string;
      EndedTime?: Date;
    }
  >;
  readonly VpcEndpoints: Plain<Sdk.VpcEndpoint>;
  readonly DhcpOptions: Plain<Sdk.DhcpOptions>;
  readonly Addresses: Plain<Sdk.Address>;
  readonly FlowLogs: Plain<Sdk.FlowLog>;
};
export type Kind = keyof Items;

/** What AWS calls the things of a kind. */
export type KindWords = {
  /** The member that is the id. */
  readonly id: string;
  /** What an id begins with: `vpc-`. */
  readonly prefix: string;
  /** In tag specifications and DescribeTags. */
  readonly resourceType: string;
  /** The member that has the tags. */
  readonly tags: 'Tags' | 'TagSet';
  /** In error codes: `InvalidVpcID` of `InvalidVpcID.NotFound`. */
  readonly code: string;
  /** In messages: `The vpc ID 'vpc-…' does not exist`. */
  readonly noun: string;
};

const words = (
  prefix: string,
  id: string,
  resourceType: string,
  code: string,
  noun: string,
  tags: 'Tags' | 'TagSet' = 'Tags',
): KindWords => ({ id, prefix, resourceType, tags, code, noun });

/** Every kind's words. */
export const KIND_WORDS: Readonly<Record<Kind, KindWords>> = {
  Vpcs: words('vpc-', 'VpcId', 'vpc', 'InvalidVpcID', 'vpc ID'),
  Subnets: words('subnet-', 'SubnetId', 'subnet', 'InvalidSubnetID', 'subnet ID'),
  NetworkInterfaces: words(
    'eni-',
    'NetworkInterfaceId',
    'network-interface',
    'InvalidNetworkInterfaceID',
    'networkInterface ID',
    'TagSet',
  ),
  SecurityGroups: words('sg-', 'GroupId', 'security-group', 'InvalidGroup', 'security group'),
  SecurityGroupRules: words(
    'sgr-',
    'SecurityGroupRuleId',
    'security-group-rule',
    'InvalidSecurityGroupRuleId',
    'security group rule ID',
  ),
  NetworkAcls: words('acl-', 'NetworkAclId', 'network-acl', 'InvalidNetworkAclID', 'networkAcl ID'),
  RouteTables: words('rtb-', 'RouteTableId', 'route-table', 'InvalidRouteTableID', 'routeTable ID'),
  VpcPeeringConnections: words(
    'pcx-',
    'VpcPeeringConnectionId',
    'vpc-peering-connection',
    'InvalidVpcPeeringConnectionID',
    'vpcPeeringConnection ID',
  ),
  ManagedPrefixLists: words('pl-', 'PrefixListId', 'prefix-list', 'InvalidPrefixListID', 'prefix list ID'),
  InternetGateways: words(
    'igw-',
    'InternetGatewayId',
    'internet-gateway',
    'InvalidInternetGatewayID',
    'internetGateway ID',
  ),
  EgressOnlyInternetGateways: words(
    'eigw-',
    'EgressOnlyInternetGatewayId',
    'egress-only-internet-gateway',
    'InvalidGatewayID',
    'eigw ID',
  ),
  NatGateways: words('nat-', 'NatGatewayId', 'natgateway', 'NatGateway', 'NAT gateway'),
  Instances: words('i-', 'InstanceId', 'instance', 'InvalidInstanceID', 'instance ID'),
  VpcEndpoints: words('vpce-', 'VpcEndpointId', 'vpc-endpoint', 'InvalidVpcEndpointId', 'Vpc Endpoint Id'),
  DhcpOptions: words('dopt-', 'DhcpOptionsId', 'dhcp-options', 'InvalidDhcpOptionID', 'dhcpOption ID'),
  Addresses: words('eipalloc-', 'AllocationId', 'elastic-ip', 'InvalidAllocationID', 'allocation ID'),
  FlowLogs: words('fl-', 'FlowLogId', 'vpc-flow-log', 'InvalidFlowLogId', 'flow log ID'),
};

/** The id of an item. */
export function idOf<K extends Kind>(kind: K, item: Items[K]): string {
  return String((item as Readonly<Record<string, unknown>>)[KIND_WORDS[kind].id]);
}

/** The tags of an item. */
export function tagsOf<K extends Kind>(kind: K, item: Items[K]): readonly Plain<Sdk.Tag>[] {
  const tags = (item as Readonly<Record<string, unknown>>)[KIND_WORDS[kind].tags];
  return (tags ?? []) as readonly Plain<Sdk.Tag>[];
}
