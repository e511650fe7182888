import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AcceptVpcPeeringConnectionCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { CreateRouteCommandInput, EC2Client, RouteTable } from '@aws-sdk/client-ec2';
import { ACCOUNT, pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn } from '../facts.fixture.ts';
import { refusesAll } from '../refusals.fixture.ts';
import { ROUTE_ERRORS } from '../route-errors.ts';

let ec2: Pretended;
let client: EC2Client;
let vpc: string;
let subnet: string;
let table: string;

beforeEach(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpc = await makeVpc('10.0.0.0/16');
  subnet = await makeSubnet(vpc, '10.0.1.0/24');
  table = await makeTable(vpc);
});
afterEach(async () => {
  try {
    assertWhole(factsIn(ec2.path));
  } finally {
    await ec2.close();
  }
});

async function makeVpc(block: string): Promise<string> {
  const input = { CidrBlock: block, AmazonProvidedIpv6CidrBlock: true };
  return (await client.send(new CreateVpcCommand(input))).Vpc?.VpcId ?? '';
}
async function makeSubnet(id: string, block: string): Promise<string> {
  return (await client.send(new CreateSubnetCommand({ VpcId: id, CidrBlock: block }))).Subnet?.SubnetId ?? '';
}
async function makeTable(id: string): Promise<string> {
  return (await client.send(new CreateRouteTableCommand({ VpcId: id }))).RouteTable?.RouteTableId ?? '';
}
async function makeInternetGateway(): Promise<string> {
  const { InternetGateway } = await client.send(new CreateInternetGatewayCommand({}));
  return InternetGateway?.InternetGatewayId ?? '';
}
const attach = (gateway: string, to = vpc): Promise<unknown> =>
  client.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: to }));
const route = (input: Omit<CreateRouteCommandInput, 'RouteTableId'>, of = table): Promise<unknown> =>
  client.send(new CreateRouteCommand({ RouteTableId: of, ...input }));
async function tables(...ids: string[]): Promise<RouteTable[]> {
  return (await client.send(new DescribeRouteTablesCommand({ RouteTableIds: ids }))).RouteTables ?? [];
}
const statesOf = async (): Promise<(string | undefined)[]> =>
  (await tables(table))[0]?.Routes?.filter(({ GatewayId }) => GatewayId !== 'local').map(({ State }) => State) ?? [];
const associate = async (id: string, to: string): Promise<string> =>
  (await client.send(new AssociateRouteTableCommand({ SubnetId: to, RouteTableId: id }))).AssociationId ?? '';
const replace = (id: string, by: string): Promise<{ NewAssociationId?: string | undefined }> =>
  client.send(new ReplaceRouteTableAssociationCommand({ AssociationId: id, RouteTableId: by }));

test('routes lead to all kinds of targets, and turn to black holes and back with them', async () => {
  const gateway = await makeInternetGateway();
  await attach(gateway);
  await route({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway });
  const { EgressOnlyInternetGateway } = await client.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }));
  const { EgressOnlyInternetGatewayId: egress = '' } = EgressOnlyInternetGateway ?? {};
  await route({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: egress });
  const other = await makeVpc('10.9.0.0/16');
  const { VpcPeeringConnection } = await client.send(
    new CreateVpcPeeringConnectionCommand({ VpcId: vpc, PeerVpcId: other }),
  );
  const { VpcPeeringConnectionId: peering = '' } = VpcPeeringConnection ?? {};
  await route({ DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: peering });
  const { NetworkInterface } = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const { NetworkInterfaceId: eni = '' } = NetworkInterface ?? {};
  await route({ DestinationCidrBlock: '172.16.0.9/12', NetworkInterfaceId: eni });
  const { Instances } = await client.send(
    new RunInstancesCommand({ ImageId: 'ami-0', MinCount: 1, MaxCount: 1, SubnetId: subnet }),
  );
  const [{ InstanceId: instance = '', NetworkInterfaces: own } = {}] = Instances ?? [];
  const { PrefixList } = await client.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      MaxEntries: 5,
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '192.168.7.0/24' }],
    }),
  );
  const { PrefixListId: list = '' } = PrefixList ?? {};
  await route({ DestinationPrefixListId: list, InstanceId: instance });
  const made = { Origin: 'CreateRoute', State: 'active' };
  const [described] = await tables(table);
  assert.deepEqual(described?.Routes?.slice(2), [
    { DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway, ...made },
    { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: egress, ...made },
    { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: peering, ...made, State: 'blackhole' },
    { DestinationCidrBlock: '172.16.0.0/12', NetworkInterfaceId: eni, ...made },
    {
      DestinationPrefixListId: list,
      InstanceId: instance,
      InstanceOwnerId: ACCOUNT,
      NetworkInterfaceId: own?.[0]?.NetworkInterfaceId,
      ...made,
    },
  ]);
  await client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering }));
  assert.deepEqual(await statesOf(), ['active', 'active', 'active', 'active', 'active']);
  await client.send(new DetachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpc }));
  await client.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: egress }));
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: eni }));
  assert.deepEqual(await statesOf(), ['blackhole', 'blackhole', 'active', 'blackhole', 'active']);
  await attach(gateway);
  assert.deepEqual(await statesOf(), ['active', 'blackhole', 'active', 'blackhole', 'active']);
});

test('a route gets another target, and goes', async () => {
  const gateway = await makeInternetGateway();
  await attach(gateway);
  await route({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway });
  const { NetworkInterface } = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const to = { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' };
  const { NetworkInterfaceId: eni = '' } = NetworkInterface ?? {};
  await client.send(new ReplaceRouteCommand({ ...to, NetworkInterfaceId: eni }));
  const [{ Routes: routes } = {}] = await tables(table);
  assert.deepEqual(routes?.at(-1), {
    DestinationCidrBlock: '0.0.0.0/0',
    NetworkInterfaceId: eni,
    Origin: 'CreateRoute',
    State: 'active',
  });
  await client.send(new DeleteRouteCommand(to));
  assert.deepEqual(await statesOf(), []);
});

test('a subnet takes a table, another one, and the main one again; the main one changes', async () => {
  const first = await associate(table, subnet);
  assert.equal(await associate(table, subnet), first, 'the same again');
  const second = await makeTable(vpc);
  const { NewAssociationId: moved = '' } = await replace(first, second);
  const bySubnet = { Filters: [{ Name: 'association.subnet-id', Values: [subnet] }] };
  const found = await client.send(new DescribeRouteTablesCommand(bySubnet));
  assert.deepEqual(
    found.RouteTables?.map(({ RouteTableId, Associations }) => [RouteTableId, Associations]),
    [
      [
        second,
        [
          {
            Main: false,
            RouteTableAssociationId: moved,
            RouteTableId: second,
            SubnetId: subnet,
            AssociationState: { State: 'associated' },
          },
        ],
      ],
    ],
  );
  await client.send(new DisassociateRouteTableCommand({ AssociationId: moved }));
  assert.deepEqual((await client.send(new DescribeRouteTablesCommand(bySubnet))).RouteTables, []);
  const main = { Filters: [{ Name: 'association.main', Values: ['true'] }] };
  const [before] = (await client.send(new DescribeRouteTablesCommand(main))).RouteTables ?? [];
  await replace(before?.Associations?.[0]?.RouteTableAssociationId ?? '', table);
  const [after] = (await client.send(new DescribeRouteTablesCommand(main))).RouteTables ?? [];
  assert.equal(after?.RouteTableId, table);
  await client.send(new DeleteRouteTableCommand({ RouteTableId: before?.RouteTableId }));
  await client.send(new DeleteRouteTableCommand({ RouteTableId: second }));
});

test('each mistake is refused in words of its own', async () => {
  const gateway = await makeInternetGateway();
  const other = await makeVpc('10.9.0.0/16');
  const otherSubnet = await makeSubnet(other, '10.9.1.0/24');
  const stranger = await makeInternetGateway();
  await attach(gateway);
  await attach(stranger, other);
  const all = { DestinationCidrBlock: '0.0.0.0/0' };
  await route({ ...all, GatewayId: gateway });
  const association = await associate(table, subnet);
  const second = await makeTable(vpc);
  const { VpcEndpoint } = await client.send(
    new CreateVpcEndpointCommand({ VpcId: vpc, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [second] }),
  );
  const { VpcEndpointId: endpoint = '' } = VpcEndpoint ?? {};
  const list = ec2.get('RouteTables', second)?.Routes?.at(-1)?.DestinationPrefixListId ?? '';
  const { EgressOnlyInternetGateway } = await client.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }));
  const { EgressOnlyInternetGatewayId: egress = '' } = EgressOnlyInternetGateway ?? {};
  const free = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const eni = free.NetworkInterface?.NetworkInterfaceId ?? '';
  const two = await client.send(
    new RunInstancesCommand({
      ImageId: 'ami-0',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: subnet },
        { DeviceIndex: 1, SubnetId: subnet },
      ],
    }),
  );
  const instance = two.Instances?.[0]?.InstanceId ?? '';
  const [main] =
    (
      await client.send(
        new DescribeRouteTablesCommand({
          Filters: [
            { Name: 'association.main', Values: ['true'] },
            { Name: 'vpc-id', Values: [vpc] },
          ],
        }),
      )
    ).RouteTables ?? [];
  const mainAssociation = main?.Associations?.[0]?.RouteTableAssociationId ?? '';
  const change = (input: object): Promise<unknown> =>
    client.send(new ReplaceRouteCommand({ RouteTableId: table, ...input }));
  const drop = (input: object, of = table): Promise<unknown> =>
    client.send(new DeleteRouteCommand({ RouteTableId: of, ...input }));
  const tie = (input: object): Promise<unknown> =>
    client.send(new AssociateRouteTableCommand({ RouteTableId: table, ...input }));
  await refusesAll(ROUTE_ERRORS, {
    noDestination: [[() => route({ GatewayId: gateway })]],
    noTarget: [[() => route({ DestinationCidrBlock: '10.7.0.0/16' })]],
    several: [
      [
        () => route({ DestinationCidrBlock: '10.7.0.0/16', GatewayId: gateway, NetworkInterfaceId: eni }),
        'GatewayId',
        'NetworkInterfaceId',
      ],
      [() => tie({ SubnetId: subnet, GatewayId: gateway }), 'SubnetId', 'GatewayId'],
    ],
    destination: [[() => route({ DestinationCidrBlock: '10.0.0/8', GatewayId: gateway }), '', '10.0.0/8']],
    exists: [[() => route({ ...all, GatewayId: gateway }), '0.0.0.0/0']],
    withinVpc: [[() => route({ DestinationCidrBlock: '10.0.1.0/24', GatewayId: gateway }), '10.0.1.0/24']],
    otherNetwork: [
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', GatewayId: stranger }), table, 'network gateway', stranger],
      [() => tie({ SubnetId: otherSubnet }), table, 'subnet', otherSubnet],
      [() => tie({ GatewayId: stranger }), table, 'network gateway', stranger],
    ],
    endpointTarget: [
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', VpcEndpointId: endpoint })],
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', GatewayId: endpoint })],
      [() => drop({ DestinationPrefixListId: list }, second)],
      [
        () =>
          client.send(
            new ReplaceRouteCommand({ RouteTableId: second, DestinationPrefixListId: list, GatewayId: gateway }),
          ),
      ],
    ],
    localTarget: [[() => route({ DestinationCidrBlock: '1.0.0.0/8', GatewayId: 'local' })]],
    onlyIpv6: [[() => route({ DestinationCidrBlock: '1.0.0.0/8', EgressOnlyInternetGatewayId: egress }), egress]],
    instanceWithout: [[() => route({ DestinationCidrBlock: '1.0.0.0/8', InstanceId: instance }), instance]],
    noRoute: [[() => drop({ DestinationCidrBlock: '1.0.0.0/8' }), 'destination-cidr-block', '1.0.0.0/8', table]],
    noRouteToReplace: [[() => change({ DestinationCidrBlock: '1.0.0.0/8', GatewayId: gateway }), '1.0.0.0/8']],
    localRoute: [[() => drop({ DestinationCidrBlock: '10.0.0.0/16' }), '10.0.0.0/16', table]],
    localStays: [[() => change({ DestinationCidrBlock: '10.0.0.0/16', NetworkInterfaceId: eni }), '10.0.0.0/16']],
    notHere: [
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', CarrierGatewayId: 'cagw-0' }), 'CarrierGatewayId'],
      [() => change({ ...all, LocalTarget: true }), 'LocalTarget'],
      [() => tie({ PublicIpv4Pool: 'ipv4pool-ec2-0' }), 'PublicIpv4Pool'],
    ],
    noSuchTarget: [
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', GatewayId: 'vgw-0a' }), 'vgw-0a'],
      [() => route({ DestinationCidrBlock: '1.0.0.0/8', TransitGatewayId: 'tgw-0a' }), 'tgw-0a'],
      [() => tie({ GatewayId: 'vgw-0a' }), 'vgw-0a'],
    ],
    tableInUse: [
      [() => client.send(new DeleteRouteTableCommand({ RouteTableId: table })), table],
      [() => client.send(new DeleteRouteTableCommand({ RouteTableId: main?.RouteTableId })), main?.RouteTableId],
    ],
    associated: [
      [() => client.send(new AssociateRouteTableCommand({ RouteTableId: second, SubnetId: subnet })), second],
    ],
    noAssociation: [[() => replace('rtbassoc-0', table), 'rtbassoc-0']],
    mainAssociation: [
      [() => client.send(new DisassociateRouteTableCommand({ AssociationId: mainAssociation })), mainAssociation],
    ],
  });
  await assert.rejects(route({ DestinationCidrBlock: '1.0.0.0/8', NatGatewayId: 'nat-0a' }), {
    name: 'NatGatewayNotFound',
    message: 'NAT gateway nat-0a was not found',
  });
  await assert.rejects(tables('rtb-0'), { name: 'InvalidRouteTableID.NotFound' });
  const dry = client.send(new DeleteRouteCommand({ RouteTableId: table, ...all, DryRun: true }));
  await assert.rejects(dry, { name: 'DryRunOperation' });
  await client.send(new DisassociateRouteTableCommand({ AssociationId: association }));
});

test('what comes in by an internet gateway may have a table of its own', async () => {
  const gateway = await makeInternetGateway();
  await attach(gateway);
  const tie = new AssociateRouteTableCommand({ RouteTableId: table, GatewayId: gateway });
  const { AssociationId: association = '' } = await client.send(tie);
  const [found] = await tables(table);
  assert.deepEqual(
    found?.Associations?.map(({ RouteTableAssociationId, GatewayId }) => [RouteTableAssociationId, GatewayId]),
    [[association, gateway]],
  );
  await client.send(new DetachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpc }));
  assert.deepEqual((await tables(table))[0]?.Associations, []);
});
