/**
 * What Terraform's provider for AWS does for peering connections of one and of two accounts, and for a flow log of which the format is
 * changed: call by call in its order, as `terraform-calls.test.ts` has the other resources.
 *
 * @see terraform-provider-aws 5.100.0: its documentation of aws_vpc_peering_connection, …_accepter, …_options and aws_flow_log
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Sdk from '@aws-sdk/client-ec2';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';

let ec2: Pretended;
let client: Sdk.EC2Client;
let far: Sdk.EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
  far = ec2.client('other');
});
after(() => ec2.close());

async function applyVpc(CidrBlock: string, by = client): Promise<string> {
  const { Vpc: made } = await by.send(new Sdk.CreateVpcCommand({ CidrBlock, InstanceTenancy: 'default' }));
  const VpcId = made?.VpcId ?? assert.fail();
  const { Vpcs: vpcs } = await by.send(new Sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  assert.equal(vpcs?.[0]?.State, 'available');
  return VpcId;
}

async function destroyVpc(VpcId: string, by = client): Promise<void> {
  await by.send(new Sdk.DeleteVpcCommand({ VpcId }));
  await assert.rejects(by.send(new Sdk.DescribeVpcsCommand({ VpcIds: [VpcId] })), { name: 'InvalidVpcID.NotFound' });
}

async function peering(id: string, by = client): Promise<Sdk.VpcPeeringConnection> {
  const asked = new Sdk.DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] });
  return (await by.send(asked)).VpcPeeringConnections?.[0] ?? assert.fail();
}

/** Made, and waited for until somebody must answer. */
async function applyPeering(input: Omit<Sdk.CreateVpcPeeringConnectionCommandInput, 'DryRun'>): Promise<string> {
  const { VpcPeeringConnection: made } = await client.send(
    new Sdk.CreateVpcPeeringConnectionCommand({
      ...input,
      TagSpecifications: [{ ResourceType: 'vpc-peering-connection', Tags: [{ Key: 'Name', Value: 'p' }] }],
    }),
  );
  const id = made?.VpcPeeringConnectionId ?? assert.fail();
  assert.equal((await peering(id)).Status?.Code, 'pending-acceptance');
  return id;
}

const YES = { AllowDnsResolutionFromRemoteVpc: true };
const OPTIONS = {
  AllowDnsResolutionFromRemoteVpc: false,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
};

async function destroyPeering(VpcPeeringConnectionId: string): Promise<void> {
  await client.send(new Sdk.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  assert.equal((await peering(VpcPeeringConnectionId)).Status?.Code, 'deleted');
}

test('aws_vpc_peering_connection with auto_accept, requester and accepter options', async () => {
  const VpcId = await applyVpc('10.0.0.0/16');
  const PeerVpcId = await applyVpc('10.1.0.0/16');
  const id = await applyPeering({ VpcId, PeerVpcId });
  await client.send(new Sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
  const active = await peering(id);
  assert.deepEqual(
    [active.Status?.Code, active.RequesterVpcInfo?.PeeringOptions, active.AccepterVpcInfo?.PeeringOptions],
    ['active', OPTIONS, OPTIONS],
  );
  // Both sides are changed by one call, and the provider reads until they are as it wants them.
  const changed = await client.send(
    new Sdk.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: id,
      RequesterPeeringConnectionOptions: YES,
      AccepterPeeringConnectionOptions: YES,
    }),
  );
  assert.deepEqual(
    [changed.RequesterPeeringConnectionOptions, changed.AccepterPeeringConnectionOptions],
    [
      { ...OPTIONS, ...YES },
      { ...OPTIONS, ...YES },
    ],
  );
  // A second plan reads what it wrote.
  const read = await peering(id);
  assert.deepEqual(read, await peering(id));
  assert.deepEqual(read, {
    ...active,
    RequesterVpcInfo: { ...active.RequesterVpcInfo, PeeringOptions: { ...OPTIONS, ...YES } },
    AccepterVpcInfo: { ...active.AccepterVpcInfo, PeeringOptions: { ...OPTIONS, ...YES } },
  });
  // Changed in place: one side only.
  await client.send(
    new Sdk.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: id,
      RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: false },
    }),
  );
  const after = await peering(id);
  assert.deepEqual(
    [after.RequesterVpcInfo?.PeeringOptions, after.AccepterVpcInfo?.PeeringOptions],
    [OPTIONS, { ...OPTIONS, ...YES }],
  );
  await destroyPeering(id);
  await destroyVpc(PeerVpcId);
  await destroyVpc(VpcId);
});

test('aws_vpc_peering_connection, _accepter and _options across two accounts', async () => {
  const VpcId = await applyVpc('10.0.0.0/16');
  const PeerVpcId = await applyVpc('10.2.0.0/16', far);
  const id = await applyPeering({ VpcId, PeerVpcId, PeerOwnerId: OTHER_ACCOUNT, PeerRegion: REGION });
  // _accepter: found by its id in the other account, accepted, tagged there.
  const found = await peering(id, far);
  assert.deepEqual([found.Status?.Code, found.Tags], ['pending-acceptance', []]);
  await far.send(new Sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
  await far.send(new Sdk.CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Side', Value: 'accepter' }] }));
  assert.deepEqual((await peering(id, far)).Tags, [{ Key: 'Side', Value: 'accepter' }]);
  assert.deepEqual((await peering(id)).Tags, [{ Key: 'Name', Value: 'p' }]);
  // _options: each side its own, and only those.
  await far.send(
    new Sdk.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: id,
      AccepterPeeringConnectionOptions: YES,
    }),
  );
  await client.send(
    new Sdk.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: id,
      RequesterPeeringConnectionOptions: YES,
    }),
  );
  await assert.rejects(
    client.send(
      new Sdk.ModifyVpcPeeringConnectionOptionsCommand({
        VpcPeeringConnectionId: id,
        AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: false },
      }),
    ),
    { name: 'OperationNotPermitted', message: `User ${ACCOUNT} cannot modify the accepter options of peering ${id}` },
  );
  for (const by of [client, far]) {
    const { RequesterVpcInfo: one, AccepterVpcInfo: other } = await peering(id, by);
    assert.deepEqual(
      [one?.OwnerId, one?.PeeringOptions, other?.OwnerId, other?.PeeringOptions],
      [ACCOUNT, { ...OPTIONS, ...YES }, OTHER_ACCOUNT, { ...OPTIONS, ...YES }],
    );
  }
  await destroyPeering(id);
  assert.equal((await peering(id, far)).Status?.Code, 'deleted');
  await destroyVpc(PeerVpcId, far);
  await destroyVpc(VpcId);
});

test('aws_flow_log: a changed format replaces it, the old one first', async () => {
  const vpcId = await applyVpc('10.0.0.0/16');
  const format = '${version} ${srcaddr} ${dstaddr}';
  const create = async (token: string, LogFormat: string): Promise<string> => {
    const { FlowLogIds, Unsuccessful } = await client.send(
      new Sdk.CreateFlowLogsCommand({
        ClientToken: token,
        LogDestination: 'arn:aws:s3:::local/vpc/',
        LogDestinationType: 's3',
        LogFormat,
        MaxAggregationInterval: 60,
        ResourceIds: [vpcId],
        ResourceType: 'VPC',
        TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'Name', Value: 'all' }] }],
        TrafficType: 'ALL',
        DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
      }),
    );
    assert.deepEqual(Unsuccessful, []);
    return FlowLogIds?.[0] ?? assert.fail();
  };
  const read = async (id: string): Promise<Sdk.FlowLog | undefined> =>
    (await client.send(new Sdk.DescribeFlowLogsCommand({ FlowLogIds: [id] }))).FlowLogs?.[0];
  const first = await create('terraform-1', format);
  const before = await read(first);
  assert.deepEqual(await read(first), before, 'a second plan is empty');
  // With create_before_destroy the new one meets the old one at its destination, on AWS too.
  await assert.rejects(create('terraform-2', `${format} \${action}`), { name: 'FlowLogAlreadyExists' });
  const { Unsuccessful } = await client.send(new Sdk.DeleteFlowLogsCommand({ FlowLogIds: [first] }));
  assert.deepEqual(Unsuccessful, []);
  await assert.rejects(read(first), { name: 'InvalidFlowLogId.NotFound' });
  // The token of the call that was refused may be used again: nothing was made with it.
  const second = await create('terraform-2', `${format} \${action}`);
  assert.notEqual(second, first);
  assert.deepEqual(await read(second), { ...before, FlowLogId: second, LogFormat: `${format} \${action}` });
  await client.send(new Sdk.CreateTagsCommand({ Resources: [second], Tags: [{ Key: 'Name', Value: 'other' }] }));
  assert.deepEqual((await read(second))?.Tags, [{ Key: 'Name', Value: 'other' }]);
  await client.send(new Sdk.DeleteFlowLogsCommand({ FlowLogIds: [second] }));
  await assert.rejects(client.send(new Sdk.DeleteFlowLogsCommand({ FlowLogIds: [second] })), {
    name: 'InvalidFlowLogId.NotFound',
  });
  await destroyVpc(vpcId);
  assertWhole(factsIn(ec2.path));
});
