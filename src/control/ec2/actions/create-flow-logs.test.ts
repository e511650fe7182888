import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateFlowLogsCommand,
  CreateTagsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
} from '@aws-sdk/client-ec2';
import type { CreateFlowLogsCommandInput } from '@aws-sdk/client-ec2';
import { DEFAULT_FORMAT } from '../../../record/format.ts';
import { dirname } from 'node:path';
import { openModel } from '../../../storage/state/open-model.ts';
import { ACCOUNT, pretendEc2, REGION } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16', State: 'available' }]);
  const Subnet = { SubnetId: 'subnet-0a', VpcId: 'vpc-0a', OwnerId: ACCOUNT, AvailabilityZone: `${REGION}a` };
  ec2.put('Subnets', [{ ...Subnet, CidrBlock: '10.0.0.0/24' }]);
});
after(() => ec2.close());

const BUCKET: CreateFlowLogsCommandInput = {
  ResourceType: 'VPC',
  ResourceIds: ['vpc-0a'],
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::local/network/',
};

test('a flow log reads back as it was made, with defaults, tags and the time', async () => {
  const client = ec2.client();
  const made = await client.send(
    new CreateFlowLogsCommand({
      ...BUCKET,
      TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'Name', Value: 'a <b>' }] }],
    }),
  );
  const [id = ''] = made.FlowLogIds ?? [];
  assert.match(id, /^fl-[\da-f]{17}$/);
  assert.match(made.ClientToken ?? '', /./);
  assert.deepEqual(made.Unsuccessful, []);
  const read = await client.send(new DescribeFlowLogsCommand({ FlowLogIds: [id] }));
  assert.deepEqual(read.FlowLogs, [
    {
      CreationTime: ec2.clock.now,
      DeliverLogsStatus: 'SUCCESS',
      FlowLogId: id,
      FlowLogStatus: 'ACTIVE',
      ResourceId: 'vpc-0a',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local/network/',
      LogFormat: DEFAULT_FORMAT,
      Tags: [{ Key: 'Name', Value: 'a <b>' }],
      MaxAggregationInterval: 600,
      DestinationOptions: { FileFormat: 'plain-text', HiveCompatiblePartitions: false, PerHourPartition: false },
    },
  ]);
  await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'net' }] }));
  const tagged = await client.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'tag:team', Values: ['n*'] }] }));
  assert.deepEqual(
    tagged.FlowLogs?.map(({ FlowLogId, Tags }) => [FlowLogId, Tags]),
    [
      [
        id,
        [
          { Key: 'Name', Value: 'a <b>' },
          { Key: 'team', Value: 'net' },
        ],
      ],
    ],
  );
  await assert.rejects(client.send(new CreateFlowLogsCommand(BUCKET)), { name: 'FlowLogAlreadyExists' });
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
  assert.deepEqual((await client.send(new DescribeFlowLogsCommand({}))).FlowLogs, []);
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/flow-logs`;

test('every parameter reads back as it was given, whatever happens to it later', async () => {
  const client = ec2.client();
  const stream = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/all`;
  const group = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:by/arn:*`;
  const format = '${version} ${interface-id} ${start} ${end} ${instance-tag} ${x-rule-id}';
  const common = { ResourceType: 'Subnet' as const, ResourceIds: ['subnet-0a'] };
  const logs: readonly [asked: CreateFlowLogsCommandInput, read: object][] = [
    [
      {
        ...common,
        TrafficType: 'REJECT',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::a-bucket',
        LogFormat: format,
        MaxAggregationInterval: 60,
        DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
        TagFieldSpecifications: [
          { ResourceType: 'instance', TagKeys: ['Name', 'team of é'] },
          { ResourceType: 'auto-scaling-group', TagKeys: ['x'] },
        ],
      },
      {
        TrafficType: 'REJECT',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::a-bucket',
        LogFormat: format,
        MaxAggregationInterval: 60,
        DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
        TagFieldSpecifications: [
          { ResourceType: 'instance', TagKeys: ['Name', 'team of é'] },
          { ResourceType: 'auto-scaling-group', TagKeys: ['x'] },
        ],
      },
    ],
    [
      { ...common, TrafficType: 'ALL', LogGroupName: 'by-name', DeliverLogsPermissionArn: ROLE },
      { LogDestinationType: 'cloud-watch-logs', LogGroupName: 'by-name', DeliverLogsPermissionArn: ROLE },
    ],
    [
      {
        ...common,
        TrafficType: 'ACCEPT',
        LogDestinationType: 'cloud-watch-logs',
        LogDestination: group,
        DeliverLogsPermissionArn: ROLE,
      },
      {
        TrafficType: 'ACCEPT',
        LogDestinationType: 'cloud-watch-logs',
        LogDestination: group,
        LogGroupName: 'by/arn',
        DeliverLogsPermissionArn: ROLE,
      },
    ],
    [
      {
        ...common,
        TrafficType: 'ALL',
        LogDestinationType: 'kinesis-data-firehose',
        LogDestination: stream,
        DeliverLogsPermissionArn: ROLE,
        DeliverCrossAccountRole: ROLE,
      },
      {
        LogDestinationType: 'kinesis-data-firehose',
        LogDestination: stream,
        DeliverLogsPermissionArn: ROLE,
        DeliverCrossAccountRole: ROLE,
      },
    ],
  ];
  const made: string[] = [];
  for (const [asked] of logs) {
    const answer = await client.send(new CreateFlowLogsCommand({ ...asked, ClientToken: `token-${made.length}` }));
    assert.deepEqual([answer.ClientToken, answer.Unsuccessful], [`token-${made.length}`, []]);
    made.push(...(answer.FlowLogIds ?? []));
  }
  await client.send(new CreateTagsCommand({ Resources: made, Tags: [{ Key: 'later', Value: '' }] }));
  await assert.rejects(client.send(new CreateFlowLogsCommand({ ...logs[1]![0], MaxAggregationInterval: 60 })));
  for (const [i, [, read]] of logs.entries()) {
    const { FlowLogs: found } = await client.send(new DescribeFlowLogsCommand({ FlowLogIds: [made[i]!] }));
    assert.deepEqual(found, [
      {
        CreationTime: ec2.clock.now,
        DeliverLogsStatus: 'SUCCESS',
        FlowLogId: made[i],
        FlowLogStatus: 'ACTIVE',
        ResourceId: 'subnet-0a',
        TrafficType: 'ALL',
        LogFormat: DEFAULT_FORMAT,
        Tags: [{ Key: 'later', Value: '' }],
        MaxAggregationInterval: 600,
        ...read,
      },
    ]);
  }
  // What is written here is what the collector and `diagnose` read.
  const snapshot = await openModel({ data: dirname(ec2.path) });
  assert.deepEqual(
    new Set(snapshot.flowLogs.map(({ id, accountId, destination }) => `${id} ${accountId} ${destination.type}`)),
    new Set(made.map((id, i) => `${id} ${ACCOUNT} ${logs[i]![0].LogDestinationType ?? 'cloud-watch-logs'}`)),
  );
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds: made }));
});

test('filters find flow logs by each of their names, and pages hold what they should', async () => {
  const client = ec2.client();
  const made: string[] = [];
  for (const [i, TrafficType] of (['ALL', 'ACCEPT', 'REJECT'] as const).entries())
    for (const bucket of ['one', 'two']) {
      const LogDestination = `arn:aws:s3:::bucket-${bucket}`;
      const input = { ...BUCKET, TrafficType, LogDestination, ResourceIds: ['vpc-0a'], ClientToken: `${bucket}${i}` };
      made.push(...((await client.send(new CreateFlowLogsCommand(input))).FlowLogIds ?? []));
    }
  const group = { ...BUCKET, LogDestinationType: undefined, LogDestination: undefined, LogGroupName: 'a-group' };
  made.push(
    ...((await client.send(new CreateFlowLogsCommand({ ...group, DeliverLogsPermissionArn: ROLE }))).FlowLogIds ?? []),
  );
  const found = async (...Filter: { Name: string; Values: string[] }[]): Promise<number> =>
    (await client.send(new DescribeFlowLogsCommand({ Filter }))).FlowLogs?.length ?? 0;
  assert.equal(await found({ Name: 'traffic-type', Values: ['ALL', 'REJECT'] }), 5);
  assert.equal(await found({ Name: 'flow-log-id', Values: [made[0]!] }), 1);
  assert.equal(await found({ Name: 'resource-id', Values: ['vpc-*'] }, { Name: 'traffic-type', Values: ['A*'] }), 5);
  assert.equal(await found({ Name: 'log-destination-type', Values: ['s3'] }), 6);
  assert.equal(await found({ Name: 'log-group-name', Values: ['a-?roup'] }), 1);
  assert.equal(await found({ Name: 'deliver-log-status', Values: ['SUCCESS'] }), 7);
  assert.equal(await found({ Name: 'deliver-log-status', Values: ['FAILED'] }), 0);
  ec2.destination.errors.set(made[2]!, 'Access error');
  assert.equal(await found({ Name: 'deliver-log-status', Values: ['SUCCESS'] }), 6);
  const { FlowLogs: failed = [] } = await client.send(
    new DescribeFlowLogsCommand({ Filter: [{ Name: 'deliver-log-status', Values: ['FAILED'] }] }),
  );
  assert.deepEqual(
    failed.map((log) => [log.FlowLogId, log.DeliverLogsStatus, log.DeliverLogsErrorMessage]),
    [[made[2], 'FAILED', 'Access error']],
  );
  await assert.rejects(found({ Name: 'vpc-id', Values: ['x'] }), {
    name: 'InvalidParameterValue',
    message: "The filter 'vpc-id' is invalid",
  });
  const Filter = [{ Name: 'resource-id', Values: ['vpc-0a', 'subnet-0a', 'vpc-0a'] }];
  const part = await client.send(new DescribeFlowLogsCommand({ MaxResults: 5, Filter }));
  const others = await client.send(new DescribeFlowLogsCommand({ Filter, NextToken: part.NextToken }));
  assert.deepEqual([part.FlowLogs?.length, others.FlowLogs?.length], [5, 2], 'pages of what an index finds');
  const first = await client.send(new DescribeFlowLogsCommand({ MaxResults: 5 }));
  const second = await client.send(new DescribeFlowLogsCommand({ MaxResults: 5, NextToken: first.NextToken }));
  assert.deepEqual([first.FlowLogs?.length, second.FlowLogs?.length, second.NextToken], [5, 2, undefined]);
  const ids = [...(first.FlowLogs ?? []), ...(second.FlowLogs ?? [])].map(({ FlowLogId }) => FlowLogId);
  assert.deepEqual(new Set(ids), new Set(made));
  await assert.rejects(client.send(new DescribeFlowLogsCommand({ MaxResults: 5, FlowLogIds: made })), {
    name: 'InvalidParameterCombination',
  });
  await assert.rejects(client.send(new DescribeFlowLogsCommand({ FlowLogIds: ['fl-0'] })), {
    name: 'InvalidFlowLogId.NotFound',
  });
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds: made }));
});

test('the ARN of a stream may have a colon, as AWS’s reference of the call has it, and names the same stream', async () => {
  const client = ec2.client();
  const make = (separator: string) =>
    client.send(
      new CreateFlowLogsCommand({
        ...BUCKET,
        LogDestinationType: 'kinesis-data-firehose',
        LogDestination: `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream${separator}a`,
      }),
    );
  const { FlowLogIds: ids = [] } = await make('/');
  await assert.rejects(make(':'), { name: 'FlowLogAlreadyExists' });
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds: ids }));
  const { FlowLogIds } = await make(':');
  const { FlowLogs: logs } = await client.send(new DescribeFlowLogsCommand({ FlowLogIds }));
  assert.equal(logs?.[0]?.LogDestination, `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream:a`);
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds }));
});
