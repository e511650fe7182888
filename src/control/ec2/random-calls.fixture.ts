/**
 * For tests: sequences of calls that make and unmake networks, each with what the answers before it named.
 *
 * In:    what answers said; numbers. Out: calls, of which most can be done.
 * Holds: the same numbers and answers give the same calls; every action that writes is among them.
 */
import { ACCOUNT, REGION } from './ec2.fixture.ts';

/** Takes what a sequence was given, one number after the other. */
export type Draw = <T>(from: readonly T[]) => T;
export type Call = { readonly action: string; readonly parameters: Readonly<Record<string, string>> };

/** Ids that answers have shown, by what they begin with; and one that is nobody's. */
export class Pool {
  readonly #ids = new Map<string, string[]>();

  learn(text: string): void {
    for (const [id] of text.matchAll(/\b[a-z]+(?:-[a-z]+)*-[\da-f]{17}\b/g)) this.#add(id.slice(0, -17), id);
    for (const [block] of text.matchAll(/\bfd[\da-f:]+\/56\b/g)) this.#add('net6', block);
    for (const [address] of text.matchAll(/(?<=>)fd[\da-f:]+(?=<)/g)) this.#add('ip6', address);
  }

  #add(prefix: string, id: string): void {
    const known = this.#ids.get(prefix) ?? [];
    if (!known.includes(id)) this.#ids.set(prefix, [...known, id]);
  }

  pick(prefix: string, draw: Draw): string {
    // The last ones are still there most likely.
    const known = (this.#ids.get(prefix) ?? []).slice(-4);
    return draw([...known, ...known, ...known, `${prefix}0`]);
  }
}

export const BLOCKS = ['10.0.0.0/16', '10.1.0.0/16', '10.0.0.0/20', '10.0.16.0/24', '10.0.17.0/28', '10.1.1.0/24'];
export const ADDRESSES = ['10.0.0.9', '10.0.16.5', '10.0.16.6', '10.1.1.20', '10.0.17.4'];
export const RANGES = ['0.0.0.0/0', '10.0.0.0/8', '192.0.2.0/24'];

/** What makes and unmakes networks, with parameters that may well fit. */
export const OPERATIONS: readonly ((id: (prefix: string) => string, draw: Draw) => Call)[] = [
  (_, draw) => ({
    action: 'CreateVpc',
    parameters: { CidrBlock: draw(BLOCKS.slice(0, 2)), AmazonProvidedIpv6CidrBlock: draw(['false', 'true']) },
  }),
  (id, draw) => ({ action: 'CreateSubnet', parameters: { VpcId: id('vpc-'), CidrBlock: draw(BLOCKS) } }),
  (id) => ({ action: 'DeleteVpc', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteSubnet', parameters: { SubnetId: id('subnet-') } }),
  (id, draw) => ({
    action: 'AssociateVpcCidrBlock',
    parameters: {
      VpcId: id('vpc-'),
      ...draw<Record<string, string>>([{ AmazonProvidedIpv6CidrBlock: 'true' }, { CidrBlock: '10.9.0.0/24' }]),
    },
  }),
  (id) => ({ action: 'DisassociateVpcCidrBlock', parameters: { AssociationId: id('vpc-cidr-assoc-') } }),
  (id, draw) => ({
    action: 'CreateSecurityGroup',
    parameters: { VpcId: id('vpc-'), GroupName: draw(['a', 'b', 'c']), GroupDescription: 'd' },
  }),
  (id) => ({ action: 'DeleteSecurityGroup', parameters: { GroupId: id('sg-') } }),
  ...['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress'].flatMap(
    (action): typeof OPERATIONS => [
      (id, draw) => ({
        action,
        parameters: {
          GroupId: id('sg-'),
          'IpPermissions.1.IpProtocol': '-1',
          'IpPermissions.1.IpRanges.1.CidrIp': draw(RANGES),
        },
      }),
      (id) => ({
        action,
        parameters: {
          GroupId: id('sg-'),
          'IpPermissions.1.IpProtocol': '-1',
          'IpPermissions.1.Groups.1.GroupId': id('sg-'),
        },
      }),
    ],
  ),
  (id) => ({
    action: 'RevokeSecurityGroupEgress',
    parameters: { GroupId: id('sg-'), 'SecurityGroupRuleId.1': id('sgr-') },
  }),
  (id, draw) => ({
    action: 'ModifySecurityGroupRules',
    parameters: {
      GroupId: id('sg-'),
      'SecurityGroupRule.1.SecurityGroupRuleId': id('sgr-'),
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': '-1',
      ...draw<Record<string, string>>([
        { 'SecurityGroupRule.1.SecurityGroupRule.CidrIpv4': draw(RANGES) },
        { 'SecurityGroupRule.1.SecurityGroupRule.ReferencedGroupId': id('sg-') },
      ]),
    },
  }),
  (id) => ({ action: 'CreateNetworkAcl', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteNetworkAcl', parameters: { NetworkAclId: id('acl-') } }),
  ...['CreateNetworkAclEntry', 'ReplaceNetworkAclEntry', 'DeleteNetworkAclEntry'].map(
    (action): (typeof OPERATIONS)[number] =>
      (id, draw) => ({
        action,
        parameters: {
          NetworkAclId: id('acl-'),
          RuleNumber: draw(['100', '200', '32767']),
          Egress: draw(['true', 'false']),
          ...(action === 'DeleteNetworkAclEntry'
            ? {}
            : { Protocol: '-1', RuleAction: 'allow', CidrBlock: draw(RANGES) }),
        },
      }),
  ),
  (id) => ({
    action: 'ReplaceNetworkAclAssociation',
    parameters: { AssociationId: id('aclassoc-'), NetworkAclId: id('acl-') },
  }),
  (id, draw) => ({
    action: 'CreateNetworkInterface',
    parameters: {
      SubnetId: id('subnet-'),
      ...draw<Record<string, string>>([{}, { PrivateIpAddress: draw(ADDRESSES) }, { 'SecurityGroupId.1': id('sg-') }]),
    },
  }),
  (id) => ({ action: 'DeleteNetworkInterface', parameters: { NetworkInterfaceId: id('eni-') } }),
  (id) => ({
    action: 'ModifyNetworkInterfaceAttribute',
    parameters: { NetworkInterfaceId: id('eni-'), 'SecurityGroupId.1': id('sg-') },
  }),
  (id, draw) => ({
    action: draw(['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses']),
    parameters: { NetworkInterfaceId: id('eni-'), 'PrivateIpAddress.1': draw(ADDRESSES) },
  }),
  (id, draw) => ({
    action: 'AttachNetworkInterface',
    parameters: { NetworkInterfaceId: id('eni-'), InstanceId: id('i-'), DeviceIndex: draw(['1', '2']) },
  }),
  (id) => ({ action: 'DetachNetworkInterface', parameters: { AttachmentId: id('eni-attach-') } }),
  (id) => ({
    action: 'CreateFlowLogs',
    parameters: {
      ResourceType: 'NetworkInterface',
      'ResourceId.1': id('eni-'),
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local',
    },
  }),
  (id) => ({
    action: 'RunInstances',
    parameters: { SubnetId: id('subnet-'), MinCount: '1', MaxCount: '1', ImageId: 'ami-0a', InstanceType: 't3.micro' },
  }),
  (id) => ({ action: 'TerminateInstances', parameters: { 'InstanceId.1': id('i-') } }),
  () => ({ action: 'CreateInternetGateway', parameters: {} }),
  (id, draw) => ({
    action: draw(['AttachInternetGateway', 'DetachInternetGateway']),
    parameters: { InternetGatewayId: id('igw-'), VpcId: id('vpc-') },
  }),
  (id) => ({ action: 'DeleteInternetGateway', parameters: { InternetGatewayId: id('igw-') } }),
  () => ({ action: 'AllocateAddress', parameters: { Domain: 'vpc' } }),
  (id) => ({
    action: 'AssociateAddress',
    parameters: { AllocationId: id('eipalloc-'), NetworkInterfaceId: id('eni-') },
  }),
  (id) => ({ action: 'DisassociateAddress', parameters: { AssociationId: id('eipassoc-') } }),
  (id) => ({ action: 'ReleaseAddress', parameters: { AllocationId: id('eipalloc-') } }),
  (id) => ({ action: 'CreateNatGateway', parameters: { SubnetId: id('subnet-'), ConnectivityType: 'private' } }),
  (id) => ({ action: 'DeleteNatGateway', parameters: { NatGatewayId: id('nat-') } }),
  (id) => ({ action: 'CreateRouteTable', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteRouteTable', parameters: { RouteTableId: id('rtb-') } }),
  (id) => ({ action: 'AssociateRouteTable', parameters: { RouteTableId: id('rtb-'), SubnetId: id('subnet-') } }),
  (id) => ({ action: 'DisassociateRouteTable', parameters: { AssociationId: id('rtbassoc-') } }),
  (id, draw) => ({
    action: 'CreateRoute',
    parameters: {
      RouteTableId: id('rtb-'),
      DestinationCidrBlock: draw(['0.0.0.0/0', '172.16.0.0/16']),
      ...draw<Record<string, string>>([
        { GatewayId: id('igw-') },
        { NatGatewayId: id('nat-') },
        { NetworkInterfaceId: id('eni-') },
        { VpcPeeringConnectionId: id('pcx-') },
      ]),
    },
  }),
  (id, draw) => ({
    action: draw(['DeleteRoute', 'ReplaceRoute']),
    parameters: { RouteTableId: id('rtb-'), DestinationCidrBlock: draw(['0.0.0.0/0', '172.16.0.0/16']) },
  }),
  (id, draw) => ({
    action: 'ReplaceRoute',
    parameters: {
      RouteTableId: id('rtb-'),
      DestinationCidrBlock: draw(['0.0.0.0/0', '172.16.0.0/16']),
      ...draw<Record<string, string>>([{ GatewayId: id('igw-') }, { NetworkInterfaceId: id('eni-') }]),
    },
  }),
  (id) => ({
    action: 'ReplaceRouteTableAssociation',
    parameters: { AssociationId: id('rtbassoc-'), RouteTableId: id('rtb-') },
  }),
  (id) => ({ action: 'CreateEgressOnlyInternetGateway', parameters: { VpcId: id('vpc-') } }),
  (id) => ({
    action: 'DeleteEgressOnlyInternetGateway',
    parameters: { EgressOnlyInternetGatewayId: id('eigw-') },
  }),
  (id) => ({
    action: 'AssociateSubnetCidrBlock',
    parameters: { SubnetId: id('subnet-'), Ipv6CidrBlock: id('net6').replace('/56', '/64') },
  }),
  (id) => ({ action: 'DisassociateSubnetCidrBlock', parameters: { AssociationId: id('subnet-cidr-assoc-') } }),
  (id) => ({ action: 'AssignIpv6Addresses', parameters: { NetworkInterfaceId: id('eni-'), Ipv6AddressCount: '1' } }),
  (id) => ({
    action: 'UnassignIpv6Addresses',
    parameters: { NetworkInterfaceId: id('eni-'), 'Ipv6Addresses.1': id('ip6') },
  }),
  (id) => ({
    action: 'ResetNetworkInterfaceAttribute',
    parameters: { NetworkInterfaceId: id('eni-'), SourceDestCheck: 'true' },
  }),
  (id, draw) => ({
    action: 'ModifySubnetAttribute',
    parameters: { SubnetId: id('subnet-'), 'MapPublicIpOnLaunch.Value': draw(['true', 'false']) },
  }),
  (id, draw) => ({
    action: 'ModifyVpcAttribute',
    parameters: { VpcId: id('vpc-'), 'EnableDnsHostnames.Value': draw(['true', 'false']) },
  }),
  () => ({
    action: 'CreateDhcpOptions',
    parameters: { 'DhcpConfiguration.1.Key': 'domain-name', 'DhcpConfiguration.1.Value.1': 'example.internal' },
  }),
  (id, draw) => ({
    action: 'AssociateDhcpOptions',
    parameters: { DhcpOptionsId: draw([id('dopt-'), 'default']), VpcId: id('vpc-') },
  }),
  (id) => ({ action: 'DeleteDhcpOptions', parameters: { DhcpOptionsId: id('dopt-') } }),
  (_, draw) => ({
    action: 'CreateManagedPrefixList',
    parameters: {
      PrefixListName: 'list',
      AddressFamily: 'IPv4',
      MaxEntries: draw(['2', '5']),
      'Entry.1.Cidr': draw(RANGES.slice(1)),
    },
  }),
  (id, draw) => ({
    action: 'ModifyManagedPrefixList',
    parameters: {
      PrefixListId: id('pl-'),
      CurrentVersion: draw(['1', '2']),
      [draw(['AddEntry.1.Cidr', 'RemoveEntry.1.Cidr'])]: draw(RANGES.slice(1)),
    },
  }),
  (id) => ({ action: 'DeleteManagedPrefixList', parameters: { PrefixListId: id('pl-') } }),
  (id) => ({
    action: 'AuthorizeSecurityGroupEgress',
    parameters: {
      GroupId: id('sg-'),
      'IpPermissions.1.IpProtocol': '-1',
      'IpPermissions.1.PrefixListIds.1.PrefixListId': id('pl-'),
    },
  }),
  ...(['Ingress', 'Egress'] as const).map((way): (typeof OPERATIONS)[number] => (id, draw) => ({
    action: `UpdateSecurityGroupRuleDescriptions${way}`,
    parameters: {
      GroupId: id('sg-'),
      'SecurityGroupRuleDescription.1.SecurityGroupRuleId': id('sgr-'),
      'SecurityGroupRuleDescription.1.Description': draw(['one', 'two']),
    },
  })),
  (id, draw) => ({
    action: 'CreateVpcEndpoint',
    parameters: {
      VpcId: id('vpc-'),
      ...draw<Record<string, string>>([
        { ServiceName: `com.amazonaws.${REGION}.s3`, 'RouteTableId.1': id('rtb-') },
        { ServiceName: `com.amazonaws.${REGION}.sqs`, VpcEndpointType: 'Interface', 'SubnetId.1': id('subnet-') },
      ]),
    },
  }),
  (id, draw) => ({
    action: 'ModifyVpcEndpoint',
    parameters: {
      VpcEndpointId: id('vpce-'),
      [draw(['AddRouteTableId.1', 'RemoveRouteTableId.1'])]: id('rtb-'),
    },
  }),
  (id) => ({ action: 'DeleteVpcEndpoints', parameters: { 'VpcEndpointId.1': id('vpce-') } }),
  (id, draw) => ({
    action: draw(['CreateTags', 'DeleteTags']),
    parameters: {
      'ResourceId.1': id(draw(['vpc-', 'subnet-', 'eni-', 'sg-', 'fl-', 'pcx-', 'i-'])),
      'Tag.1.Key': draw(['Name', 'team']),
      'Tag.1.Value': draw(['', 'a']),
    },
  }),
  (id) => ({ action: 'DeleteFlowLogs', parameters: { 'FlowLogId.1': id('fl-') } }),
  (id, draw) => ({
    action: 'CreateFlowLogs',
    parameters: {
      ResourceType: 'VPC',
      'ResourceId.1': id('vpc-'),
      TrafficType: draw(['ALL', 'ACCEPT', 'REJECT']),
      LogGroupName: draw(['one', 'two']),
      DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/r`,
      LogFormat: draw(['${version} ${start}', '${srcaddr} ${dstaddr}']),
      MaxAggregationInterval: draw(['60', '600']),
    },
  }),
  (id, draw) => ({
    action: 'ModifyVpcPeeringConnectionOptions',
    parameters: {
      VpcPeeringConnectionId: id('pcx-'),
      'RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc': draw(['true', 'false']),
    },
  }),
  (id) => ({ action: 'RejectVpcPeeringConnection', parameters: { VpcPeeringConnectionId: id('pcx-') } }),
  (id) => ({ action: 'CreateVpcPeeringConnection', parameters: { VpcId: id('vpc-'), PeerVpcId: id('vpc-') } }),
  (id, draw) => ({
    action: draw(['AcceptVpcPeeringConnection', 'DeleteVpcPeeringConnection']),
    parameters: { VpcPeeringConnectionId: id('pcx-') },
  }),
];

/** Calls that show ids which no answer of a Create has. */
const LOOKS = ['DescribeNetworkAcls', 'DescribeRouteTables', 'DescribeSecurityGroupRules', 'DescribeNetworkInterfaces'];

/** A call as a request's body. */
export const form = ({ action, parameters }: Call): string =>
  new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }).toString();

/** Draws by numbers, over and over. */
export function drawFrom(numbers: readonly number[]): Draw {
  let at = 0;
  return (from) => from[(numbers[at++ % numbers.length] ?? 0) % from.length]!;
}

/** A sequence: a VPC with a subnet, a group and an interface first; looks at what no answer of a Create names now and then. */
export function* callsOf(
  pool: Pool,
  steps: Iterable<{ readonly op: number; readonly numbers: readonly number[] }>,
): Generator<Call> {
  const begin = drawFrom([0]);
  for (const op of [0, 1, 6, 16]) yield OPERATIONS[op]!((prefix) => pool.pick(prefix, begin), begin);
  let made = 0;
  for (const { op, numbers } of steps) {
    if (made++ % 20 === 0) for (const action of LOOKS) yield { action, parameters: {} };
    const draw = drawFrom(numbers);
    yield OPERATIONS[op % OPERATIONS.length]!((prefix) => pool.pick(prefix, draw), draw);
  }
}
