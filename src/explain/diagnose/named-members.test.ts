/**
 * Each member that is not understood is named by an answer that it may change, and by no other: for each the smallest
 * model in which it matters, a question, and what the answer says. A member without a case here fails.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KNOWN_MEMBERS } from '../../network/vpc/known-members.generated.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { NOT_FOLLOWED } from '../../network/vpc/not-followed.ts';
import { createDiagnoser } from './diagnose.ts';
import type { DiagnoseQuestion } from './diagnose.ts';

type Json = { readonly [member: string]: unknown };

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
const EVERYWHERE = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }];
const [A] = VPCS;

/** Two VPCs that talk, and a third one that nobody asks about but the counter-question. */
const BASE: Json = {
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
const withInterface = (more: Json, vpc = A): Json => ({
  NetworkInterfaces: [...(BASE['NetworkInterfaces'] as Json[]).filter((one) => !isIt(one, vpc)), eni(vpc, 10, more)],
});
const isIt = (one: Json, { vpc }: { readonly vpc: string }): boolean => one['NetworkInterfaceId'] === `eni-${vpc}10`;
const routes = (vpc: string, ...list: Json[]): Json => ({
  RouteTableId: `rtb-${vpc}`,
  VpcId: `vpc-${vpc}`,
  Associations: [{ Main: true }],
  Routes: list,
});
const IGW_ROUTES = {
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
const WITH_IGW = { ...IGW_ROUTES, ...withInterface(PUBLIC) };
const toTransit = (vpc: string, four: string, six: string): Json =>
  routes(
    vpc,
    { DestinationCidrBlock: four, TransitGatewayId: 'tgw-1' },
    { DestinationIpv6CidrBlock: six, TransitGatewayId: 'tgw-1' },
  );
const TRANSIT = {
  RouteTables: [toTransit('a', '10.1.0.0/16', 'fd00:b::/64'), toTransit('b', '10.0.0.0/16', 'fd00:a::/64')],
};
const attachment = (more: Json): Json => ({
  ...TRANSIT,
  TransitGatewayVpcAttachments: [
    { TransitGatewayAttachmentId: 'tgw-attach-1', TransitGatewayId: 'tgw-1', VpcId: 'vpc-b', ...more },
  ],
});
const transit = (more: Json): Json => ({ ...TRANSIT, TransitGateways: [{ TransitGatewayId: 'tgw-1', ...more }] });
const nat = (more: Json): Json => ({
  RouteTables: [routes('a', { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' })],
  NatGateways: [{ NatGatewayId: 'nat-1', ...more }],
});
const endpoint = (more: Json): Json => ({
  VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcEndpointType: 'Interface', NetworkInterfaceIds: ['eni-a20'], ...more }],
});
const byVgw = (more: Json): Json => ({
  RouteTables: [routes('a', { DestinationCidrBlock: '192.168.0.0/16', GatewayId: 'vgw-1' })],
  VpnGateways: [{ VpnGatewayId: 'vgw-1', VpcAttachments: [{ VpcId: 'vpc-a', State: 'attached' }], ...more }],
});
const flowLog = (more: Json): Json => ({
  FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-a', TrafficType: 'ALL', LogGroupName: 'group', ...more }],
});
const byGroupOfB = {
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
const withFirst = (kind: 'Vpcs' | 'Subnets', more: Json): Json => {
  const [first, ...others] = BASE[kind] as Json[];
  return { [kind]: [{ ...first, ...more }, ...others] };
};
const balancer = (more: Json): Json => ({
  ...withInterface({ InterfaceType: 'network_load_balancer', Description: 'ELB net/web/0123' }),
  LoadBalancers: [
    { LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/0123', ...more },
  ],
});
const controls = (name: string): Json => ({
  VpcEncryptionControls: [{ VpcId: 'vpc-a', Mode: 'enforce', ResourceExclusions: { [name]: { State: 'enabled' } } }],
});

type Case = {
  /** As `NOT_FOLLOWED` has it. */
  readonly member: string;
  readonly model: Json;
  readonly asks?: Partial<DiagnoseQuestion>;
  readonly says: string;
};

const WEB = { to: '198.51.100.7' };
const FAR = { to: 'eni-b10' };
const SIX = { from: 'fd00:a::10', to: 'fd00:b::10' };

const CASES: readonly Case[] = [
  {
    member: 'NetworkInterfaces[].Status',
    model: withInterface({ Status: 'available' }),
    says: 'eni-a10: its status is available',
  },
  {
    member: 'NetworkInterfaces[].Attachment.Status',
    model: withInterface({ Attachment: { Status: 'detaching' } }),
    says: 'eni-a10: its attachment is detaching',
  },
  {
    member: 'NetworkInterfaces[].ConnectionTrackingConfiguration',
    model: withInterface({ ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 60 } }),
    says: 'eni-a10: tracks connections for times of its own',
  },
  {
    member: 'NetworkInterfaces[].DenyAllIgwTraffic',
    model: { ...IGW_ROUTES, ...withInterface({ DenyAllIgwTraffic: true }) },
    asks: { from: '2001:db8::1', to: 'fd00:a::10' },
    says: 'eni-a10, internet: it denies all traffic of internet gateways',
  },
  {
    member: 'NetworkInterfaces[].AssociatedSubnets',
    model: withInterface({ AssociatedSubnets: ['subnet-a', 'subnet-else'] }),
    says: 'eni-a10: it is in more subnets than one',
  },
  {
    member: 'NetworkInterfaces[].Association.CarrierIp',
    model: withInterface({ Association: { CarrierIp: '203.0.113.9' } }),
    says: 'eni-a10: it has an address that is neither private nor public (CarrierIp)',
  },
  {
    member: 'NetworkInterfaces[].PrivateIpAddresses[].Association.CarrierIp',
    model: withInterface({
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { CarrierIp: '203.0.113.9' } }],
    }),
    says: 'eni-a10: it has an address that is neither private nor public (CarrierIp)',
  },
  {
    member: 'NetworkInterfaces[].Association.CustomerOwnedIp',
    model: withInterface({ Association: { CustomerOwnedIp: '198.51.100.9' } }),
    says: 'eni-a10: it has an address that is neither private nor public (CustomerOwnedIp)',
  },
  {
    member: 'NetworkInterfaces[].PrivateIpAddresses[].Association.CustomerOwnedIp',
    model: withInterface({
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { CustomerOwnedIp: '198.51.100.9' } }],
    }),
    says: 'eni-a10: it has an address that is neither private nor public (CustomerOwnedIp)',
  },
  { member: 'Vpcs[].State', model: withFirst('Vpcs', { State: 'pending' }), says: 'vpc-a: its state is pending' },
  ...['ApiGatewayV2', 'GlobalAccelerator'].map((name) => ({
    member: `Vpcs[].EncryptionControl.ResourceExclusions.${name}.State`,
    model: withFirst('Vpcs', {
      EncryptionControl: { Mode: 'enforce', ResourceExclusions: { [name]: { State: 'enabled' } } },
    }),
    says: `vpc-a: ${name} may go unencrypted`,
  })),
  {
    member: 'Subnets[].State',
    model: withFirst('Subnets', { State: 'unavailable' }),
    says: 'subnet-a: its state is unavailable',
  },
  {
    member: 'Subnets[].EnableLniAtDeviceIndex',
    model: withFirst('Subnets', { EnableLniAtDeviceIndex: 1 }),
    says: 'subnet-a: an interface in it may be one of an Outpost',
  },
  {
    member: 'ManagedPrefixLists[].State',
    model: {
      ManagedPrefixLists: [{ PrefixListId: 'pl-1', State: 'modify-in-progress', Entries: [{ Cidr: '10.0.0.0/16' }] }],
      SecurityGroups: [
        ...(BASE['SecurityGroups'] as Json[]).filter((one) => one['GroupId'] !== 'sg-a'),
        {
          GroupId: 'sg-a',
          VpcId: 'vpc-a',
          IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
          IpPermissionsEgress: EVERYWHERE,
        },
      ],
    },
    says: 'pl-1: its state is modify-in-progress',
  },
  {
    member: 'Instances[].SecondaryInterfaces',
    model: {
      ...withInterface({ Attachment: { InstanceId: 'i-1' } }),
      Instances: [{ InstanceId: 'i-1', SecondaryInterfaces: [{ SecondaryInterfaceId: 'si-1' }] }],
    },
    says: 'i-1: it is in a secondary network too',
  },
  {
    member: 'LoadBalancers[].State.Code',
    model: balancer({ State: { Code: 'active_impaired' } }),
    says: 'eni-a10: its load balancer is active_impaired',
  },
  {
    member: 'LoadBalancers[].AvailabilityZones[].SourceNatIpv6Prefixes',
    model: balancer({ AvailabilityZones: [{ SourceNatIpv6Prefixes: ['fd00:a:1::/80'] }] }),
    says: 'eni-a10: its load balancer sends from fd00:a:1::/80 too',
  },
  {
    member: 'Instances[].State.Name',
    model: {
      ...withInterface({ Attachment: { InstanceId: 'i-1' } }),
      Instances: [{ InstanceId: 'i-1', State: { Name: 'stopped' } }],
    },
    says: 'i-1: it is stopped',
  },
  {
    member: 'Instances[].NetworkInterfaces[].ConnectionTrackingConfiguration',
    model: {
      Instances: [
        {
          InstanceId: 'i-1',
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-a10', ConnectionTrackingConfiguration: { UdpTimeout: 60 } }],
        },
      ],
    },
    says: 'eni-a10: tracks connections for times of its own',
  },
  {
    member: 'InternetGateways[].Attachments',
    model: {
      ...WITH_IGW,
      InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-a', State: 'detaching' }] }],
    },
    asks: WEB,
    says: 'igw-1 in vpc-a: its attachment is detaching',
  },
  {
    member: 'EgressOnlyInternetGateways[].Attachments',
    model: {
      ...IGW_ROUTES,
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-a', State: 'attaching' }] },
      ],
    },
    asks: { to: '2001:db8::1' },
    says: 'eigw-1 in vpc-a: its attachment is attaching',
  },
  {
    member: 'VpnGateways[].VpcAttachments',
    model: byVgw({ VpcAttachments: [{ VpcId: 'vpc-a', State: 'detaching' }] }),
    asks: { to: '192.168.0.9' },
    says: 'vgw-1 in vpc-a: its attachment is detaching',
  },
  {
    member: 'VpnGateways[].State',
    model: byVgw({ State: 'pending' }),
    asks: { to: '192.168.0.9' },
    says: 'vgw-1: its state is pending',
  },
  { member: 'NatGateways[].State', model: nat({ State: 'deleting' }), asks: WEB, says: 'nat-1: its state is deleting' },
  {
    member: 'NatGateways[].RouteTableId',
    model: nat({ AvailabilityMode: 'regional', RouteTableId: 'rtb-own' }),
    asks: WEB,
    says: 'nat-1: its own route table rtb-own',
  },
  {
    member: 'NatGateways[].AttachedAppliances',
    model: nat({ AttachedAppliances: [{ Type: 'network-firewall-proxy', AttachmentState: 'attached' }] }),
    asks: WEB,
    says: 'nat-1: an appliance is attached to it (AttachedAppliances: network-firewall-proxy, attached)',
  },
  {
    member: 'NatGateways[].NatGatewayAddresses[].Status',
    model: nat({ NatGatewayAddresses: [{ PublicIp: '203.0.113.5', Status: 'failed' }] }),
    asks: WEB,
    says: 'nat-1: its address 203.0.113.5 is failed',
  },
  {
    member: 'VpcEndpoints[].State',
    model: endpoint({ State: 'PendingAcceptance' }),
    says: 'eni-a20: of vpce-1: its state is pendingacceptance',
  },
  {
    member: 'VpcEndpoints[].PolicyDocument',
    model: endpoint({ PolicyDocument: '{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}' }),
    says: 'eni-a20: of vpce-1: its policy (PolicyDocument) may deny',
  },
  {
    member: 'VpcEndpoints[].ResourceConfigurationArn',
    model: endpoint({ ResourceConfigurationArn: 'arn:aws:vpc-lattice:eu-west-1:1:resourceconfiguration/rcfg-1' }),
    says: 'eni-a20: of vpce-1: what is behind it (ResourceConfigurationArn) is not followed',
  },
  {
    member: 'VpcEndpoints[].ServiceNetworkArn',
    model: endpoint({ ServiceNetworkArn: 'arn:aws:vpc-lattice:eu-west-1:1:servicenetwork/sn-1' }),
    says: 'eni-a20: of vpce-1: what is behind it (ServiceNetworkArn) is not followed',
  },
  {
    member: 'TransitGateways[].State',
    model: transit({ State: 'modifying' }),
    asks: FAR,
    says: 'tgw-1: its state is modifying',
  },
  {
    member: 'TransitGateways[].Options.EncryptionSupport.EncryptionState',
    model: transit({ Options: { EncryptionSupport: { EncryptionState: 'enabled' } } }),
    asks: FAR,
    says: 'tgw-1: its encryption (EncryptionSupport) is enabled',
  },
  {
    member: 'TransitGateways[].Options.MulticastSupport',
    model: transit({ Options: { MulticastSupport: 'enable' } }),
    asks: { to: '239.1.2.3', protocol: 17 },
    says: 'multicast: tgw-1 carries it',
  },
  {
    member: 'TransitGateways[].Options.TransitGatewayCidrBlocks',
    model: transit({ Options: { TransitGatewayCidrBlocks: ['10.9.0.0/24'] } }),
    asks: FAR,
    says: 'tgw-1: 10.9.0.0/24 are its own',
  },
  {
    member: 'TransitGateways[].Options.SecurityGroupReferencingSupport',
    model: { ...transit({ Options: { SecurityGroupReferencingSupport: 'disable' } }), ...byGroupOfB },
    asks: FAR,
    says: 'tgw-1, groups of another VPC: it does not know them',
  },
  {
    member: 'TransitGatewayVpcAttachments[].State',
    model: attachment({ State: 'modifying' }),
    asks: FAR,
    says: 'tgw-1 in vpc-b: the state of tgw-attach-1 is modifying',
  },
  {
    member: 'TransitGatewayVpcAttachments[].Options.Ipv6Support',
    model: attachment({ Options: { Ipv6Support: 'disable' } }),
    asks: SIX,
    says: 'tgw-1 in vpc-b, IPv6: tgw-attach-1 has no IPv6',
  },
  {
    member: 'TransitGatewayVpcAttachments[].Options.SecurityGroupReferencingSupport',
    model: { ...attachment({ Options: { SecurityGroupReferencingSupport: 'disable' } }), ...byGroupOfB },
    asks: FAR,
    says: 'tgw-1 in vpc-b, groups of another VPC: tgw-attach-1 does not know them',
  },
  {
    member: 'RouteTables[].Associations[].PublicIpv4Pool',
    model: {
      ...WITH_IGW,
      RouteTables: [
        ...IGW_ROUTES.RouteTables,
        { RouteTableId: 'rtb-pool', VpcId: 'vpc-a', Associations: [{ PublicIpv4Pool: 'ipv4pool-ec2-1' }] },
      ],
    },
    asks: { from: WEB.to, to: 'eni-a10' },
    says: 'vpc-a, internet: rtb-pool routes what comes in for ipv4pool-ec2-1',
  },
  {
    member: 'RouteTables[].Routes[].IpAddress',
    model: {
      RouteTables: [
        routes('a', { DestinationCidrBlock: '10.1.0.0/16', NetworkInterfaceId: 'eni-a20', IpAddress: '10.0.1.99' }),
      ],
    },
    asks: FAR,
    says: 'rtb-a: its route to 10.1.0.0/16 names a next hop by address',
  },
  ...['ApiGatewayV2', 'GlobalAccelerator'].map((name) => ({
    member: `VpcEncryptionControls[].ResourceExclusions.${name}.State`,
    model: controls(name),
    says: `vpc-a: ${name} may go unencrypted`,
  })),
  {
    member: 'LoadBalancers[].EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic',
    model: balancer({ EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' }),
    asks: { from: 'eni-a20', to: 'eni-a10' },
    says: 'eni-a10: what comes to its load balancer over PrivateLink passes its groups',
  },
  {
    member: 'FlowLogs[].FlowLogStatus',
    model: flowLog({ FlowLogStatus: 'PENDING' }),
    says: 'fl-1: its status is PENDING',
  },
  {
    member: 'FlowLogs[].DeliverLogsStatus',
    model: flowLog({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }),
    says: 'fl-1: AWS says of its delivery FAILED',
  },
  {
    member: 'VpcBlockPublicAccessOptions.State',
    model: {
      ...WITH_IGW,
      VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'off', State: 'update-in-progress' },
    },
    asks: WEB,
    says: 'internet: an update of Block Public Access is in progress',
  },
  {
    member: 'VpcBlockPublicAccessOptions.ExclusionsAllowed',
    model: {
      ...WITH_IGW,
      VpcBlockPublicAccessOptions: {
        InternetGatewayBlockMode: 'block-bidirectional',
        ExclusionsAllowed: 'not-allowed',
      },
    },
    asks: WEB,
    says: 'internet: no exclusion of Block Public Access may be made',
  },
];

const QUIET = { from: 'eni-quiet10', to: 'eni-quiet20' };

function openOf(more: Json, asks: Partial<DiagnoseQuestion> = {}): readonly string[] {
  const question = { from: 'eni-a10', to: 'eni-a20', protocol: 6, port: 443, sourcePorts: null, atMicros: 0, ...asks };
  const model = readModel([{ name: 'model', json: { ...BASE, ...more } }]);
  const snapshot = compileSnapshot(model, { version: 1, atMicros: 0 });
  return createDiagnoser(snapshot).diagnose(question).explanation.notUnderstood;
}

/** Whether a model has the member. */
function has(value: unknown, path: string): boolean {
  if (path === '') return true;
  const [, name = '', isList, rest = ''] = /^\.?([^.[]+)(\[\])?(.*)$/u.exec(path) ?? [];
  const below = (value as Json)[name];
  if (below === undefined) return false;
  return isList === undefined ? has(below, rest) : (below as unknown[]).some((item) => has(item, rest));
}

test('a model in which all is as usual leaves nothing open', () => {
  for (const more of [{}, WITH_IGW]) assert.deepEqual(openOf(more), []);
  assert.deepEqual(openOf(endpoint({ State: 'Available', PolicyDocument: ALLOWS_ALL })), []);
});
const ALLOWS_ALL =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

for (const { member, model, asks, says } of CASES)
  test(`${member} is named where it matters, and not elsewhere`, () => {
    assert.ok(has(model, member), 'the case has the member');
    const open = openOf(model, asks);
    assert.ok(
      open.some((line) => line.startsWith(says)),
      open.join('\n'),
    );
    assert.deepEqual(
      openOf(model, QUIET).filter((line) => line.startsWith(says)),
      [],
    );
  });

test('every member that is not understood has a case', () => {
  const cases = new Set(CASES.map(({ member }) => member));
  const entries = Object.values(NOT_FOLLOWED).flatMap((list) => list.flatMap(({ members }) => members));
  assert.deepEqual([...cases].sort(), entries.toSorted());
  const page = readFileSync(new URL('../../../docs/import-members.md', import.meta.url), 'utf8');
  const open = [...page.matchAll(/^\| `([^`]+)` \| not understood \|$/gmu)].map(([, path = '']) => path);
  assert.ok(open.length > 20);
  assert.deepEqual(
    open.filter((path) => ![...cases].some((member) => path === member || /^[.[]/u.test(path.split(member)[1] ?? ''))),
    [],
  );
});

test('a member that nobody here knows is named, with the way to it, where its thing is met', () => {
  const strange = withInterface({ OnlyOnSundays: true, Attachment: { Status: 'attached', Hours: [5] } });
  const lines = ['OnlyOnSundays', 'Attachment.Hours'].map(
    (path) => `eni-a10: it has ${path}, a member that is not known here and not followed`,
  );
  assert.deepEqual(openOf(strange), lines);
  assert.deepEqual(openOf(strange, QUIET), []);
  const attached = attachment({ Speed: 5 });
  assert.ok(openOf(attached, FAR).some((line) => line.startsWith('tgw-1 in vpc-b: it has Speed,')));
  assert.deepEqual(openOf(attached), []);
  const inEndpoint = endpoint({ Fee: 5 });
  assert.deepEqual(openOf(inEndpoint), ['eni-a20: it has Fee, a member that is not known here and not followed']);
});

test('of every kind whose members are known a member that is not is named', () => {
  const needs: Json = { CidrBlock: '10.9.0.0/16', InternetGatewayBlockMode: 'off', Mode: 'monitor' };
  for (const kind of Object.keys(KNOWN_MEMBERS)) {
    const ids = Object.fromEntries(
      (KNOWN_MEMBERS[kind] ?? '')
        .replaceAll(/\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}/gu, '')
        .split(' ')
        .filter((name) => /(?:Id|ARN|Arn|arn|Name)$/u.test(name))
        .map((name) => [name, `${name.toLowerCase()}-1`]),
    );
    const content: Json = { ...ids, ...needs, Novelty: 1, ...SPECIAL[kind] };
    const json = { [kind]: kind === 'VpcBlockPublicAccessOptions' ? content : [content] };
    const { notUnderstood } = readModel([{ name: 'model', json }]);
    assert.ok(
      notUnderstood.some((line) => line.includes('it has Novelty, a member')),
      `${kind}: ${notUnderstood.join('\n')}`,
    );
  }
});
const SPECIAL: Readonly<Record<string, Json>> = {
  SecurityGroupRules: { IsEgress: false, IpProtocol: '-1', CidrIpv4: '10.0.0.0/8', PrefixListId: null },
  FlowLogs: { LogDestination: 'arn:aws:s3:::b', TrafficType: 'ALL', ResourceId: 'vpc-1' },
  VpcBlockPublicAccessExclusions: { InternetGatewayExclusionMode: 'allow-egress' },
  PrefixLists: { Cidrs: [] },
};
