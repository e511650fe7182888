import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AssociateDhcpOptionsCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateDhcpOptionsCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteDhcpOptionsCommand,
  DeleteManagedPrefixListCommand,
  DeleteRouteTableCommand,
  DeleteVpcEndpointsCommand,
  CreateRouteTableCommand,
  DescribeDhcpOptionsCommand,
  DescribeManagedPrefixListsCommand,
  DescribePrefixListsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcEndpointsCommand,
  GetManagedPrefixListEntriesCommand,
  ModifyManagedPrefixListCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import type {
  CreateManagedPrefixListCommandInput,
  CreateVpcEndpointCommandInput,
  EC2Client,
  ModifyManagedPrefixListCommandInput,
  ModifyVpcEndpointCommandInput,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { defaultDhcpOptionsId } from '../dhcp-options.ts';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { ENDPOINT_ERRORS } from '../endpoint-errors.ts';
import { assertWhole, factsIn, snapshotOf } from '../facts.fixture.ts';
import { refusesAll } from '../refusals.fixture.ts';

const S3 = `com.amazonaws.${REGION}.s3`;
let ec2: Pretended;
let client: EC2Client;
let vpc: string;
let table: string;

beforeEach(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpc = await makeVpc('10.0.0.0/16');
  table = await makeTable();
});
afterEach(async () => {
  try {
    assertWhole(factsIn(ec2.path));
  } finally {
    await ec2.close();
  }
});

async function makeVpc(block: string): Promise<string> {
  return (await client.send(new CreateVpcCommand({ CidrBlock: block }))).Vpc?.VpcId ?? '';
}
async function makeTable(of = vpc): Promise<string> {
  return (await client.send(new CreateRouteTableCommand({ VpcId: of }))).RouteTable?.RouteTableId ?? '';
}
async function makeSubnet(block: string, zone = 'a', of = vpc): Promise<string> {
  const input = { VpcId: of, CidrBlock: block, AvailabilityZone: `${REGION}${zone}` };
  return (await client.send(new CreateSubnetCommand(input))).Subnet?.SubnetId ?? '';
}
async function makeGroup(of = vpc): Promise<string> {
  const input = { VpcId: of, GroupName: `g${Math.random()}`, Description: 'a group' };
  return (await client.send(new CreateSecurityGroupCommand(input))).GroupId ?? '';
}
async function endpoint(input: Partial<CreateVpcEndpointCommandInput> = {}): Promise<VpcEndpoint> {
  const all = { VpcId: vpc, ServiceName: S3, ...input };
  return (await client.send(new CreateVpcEndpointCommand(all))).VpcEndpoint ?? {};
}
const modify = (id: string, input: Omit<ModifyVpcEndpointCommandInput, 'VpcEndpointId'>): Promise<unknown> =>
  client.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ...input }));
async function described(id: string): Promise<VpcEndpoint | undefined> {
  return (await client.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }))).VpcEndpoints?.[0];
}
const routesOf = (id: string): unknown[] =>
  (ec2.get('RouteTables', id)?.Routes ?? []).filter(({ GatewayId }) => GatewayId !== 'local');

test('an endpoint of the gateway type has a route in its tables, to the addresses of the service', async () => {
  const made = await endpoint({ RouteTableIds: [table] });
  const id = made.VpcEndpointId ?? '';
  assert.deepEqual(made, {
    VpcEndpointId: id,
    VpcEndpointType: 'Gateway',
    VpcId: vpc,
    ServiceName: S3,
    State: 'available',
    PolicyDocument:
      '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
    RouteTableIds: [table],
    SubnetIds: [],
    Groups: [],
    IpAddressType: 'ipv4',
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    NetworkInterfaceIds: [],
    DnsEntries: [],
    CreationTimestamp: ec2.clock.now,
    Tags: [],
    OwnerId: ACCOUNT,
  });
  assert.deepEqual(await described(id), made);
  const { PrefixLists: lists } = await client.send(
    new DescribePrefixListsCommand({ Filters: [{ Name: 'prefix-list-name', Values: [S3] }] }),
  );
  const [{ PrefixListId: list = '', Cidrs: blocks = [] } = {}] = lists ?? [];
  const route = { DestinationPrefixListId: list, GatewayId: id, Origin: 'CreateRoute', State: 'active' };
  assert.deepEqual(routesOf(table), [route]);
  assert.ok(blocks.includes('52.218.0.0/17'), 'one of the old blocks of S3 in this region');
  const compiled = snapshotOf(factsIn(ec2.path)).routeTables.find((one) => one.id === table);
  const targets = compiled?.routes.filter(({ target }) => target.kind === 'gateway-endpoint') ?? [];
  assert.equal(targets.length, blocks.length);
  const other = await makeTable();
  await modify(id, { AddRouteTableIds: [other], RemoveRouteTableIds: [table], PolicyDocument: '{"Statement":[]}' });
  assert.deepEqual([routesOf(table), routesOf(other)], [[], [route]]);
  assert.deepEqual(
    [(await described(id))?.RouteTableIds, (await described(id))?.PolicyDocument],
    [[other], '{"Statement":[]}'],
  );
  await client.send(new DeleteRouteTableCommand({ RouteTableId: other }));
  assert.deepEqual((await described(id))?.RouteTableIds, []);
  await modify(id, { AddRouteTableIds: [table], ResetPolicy: true });
  assert.equal((await described(id))?.PolicyDocument, made.PolicyDocument);
  const { Unsuccessful: left } = await client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id, 'vpce-0'] }));
  assert.deepEqual(left, [
    {
      ResourceId: 'vpce-0',
      Error: { Code: 'InvalidVpcEndpointId.NotFound', Message: "The Vpc Endpoint Id 'vpce-0' does not exist" },
    },
  ]);
  assert.deepEqual(routesOf(table), []);
});

test('an endpoint of the interface type has an interface in each subnet', async () => {
  const [a, b, group] = [await makeSubnet('10.0.1.0/24'), await makeSubnet('10.0.2.0/24', 'b'), await makeGroup()];
  const made = await endpoint({
    ServiceName: `com.amazonaws.${REGION}.ecr.api`,
    VpcEndpointType: 'Interface',
    SubnetIds: [a, b],
    SecurityGroupIds: [group],
  });
  const id = made.VpcEndpointId ?? '';
  assert.equal(made.State, 'pending');
  const seen = await described(id);
  assert.deepEqual(
    [seen?.State, seen?.SubnetIds, seen?.Groups?.map(({ GroupId }) => GroupId), seen?.PrivateDnsEnabled],
    ['available', [a, b], [group], true],
  );
  assert.match(seen?.DnsEntries?.[0]?.DnsName ?? '', new RegExp(`^${id}-[\\da-f]{8}\\.api\\.ecr\\.${REGION}\\.vpce`));
  const interfaces = (): Map<unknown, unknown> =>
    new Map(
      factsIn(ec2.path).NetworkInterfaces.map((one) => [
        one.NetworkInterfaceId,
        [
          one.SubnetId,
          one.InterfaceType,
          one.Description,
          one.RequesterManaged,
          one.Groups?.map(({ GroupId }) => GroupId),
        ],
      ]),
    );
  const [first, second] = seen?.NetworkInterfaceIds ?? [];
  const common = ['vpc_endpoint', `VPC Endpoint Interface ${id}`, true];
  assert.deepEqual(
    interfaces(),
    new Map([
      [first, [a, ...common, [group]]],
      [second, [b, ...common, [group]]],
    ]),
  );
  const another = await makeGroup();
  await modify(id, { RemoveSubnetIds: [a], AddSecurityGroupIds: [another], RemoveSecurityGroupIds: [group] });
  assert.deepEqual(interfaces(), new Map([[second, [b, ...common, [another]]]]));
  assert.deepEqual((await described(id))?.NetworkInterfaceIds, [second]);
  await client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  assert.equal(interfaces().size, 0);
});

test('services are told by name and type', async () => {
  const ask = async (...filters: [string, string][]): Promise<unknown> => {
    const Filters = filters.map(([Name, value]) => ({ Name, Values: [value] }));
    const answer = await client.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [S3], Filters }));
    return [answer.ServiceNames, answer.ServiceDetails?.map(({ ServiceType }) => ServiceType)];
  };
  assert.deepEqual(await ask(), [[S3], [[{ ServiceType: 'Gateway' }], [{ ServiceType: 'Interface' }]]]);
  assert.deepEqual(await ask(['service-type', 'Gateway']), [[S3], [[{ ServiceType: 'Gateway' }]]]);
  await assert.rejects(client.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: ['com.example.db'] })), {
    name: 'InvalidServiceName',
  });
});

const list = async (input: Partial<CreateManagedPrefixListCommandInput> = {}): Promise<string> => {
  const all = { PrefixListName: 'offices', MaxEntries: 3, AddressFamily: 'IPv4', ...input };
  return (await client.send(new CreateManagedPrefixListCommand(all))).PrefixList?.PrefixListId ?? '';
};
const change = (id: string, input: Omit<ModifyManagedPrefixListCommandInput, 'PrefixListId'>): Promise<unknown> =>
  client.send(new ModifyManagedPrefixListCommand({ PrefixListId: id, ...input }));
async function entries(id: string): Promise<unknown> {
  return (await client.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: id }))).Entries;
}

test('a managed prefix list is made, changed version by version, used and deleted', async () => {
  const id = await list({ Entries: [{ Cidr: '192.0.2.9/24', Description: 'east' }] });
  assert.deepEqual(await entries(id), [{ Cidr: '192.0.2.0/24', Description: 'east' }]);
  await change(id, {
    CurrentVersion: 1,
    AddEntries: [{ Cidr: '198.51.100.0/24' }, { Cidr: '192.0.2.0/24', Description: 'north' }],
  });
  assert.deepEqual(await entries(id), [{ Cidr: '192.0.2.0/24', Description: 'north' }, { Cidr: '198.51.100.0/24' }]);
  await change(id, { CurrentVersion: 2, RemoveEntries: [{ Cidr: '192.0.2.0/24' }] });
  await change(id, { PrefixListName: 'all offices', MaxEntries: 9 });
  const { PrefixLists: read } = await client.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [id] }));
  assert.deepEqual(read, [
    {
      PrefixListId: id,
      AddressFamily: 'IPv4',
      State: 'modify-complete',
      PrefixListArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:prefix-list/${id}`,
      PrefixListName: 'all offices',
      MaxEntries: 9,
      Version: 3,
      Tags: [],
      OwnerId: ACCOUNT,
    },
  ]);
  const own = { Filters: [{ Name: 'owner-id', Values: ['AWS'] }] };
  const { PrefixLists: aws } = await client.send(new DescribeManagedPrefixListsCommand(own));
  assert.deepEqual(
    new Set(aws?.map(({ PrefixListName }) => PrefixListName)),
    new Set([S3, `com.amazonaws.${REGION}.dynamodb`]),
  );
  const pages = await client.send(
    new GetManagedPrefixListEntriesCommand({ PrefixListId: aws?.[0]?.PrefixListId, MaxResults: 10 }),
  );
  assert.equal(pages.Entries?.length, 10);
  assert.match(pages.NextToken ?? '', /./);
  await client.send(new DeleteManagedPrefixListCommand({ PrefixListId: id }));
  await assert.rejects(entries(id), { name: 'InvalidPrefixListID.NotFound' });
});

test('DHCP options are made, given to a VPC, and deleted when no VPC has them', async () => {
  const { DhcpOptions: made } = await client.send(
    new CreateDhcpOptionsCommand({
      DhcpConfigurations: [
        { Key: 'domain-name', Values: ['example.test'] },
        { Key: 'ntp-servers', Values: ['10.0.0.9', '10.0.0.10'] },
      ],
    }),
  );
  const id = made?.DhcpOptionsId ?? '';
  const own = {
    OwnerId: ACCOUNT,
    Tags: [],
    DhcpOptionsId: id,
    DhcpConfigurations: [
      { Key: 'domain-name', Values: [{ Value: 'example.test' }] },
      { Key: 'ntp-servers', Values: [{ Value: '10.0.0.9' }, { Value: '10.0.0.10' }] },
    ],
  };
  assert.deepEqual(made, own);
  const { DhcpOptions: all } = await client.send(new DescribeDhcpOptionsCommand({}));
  assert.deepEqual(
    new Set(all?.map(({ DhcpOptionsId }) => DhcpOptionsId)),
    new Set([defaultDhcpOptionsId(ACCOUNT, REGION), id]),
  );
  const found = await client.send(
    new DescribeDhcpOptionsCommand({ Filters: [{ Name: 'value', Values: ['10.0.0.9'] }] }),
  );
  assert.deepEqual(found.DhcpOptions, [own]);
  await client.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId: id, VpcId: vpc }));
  assert.equal(ec2.get('Vpcs', vpc)?.DhcpOptionsId, id);
  await assert.rejects(client.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId: id })), {
    name: 'DependencyViolation',
  });
  await client.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId: 'default', VpcId: vpc }));
  await client.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId: id }));
  await assert.rejects(client.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: [id] })), {
    name: 'InvalidDhcpOptionID.NotFound',
  });
});

test('each mistake is refused in words of its own', async () => {
  const other = await makeVpc('10.9.0.0/16');
  const [otherTable, far] = [await makeTable(other), await makeSubnet('10.9.1.0/24', 'a', other)];
  const [a, twin] = [await makeSubnet('10.0.1.0/24'), await makeSubnet('10.0.3.0/24')];
  const { VpcEndpointId: id = '' } = await endpoint({ RouteTableIds: [table] });
  const aws = ec2.get('RouteTables', table)?.Routes?.at(-1)?.DestinationPrefixListId ?? '';
  const kept = await list({ Entries: [{ Cidr: '192.0.2.0/24' }] });
  await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: await makeGroup(),
      IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: kept }] }],
    }),
  );
  const options = ec2.get('Vpcs', vpc)?.DhcpOptionsId ?? '';
  const service = `com.amazonaws.${REGION}.sqs`;
  const interfaces = (input: Partial<CreateVpcEndpointCommandInput>): Promise<unknown> =>
    endpoint({ ServiceName: service, VpcEndpointType: 'Interface', ...input });
  const dhcp = (Key: string, ...Values: string[]): Promise<unknown> =>
    client.send(new CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key, Values }] }));
  await refusesAll(ENDPOINT_ERRORS, {
    service: [
      [() => endpoint({ ServiceName: service }), service],
      [() => interfaces({ ServiceName: 'com.example.db' }), 'com.example.db'],
    ],
    routeExists: [[() => endpoint({ RouteTableIds: [table] }), table, aws]],
    otherVpc: [
      [() => endpoint({ RouteTableIds: [otherTable] }), otherTable, vpc],
      [() => interfaces({ SubnetIds: [far] }), far, vpc],
    ],
    sameZone: [[() => interfaces({ SubnetIds: [a, twin] }), twin]],
    notOfType: [
      [() => endpoint({ SubnetIds: [a] }), 'SubnetIds', 'Gateway'],
      [() => interfaces({ RouteTableIds: [table] }), 'RouteTableIds', 'Interface'],
      [() => modify(id, { AddSubnetIds: [a] }), 'AddSubnetIds', 'Gateway'],
    ],
    policy: [[() => endpoint({ PolicyDocument: 'allow' })], [() => modify(id, { PolicyDocument: '[]' })]],
    notHere: [
      [() => endpoint({ VpcEndpointType: 'GatewayLoadBalancer' }), 'VpcEndpointType'],
      [() => endpoint({ ServiceRegion: REGION }), 'ServiceRegion'],
      [
        () => client.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: kept, TargetVersion: 7 })),
        'TargetVersion',
      ],
    ],
    listFamily: [[() => list({ AddressFamily: 'IPX' }), 'IPX']],
    listSize: [
      [() => list({ MaxEntries: 0 }), 0],
      [() => change(kept, { MaxEntries: 1001 }), 1001],
    ],
    listName: [[() => list({ PrefixListName: 'com.amazonaws.x' }), 'com.amazonaws.x']],
    listFull: [[() => list({ MaxEntries: 1, Entries: [{ Cidr: '192.0.2.0/25' }, { Cidr: '192.0.2.128/25' }] }), 1]],
    listBlock: [[() => list({ Entries: [{ Cidr: '::/0' }] }), '', '::/0']],
    entryTwice: [
      [
        () => change(kept, { AddEntries: [{ Cidr: '192.0.2.0/24' }], RemoveEntries: [{ Cidr: '192.0.2.1/24' }] }),
        '192.0.2.0/24',
      ],
    ],
    noEntry: [[() => change(kept, { RemoveEntries: [{ Cidr: '10.0.0.0/8' }] }), '10.0.0.0/8', kept]],
    listVersion: [[() => change(kept, { CurrentVersion: 2, AddEntries: [{ Cidr: '10.0.0.0/8' }] })]],
    sizeAndEntries: [[() => change(kept, { MaxEntries: 5, AddEntries: [{ Cidr: '10.0.0.0/8' }] })]],
    notYours: [
      [() => change(aws, { PrefixListName: 'mine' }), aws],
      [() => client.send(new DeleteManagedPrefixListCommand({ PrefixListId: aws })), aws],
    ],
    listInUse: [[() => client.send(new DeleteManagedPrefixListCommand({ PrefixListId: kept })), kept]],
    optionsInUse: [[() => client.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId: options })), options]],
    optionsKey: [
      [() => dhcp('colour', 'red'), 'colour'],
      [() => dhcp('domain-name'), 'domain-name'],
    ],
  });
});
