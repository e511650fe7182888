/**
 * A small network in which all is as usual, and what makes it otherwise in one place.
 */
export type Json = { readonly [member: string]: unknown };

const VPCS = [
  { vpc: 'a', four: '10.0', six: 'fd00:a' },
  { vpc: 'b', four: '10.1', six: 'fd00:b' },
  { vpc: 'quiet', four: '10.2', six: 'fd00:c' },
] as const;

const eni = (vpc: (typeof VPCS)[number], n: number, more: Json = {}): Json => ({
  NetworkInterfaceId: `eni-${vpc.vpc}${n}`,
  VpcId: `vpc-${vpc.vpc}`,
  SubnetId: `subnet-${vpc.vpc}`,
  PrivateIpAddresses: [{ PrivateIpAddress: `${vpc.four}.1.${n}`, Primary: true }],
  Ipv6Addresses: [{ Ipv6Address: `${vpc.six}::${n}` }],
  Groups: [{ GroupId: `sg-${vpc.vpc}` }],
  ...more,
});
export const EVERYWHERE = [
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
];
const [A] = VPCS;

/** Two VPCs that talk, and a third one that nobody asks about but the counter-question. */
export const BASE: Json = {
  Vpcs: VPCS.map(({ vpc, four, six }) => ({
    VpcId: `vpc-${vpc}`,
    CidrBlock: `${four}.0.0/16`,
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: `${six}::/64` }],
  })),
  Subnets: VPCS.map(({ vpc, four, six }) => ({
    SubnetId: `subnet-${vpc}`,
    VpcId: `vpc-${vpc}`,
    CidrBlock: `${four}.1.0/24`,
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: `${six}::/64` }],
    AvailabilityZoneId: 'use1-az1',
  })),
  NetworkAcls: VPCS.map(({ vpc }) => ({
    NetworkAclId: `acl-${vpc}`,
    VpcId: `vpc-${vpc}`,
    IsDefault: true,
    Entries: [true, false].flatMap((Egress) => [
      { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
      { RuleNumber: 101, Egress, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0' },
    ]),
  })),
  SecurityGroups: VPCS.map(({ vpc }) => ({
    GroupId: `sg-${vpc}`,
    VpcId: `vpc-${vpc}`,
    IpPermissions: EVERYWHERE,
    IpPermissionsEgress: EVERYWHERE,
  })),
  NetworkInterfaces: VPCS.flatMap((vpc) => [eni(vpc, 10), eni(vpc, 20)]),
};

/** A model with one interface otherwise than it is. */
export const withInterface = (more: Json, vpc = A): Json => ({
  NetworkInterfaces: [...(BASE['NetworkInterfaces'] as Json[]).filter((one) => !isIt(one, vpc)), eni(vpc, 10, more)],
});
const isIt = (one: Json, { vpc }: { readonly vpc: string }): boolean => one['NetworkInterfaceId'] === `eni-${vpc}10`;
export const routes = (vpc: string, ...list: Json[]): Json => ({
  RouteTableId: `rtb-${vpc}`,
  VpcId: `vpc-${vpc}`,
  Associations: [{ Main: true }],
  Routes: list,
});
export const IGW_ROUTES = {
  RouteTables: [
    routes(
      'a',
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
      { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
    ),
  ],
};
const PUBLIC = {
  PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Primary: true, Association: { PublicIp: '203.0.113.10' } }],
};
export const WITH_IGW = { ...IGW_ROUTES, ...withInterface(PUBLIC) };
const toTransit = (vpc: string, four: string, six: string): Json =>
  routes(
    vpc,
    { DestinationCidrBlock: four, TransitGatewayId: 'tgw-1' },
    { DestinationIpv6CidrBlock: six, TransitGatewayId: 'tgw-1' },
  );
const TRANSIT = {
  RouteTables: [toTransit('a', '10.1.0.0/16', 'fd00:b::/64'), toTransit('b', '10.0.0.0/16', 'fd00:a::/64')],
};
export const attachment = (more: Json): Json => ({
  ...TRANSIT,
  TransitGatewayVpcAttachments: [
    { TransitGatewayAttachmentId: 'tgw-attach-1', TransitGatewayId: 'tgw-1', VpcId: 'vpc-b', ...more },
  ],
});
export const transit = (more: Json): Json => ({
  ...TRANSIT,
  TransitGateways: [{ TransitGatewayId: 'tgw-1', ...more }],
});
export const nat = (more: Json): Json => ({
  RouteTables: [routes('a', { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' })],
  NatGateways: [{ NatGatewayId: 'nat-1', ...more }],
});
export const endpoint = (more: Json): Json => ({
  VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcEndpointType: 'Interface', NetworkInterfaceIds: ['eni-a20'], ...more }],
});
export const byVgw = (more: Json): Json => ({
  RouteTables: [routes('a', { DestinationCidrBlock: '192.168.0.0/16', GatewayId: 'vgw-1' })],
  VpnGateways: [{ VpnGatewayId: 'vgw-1', VpcAttachments: [{ VpcId: 'vpc-a', State: 'attached' }], ...more }],
});
export const flowLog = (more: Json): Json => ({
  FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-a', TrafficType: 'ALL', LogGroupName: 'group', ...more }],
});
export const byGroupOfB = {
  SecurityGroups: [
    ...(BASE['SecurityGroups'] as Json[]).filter((one) => one['GroupId'] !== 'sg-b'),
    {
      GroupId: 'sg-b',
      VpcId: 'vpc-b',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-a' }] }],
      IpPermissionsEgress: EVERYWHERE,
    },
  ],
};
/** A model with the VPC, or the subnet, otherwise than it is. */
export const withFirst = (kind: 'Vpcs' | 'Subnets', more: Json): Json => {
  const [first, ...others] = BASE[kind] as Json[];
  return { [kind]: [{ ...first, ...more }, ...others] };
};
export const balancer = (more: Json): Json => ({
  ...withInterface({ InterfaceType: 'network_load_balancer', Description: 'ELB net/web/0123' }),
  LoadBalancers: [
    { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/0123', ...more },
  ],
});
export const controls = (name: string): Json => ({
  VpcEncryptionControls: [{ VpcId: 'vpc-a', Mode: 'enforce', ResourceExclusions: { [name]: { State: 'enabled' } } }],
});
