import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  ModifySubnetAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, Instance, Reservation, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';
import { assertWhole, factsIn, snapshotOf } from '../facts.fixture.ts';
import { INSTANCE_ERRORS } from '../instance-errors.ts';
import { refusesAll } from '../refusals.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
let vpc: string;
let subnet: string;

beforeEach(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  vpc = (await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? '';
  const input = { VpcId: vpc, CidrBlock: '10.0.1.0/24' };
  subnet = (await client.send(new CreateSubnetCommand(input))).Subnet?.SubnetId ?? '';
});
afterEach(async () => {
  try {
    assertWhole(factsIn(ec2.path));
  } finally {
    await ec2.close();
  }
});

const run = (input: Partial<RunInstancesCommandInput> = {}): Promise<Reservation> =>
  client.send(new RunInstancesCommand({ ImageId: 'ami-0a', MinCount: 1, MaxCount: 1, SubnetId: subnet, ...input }));
async function described(...ids: string[]): Promise<Reservation[]> {
  return (await client.send(new DescribeInstancesCommand({ InstanceIds: ids }))).Reservations ?? [];
}
const terminate = (...ids: string[]): Promise<{ TerminatingInstances?: unknown[] | undefined }> =>
  client.send(new TerminateInstancesCommand({ InstanceIds: ids }));
const first = ({ Instances: all }: Reservation): Instance => all?.[0] ?? {};

test('an instance has an interface with group, address and tags, and its records name it', async () => {
  const group = await client.send(
    new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'web', Description: 'of the web' }),
  );
  const { GroupId: groupId = '' } = group;
  const made = await run({
    InstanceType: 't3.micro',
    SecurityGroupIds: [groupId],
    PrivateIpAddress: '10.0.1.77',
    ClientToken: 'a-token',
    TagSpecifications: [
      { ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] },
      { ResourceType: 'network-interface', Tags: [{ Key: 'of', Value: 'web' }] },
      { ResourceType: 'volume', Tags: [{ Key: 'x', Value: 'y' }] },
    ],
  });
  const id = first(made).InstanceId ?? '';
  assert.match(id, /^i-[\da-f]{17}$/);
  assert.deepEqual(first(made).State, { Code: 0, Name: 'pending' });
  const [reservation] = await described(id);
  const [eni] = factsIn(ec2.path).NetworkInterfaces;
  const groups = [{ GroupId: groupId, GroupName: 'web' }];
  const name = `ip-10-0-1-77.${REGION}.compute.internal`;
  const { Attachment: attachment } = eni ?? {};
  assert.deepEqual(reservation, {
    ReservationId: made.ReservationId,
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: [
      {
        AmiLaunchIndex: 0,
        Architecture: 'x86_64',
        BlockDeviceMappings: [],
        ClientToken: 'a-token',
        EbsOptimized: false,
        EnaSupport: true,
        Hypervisor: 'xen',
        ImageId: 'ami-0a',
        InstanceId: id,
        InstanceType: 't3.micro',
        LaunchTime: ec2.clock.now,
        MetadataOptions: {
          State: 'applied',
          HttpTokens: 'optional',
          HttpPutResponseHopLimit: 1,
          HttpEndpoint: 'enabled',
          HttpProtocolIpv6: 'disabled',
          InstanceMetadataTags: 'disabled',
        },
        Monitoring: { State: 'disabled' },
        NetworkInterfaces: [
          {
            Attachment: {
              AttachTime: ec2.clock.now,
              AttachmentId: attachment?.AttachmentId,
              DeleteOnTermination: true,
              DeviceIndex: 0,
              NetworkCardIndex: 0,
              Status: 'attached',
            },
            Description: '',
            Groups: groups,
            InterfaceType: 'interface',
            Ipv6Addresses: [],
            MacAddress: eni?.MacAddress,
            NetworkInterfaceId: eni?.NetworkInterfaceId,
            OwnerId: ACCOUNT,
            PrivateDnsName: name,
            PrivateIpAddress: '10.0.1.77',
            PrivateIpAddresses: [{ Primary: true, PrivateDnsName: name, PrivateIpAddress: '10.0.1.77' }],
            SourceDestCheck: true,
            Status: 'in-use',
            SubnetId: subnet,
            VpcId: vpc,
          },
        ],
        Placement: { AvailabilityZone: `${REGION}a`, GroupName: '', Tenancy: 'default' },
        PrivateDnsName: name,
        PrivateIpAddress: '10.0.1.77',
        ProductCodes: [],
        PublicDnsName: '',
        RootDeviceName: '/dev/xvda',
        RootDeviceType: 'ebs',
        SecurityGroups: groups,
        SourceDestCheck: true,
        State: { Code: 16, Name: 'running' },
        StateTransitionReason: '',
        SubnetId: subnet,
        Tags: [{ Key: 'Name', Value: 'web' }],
        VirtualizationType: 'hvm',
        VpcId: vpc,
      },
    ],
  });
  assert.deepEqual(eni?.TagSet, [{ Key: 'of', Value: 'web' }]);
  const seen = snapshotOf(factsIn(ec2.path)).interfaces.find((one) => one.id === eni?.NetworkInterfaceId);
  assert.deepEqual([seen?.instanceId, seen?.nitro, seen?.instanceTags], [id, true, { Name: 'web' }]);
  const again = await run({
    InstanceType: 't3.micro',
    SecurityGroupIds: [groupId],
    PrivateIpAddress: '10.0.1.77',
    ClientToken: 'a-token',
    TagSpecifications: [
      { ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] },
      { ResourceType: 'network-interface', Tags: [{ Key: 'of', Value: 'web' }] },
      { ResourceType: 'volume', Tags: [{ Key: 'x', Value: 'y' }] },
    ],
  });
  assert.equal(first(again).InstanceId, id);
});

test('what was terminated is described for an hour; its interface goes, one that was there before stays', async () => {
  const { NetworkInterface: kept } = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  const made = await client.send(
    new RunInstancesCommand({
      ImageId: 'ami-0a',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [
        { DeviceIndex: 1, NetworkInterfaceId: kept?.NetworkInterfaceId },
        { DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: true },
      ],
    }),
  );
  const { InstanceId: id = '', NetworkInterfaces: own, PublicIpAddress: ip = '' } = first(made);
  assert.match(ip, /^198\.1[89]\./);
  assert.deepEqual(
    own?.map(({ Attachment }) => Attachment?.DeviceIndex),
    [0, 1],
  );
  assert.deepEqual((await terminate(id)).TerminatingInstances, [
    {
      InstanceId: id,
      CurrentState: { Code: 32, Name: 'shutting-down' },
      PreviousState: { Code: 16, Name: 'running' },
    },
  ]);
  const [ended] = await described(id);
  assert.deepEqual(
    [first(ended ?? {}).State, first(ended ?? {}).NetworkInterfaces, first(ended ?? {}).VpcId],
    [{ Code: 48, Name: 'terminated' }, [], undefined],
  );
  const { NetworkInterfaces: left } = await client.send(new DescribeNetworkInterfacesCommand({}));
  assert.deepEqual(
    left?.map(({ NetworkInterfaceId, Status, Attachment }) => [NetworkInterfaceId, Status, Attachment]),
    [[kept?.NetworkInterfaceId, 'available', undefined]],
  );
  assert.equal((await terminate(id)).TerminatingInstances?.length, 1, 'again');
  ec2.later(3_600_000);
  assert.deepEqual(await described(), []);
  await assert.rejects(described(id), { name: 'InvalidInstanceID.NotFound' });
  await run();
  assert.equal(factsIn(ec2.path).Instances.length, 1, 'the next one sweeps it');
});

test('several instances are one reservation; filters look at interfaces too', async () => {
  const several = await run({ MinCount: 2, MaxCount: 3 });
  const one = await run({ InstanceType: 'c7g.large' });
  assert.deepEqual(
    new Map((await described()).map(({ ReservationId: id, Instances }) => [id, Instances?.length])),
    new Map([
      [several.ReservationId, 3],
      [one.ReservationId, 1],
    ]),
  );
  const [address = ''] = several.Instances?.map(({ PrivateIpAddress }) => PrivateIpAddress ?? '') ?? [];
  const ask = async (Name: string, ...Values: string[]): Promise<number> => {
    const { Reservations } = await client.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }));
    return Reservations?.flatMap(({ Instances }) => Instances ?? []).length ?? 0;
  };
  assert.equal(await ask('network-interface.addresses.private-ip-address', address), 1);
  assert.equal(await ask('instance.group-name', 'default'), 4);
  assert.equal(await ask('architecture', 'arm64'), 1);
  assert.equal(await ask('instance-state-name', 'stopped', 'terminated'), 0);
  await assert.rejects(ask('colour', 'red'), {
    name: 'InvalidParameterValue',
    message: "The filter 'colour' is invalid",
  });
});

test('a subnet that gives public addresses gives one', async () => {
  await client.send(new ModifySubnetAttributeCommand({ SubnetId: subnet, MapPublicIpOnLaunch: { Value: true } }));
  const { PublicIpAddress: ip = '', PublicDnsName: name, NetworkInterfaces: own } = first(await run());
  assert.match(ip, /^198\.1[89]\./);
  assert.equal(name, `ec2-${ip.replaceAll('.', '-')}.${REGION}.compute.amazonaws.com`);
  assert.deepEqual(own?.[0]?.Association, { IpOwnerId: 'amazon', PublicDnsName: name, PublicIp: ip });
});

test('attributes and types are told', async () => {
  const { InstanceId: id } = first(await run({ DisableApiTermination: true, UserData: 'c2VjcmV0' }));
  const attribute = async (Attribute: 'disableApiTermination' | 'userData' | 'instanceType'): Promise<unknown> => {
    const answer = await client.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
    const { $metadata: _, ...members } = answer;
    return members;
  };
  assert.deepEqual(await attribute('disableApiTermination'), {
    InstanceId: id,
    DisableApiTermination: { Value: true },
  });
  assert.deepEqual(await attribute('instanceType'), { InstanceId: id, InstanceType: { Value: 'm1.small' } });
  assert.deepEqual(await attribute('userData'), { InstanceId: id, UserData: {} });
  const { InstanceTypes: types } = await client.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: ['t3.micro', 'm1.small'] }),
  );
  assert.deepEqual(
    types?.map(({ InstanceType, Hypervisor, BurstablePerformanceSupported }) => [
      InstanceType,
      Hypervisor,
      BurstablePerformanceSupported,
    ]),
    [
      ['t3.micro', 'nitro', true],
      ['m1.small', 'xen', false],
    ],
  );
});

test('each mistake is refused in words of its own', async () => {
  const input = { VpcId: vpc, CidrBlock: '10.0.2.0/24', AvailabilityZone: `${REGION}b` };
  const other = (await client.send(new CreateSubnetCommand(input))).Subnet?.SubnetId ?? '';
  const { InstanceId: id = '', NetworkInterfaces: own } = first(await run({ DisableApiTermination: true }));
  const eni = own?.[0]?.NetworkInterfaceId ?? '';
  const device = (index: number, of = subnet): object => ({ DeviceIndex: index, SubnetId: of });
  const with_ = (...devices: object[]): Promise<unknown> =>
    client.send(new RunInstancesCommand({ ImageId: 'ami-0', MinCount: 1, MaxCount: 1, NetworkInterfaces: devices }));
  await refusesAll(INSTANCE_ERRORS, {
    count: [
      [() => run({ MinCount: 0 }), 0, 1],
      [() => run({ MinCount: 2 }), 2, 1],
      [() => run({ MaxCount: 1001 }), 1, 1001],
    ],
    noSubnet: [[() => client.send(new RunInstancesCommand({ ImageId: 'ami-0', MinCount: 1, MaxCount: 1 }))]],
    interfaceAndSubnet: [[() => run({ NetworkInterfaces: [device(0)] })]],
    oneOnly: [[() => run({ MaxCount: 2, PrivateIpAddress: '10.0.1.9' })]],
    noFirst: [[() => with_(device(1))], [() => with_(device(0), device(0))]],
    otherNetworks: [[() => with_(device(0), device(1, other))]],
    interfaceInUse: [[() => with_({ DeviceIndex: 0, NetworkInterfaceId: eni }), eni]],
    groupNames: [[() => run({ SecurityGroups: ['default'] })]],
    protectedFromEnd: [[() => terminate(id), id]],
    tagType: [[() => run({ TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }), 'vpc']],
    attribute: [
      [
        () => client.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'colour' as never })),
        'colour',
      ],
    ],
    type: [[() => client.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['t3.mikro' as never] })), 't3.mikro']],
    notHere: [[() => run({ LaunchTemplate: { LaunchTemplateId: 'lt-0' } }), 'LaunchTemplate']],
  });
  await assert.rejects(client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, SubnetId: subnet })), {
    name: 'MissingParameter',
  });
  await assert.rejects(terminate('i-0'), { name: 'InvalidInstanceID.NotFound' });
  await assert.rejects(run({ DryRun: true }), { name: 'DryRunOperation' });
  assert.equal((await described()).length, 1);
});
