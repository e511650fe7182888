import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AcceptVpcPeeringConnectionCommand,
  CreateFlowLogsCommand,
  CreateTagsCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteVpcCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeVpcPeeringConnectionsCommand,
  ModifyVpcPeeringConnectionOptionsCommand,
  RejectVpcPeeringConnectionCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, VpcPeeringConnection } from '@aws-sdk/client-ec2';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';

let ec2: Pretended;
let mine: EC2Client;
let other: EC2Client;
beforeEach(async () => {
  ec2 = await pretendEc2();
  [mine, other] = [ec2.client(), ec2.client('other')];
  const vpc = (VpcId: string, CidrBlock: string, OwnerId: string): object => ({
    VpcId,
    CidrBlock,
    OwnerId,
    State: 'available',
    CidrBlockAssociationSet: [
      { AssociationId: 'vpc-cidr-assoc-0', CidrBlock, CidrBlockState: { State: 'associated' } },
    ],
  });
  ec2.put('Vpcs', [
    vpc('vpc-0a', '10.0.0.0/16', ACCOUNT),
    vpc('vpc-0b', '10.1.0.0/16', ACCOUNT),
    vpc('vpc-0c', '10.0.128.0/20', ACCOUNT),
  ]);
  ec2.put('Vpcs', [vpc('vpc-0f', '10.9.0.0/16', OTHER_ACCOUNT)], OTHER_ACCOUNT);
  ec2.put('Subnets', [{ SubnetId: 'subnet-0f', VpcId: 'vpc-0f', CidrBlock: '10.9.1.0/24' }], OTHER_ACCOUNT);
  ec2.put(
    'NetworkInterfaces',
    [{ NetworkInterfaceId: 'eni-0f', VpcId: 'vpc-0f', SubnetId: 'subnet-0f', PrivateIpAddress: '10.9.1.5' }],
    OTHER_ACCOUNT,
  );
});
afterEach(() => ec2.close());

const TO_OTHER = { VpcId: 'vpc-0a', PeerVpcId: 'vpc-0f', PeerOwnerId: OTHER_ACCOUNT };

async function ask(input: ConstructorParameters<typeof CreateVpcPeeringConnectionCommand>[0]): Promise<string> {
  const made = await mine.send(new CreateVpcPeeringConnectionCommand(input));
  return made.VpcPeeringConnection?.VpcPeeringConnectionId ?? '';
}

async function seenBy(client: EC2Client, id?: string): Promise<readonly VpcPeeringConnection[]> {
  const input = id === undefined ? {} : { VpcPeeringConnectionIds: [id] };
  return (await client.send(new DescribeVpcPeeringConnectionsCommand(input))).VpcPeeringConnections ?? [];
}

const statusOf = async (client: EC2Client, id: string): Promise<string | undefined> =>
  (await seenBy(client, id))[0]?.Status?.Code;
const accept = (client: EC2Client, id: string): Promise<unknown> =>
  client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
const remove = (client: EC2Client, id: string): Promise<unknown> =>
  client.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));

test('a connection between accounts waits, is accepted by who was asked, and both see it whole with tags of their own', async () => {
  const made = await mine.send(
    new CreateVpcPeeringConnectionCommand({
      ...TO_OTHER,
      TagSpecifications: [{ ResourceType: 'vpc-peering-connection', Tags: [{ Key: 'Name', Value: 'to f' }] }],
    }),
  );
  const asked = made.VpcPeeringConnection ?? {};
  const id = asked.VpcPeeringConnectionId ?? '';
  const requester = {
    CidrBlock: '10.0.0.0/16',
    CidrBlockSet: [{ CidrBlock: '10.0.0.0/16' }],
    OwnerId: ACCOUNT,
    VpcId: 'vpc-0a',
    Region: REGION,
  };
  assert.match(id, /^pcx-[\da-f]{17}$/);
  assert.deepEqual(asked, {
    VpcPeeringConnectionId: id,
    Status: { Code: 'initiating-request', Message: `Initiating Request to ${OTHER_ACCOUNT}` },
    ExpirationTime: new Date(ec2.clock.now.getTime() + 7 * 86_400_000),
    RequesterVpcInfo: requester,
    AccepterVpcInfo: { OwnerId: OTHER_ACCOUNT, VpcId: 'vpc-0f', Region: REGION },
    Tags: [{ Key: 'Name', Value: 'to f' }],
  });
  const waiting = { Code: 'pending-acceptance', Message: `Pending Acceptance by ${OTHER_ACCOUNT}` };
  assert.deepEqual(await seenBy(mine), [{ ...asked, Status: waiting }]);
  assert.deepEqual(await seenBy(other), [{ ...asked, Status: waiting, Tags: [] }]);
  await assert.rejects(accept(mine, id), {
    name: 'OperationNotPermitted',
    message: `User ${ACCOUNT} cannot accept peering ${id}`,
  });
  await other.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'side', Value: 'f' }] }));
  await accept(other, id);
  const options = {
    AllowDnsResolutionFromRemoteVpc: false,
    AllowEgressFromLocalClassicLinkToRemoteVpc: false,
    AllowEgressFromLocalVpcToRemoteClassicLink: false,
  };
  const active = {
    VpcPeeringConnectionId: id,
    Status: { Code: 'active', Message: 'Active' },
    RequesterVpcInfo: { ...requester, PeeringOptions: options },
    AccepterVpcInfo: {
      CidrBlock: '10.9.0.0/16',
      CidrBlockSet: [{ CidrBlock: '10.9.0.0/16' }],
      OwnerId: OTHER_ACCOUNT,
      VpcId: 'vpc-0f',
      Region: REGION,
      PeeringOptions: options,
    },
  };
  assert.deepEqual(await seenBy(mine), [{ ...active, Tags: [{ Key: 'Name', Value: 'to f' }] }]);
  assert.deepEqual(await seenBy(other), [{ ...active, Tags: [{ Key: 'side', Value: 'f' }] }]);
  await assert.rejects(accept(other, id), {
    name: 'InvalidStateTransition',
    message: `Invalid state transition for ${id}, attempted to transition from active to active`,
  });
  await assert.rejects(ask(TO_OTHER), { name: 'VpcPeeringConnectionAlreadyExists' });
});

test('what lies behind a peering has flow logs of its own account only; two VPCs of one account have both', async () => {
  const id = await ask(TO_OTHER);
  await accept(other, id);
  const behind = [
    ['VPC', 'vpc-0f'],
    ['Subnet', 'subnet-0f'],
    ['NetworkInterface', 'eni-0f'],
  ] as const;
  const create = (client: EC2Client, type: 'VPC' | 'Subnet' | 'NetworkInterface', ids: string[]): Promise<unknown> =>
    client.send(
      new CreateFlowLogsCommand({
        ResourceType: type,
        ResourceIds: ids,
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::local/',
      }),
    );
  for (const [type, resource] of behind)
    await assert.rejects(create(mine, type, [resource]), {
      name: 'UnsupportedOperation',
      message: `${resource} is of account ${OTHER_ACCOUNT}. A flow log for it can only be created by that account.`,
    });
  for (const [type, resource] of behind) await create(other, type, [resource]);
  await create(mine, 'VPC', ['vpc-0a']);
  await accept(mine, await ask({ VpcId: 'vpc-0a', PeerVpcId: 'vpc-0b' }));
  await create(mine, 'VPC', ['vpc-0b']);
});

test('a connection fails at once where blocks overlap or the other VPC cannot be had', async () => {
  const ids = [
    await ask({ VpcId: 'vpc-0a', PeerVpcId: 'vpc-0c' }),
    await ask({ ...TO_OTHER, PeerVpcId: 'vpc-0e' }),
    await ask({ ...TO_OTHER, PeerOwnerId: '999999999999' }),
    await ask({ ...TO_OTHER, PeerRegion: 'us-east-1' }),
  ];
  const failed = await seenBy(mine);
  assert.deepEqual(
    new Map(failed.map(({ VpcPeeringConnectionId, Status }) => [VpcPeeringConnectionId, Status?.Code])),
    new Map(ids.map((id) => [id, 'failed'])),
  );
  assert.deepEqual(await seenBy(other), []);
  await assert.rejects(remove(mine, ids[0] ?? ''), { name: 'InvalidStateTransition' });
  await assert.rejects(ask({ VpcId: 'vpc-0a', PeerVpcId: 'vpc-0d' }), { name: 'InvalidVpcID.NotFound' });
  await assert.rejects(ask({ VpcId: 'vpc-0a', PeerVpcId: 'vpc-0a' }), { name: 'InvalidParameterValue' });
});

test('who was asked rejects, who asked takes back, either ends; the end is seen for two hours', async () => {
  const rejected = await ask(TO_OTHER);
  await assert.rejects(remove(other, rejected), { name: 'OperationNotPermitted' });
  await assert.rejects(mine.send(new RejectVpcPeeringConnectionCommand({ VpcPeeringConnectionId: rejected })), {
    name: 'OperationNotPermitted',
  });
  await other.send(new RejectVpcPeeringConnectionCommand({ VpcPeeringConnectionId: rejected }));
  assert.equal(await statusOf(mine, rejected), 'rejected');
  const taken = await ask(TO_OTHER);
  await remove(mine, taken);
  assert.equal(await statusOf(other, taken), 'deleted');
  const ended = await ask(TO_OTHER);
  await accept(other, ended);
  ec2.put('RouteTables', [
    {
      RouteTableId: 'rtb-0a',
      VpcId: 'vpc-0a',
      Routes: [{ DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: ended, State: 'active' }],
    },
  ]);
  await remove(other, ended);
  assert.equal(await statusOf(mine, ended), 'deleted');
  assert.equal(ec2.get('RouteTables', 'rtb-0a')?.Routes?.[0]?.State, 'blackhole');
  ec2.later(7_199_000);
  assert.equal((await seenBy(mine)).length, 3);
  ec2.later(1000);
  assert.deepEqual(await seenBy(mine), []);
  await assert.rejects(seenBy(mine, ended), { name: 'InvalidVpcPeeringConnectionID.NotFound' });
});

test('what nobody answers expires after seven days', async () => {
  const id = await ask(TO_OTHER);
  await ask({ VpcId: 'vpc-0b', PeerVpcId: 'vpc-0f', PeerOwnerId: OTHER_ACCOUNT });
  ec2.later(7 * 86_400_000 - 1);
  assert.equal(await statusOf(other, id), 'pending-acceptance');
  ec2.later(1);
  assert.deepEqual([await statusOf(mine, id), await statusOf(other, id)], ['expired', 'expired']);
  await assert.rejects(accept(other, id), { name: 'InvalidStateTransition' });
  await mine.send(new DeleteVpcCommand({ VpcId: 'vpc-0b' }));
  const again = await ask(TO_OTHER);
  await accept(other, again);
  await assert.rejects(mine.send(new DeleteVpcCommand({ VpcId: 'vpc-0a' })), { name: 'DependencyViolation' });
});

test('a connection across regions of one account is accepted in the other region, and has no options', async () => {
  const far = ec2.client('operate', 'us-east-1');
  ec2.put('Vpcs', [{ VpcId: 'vpc-0e', CidrBlock: '10.20.0.0/16', State: 'available' }], ACCOUNT, 'us-east-1');
  const id = await ask({ VpcId: 'vpc-0a', PeerVpcId: 'vpc-0e', PeerRegion: 'us-east-1' });
  await assert.rejects(accept(mine, id), { name: 'OperationNotPermitted' });
  await accept(far, id);
  const [seen] = await seenBy(mine, id);
  assert.deepEqual(await seenBy(far, id), [seen]);
  assert.equal(seen?.Status?.Code, 'active');
  assert.equal(seen.AccepterVpcInfo?.PeeringOptions, undefined);
});

test('each side sets its own options of an active connection', async () => {
  const id = await ask(TO_OTHER);
  const allow = { AllowDnsResolutionFromRemoteVpc: true };
  const modify = (client: EC2Client, options: object): Promise<unknown> =>
    client.send(new ModifyVpcPeeringConnectionOptionsCommand({ VpcPeeringConnectionId: id, ...options }));
  await assert.rejects(modify(mine, { RequesterPeeringConnectionOptions: allow }), {
    name: 'OperationNotPermitted',
    message: `Peering ${id} is not active. Peering options can be added only to active peerings.`,
  });
  await accept(other, id);
  await assert.rejects(modify(mine, { AccepterPeeringConnectionOptions: allow }), { name: 'OperationNotPermitted' });
  await modify(mine, { RequesterPeeringConnectionOptions: allow });
  const [seen] = await seenBy(other, id);
  assert.equal(seen?.RequesterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc, true);
  assert.equal(seen.AccepterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc, false);
});
