import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AssignIpv6AddressesCommand,
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkInterfaceCommand,
  DescribeNetworkInterfaceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySubnetAttributeCommand,
  ResetNetworkInterfaceAttributeCommand,
  UnassignIpv6AddressesCommand,
  UnassignPrivateIpAddressesCommand,
} from '@aws-sdk/client-ec2';
import type { CreateNetworkInterfaceCommandInput, EC2Client, NetworkInterface } from '@aws-sdk/client-ec2';
import { ACCOUNT, KEY_IDS, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn, snapshotOf } from '../facts.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
let vpcId: string;
let subnetId: string;
let block6: string;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  const { Vpc: vpc } = await client.send(
    new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  vpcId = vpc?.VpcId ?? '';
  block6 = vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock?.replace('::/56', '') ?? '';
  const subnet = await client.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock: `${block6}::/64` }),
  );
  subnetId = subnet.Subnet?.SubnetId ?? '';
});
after(() => ec2.close());

async function make(
  input: Partial<CreateNetworkInterfaceCommandInput> = {},
): Promise<NetworkInterface & { id: string }> {
  const { NetworkInterface: made } = await client.send(
    new CreateNetworkInterfaceCommand({ SubnetId: subnetId, ...input }),
  );
  return { ...made, id: made?.NetworkInterfaceId ?? assert.fail() };
}

async function read(id: string): Promise<NetworkInterface> {
  const { NetworkInterfaces: found } = await client.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
  );
  return found?.[0] ?? assert.fail();
}

const addressesOf = (one: NetworkInterface): unknown =>
  one.PrivateIpAddresses?.map(({ PrivateIpAddress, Primary }) => [PrivateIpAddress, Primary]);

test('an interface reads back as AWS describes it, and verdicts know its addresses and groups', async () => {
  const { id: NetworkInterfaceId, ...made } = await make({
    Description: 'my network interface',
    TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Name', Value: 'eth' }] }],
  });
  assert.match(NetworkInterfaceId, /^eni-[\da-f]{17}$/);
  assert.match(made.MacAddress ?? '', /^0a(?::[\da-f]{2}){5}$/);
  const name = `ip-10-0-0-4.${REGION}.compute.internal`;
  const group = made.Groups?.[0]?.GroupId ?? '';
  const expected = {
    AvailabilityZone: `${REGION}a`,
    Description: 'my network interface',
    Groups: [{ GroupId: group, GroupName: 'default' }],
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: made.MacAddress,
    NetworkInterfaceId,
    OwnerId: ACCOUNT,
    PrivateDnsName: name,
    PrivateIpAddress: '10.0.0.4',
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: name, PrivateIpAddress: '10.0.0.4' }],
    RequesterId: KEY_IDS.operate,
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: 'pending',
    SubnetId: subnetId,
    TagSet: [{ Key: 'Name', Value: 'eth' }],
    VpcId: vpcId,
    AvailabilityZoneId: 'euw1-az1',
  };
  assert.deepEqual(made, expected);
  assert.deepEqual(await read(NetworkInterfaceId), { ...expected, Status: 'available' });
  const facts = factsIn(ec2.path);
  assertWhole(facts);
  const snapshot = snapshotOf(facts);
  const known = snapshot.interfaces.find((one) => one.id === NetworkInterfaceId);
  assert.deepEqual(known?.addresses, [{ family: 4, words: [0x0a000004] }]);
  assert.deepEqual(
    known.groups.map((number) => snapshot.groups[number]?.id),
    [group],
  );
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  await assert.rejects(read(NetworkInterfaceId), {
    name: 'InvalidNetworkInterfaceID.NotFound',
    message: `The networkInterface ID '${NetworkInterfaceId}' does not exist`,
  });
});

test('addresses are chosen or free ones, primary and secondary, of both families', async () => {
  const one = await make({
    PrivateIpAddresses: [
      { PrivateIpAddress: '10.0.0.50', Primary: false },
      { PrivateIpAddress: '10.0.0.40', Primary: true },
    ],
    Ipv6Addresses: [{ Ipv6Address: `${block6}::00aa` }],
  });
  assert.deepEqual(addressesOf(one), [
    ['10.0.0.40', true],
    ['10.0.0.50', false],
  ]);
  assert.deepEqual(one.Ipv6Addresses, [{ Ipv6Address: `${block6}::aa`, IsPrimaryIpv6: false }]);
  const two = await make({ PrivateIpAddress: '10.0.0.5', SecondaryPrivateIpAddressCount: 2, Ipv6AddressCount: 2 });
  assert.deepEqual(addressesOf(two), [
    ['10.0.0.5', true],
    ['10.0.0.4', false],
    ['10.0.0.6', false],
  ]);
  assert.equal(two.Ipv6Addresses?.length, 2);
  for (const { Ipv6Address } of two.Ipv6Addresses) assert.ok(Ipv6Address?.startsWith(block6), Ipv6Address);
  await client.send(
    new ModifySubnetAttributeCommand({ SubnetId: subnetId, AssignIpv6AddressOnCreation: { Value: true } }),
  );
  const three = await make();
  assert.equal(three.Ipv6Addresses?.length, 1);
  await client.send(
    new ModifySubnetAttributeCommand({ SubnetId: subnetId, AssignIpv6AddressOnCreation: { Value: false } }),
  );
  for (const { id } of [one, two, three])
    await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
});

test('a small subnet gives eleven addresses and no more', async () => {
  const subnet = await client.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.2.16/28' }));
  const SubnetId = subnet.Subnet?.SubnetId ?? '';
  const { id, ...made } = await make({ SubnetId, SecondaryPrivateIpAddressCount: 10 });
  const addresses = made.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress);
  assert.deepEqual(
    addresses,
    Array.from({ length: 11 }, (_, i) => `10.0.2.${20 + i}`),
  );
  await assert.rejects(make({ SubnetId }), { name: 'InsufficientFreeAddressesInSubnet' });
  await client.send(
    new UnassignPrivateIpAddressesCommand({ NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.2.25'] }),
  );
  const other = await make({ SubnetId });
  assert.equal(other.PrivateIpAddress, '10.0.2.25');
  for (const one of [id, other.id]) await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: one }));
});

test('addresses are assigned, taken over and unassigned', async () => {
  const { id } = await make({ PrivateIpAddress: '10.0.0.100' });
  const { id: other } = await make({ PrivateIpAddress: '10.0.0.110' });
  const assigned = await client.send(
    new AssignPrivateIpAddressesCommand({ NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.0.101', '10.0.0.102'] }),
  );
  assert.deepEqual(
    { ...assigned, $metadata: null },
    {
      $metadata: null,
      NetworkInterfaceId: id,
      AssignedPrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.101' }, { PrivateIpAddress: '10.0.0.102' }],
      AssignedIpv4Prefixes: [],
    },
  );
  const take = { NetworkInterfaceId: other, PrivateIpAddresses: ['10.0.0.101'] };
  await assert.rejects(client.send(new AssignPrivateIpAddressesCommand(take)), { name: 'InvalidIPAddress.InUse' });
  const elastic = { AllocationId: 'eipalloc-0a', PublicIp: '198.51.100.1', Domain: 'vpc' };
  ec2.put('Addresses', [
    {
      ...elastic,
      AssociationId: 'eipassoc-0a',
      NetworkInterfaceId: id,
      NetworkInterfaceOwnerId: ACCOUNT,
      PrivateIpAddress: '10.0.0.101',
    },
  ]);
  await client.send(new AssignPrivateIpAddressesCommand({ ...take, AllowReassignment: true }));
  assert.deepEqual(factsIn(ec2.path).Addresses, [elastic]);
  assert.deepEqual(addressesOf(await read(id)), [
    ['10.0.0.100', true],
    ['10.0.0.102', false],
  ]);
  assert.deepEqual(addressesOf(await read(other)), [
    ['10.0.0.110', true],
    ['10.0.0.101', false],
  ]);
  // A primary address stays where it is.
  await assert.rejects(
    client.send(
      new AssignPrivateIpAddressesCommand({ ...take, PrivateIpAddresses: ['10.0.0.100'], AllowReassignment: true }),
    ),
    { name: 'InvalidIPAddress.InUse' },
  );
  await client.send(
    new UnassignPrivateIpAddressesCommand({ NetworkInterfaceId: other, PrivateIpAddresses: ['10.0.0.101'] }),
  );
  assert.deepEqual(addressesOf(await read(other)), [['10.0.0.110', true]]);
  const six = await client.send(new AssignIpv6AddressesCommand({ NetworkInterfaceId: id, Ipv6AddressCount: 2 }));
  const [first = '', second = ''] = six.AssignedIpv6Addresses ?? [];
  assert.deepEqual(
    (await read(id)).Ipv6Addresses?.map(({ Ipv6Address }) => Ipv6Address),
    [first, second],
  );
  const gone = await client.send(
    new UnassignIpv6AddressesCommand({ NetworkInterfaceId: id, Ipv6Addresses: [first.toUpperCase()] }),
  );
  assert.deepEqual(gone.UnassignedIpv6Addresses, [first]);
  assert.deepEqual((await read(id)).Ipv6Addresses, [{ Ipv6Address: second, IsPrimaryIpv6: false }]);
  assertWhole(factsIn(ec2.path));
  for (const one of [id, other]) await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: one }));
});

test('attributes are changed, told and reset', async () => {
  const { id: NetworkInterfaceId } = await make();
  const { GroupId } = await client.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: 'db', Description: 'databases' }),
  );
  const modify = (input: object) =>
    client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, ...input }));
  const told = async (Attribute: 'description' | 'groupSet' | 'sourceDestCheck' | 'attachment'): Promise<unknown> => {
    const { $metadata: _, ...answer } = await client.send(
      new DescribeNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Attribute }),
    );
    return answer;
  };
  await modify({ Description: { Value: 'other' } });
  await modify({ SourceDestCheck: { Value: false } });
  await modify({ Groups: [GroupId] });
  await modify({ ConnectionTrackingSpecification: { UdpTimeout: 45 } });
  assert.deepEqual(await told('description'), { NetworkInterfaceId, Description: { Value: 'other' } });
  assert.deepEqual(await told('groupSet'), { NetworkInterfaceId, Groups: [{ GroupId, GroupName: 'db' }] });
  assert.deepEqual(await told('sourceDestCheck'), { NetworkInterfaceId, SourceDestCheck: { Value: false } });
  assert.deepEqual(await told('attachment'), { NetworkInterfaceId });
  assert.deepEqual((await read(NetworkInterfaceId)).ConnectionTrackingConfiguration, { UdpTimeout: 45 });
  await client.send(new ResetNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: 'true' }));
  assert.deepEqual(await told('sourceDestCheck'), { NetworkInterfaceId, SourceDestCheck: { Value: true } });
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
});

test('an interface is attached to an instance and detached from it', async () => {
  ec2.put('Instances', [
    {
      InstanceId: 'i-0a',
      VpcId: vpcId,
      InstanceType: 't3.micro',
      State: { Code: 16, Name: 'running' },
      Placement: { AvailabilityZone: `${REGION}a` },
      Tags: [],
    },
  ]);
  const { id: NetworkInterfaceId } = await make();
  const { AttachmentId } = await client.send(
    new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId: 'i-0a', DeviceIndex: 1 }),
  );
  assert.match(AttachmentId ?? '', /^eni-attach-[\da-f]{17}$/);
  const attachment = {
    AttachTime: ec2.clock.now,
    AttachmentId,
    DeleteOnTermination: false,
    DeviceIndex: 1,
    NetworkCardIndex: 0,
    InstanceId: 'i-0a',
    InstanceOwnerId: ACCOUNT,
    Status: 'attached',
  };
  const attached = await read(NetworkInterfaceId);
  assert.deepEqual([attached.Status, attached.Attachment], ['in-use', attachment]);
  const known = snapshotOf(factsIn(ec2.path)).interfaces.find((one) => one.id === NetworkInterfaceId);
  assert.equal(known?.instanceId, 'i-0a');
  assertWhole(factsIn(ec2.path));
  await client.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId,
      Attachment: { AttachmentId, DeleteOnTermination: true },
    }),
  );
  assert.equal((await read(NetworkInterfaceId)).Attachment?.DeleteOnTermination, true);
  const found = await client.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: ['i-0a'] }] }),
  );
  assert.equal(found.NetworkInterfaces?.length, 1);
  await assert.rejects(client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })), {
    name: 'InvalidParameterValue',
    message: `Network interface '${NetworkInterfaceId}' is currently in use.`,
  });
  await client.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
  const free = await read(NetworkInterfaceId);
  assert.deepEqual([free.Status, free.Attachment], ['available', undefined]);
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
});

test('routes to an interface that is deleted become black holes', async () => {
  const { id: NetworkInterfaceId } = await make();
  const table = factsIn(ec2.path).RouteTables.find((one) => one.VpcId === vpcId) ?? assert.fail();
  const route = { DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId, Origin: 'CreateRoute', State: 'active' };
  ec2.put('RouteTables', [{ ...table, Routes: [...(table.Routes ?? []), route] }]);
  await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  const after = factsIn(ec2.path).RouteTables.find((one) => one.VpcId === vpcId);
  assert.deepEqual(after?.Routes, [...(table.Routes ?? []), { ...route, State: 'blackhole' }]);
});

test('in a VPC that no call made there may be no default group or ACL', async () => {
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a', CidrBlock: '192.168.0.0/16' }]);
  const { Subnet: subnet } = await client.send(
    new CreateSubnetCommand({ VpcId: 'vpc-0a', CidrBlock: '192.168.1.0/24' }),
  );
  await assert.rejects(make({ SubnetId: subnet?.SubnetId }), {
    name: 'InvalidGroup.NotFound',
    message: "The security group 'default' does not exist",
  });
  const { GroupId = '' } = await client.send(
    new CreateSecurityGroupCommand({ VpcId: 'vpc-0a', GroupName: 'host', Description: 'of the host' }),
  );
  assert.equal((await make({ SubnetId: subnet?.SubnetId, Groups: [GroupId] })).PrivateIpAddress, '192.168.1.4');
  ec2.put('Subnets', [{ SubnetId: 'subnet-0a', VpcId: 'vpc-0a' }]);
  await assert.rejects(make({ SubnetId: 'subnet-0a', Groups: [GroupId] }), {
    name: 'InsufficientFreeAddressesInSubnet',
  });
});
