import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AssignPrivateIpAddressesCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  UnassignIpv6AddressesCommand,
  UnassignPrivateIpAddressesCommand,
} from '@aws-sdk/client-ec2';
import type { CreateNetworkInterfaceCommandInput, EC2Client } from '@aws-sdk/client-ec2';
import { pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { factsIn } from './facts.fixture.ts';
import { INTERFACE_ERRORS } from './interface-errors.ts';
import { refusesAll } from './refusals.fixture.ts';

let ec2: Pretended;
let client: EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

async function makeSubnet(): Promise<{ vpcId: string; subnetId: string; groupId: string }> {
  const { Vpc: vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpcId = vpc?.VpcId ?? assert.fail();
  const { Subnet: subnet } = await client.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.0.0/24' }));
  const { GroupId: groupId = '' } = await client.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: 'one', Description: 'a group' }),
  );
  return { vpcId, subnetId: subnet?.SubnetId ?? assert.fail(), groupId };
}

test('each row of the table is what a call gets', async () => {
  const { vpcId, subnetId, groupId } = await makeSubnet();
  const elsewhere = await makeSubnet();
  const create = (input: Partial<CreateNetworkInterfaceCommandInput>) => () =>
    client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnetId, ...input }));
  const make = async (input: Partial<CreateNetworkInterfaceCommandInput> = {}): Promise<string> =>
    (await create(input)()).NetworkInterface?.NetworkInterfaceId ?? assert.fail();
  const id = await make({ PrivateIpAddress: '10.0.0.10' });
  const instance = { VpcId: vpcId, Placement: { AvailabilityZone: `${REGION}a` }, State: { Name: 'running' } };
  ec2.put('Instances', [
    { ...instance, InstanceId: 'i-0a' },
    { ...instance, InstanceId: 'i-0b', Placement: { AvailabilityZone: `${REGION}b` } },
    { ...instance, InstanceId: 'i-0c', State: { Name: 'terminated' } },
    { ...instance, InstanceId: 'i-0d', VpcId: elsewhere.vpcId },
  ]);
  const attach =
    (NetworkInterfaceId: string, InstanceId = 'i-0a', DeviceIndex = 1) =>
    () =>
      client.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex }));
  const first = await make();
  const { AttachmentId: primary } = await attach(first, 'i-0a', 0)();
  const held = await make();
  await attach(held)();
  const managed = await make();
  ec2.put('NetworkInterfaces', [
    {
      ...factsIn(ec2.path).NetworkInterfaces.find((one) => one.NetworkInterfaceId === managed),
      RequesterManaged: true,
    },
  ]);
  const groups = [];
  for (let i = 0; i < 17; i++) {
    const input = { VpcId: vpcId, GroupName: `group ${i}`, Description: 'a group' };
    groups.push((await client.send(new CreateSecurityGroupCommand(input))).GroupId ?? '');
  }
  const unassign =
    (...PrivateIpAddresses: string[]) =>
    () =>
      client.send(new UnassignPrivateIpAddressesCommand({ NetworkInterfaceId: id, PrivateIpAddresses }));
  const remove = (NetworkInterfaceId: string) => () =>
    client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  await refusesAll(INTERFACE_ERRORS, {
    noAddress: [
      [create({ PrivateIpAddress: '10.0.0' }), '10.0.0'],
      [create({ PrivateIpAddress: 'fd00::5' }), 'fd00::5'],
    ],
    otherRange: [[create({ PrivateIpAddress: '10.0.1.5' }), '10.0.1.5']],
    reserved: ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.255'].map(
      (address) => [create({ PrivateIpAddress: address }), address] as const,
    ),
    inUse: [
      [create({ PrivateIpAddress: '10.0.0.10' }), '10.0.0.10'],
      [create({ PrivateIpAddress: '10.0.0.20', PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.20' }] }), '10.0.0.20'],
    ],
    twice: [
      [
        create({
          PrivateIpAddress: '10.0.0.20',
          PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.21', Primary: true }],
        }),
        '10.0.0.21',
      ],
    ],
    full: [[create({ SecondaryPrivateIpAddressCount: 251 })]],
    count: [
      [create({ SecondaryPrivateIpAddressCount: 1001 }), 'secondaryPrivateIpAddressCount', 1001],
      [create({ Ipv6AddressCount: -1 }), 'ipv6AddressCount', -1],
    ],
    chosenAndCounted: [
      [
        create({ PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.21' }], SecondaryPrivateIpAddressCount: 1 }),
        'PrivateIpAddresses',
        'SecondaryPrivateIpAddressCount',
      ],
      [create({ Ipv6Addresses: [{ Ipv6Address: '::1' }], Ipv6AddressCount: 1 }), 'Ipv6Addresses', 'Ipv6AddressCount'],
      [
        () =>
          client.send(
            new AssignPrivateIpAddressesCommand({
              NetworkInterfaceId: id,
              PrivateIpAddresses: ['10.0.0.21'],
              SecondaryPrivateIpAddressCount: 1,
            }),
          ),
        'PrivateIpAddresses',
        'SecondaryPrivateIpAddressCount',
      ],
    ],
    noIpv6Block: [[create({ Ipv6AddressCount: 1 }), subnetId]],
    notAssigned: [
      [unassign('10.0.0.99'), '10.0.0.99'],
      [() => client.send(new UnassignIpv6AddressesCommand({ NetworkInterfaceId: id, Ipv6Addresses: ['::1'] })), '::1'],
    ],
    primary: [[unassign('10.0.0.10'), '10.0.0.10']],
    tooManyGroups: [[create({ Groups: groups })]],
    otherNetwork: [
      [create({ Groups: [elsewhere.groupId] }), elsewhere.groupId, subnetId],
      [
        () =>
          client.send(
            new ModifyNetworkInterfaceAttributeCommand({
              NetworkInterfaceId: id,
              Groups: [groupId, elsewhere.groupId],
            }),
          ),
        elsewhere.groupId,
        subnetId,
      ],
    ],
    noGroups: [
      [
        async () => {
          const answer = await ec2.send(
            `Action=CreateNetworkInterface&Version=2016-11-15&SubnetId=${subnetId}&SecurityGroupId=`,
          );
          throw errorIn(answer.body);
        },
      ],
    ],
    kind: [[create({ InterfaceType: 'lambda' as 'trunk' }), 'lambda']],
    attached: [[remove(held), held]],
    managed: [[remove(managed)], [attach(managed)]],
    attachedTwice: [[attach(held, 'i-0a', 2), held]],
    deviceTaken: [[attach(id), 'i-0a', 1]],
    otherZone: [[attach(id, 'i-0b')], [attach(id, 'i-0d')]],
    instanceState: [[attach(id, 'i-0c'), 'i-0c']],
    noAttachment: [
      [() => client.send(new DetachNetworkInterfaceCommand({ AttachmentId: 'eni-attach-0' })), 'eni-attach-0'],
      [
        () =>
          client.send(
            new ModifyNetworkInterfaceAttributeCommand({
              NetworkInterfaceId: id,
              Attachment: { AttachmentId: 'eni-attach-0', DeleteOnTermination: true },
            }),
          ),
        'eni-attach-0',
      ],
    ],
    primaryInterface: [[() => client.send(new DetachNetworkInterfaceCommand({ AttachmentId: primary }))]],
  });
});

/** The error that an answer is, as the SDK would throw it. */
function errorIn(body: string): Error {
  const [, name = '', message = ''] = /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(body) ?? [];
  return Object.assign(new Error(message), { name });
}
