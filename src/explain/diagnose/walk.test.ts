/** The way of a conversation: routes, gateways, what the internet needs, and what is beyond the model. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation, Step } from '../../api/explanation.ts';
import { snapshotOf } from '../../network/verdict/told-packets.ts';
import { createDiagnoser } from './diagnose.ts';
import type { DiagnoseQuestion } from './diagnose.ts';

type Json = Record<string, unknown>;
const WEB = '198.51.100.7';

const eni = (id: string, address: string, subnet: string, more: Json = {}): Json => ({
  NetworkInterfaceId: id,
  VpcId: subnet === 'subnet-far' ? 'vpc-b' : 'vpc-a',
  SubnetId: subnet,
  PrivateIpAddress: address,
  PrivateIpAddresses: [{ PrivateIpAddress: address }],
  Groups: [{ GroupId: subnet === 'subnet-far' ? 'sg-far' : 'sg-open' }],
  ...more,
});
const open = (id: string, vpc: string, from = '0.0.0.0/0'): Json => ({
  GroupId: id,
  VpcId: vpc,
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: from }] }],
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
});
const acl = (id: string, vpc: string): Json => ({
  NetworkAclId: id,
  VpcId: vpc,
  IsDefault: true,
  Entries: [true, false].map((Egress) => ({
    RuleNumber: 100,
    Egress,
    Protocol: '-1',
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
  })),
});
const table = (id: string, vpc: string, routes: readonly Json[], subnet?: string): Json => ({
  RouteTableId: id,
  VpcId: vpc,
  Associations: [subnet === undefined ? { Main: true } : { SubnetId: subnet }],
  Routes: routes,
});
const to = (DestinationCidrBlock: string, target: Json): Json => ({ DestinationCidrBlock, ...target });

function model(routes: readonly Json[], more: Json = {}): Json {
  return {
    Vpcs: [
      { VpcId: 'vpc-a', CidrBlock: '10.0.0.0/16' },
      { VpcId: 'vpc-b', CidrBlock: '10.1.0.0/16' },
    ],
    Subnets: [
      { SubnetId: 'subnet-1', VpcId: 'vpc-a', CidrBlock: '10.0.1.0/24' },
      { SubnetId: 'subnet-2', VpcId: 'vpc-a', CidrBlock: '10.0.2.0/24' },
      { SubnetId: 'subnet-far', VpcId: 'vpc-b', CidrBlock: '10.1.1.0/24' },
    ],
    NetworkInterfaces: [
      eni('eni-a', '10.0.1.10', 'subnet-1'),
      eni('eni-b', '10.0.2.20', 'subnet-2'),
      eni('eni-far', '10.1.1.10', 'subnet-far'),
    ],
    SecurityGroups: [open('sg-open', 'vpc-a'), open('sg-far', 'vpc-b')],
    NetworkAcls: [acl('acl-a', 'vpc-a'), acl('acl-b', 'vpc-b')],
    RouteTables: [table('rtb-a', 'vpc-a', routes)],
    ...more,
  };
}

function ask(json: Json, question: Partial<DiagnoseQuestion>): Explanation {
  const whole = { from: 'eni-a', to: 'eni-b', protocol: 6, port: 443, sourcePorts: null, atMicros: 0, ...question };
  return createDiagnoser(snapshotOf(json)).diagnose(whole).explanation;
}

/** Steps that are no rule's, as `leg stage interface pass reason`. */
function ways({ steps }: Explanation): string[] {
  const isWay = ({ stage }: Step): boolean => !/^(sg|nacl)-/.test(stage);
  return steps
    .filter(isWay)
    .map(
      ({ leg, stage, interfaceId, pass, reason }) => `${leg} ${stage} ${interfaceId} ${pass ? 'ok' : 'stop'} ${reason}`,
    );
}

const brief = ({ outcome, certainty, cause }: Explanation): string => `${outcome} ${certainty} ${cause}`;

test('from and to the internet it takes a public address, and the change gives it one', () => {
  const routes = [to('0.0.0.0/0', { GatewayId: 'igw-a' })];
  const out = ask(model(routes), { to: WEB });
  assert.equal(brief(out), 'unanswered not-explained public-address');
  assert.deepEqual(out.fixes[0]?.change, [
    { action: 'AssociateAddress', NetworkInterfaceId: 'eni-a', PrivateIpAddress: '10.0.1.10' },
  ]);
  assert.equal(out.fixes[0]?.replay, null);
  const into = ask(model(routes), { from: WEB });
  assert.equal(brief(into), 'unanswered not-explained public-address');
  assert.match(into.fixes[0]?.awsCli[0] ?? '', /associate-address .*eni-b .*10\.0\.2\.20/);
});

test('no packet from the internet comes to an interface without a public address, so no record of it does', () => {
  const diagnoser = createDiagnoser(snapshotOf(model([to('0.0.0.0/0', { GatewayId: 'igw-a' })])));
  const question = { from: WEB, to: 'eni-b', protocol: 6, port: 443, sourcePorts: null, atMicros: 0 };
  assert.ok(diagnoser.diagnose(question).visits.every(({ isReached }) => !isReached));
});

test('without a way to the internet gateway the reply is lost, and a route alone is not enough without an address', () => {
  const held = { Association: { PublicIp: '203.0.113.9' } };
  const more = {
    NetworkInterfaces: [
      eni('eni-b', '10.0.2.20', 'subnet-2', { PrivateIpAddresses: [{ PrivateIpAddress: '10.0.2.20', ...held }] }),
      eni('eni-a', '10.0.1.10', 'subnet-1'),
    ],
    RouteTables: [
      table('rtb-a', 'vpc-a', []),
      table('rtb-1', 'vpc-a', [to('0.0.0.0/0', { GatewayId: 'igw-a' })], 'subnet-1'),
    ],
  };
  const said = ask(model([], more), { from: WEB });
  assert.deepEqual(ways(said), ['request public-address eni-b ok held', 'reply route eni-b stop no-route']);
  assert.deepEqual(said.fixes[0]?.change, [
    { action: 'CreateRoute', RouteTableId: 'rtb-a', DestinationCidrBlock: `${WEB}/32`, GatewayId: 'igw-a' },
  ]);
  // Its public address is another name of it.
  assert.equal(ask(model([], more), { from: WEB, to: '203.0.113.9' }).steps.length, said.steps.length);
});

test('Block Public Access is opened for what begins inside alone where that is enough', () => {
  const nat = eni('eni-nat', '10.0.2.100', 'subnet-2', {
    InterfaceType: 'nat_gateway',
    Groups: [],
    SourceDestCheck: false,
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.2.100', Association: { PublicIp: '203.0.113.10' } }],
  });
  const more = {
    NetworkInterfaces: [eni('eni-a', '10.0.1.10', 'subnet-1'), nat],
    NatGateways: [{ NatGatewayId: 'nat-a', NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat' }] }],
    RouteTables: [
      table('rtb-a', 'vpc-a', [to('0.0.0.0/0', { NatGatewayId: 'nat-a' })]),
      table('rtb-2', 'vpc-a', [to('0.0.0.0/0', { GatewayId: 'igw-a' })], 'subnet-2'),
    ],
    VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional' },
  };
  const said = ask(model([], more), { to: WEB });
  assert.equal(brief(said), 'blocked certain block-public-access');
  assert.deepEqual(said.fixes[0]?.change, [
    {
      action: 'CreateVpcBlockPublicAccessExclusion',
      SubnetId: 'subnet-2',
      InternetGatewayExclusionMode: 'allow-egress',
    },
  ]);
});

test('a way that a change makes is asked too: behind the NAT gateway that a new route leads to an ACL is in the way', () => {
  const nat = eni('eni-nat', '10.0.2.100', 'subnet-2', {
    InterfaceType: 'nat_gateway',
    Groups: [],
    SourceDestCheck: false,
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.2.100', Association: { PublicIp: '203.0.113.10' } }],
  });
  const more = {
    NetworkInterfaces: [eni('eni-a', '10.0.1.10', 'subnet-1'), nat],
    NatGateways: [{ NatGatewayId: 'nat-a', NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat' }] }],
    NetworkAcls: [
      acl('acl-a', 'vpc-a'),
      { ...acl('acl-2', 'vpc-a'), IsDefault: false, Entries: [], Associations: [{ SubnetId: 'subnet-2' }] },
    ],
    RouteTables: [
      table('rtb-a', 'vpc-a', []),
      table('rtb-2', 'vpc-a', [to('0.0.0.0/0', { GatewayId: 'igw-a' })], 'subnet-2'),
      table('rtb-far', 'vpc-a', [to('0.0.0.0/0', { NatGatewayId: 'nat-a' })], 'subnet-3'),
    ],
    Subnets: [
      { SubnetId: 'subnet-1', VpcId: 'vpc-a', CidrBlock: '10.0.1.0/24' },
      { SubnetId: 'subnet-2', VpcId: 'vpc-a', CidrBlock: '10.0.2.0/24' },
      { SubnetId: 'subnet-3', VpcId: 'vpc-a', CidrBlock: '10.0.3.0/24' },
    ],
  };
  const said = ask(model([], more), { to: WEB });
  assert.equal(brief(said), 'unanswered not-explained route');
  const [fix] = said.fixes;
  assert.equal(fix?.verified, true);
  assert.match(fix?.awsCli[0] ?? '', /create-route --route-table-id rtb-a .*--nat-gateway-id nat-a/);
  assert.equal(fix?.change.filter(({ action }) => action === 'CreateNetworkAclEntry').length, 4);
});

test('an interface that passes traffic on must not check its addresses', () => {
  const routes = (check: boolean, group = 'sg-fw'): Json =>
    model([], {
      NetworkInterfaces: [
        eni('eni-a', '10.0.1.10', 'subnet-1'),
        eni('eni-fw', '10.0.2.5', 'subnet-2', { SourceDestCheck: check, Groups: [{ GroupId: group }] }),
        eni('eni-far', '10.1.1.10', 'subnet-far'),
      ],
      // From everywhere it would not be tracked, and the reply that it passes on would need a rule.
      SecurityGroups: [open('sg-open', 'vpc-a'), open('sg-far', 'vpc-b'), open('sg-fw', 'vpc-a', '10.0.0.0/8')],
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: 'pcx-a',
          RequesterVpcInfo: { VpcId: 'vpc-a' },
          AccepterVpcInfo: { VpcId: 'vpc-b' },
        },
      ],
      RouteTables: [
        table('rtb-a', 'vpc-a', [to('10.1.0.0/16', { NetworkInterfaceId: 'eni-fw' })]),
        table('rtb-2', 'vpc-a', [to('10.1.0.0/16', { VpcPeeringConnectionId: 'pcx-a' })], 'subnet-2'),
        table('rtb-b', 'vpc-b', [to('10.0.0.0/16', { VpcPeeringConnectionId: 'pcx-a' })]),
      ],
    });
  const said = ask(routes(true), { to: 'eni-far' });
  assert.equal(brief(said), 'unanswered not-explained source-dest-check');
  assert.match(said.fixes[0]?.awsCli[0] ?? '', /eni-fw --no-source-dest-check/);
  const passes = ask(routes(false), { to: 'eni-far' });
  assert.equal(brief(passes), 'allowed certain rules');
  assert.deepEqual(ways(passes), [
    'request route eni-a ok rule',
    'request source-dest-check eni-fw ok none',
    'request route eni-fw ok rule',
    'reply route eni-far ok other-way',
    'reply route eni-fw ok rule',
  ]);
  // Let in from everywhere it is not tracked: the reply that it passes on asks the rules (V4).
  const untracked = ask(routes(false, 'sg-open'), { to: 'eni-far' });
  assert.equal(brief(untracked), 'blocked certain group');
  assert.deepEqual(
    untracked.steps
      .filter(({ interfaceId, stage }) => interfaceId === 'eni-fw' && stage.startsWith('sg-'))
      .map(({ leg, stage, reason }) => `${leg} ${stage} ${reason}`),
    [
      'request sg-ingress rule',
      'request sg-egress untracked',
      'reply sg-ingress no-rule-fits',
      'reply sg-egress untracked',
    ],
  );
});

test('a transit gateway is taken to lead to the other VPC, and that is said', () => {
  const both = {
    RouteTables: [
      table('rtb-a', 'vpc-a', [to('10.1.0.0/16', { TransitGatewayId: 'tgw-a' })]),
      table('rtb-b', 'vpc-b', [to('10.0.0.0/16', { TransitGatewayId: 'tgw-a' })]),
    ],
  };
  const said = ask(model([], both), { to: 'eni-far' });
  assert.equal(said.outcome, 'allowed');
  assert.match(said.notUnderstood.join(), /tgw-a: route tables of a transit gateway/);
});

test('what is behind a VPN gateway or in another account is not known, unless something here rejects it', () => {
  const vpn = [to('172.16.0.0/12', { GatewayId: 'vgw-a' })];
  assert.equal(brief(ask(model(vpn), { to: '172.16.0.9' })), 'unknown not-explained far-side');
  assert.equal(brief(ask(model(vpn), { from: '172.16.0.9', port: 22 })), 'blocked certain group');
  const peered = (OwnerId: string): Json => ({
    Vpcs: [{ VpcId: 'vpc-a', CidrBlock: '10.0.0.0/16', OwnerId: '123456789012' }],
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-x',
        RequesterVpcInfo: { VpcId: 'vpc-a', OwnerId: '123456789012' },
        AccepterVpcInfo: { VpcId: 'vpc-x', OwnerId },
      },
    ],
  });
  const across = [to('172.31.0.0/16', { VpcPeeringConnectionId: 'pcx-x' })];
  const other = ask(model(across, peered('210987654321')), { to: '172.31.0.9' });
  assert.deepEqual([brief(other), other.fixes[0]?.verified], ['unknown not-explained other-account', false]);
  const own = ask(model(across, peered('123456789012')), { to: '172.31.0.9' });
  assert.deepEqual([brief(own), own.fixes], ['unknown not-explained far-side', []]);
  const dead = [{ ...to('172.16.0.0/12', { TransitGatewayId: 'tgw-gone' }), State: 'blackhole' }];
  const lost = ask(model(dead), { to: '172.16.0.9' });
  assert.equal(brief(lost), 'unanswered not-explained route');
  assert.equal(lost.steps[0]?.reason, 'blackhole');
});

test('where a rule and a route are in the way, the rule decides: it is asked before anything leaves', () => {
  const closed = {
    SecurityGroups: [{ ...open('sg-open', 'vpc-a'), IpPermissionsEgress: [] }, open('sg-far', 'vpc-b')],
  };
  assert.equal(brief(ask(model([], closed), { to: 'eni-far' })), 'blocked certain group');
});

test('a group that the model does not have leaves the answer open', () => {
  const missing = { SecurityGroups: [open('sg-far', 'vpc-b')] };
  const said = ask(model([], missing), {});
  assert.equal(brief(said), 'unknown not-explained group');
  assert.match(said.notUnderstood.join(), /sg-open: named and not given/);
});

test('echo requests are judged by type, and both families are asked about where both ends have both', () => {
  const ping = (code: number): Json => ({
    SecurityGroups: [
      {
        ...open('sg-open', 'vpc-a'),
        IpPermissions: [{ IpProtocol: 'icmp', FromPort: code, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
      },
    ],
  });
  const echo = { protocol: 1, port: null };
  assert.equal(ask(model([], ping(8)), echo).outcome, 'allowed');
  const said = ask(model([], ping(3)), echo);
  assert.deepEqual(said.steps[said.deciding ?? -1]?.nearMisses[0]?.differsIn, ['icmp-type']);
  assert.match(said.fixes[0]?.awsCli[0] ?? '', /IpProtocol=icmp,FromPort=8,ToPort=0/);
});

test('ends that are none, have no family in common or are beyond the model are refused', () => {
  const code = (question: Partial<DiagnoseQuestion>): string => {
    try {
      return ask(model([]), question).outcome;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  assert.equal(code({ from: 'eni-none' }), 'FG_DIAGNOSE_END');
  assert.equal(code({ from: '10.0.1.10:99999' }), 'FG_DIAGNOSE_END');
  assert.equal(code({ from: '2001:db8::1' }), 'FG_DIAGNOSE_PAIR');
  assert.equal(code({ to: 'eni-a' }), 'FG_DIAGNOSE_PAIR');
  assert.equal(code({ from: WEB, to: '192.0.2.1' }), 'FG_DIAGNOSE_OUTSIDE');
  assert.equal(code({ port: null }), 'FG_DIAGNOSE_PORT');
  assert.equal(code({ protocol: 47 }), 'FG_DIAGNOSE_PORT');
  assert.equal(code({ to: '10.0.2.20:443', port: null }), 'allowed');
});

const IGW = to('0.0.0.0/0', { GatewayId: 'igw-a' });
const NAT = to('0.0.0.0/0', { NatGatewayId: 'nat-a' });
const TGW = to('10.1.0.0/16', { TransitGatewayId: 'tgw-1' });
const publicA = {
  NetworkInterfaces: [
    eni('eni-a', '10.0.1.10', 'subnet-1', {
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { PublicIp: '203.0.113.9' } }],
    }),
  ],
};

/** What the route of the request is said to be. */
function routeOf(json: Json, question: Partial<DiagnoseQuestion>): string {
  const { reason, pass, leadsTo } = ask(json, question).steps.find(({ stage }) => stage === 'route')!;
  return `${pass ? 'ok' : 'stop'} ${reason} ${leadsTo?.id}`;
}

test('a gateway that is attached to another VPC or to none carries nothing; one that does not say is taken to', () => {
  const attached = (Attachments?: Json[]): Json => ({
    ...publicA,
    InternetGateways: [{ InternetGatewayId: 'igw-a', ...(Attachments ? { Attachments } : {}) }],
  });
  const route = (more: Json): string => routeOf(model([IGW], more), { to: WEB });
  assert.equal(route(attached([{ VpcId: 'vpc-a', State: 'available' }])), 'ok rule igw-a');
  assert.equal(route(attached()), 'ok rule igw-a');
  assert.equal(route(publicA), 'ok rule igw-a');
  assert.equal(route(attached([])), 'stop blackhole igw-a');
  assert.equal(route(attached([{ VpcId: 'vpc-b', State: 'available' }])), 'stop blackhole igw-a');
  assert.equal(route(attached([{ VpcId: 'vpc-a', State: 'detached' }])), 'stop blackhole igw-a');
  const into = ask(model([IGW], attached([])), { from: WEB, to: 'eni-a' });
  assert.equal(brief(into), 'unanswered not-explained route');
  const vgw = (more: Json): string =>
    routeOf(
      model([to('192.168.0.0/16', { GatewayId: 'vgw-1' })], {
        VpnGateways: [{ VpnGatewayId: 'vgw-1', VpcAttachments: [{ VpcId: 'vpc-a', State: 'attached' }], ...more }],
      }),
      { to: '192.168.0.9' },
    );
  assert.equal(vgw({}), 'ok rule vgw-1');
  assert.equal(vgw({ State: 'deleted' }), 'stop blackhole vgw-1');
  assert.equal(vgw({ VpcAttachments: [{ VpcId: 'vpc-a', State: 'detached' }] }), 'stop blackhole vgw-1');
});

test('a NAT gateway that is not there yet, or no more, carries nothing; a private one has no way to the internet', () => {
  const inSubnet2 = eni('eni-nat', '10.0.2.100', 'subnet-2', { InterfaceType: 'nat_gateway', Groups: [] });
  const json = (State: string): Json =>
    model([], {
      NetworkInterfaces: [eni('eni-a', '10.0.1.10', 'subnet-1'), inSubnet2],
      NatGateways: [
        {
          NatGatewayId: 'nat-a',
          State,
          ConnectivityType: 'private',
          NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat' }],
        },
      ],
      RouteTables: [table('rtb-a', 'vpc-a', [NAT]), table('rtb-2', 'vpc-a', [IGW], 'subnet-2')],
    });
  for (const state of ['pending', 'failed', 'deleted'])
    assert.equal(routeOf(json(state), { to: WEB }), 'stop blackhole nat-a');
  for (const state of ['available', 'deleting']) assert.equal(routeOf(json(state), { to: WEB }), 'ok rule nat-a');
  assert.equal(brief(ask(json('available'), { to: WEB })), 'unanswered not-explained public-address');
});

test('a transit gateway is reached over an attachment that carries, from a zone in which it has a subnet', () => {
  const zones = { 'subnet-1': 'use1-az1', 'subnet-2': 'use1-az2', 'subnet-far': 'use1-az1' };
  const [first, second, far] = (model([])['Subnets'] as Json[]).map((subnet) => ({
    ...subnet,
    AvailabilityZoneId: zones[subnet['SubnetId'] as keyof typeof zones],
  }));
  const json = (
    State: string,
    SubnetIds: readonly string[],
    Subnets: readonly unknown[] = [first, second, far],
  ): Json =>
    model([], {
      Subnets,
      RouteTables: [
        table('rtb-a', 'vpc-a', [TGW]),
        table('rtb-b', 'vpc-b', [to('10.0.0.0/16', { TransitGatewayId: 'tgw-1' })]),
      ],
      TransitGatewayVpcAttachments: [
        { TransitGatewayAttachmentId: 'tgw-attach-1', TransitGatewayId: 'tgw-1', VpcId: 'vpc-a', State, SubnetIds },
      ],
    });
  const far2 = { to: 'eni-far' };
  assert.equal(routeOf(json('available', ['subnet-1']), far2), 'ok rule tgw-1');
  assert.equal(routeOf(json('available', ['subnet-2']), far2), 'stop not-in-zone tgw-1');
  assert.equal(routeOf(json('available', ['subnet-2', 'subnet-1']), far2), 'ok rule tgw-1');
  assert.equal(routeOf(json('modifying', ['subnet-1']), far2), 'ok rule tgw-1');
  for (const state of ['deleted', 'failed', 'rejected', 'pendingAcceptance'])
    assert.equal(routeOf(json(state, ['subnet-1']), far2), 'stop blackhole tgw-1');
  // A subnet whose zone is not told may be in any.
  const { AvailabilityZoneId: _, ...untold } = second as Json;
  assert.equal(routeOf(json('available', ['subnet-2'], [first, untold, far]), far2), 'ok rule tgw-1');
  // And back: the reply of one who is in a zone without it is lost.
  const back = ask(json('available', ['subnet-2']), { from: 'eni-far', to: 'eni-a' });
  assert.equal(brief(back), 'unanswered not-explained route');
  assert.equal(back.steps[back.deciding ?? -1]?.reason, 'not-in-zone');
});

test('an endpoint of a service network holds its blocks at its interface in that subnet', () => {
  const endpoint = (SubnetId: string): Json => ({
    VpcEndpoints: [
      {
        VpcEndpointId: 'vpce-1',
        VpcEndpointType: 'ServiceNetwork',
        NetworkInterfaceIds: ['eni-b'],
        Ipv4Prefixes: [{ SubnetId, IpPrefixes: ['10.0.2.64/28'] }],
      },
    ],
  });
  const said = (subnet: string): string => brief(ask(model([], endpoint(subnet)), { to: '10.0.2.70' }));
  assert.equal(said('subnet-2'), 'allowed certain rules');
  assert.equal(said('subnet-1'), 'unanswered not-explained no-such-address');
});
