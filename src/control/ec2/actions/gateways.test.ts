import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachInternetGatewayCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { AssociateAddressCommandInput, EC2Client, NatGateway } from '@aws-sdk/client-ec2';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn } from '../facts.fixture.ts';
import { GATEWAY_ERRORS } from '../gateway-errors.ts';
import { refusesAll } from '../refusals.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
let vpc: string;
let subnet: string;
let gateway: string;

beforeEach(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpc = (await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? '';
  subnet = await makeSubnet('10.0.1.0/24');
  gateway = await makeGateway();
});
afterEach(async () => {
  try {
    assertWhole(factsIn(ec2.path));
  } finally {
    await ec2.close();
  }
});

async function makeSubnet(block: string): Promise<string> {
  return (await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: block }))).Subnet?.SubnetId ?? '';
}
async function makeGateway(): Promise<string> {
  const { InternetGateway } = await client.send(new CreateInternetGatewayCommand({}));
  return InternetGateway?.InternetGatewayId ?? '';
}
async function makeInterface(): Promise<{ id: string; address: string }> {
  const { NetworkInterface } = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const { NetworkInterfaceId: id = '', PrivateIpAddress: address = '' } = NetworkInterface ?? {};
  return { id, address };
}
const attach = (id = gateway, to = vpc): Promise<unknown> =>
  client.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: to }));
const detach = (id = gateway, from = vpc): Promise<unknown> =>
  client.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: from }));
async function allocate(): Promise<{ id: string; ip: string }> {
  const { AllocationId: id = '', PublicIp: ip = '' } = await client.send(new AllocateAddressCommand({}));
  return { id, ip };
}
const associate = async (input: AssociateAddressCommandInput): Promise<string> =>
  (await client.send(new AssociateAddressCommand(input))).AssociationId ?? '';
async function makeNat(allocation?: string): Promise<NatGateway> {
  const input = allocation === undefined ? { ConnectivityType: 'private' as const } : { AllocationId: allocation };
  return (await client.send(new CreateNatGatewayCommand({ SubnetId: subnet, ...input }))).NatGateway ?? {};
}
async function nat(id: string): Promise<NatGateway | undefined> {
  return (await client.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }))).NatGateways?.[0];
}

test('an internet gateway is attached, detached and deleted', async () => {
  const tags = [{ Key: 'Name', Value: 'out' }];
  const { InternetGateway: made } = await client.send(
    new CreateInternetGatewayCommand({ TagSpecifications: [{ ResourceType: 'internet-gateway', Tags: tags }] }),
  );
  const id = made?.InternetGatewayId ?? '';
  assert.deepEqual(made, { Attachments: [], InternetGatewayId: id, OwnerId: ACCOUNT, Tags: tags });
  await attach(id);
  const byVpc = { Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }] };
  assert.deepEqual((await client.send(new DescribeInternetGatewaysCommand(byVpc))).InternetGateways, [
    { ...made, Attachments: [{ State: 'available', VpcId: vpc }] },
  ]);
  await detach(id);
  assert.deepEqual((await client.send(new DescribeInternetGatewaysCommand(byVpc))).InternetGateways, []);
  await client.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
  await assert.rejects(client.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] })), {
    name: 'InvalidInternetGatewayID.NotFound',
  });
});

test('an egress-only internet gateway is of one VPC', async () => {
  const { EgressOnlyInternetGateway: made } = await client.send(
    new CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }),
  );
  const id = made?.EgressOnlyInternetGatewayId ?? '';
  assert.deepEqual(made, {
    Attachments: [{ State: 'attached', VpcId: vpc }],
    EgressOnlyInternetGatewayId: id,
    Tags: [],
  });
  const read = new DescribeEgressOnlyInternetGatewaysCommand({});
  assert.deepEqual((await client.send(read)).EgressOnlyInternetGateways, [made]);
  await client.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: id }));
  assert.deepEqual((await client.send(read)).EgressOnlyInternetGateways, []);
  await assert.rejects(client.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: id })), {
    name: 'InvalidGatewayID.NotFound',
    message: `The eigw ID '${id}' does not exist`,
  });
});

test('an elastic address moves from one private address to another, and both ends tell of it', async () => {
  await attach();
  const { id, ip } = await allocate();
  const free = { PublicIp: ip, AllocationId: id, Domain: 'vpc', PublicIpv4Pool: 'amazon', NetworkBorderGroup: REGION };
  const read = async (): Promise<unknown> =>
    (await client.send(new DescribeAddressesCommand({ PublicIps: [ip] }))).Addresses;
  assert.deepEqual(await read(), [{ ...free, Tags: [] }]);
  const [first, second] = [await makeInterface(), await makeInterface()];
  const association = await associate({ AllocationId: id, NetworkInterfaceId: first.id });
  assert.deepEqual(await read(), [
    {
      ...free,
      Tags: [],
      AssociationId: association,
      NetworkInterfaceId: first.id,
      NetworkInterfaceOwnerId: ACCOUNT,
      PrivateIpAddress: first.address,
    },
  ]);
  const tied = {
    AllocationId: id,
    AssociationId: association,
    IpOwnerId: ACCOUNT,
    PublicDnsName: `ec2-${ip.replaceAll('.', '-')}.${REGION}.compute.amazonaws.com`,
    PublicIp: ip,
  };
  const seen = async (one: string): Promise<unknown[]> => {
    const input = { NetworkInterfaceIds: [one] };
    const [item] = (await client.send(new DescribeNetworkInterfacesCommand(input))).NetworkInterfaces ?? [];
    return [item?.Association, item?.PrivateIpAddresses?.[0]?.Association, item?.PublicDnsName];
  };
  assert.deepEqual(await seen(first.id), [tied, tied, tied.PublicDnsName]);
  assert.equal(await associate({ AllocationId: id, NetworkInterfaceId: first.id }), association, 'the same again');
  const moved = await associate({ AllocationId: id, NetworkInterfaceId: second.id });
  assert.deepEqual(await seen(first.id), [undefined, undefined, undefined]);
  assert.deepEqual(await seen(second.id), [
    { ...tied, AssociationId: moved },
    { ...tied, AssociationId: moved },
    tied.PublicDnsName,
  ]);
  // Another address takes its place.
  const other = await allocate();
  await associate({ AllocationId: other.id, NetworkInterfaceId: second.id });
  assert.deepEqual(await read(), [{ ...free, Tags: [] }]);
  const [now] = (await client.send(new DescribeAddressesCommand({ AllocationIds: [other.id] }))).Addresses ?? [];
  await client.send(new DisassociateAddressCommand({ AssociationId: now?.AssociationId }));
  assert.deepEqual(await seen(second.id), [undefined, undefined, undefined]);
  await client.send(new ReleaseAddressCommand({ AllocationId: other.id }));
  const attributes = await client.send(new DescribeAddressesAttributeCommand({ AllocationIds: [id] }));
  assert.deepEqual(attributes.Addresses, [{ AllocationId: id, PublicIp: ip }]);
  await client.send(new ReleaseAddressCommand({ AllocationId: id }));
  assert.deepEqual((await client.send(new DescribeAddressesCommand({}))).Addresses, []);
});

test('the elastic address of an instance is that of its interface, and stays with that', async () => {
  await attach();
  const { id } = await allocate();
  const { id: eni } = await makeInterface();
  const input = { ImageId: 'ami-0', MinCount: 1, MaxCount: 1 };
  const [made] =
    (
      await client.send(
        new RunInstancesCommand({ ...input, NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: eni }] }),
      )
    ).Instances ?? [];
  const { InstanceId: instance = '' } = made ?? {};
  await associate({ AllocationId: id, InstanceId: instance });
  const address = async (): Promise<unknown[]> => {
    const [one] = (await client.send(new DescribeAddressesCommand({}))).Addresses ?? [];
    return [one?.InstanceId, one?.NetworkInterfaceId];
  };
  assert.deepEqual(await address(), [instance, eni]);
  await client.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
  assert.deepEqual(await address(), [undefined, eni]);
});

test('a NAT gateway has an interface and an address, and gives both back', async () => {
  await attach();
  const { id: allocation, ip } = await allocate();
  const made = await makeNat(allocation);
  const id = made.NatGatewayId ?? '';
  const common = {
    CreateTime: ec2.clock.now,
    NatGatewayId: id,
    SubnetId: subnet,
    VpcId: vpc,
    Tags: [],
    ConnectivityType: 'public',
  };
  assert.deepEqual(made, {
    ...common,
    State: 'pending',
    NatGatewayAddresses: [{ AllocationId: allocation, IsPrimary: true, Status: 'associating' }],
  });
  const [address] = (await client.send(new DescribeAddressesCommand({}))).Addresses ?? [];
  const described = await nat(id);
  const eni = described?.NatGatewayAddresses?.[0]?.NetworkInterfaceId ?? '';
  assert.deepEqual(described, {
    ...common,
    State: 'available',
    NatGatewayAddresses: [
      {
        AllocationId: allocation,
        AssociationId: address?.AssociationId,
        IsPrimary: true,
        NetworkInterfaceId: eni,
        PrivateIp: '10.0.1.4',
        PublicIp: ip,
        Status: 'succeeded',
      },
    ],
  });
  const [item] =
    (await client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }))).NetworkInterfaces ?? [];
  assert.deepEqual(
    [item?.InterfaceType, item?.Description, item?.RequesterManaged, item?.SourceDestCheck, item?.Groups, item?.Status],
    ['nat_gateway', `Interface for NAT Gateway ${id}`, true, false, [], 'in-use'],
  );
  const [main] = (await client.send(new DescribeRouteTablesCommand({}))).RouteTables ?? [];
  const { RouteTableId: table = '' } = main ?? {};
  const route = { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: id };
  await client.send(new CreateRouteCommand(route));
  const { NatGatewayId: deleted } = await client.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
  assert.equal(deleted, id);
  const ended = await nat(id);
  assert.deepEqual([ended?.State, ended?.DeleteTime], ['deleted', ec2.clock.now]);
  assert.equal(ec2.get('RouteTables', table)?.Routes?.at(-1)?.State, 'blackhole');
  assert.equal(ec2.get('NetworkInterfaces', eni), undefined);
  await client.send(new ReleaseAddressCommand({ AllocationId: allocation }));
  ec2.later(3_600_000);
  await assert.rejects(nat(id), { name: 'NatGatewayNotFound' });
  // The next one sweeps it.
  await makeNat();
  assert.equal(ec2.get('NatGateways', id), undefined);
});

test('a private NAT gateway needs no address; a public one without a way out has failed', async () => {
  const quiet = await nat((await makeNat()).NatGatewayId ?? '');
  assert.deepEqual([quiet?.State, quiet?.ConnectivityType], ['available', 'private']);
  const { id: allocation } = await allocate();
  const failed = await nat((await makeNat(allocation)).NatGatewayId ?? '');
  assert.deepEqual(
    [failed?.State, failed?.FailureCode, failed?.FailureMessage],
    ['failed', 'Gateway.NotAttached', `Network ${vpc} has no Internet gateway attached`],
  );
  await attach();
  await makeNat(allocation);
  const taken = await nat((await makeNat(allocation)).NatGatewayId ?? '');
  assert.deepEqual([taken?.State, taken?.FailureCode], ['failed', 'Resource.AlreadyAssociated']);
  const failures = await client.send(
    new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values: ['failed'] }] }),
  );
  assert.equal(failures.NatGateways?.length, 2);
});

test('each mistake is refused in words of its own', async () => {
  const one = await allocate();
  const two = await makeInterface();
  const late = { AllocationId: one.id, NetworkInterfaceId: two.id };
  const nothing = 'eipassoc-0';
  const second = await makeGateway();
  await refusesAll({ noGateway: GATEWAY_ERRORS.noGateway }, { noGateway: [[() => associate(late), vpc]] });
  await attach();
  const association = await associate(late);
  const natAddress = await allocate();
  await makeNat(natAddress.id);
  const [managed] =
    (await client.send(new DescribeAddressesCommand({ AllocationIds: [natAddress.id] }))).Addresses ?? [];
  const { id: deleted = '' } = { id: (await makeNat()).NatGatewayId };
  await client.send(new DeleteNatGatewayCommand({ NatGatewayId: deleted }));
  const spare = await allocate();
  const double = await client.send(
    new RunInstancesCommand({
      ImageId: 'ami-0',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [0, 1].map((index) => ({ DeviceIndex: index, SubnetId: subnet })),
    }),
  );
  const instance = double.Instances?.[0]?.InstanceId ?? '';
  const { noGateway: _, addressesLimit: __, ...others } = GATEWAY_ERRORS;
  await refusesAll(others, {
    attached: [[() => attach(gateway), gateway, vpc]],
    vpcHasOne: [[() => attach(second), vpc]],
    notAttached: [[() => detach(second), second, vpc]],
    publicAddresses: [[() => detach(), vpc]],
    gatewayInUse: [[() => client.send(new DeleteInternetGatewayCommand({ InternetGatewayId: gateway })), gateway]],
    associated: [
      [
        () => associate({ AllocationId: spare.id, NetworkInterfaceId: two.id, AllowReassociation: false }),
        two.id,
        association,
      ],
      [
        () => associate({ AllocationId: natAddress.id, NetworkInterfaceId: two.id }),
        natAddress.id,
        managed?.AssociationId,
      ],
    ],
    noAssociation: [[() => client.send(new DisassociateAddressCommand({ AssociationId: nothing })), nothing]],
    addressInUse: [[() => client.send(new ReleaseAddressCommand({ AllocationId: one.id })), one.ip]],
    managed: [
      [() => client.send(new ReleaseAddressCommand({ AllocationId: natAddress.id }))],
      [() => client.send(new DisassociateAddressCommand({ AssociationId: managed?.AssociationId }))],
    ],
    noAddress: [
      [() => client.send(new ReleaseAddressCommand({ PublicIp: '198.51.100.1' })), '198.51.100.1'],
      [() => client.send(new DescribeAddressesCommand({ PublicIps: ['198.51.100.1'] })), '198.51.100.1'],
    ],
    severalInterfaces: [[() => associate({ AllocationId: spare.id, InstanceId: instance }), instance]],
    notPrivate: [
      [
        () => associate({ AllocationId: spare.id, NetworkInterfaceId: two.id, PrivateIpAddress: '10.0.1.200' }),
        '10.0.1.200',
        two.id,
      ],
    ],
    privateWithAddress: [
      [
        () =>
          client.send(
            new CreateNatGatewayCommand({ SubnetId: subnet, AllocationId: spare.id, ConnectivityType: 'private' }),
          ),
      ],
    ],
    deletedNat: [[() => client.send(new DeleteNatGatewayCommand({ NatGatewayId: deleted })), deleted]],
    notHere: [
      [() => client.send(new AllocateAddressCommand({ Address: '198.51.100.1' })), 'Address'],
      [() => client.send(new AllocateAddressCommand({ Domain: 'standard' })), 'Domain'],
      [() => client.send(new CreateNatGatewayCommand({ VpcId: vpc, AvailabilityMode: 'regional' })), 'VpcId'],
    ],
  });
  await assert.rejects(client.send(new CreateNatGatewayCommand({ SubnetId: subnet })), { name: 'MissingParameter' });
  await assert.rejects(client.send(new CreateNatGatewayCommand({ AllocationId: spare.id })), {
    name: 'MissingParameter',
  });
});
