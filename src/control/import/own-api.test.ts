/** What the API of our own answers is imported whole: the same network comes out as it keeps. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as Sdk from '@aws-sdk/client-ec2';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { ACCOUNT, KEY_IDS, pretendEc2, REGION, SECRET } from '../ec2/ec2.fixture.ts';
import type { Pretended } from '../ec2/ec2.fixture.ts';
import { factsIn } from '../ec2/facts.fixture.ts';
import { idOf, KIND_WORDS } from '../ec2/items.ts';
import type { Kind } from '../ec2/items.ts';
import { importAws } from './import-aws.ts';

/** Of what the import asks for: flowgauge has no such things. */
const NOT_SERVED = [
  'ec2:DescribeVpnGateways',
  'ec2:DescribeTransitGateways',
  'ec2:DescribeTransitGatewayVpcAttachments',
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeVpcBlockPublicAccessExclusions',
  'ec2:DescribeVpcEncryptionControls',
  'elasticloadbalancing:DescribeLoadBalancers',
  'autoscaling:DescribeAutoScalingGroups',
  'ecs:DescribeTasks',
];
const KINDS = Object.keys(KIND_WORDS) as Kind[];
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-own-api-'));
let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  process.env['AWS_ACCESS_KEY_ID'] = KEY_IDS.read;
  process.env['AWS_SECRET_ACCESS_KEY'] = SECRET;
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN']) delete process.env[name];
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) process.env[name] = '/dev/null';
});
after(async () => {
  await ec2.close();
  rmSync(scratch, { recursive: true });
});

test('a network made by calls of the API is the network that an import of its answers makes', async () => {
  const client = ec2.client();
  const { Vpc: vpc } = await client.send(new Sdk.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Vpc: other } = await client.send(new Sdk.CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
  const [VpcId, PeerVpcId] = [vpc?.VpcId, other?.VpcId];
  const { Subnet: subnet } = await client.send(new Sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' }));
  const SubnetId = subnet?.SubnetId;
  const { InternetGateway: gateway } = await client.send(new Sdk.CreateInternetGatewayCommand({}));
  await client.send(new Sdk.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: gateway?.InternetGatewayId }));
  const { VpcPeeringConnection: peering } = await client.send(
    new Sdk.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }),
  );
  const { VpcPeeringConnectionId } = peering ?? {};
  await client.send(new Sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  const { RouteTable: table } = await client.send(new Sdk.CreateRouteTableCommand({ VpcId }));
  const RouteTableId = table?.RouteTableId;
  await client.send(
    new Sdk.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId }),
  );
  await client.send(
    new Sdk.CreateRouteCommand({
      RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gateway?.InternetGatewayId,
    }),
  );
  await client.send(new Sdk.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  const { PrefixList: list } = await client.send(
    new Sdk.CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '192.0.2.0/24' }],
    }),
  );
  const { GroupId } = await client.send(
    new Sdk.CreateSecurityGroupCommand({ VpcId, GroupName: 'web', Description: 'web servers' }),
  );
  await client.send(
    new Sdk.AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: list?.PrefixListId }] },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId }] },
      ],
    }),
  );
  await client.send(
    new Sdk.RunInstancesCommand({
      ImageId: 'ami-1',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      SecurityGroupIds: [GroupId ?? ''],
    }),
  );
  await client.send(
    new Sdk.CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [VpcId ?? ''],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local',
    }),
  );
  const { endpoint } = ec2;
  const now = Date.now() * 1000;
  const got = await importAws(
    { profiles: [], regions: [REGION], endpoint },
    scratch,
    now,
    new AbortController().signal,
  );
  // What this API does not serve is named: other services, and kinds that flowgauge has none of.
  assert.deepEqual(
    got.refused.map(({ call }) => call),
    NOT_SERVED,
  );
  assert.deepEqual(got.notUnderstood, []);
  const kept = factsIn(ec2.path);
  const state = openState(statePath(scratch));
  const imported = openCurrentFacts(state).scope(ACCOUNT, REGION);
  // AWS's own prefix lists are described and not kept.
  const idsOf = (kind: Kind, items: readonly object[]): string[] =>
    items
      .filter((item) => !('OwnerId' in item && item.OwnerId === 'AWS'))
      .map((item) => idOf(kind, item))
      .toSorted();
  const asked = new Set(got.recorded.map(({ kind }) => kind));
  const compared = KINDS.filter((kind) => asked.has(kind) && kept[kind].length > 0);
  for (const kind of compared) assert.deepEqual(idsOf(kind, imported.list(kind)), idsOf(kind, kept[kind]), kind);
  assert.equal(compared.length, 12);
  assert.deepEqual(imported.list('FlowLogs')[0]?.['ResourceId'], VpcId);
  state.close();
});
