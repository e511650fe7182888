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
import { pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a', CidrBlock: '10.0.0.0/16', State: 'available' }]);
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
