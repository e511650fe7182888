import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateFlowLogsCommand, DeleteFlowLogsCommand, DescribeFlowLogsCommand } from '@aws-sdk/client-ec2';
import type { CreateFlowLogsCommandInput } from '@aws-sdk/client-ec2';
import type { DeliveryProblem } from '../../publish/destination.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2 } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { FLOW_LOG_ERRORS } from './flow-log-errors.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2({
    surroundings: {
      checkDestination: () => Promise.resolve(ec2.destination.problem),
      deliveryError: () => null,
      flowLogsPerResource: 2,
    },
  });
  const peering = {
    VpcPeeringConnectionId: 'pcx-01',
    RequesterVpcInfo: { OwnerId: ACCOUNT, VpcId: 'vpc-0a' },
    AccepterVpcInfo: { OwnerId: OTHER_ACCOUNT, VpcId: 'vpc-0d' },
    Status: { Code: 'active' },
  };
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a' }, { VpcId: 'vpc-0b' }]);
  ec2.put('Subnets', [{ SubnetId: 'subnet-0a', VpcId: 'vpc-0a' }]);
  ec2.put('NetworkInterfaces', [
    { NetworkInterfaceId: 'eni-0a', VpcId: 'vpc-0a' },
    { NetworkInterfaceId: 'eni-0c' },
    { NetworkInterfaceId: 'eni-0e', VpcId: 'vpc-0a', Attachment: { InstanceId: 'i-0e' } },
  ]);
  ec2.put('Instances', [{ InstanceId: 'i-0e' }]);
  ec2.put('VpcPeeringConnections', [peering]);
  ec2.put('Vpcs', [{ VpcId: 'vpc-0d' }, { VpcId: 'vpc-0f' }], OTHER_ACCOUNT);
  ec2.put('Subnets', [{ SubnetId: 'subnet-0d', VpcId: 'vpc-0d' }], OTHER_ACCOUNT);
  ec2.put('NetworkInterfaces', [{ NetworkInterfaceId: 'eni-0d', VpcId: 'vpc-0d' }], OTHER_ACCOUNT);
  ec2.put('VpcPeeringConnections', [peering], OTHER_ACCOUNT);
});
after(() => ec2.close());

type Asked = Partial<CreateFlowLogsCommandInput>;
const BUCKET: CreateFlowLogsCommandInput = {
  ResourceType: 'VPC',
  ResourceIds: ['vpc-0a'],
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::a-bucket/with/prefix/',
};
const ROLE = `arn:aws:iam::${ACCOUNT}:role/flow-logs`;
const GROUP: CreateFlowLogsCommandInput = {
  ResourceType: 'VPC',
  ResourceIds: ['vpc-0a'],
  TrafficType: 'ALL',
  LogGroupName: 'flow-logs',
  DeliverLogsPermissionArn: ROLE,
};
const STREAM: CreateFlowLogsCommandInput = {
  ...BUCKET,
  LogDestinationType: 'kinesis-data-firehose',
  LogDestination: `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/a`,
};
const GATEWAY: CreateFlowLogsCommandInput = {
  ...BUCKET,
  ResourceType: 'TransitGateway',
  ResourceIds: ['tgw-0a'],
  TrafficType: undefined,
};

/** Calls that fail, by the entry of the table. */
const CALLS: Readonly<Record<string, readonly (readonly [asked: CreateFlowLogsCommandInput, message: string])[]>> = {
  bothDestinations: [
    [
      { ...GROUP, LogDestination: 'arn:aws:s3:::b' },
      'Please only provide LogGroupName or only provide LogDestination.',
    ],
    // Both given wins over the type.
    [{ ...BUCKET, LogGroupName: 'g' }, 'Please only provide LogGroupName or only provide LogDestination.'],
  ],
  noDestination: [
    [{ ...BUCKET, LogDestination: undefined }, "LogDestination can't be empty if LogGroupName is not provided."],
    [{ ...GROUP, LogGroupName: undefined }, "LogDestination can't be empty if LogGroupName is not provided."],
  ],
  groupOfOtherType: [
    [
      { ...GROUP, LogDestinationType: 's3' },
      'LogDestination type must be cloud-watch-logs if LogGroupName is provided.',
    ],
    [
      { ...GROUP, LogDestinationType: 'kinesis-data-firehose' },
      'LogDestination type must be cloud-watch-logs if LogGroupName is provided.',
    ],
  ],
  roleMissing: [
    [
      { ...GROUP, DeliverLogsPermissionArn: undefined },
      "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    ],
  ],
  roleForBucket: [
    [{ ...BUCKET, DeliverLogsPermissionArn: ROLE }, 'DeliverLogsPermissionArn is not applicable for s3 delivery'],
  ],
  roleShape: [
    [{ ...GROUP, DeliverLogsPermissionArn: 'root' }, 'Unable to assume given IAM role. root is not the ARN of a role.'],
  ],
  oneRole: [
    [
      { ...STREAM, DeliverLogsPermissionArn: ROLE },
      'When providing a role for cross-account delivery, both the DeliverLogsPermissionArn and DeliverCrossAccountRole fields must be set.',
    ],
    [
      { ...STREAM, DeliverCrossAccountRole: ROLE },
      'When providing a role for cross-account delivery, both the DeliverLogsPermissionArn and DeliverCrossAccountRole fields must be set.',
    ],
  ],
  crossRoleElsewhere: [
    [
      { ...GROUP, DeliverCrossAccountRole: ROLE },
      'DeliverCrossAccountRole is only applicable for kinesis-data-firehose delivery',
    ],
  ],
  interval: [
    ...[0, 1, 59, 61, 599, -60].map((seconds): [CreateFlowLogsCommandInput, string] => [
      { ...BUCKET, MaxAggregationInterval: seconds },
      'Invalid Flow Log Max Aggregation Interval',
    ]),
    [{ ...GATEWAY, MaxAggregationInterval: 600 }, 'Invalid Flow Log Max Aggregation Interval'],
  ],
  formatShape: [
    '',
    ' ',
    '${version} ',
    ' ${version}',
    '${version}  ${start}',
    'version',
    '${version}${start}',
    '${version',
    '${version} start',
  ].map((format): [CreateFlowLogsCommandInput, string] => [
    { ...BUCKET, LogFormat: format },
    `1 validation error detected: Value '${format}' at 'logFormat' has an invalid format`,
  ]),
  formatField: [
    [{ ...BUCKET, LogFormat: '${version} ${colour}' }, 'Unknown fields provided: colour'],
    [{ ...BUCKET, LogFormat: '${version} ${version}' }, 'Unknown fields provided: version is there twice'],
    [{ ...BUCKET, LogFormat: '${tgw-id} ${start}' }, 'Unknown fields provided: tgw-id'],
    [{ ...GATEWAY, LogFormat: '${version} ${vpc-id}' }, 'Unknown fields provided: vpc-id'],
  ],
  tooManyResources: [
    [
      { ...BUCKET, ResourceIds: Array.from({ length: 301 }, (_, i) => `vpc-${i}`) },
      'ResourceIds must have 1 to 300 ids.',
    ],
    [
      { ...GATEWAY, ResourceIds: Array.from({ length: 26 }, (_, i) => `tgw-${i}`) },
      'ResourceIds must have 1 to 25 ids.',
    ],
  ],
  resourceTwice: [[{ ...BUCKET, ResourceIds: ['vpc-0a', 'vpc-0b', 'vpc-0a'] }, 'ResourceIds has vpc-0a twice.']],
  otherKind: [
    [
      { ...BUCKET, ResourceIds: ['eni-0a'] },
      'Value (eni-0a) for parameter ResourceId is invalid. It is not the id of a VPC.',
    ],
    [
      { ...GATEWAY, ResourceIds: ['tgw-attach-0a'] },
      'Value (tgw-attach-0a) for parameter ResourceId is invalid. It is not the id of a TransitGateway.',
    ],
    [
      { ...GATEWAY, ResourceIds: ['tgw-xyz'] },
      'Value (tgw-xyz) for parameter ResourceId is invalid. It is not the id of a TransitGateway.',
    ],
  ],
  trafficForGateway: [
    [{ ...GATEWAY, TrafficType: 'ALL' }, 'TrafficType is not applicable for transit gateway flow logs'],
  ],
  gatewayKind: [
    [GATEWAY, 'flowgauge has no such resource: TransitGateway. Records of such flow logs can be read, not written.'],
    [
      {
        ...GATEWAY,
        ResourceType: 'TransitGatewayAttachment',
        ResourceIds: ['tgw-attach-0a'],
        MaxAggregationInterval: 60,
      },
      'flowgauge has no such resource: TransitGatewayAttachment. Records of such flow logs can be read, not written.',
    ],
    [
      { ...BUCKET, ResourceType: 'RegionalNatGateway', ResourceIds: ['nat-0a'] },
      'flowgauge has no such resource: RegionalNatGateway. Records of such flow logs can be read, not written.',
    ],
  ],
  destinationShape: [
    ...[
      'bucket',
      'arn:aws:s3:::',
      'arn:aws:s3:::B',
      'arn:aws:s3:::bucket/a/../b',
      'arn:aws:s3:::bucket/a//b',
      'arn:aws:s3:::bucket/a b',
      // No key of S3 has more than 1,024 bytes, no name of a file more than 255.
      `arn:aws:s3:::bucket/${'a/'.repeat(401)}`,
      `arn:aws:s3:::local/${'a'.repeat(256)}/`,
    ].map((arn): [CreateFlowLogsCommandInput, string] => [
      { ...BUCKET, LogDestination: arn },
      `LogDestination: ${arn} is not valid. It must be the ARN of a bucket, with a prefix or without: arn:aws:s3:::bucket/prefix/.`,
    ]),
    [
      { ...STREAM, LogDestination: 'arn:aws:s3:::bucket' },
      'LogDestination: arn:aws:s3:::bucket is not valid. It must be the ARN of a Firehose delivery stream.',
    ],
    [
      { ...GROUP, LogGroupName: undefined, LogDestination: 'group' },
      'LogDestination: group is not valid. It must be the ARN of a log group.',
    ],
  ],
  reservedPrefix: ['AWSLogs', '_flowgauge'].map((part) => [
    { ...BUCKET, LogDestination: `arn:aws:s3:::bucket/${part}/` },
    `LogDestination: ${part} is a reserved prefix; it cannot be part of the ARN of the bucket.`,
  ]),
  optionsElsewhere: [
    [
      { ...GROUP, DestinationOptions: { FileFormat: 'parquet' } },
      'DestinationOptions are only applicable for s3 delivery',
    ],
    [
      { ...STREAM, DestinationOptions: { PerHourPartition: true } },
      'DestinationOptions are only applicable for s3 delivery',
    ],
  ],
  tagFields: [
    [
      { ...BUCKET, TagFieldSpecifications: [tagField('instance', 'a'), tagField('instance', 'b')] },
      'TagFieldSpecification is invalid. instance is there twice.',
    ],
    [
      { ...BUCKET, TagFieldSpecifications: [tagField('instance')] },
      'TagFieldSpecification is invalid. instance must have 1 or 2 keys, each once.',
    ],
    [
      { ...BUCKET, TagFieldSpecifications: [tagField('network-interface', 'a', 'b', 'c')] },
      'TagFieldSpecification is invalid. network-interface must have 1 or 2 keys, each once.',
    ],
    [
      { ...BUCKET, TagFieldSpecifications: [tagField('auto-scaling-group', 'x'.repeat(129))] },
      'TagFieldSpecification is invalid. A key must have 1 to 128 characters.',
    ],
  ],
  ofOtherAccount: (
    [
      ['VPC', 'vpc-0d'],
      ['Subnet', 'subnet-0d'],
      ['NetworkInterface', 'eni-0d'],
    ] as const
  ).map(([type, id]): [CreateFlowLogsCommandInput, string] => [
    { ...BUCKET, ResourceType: type, ResourceIds: [id] },
    `${id} is of account ${OTHER_ACCOUNT}. A flow log for it can only be created by that account.`,
  ]),
};

function tagField(ResourceType: 'instance' | 'network-interface' | 'auto-scaling-group', ...TagKeys: string[]) {
  return { ResourceType, TagKeys };
}

const create = (asked: CreateFlowLogsCommandInput) => ec2.client().send(new CreateFlowLogsCommand(asked));
const refusal = async (asked: CreateFlowLogsCommandInput): Promise<[string, string]> =>
  create(asked).then(
    () => ['none', ''],
    ({ name, message }: Error) => [name, message],
  );

for (const [name, calls] of Object.entries(CALLS)) {
  test(`refuses a call: ${FLOW_LOG_ERRORS[name as keyof typeof FLOW_LOG_ERRORS].when}`, async () => {
    const { code, where } = FLOW_LOG_ERRORS[name as keyof typeof FLOW_LOG_ERRORS];
    assert.equal(where, 'call');
    for (const [asked, message] of calls) assert.deepEqual(await refusal(asked), [code, message]);
  });
}

/** Calls of which one resource fails. */
const ITEMS: Readonly<
  Record<string, readonly (readonly [asked: Asked, problem: DeliveryProblem | null, message: string])[]>
> = {
  bucketMissing: [
    [{}, { code: 'FG_S3_NO_BUCKET', message: '', again: false }, 'LogDestination: a-bucket does not exist'],
  ],
  streamMissing: [
    [
      STREAM,
      { code: 'FG_STREAM_MISSING', message: '', again: true },
      `LogDestination: ${STREAM.LogDestination} does not exist`,
    ],
  ],
  bucketDenied: ['FG_S3_DENIED', 'FG_S3_WRITE_DENIED'].map((code) => [
    {},
    { code, message: '', again: true },
    'Access Denied for LogDestination: a-bucket. Please check LogDestination permission',
  ]),
  undeliverable: [
    [{}, { code: 'FG_KMS_KEY', message: '', again: false }, 'LogDestination a-bucket is undeliverable'],
    [
      STREAM,
      { code: 'FG_STREAM_SOURCE', message: '', again: false },
      `LogDestination ${STREAM.LogDestination} is undeliverable`,
    ],
  ],
  classic: [
    [
      { ResourceType: 'NetworkInterface', ResourceIds: ['eni-0c'] },
      null,
      'eni-0c is an interface of EC2-Classic; flow logs are not available for it',
    ],
    [
      { ResourceType: 'NetworkInterface', ResourceIds: ['eni-0e'] },
      null,
      'eni-0e is linked to vpc-0a through ClassicLink; flow logs are not available for it',
    ],
  ],
};

for (const [name, calls] of Object.entries(ITEMS)) {
  test(`refuses a resource: ${FLOW_LOG_ERRORS[name as keyof typeof FLOW_LOG_ERRORS].when}`, async () => {
    const { code, where } = FLOW_LOG_ERRORS[name as keyof typeof FLOW_LOG_ERRORS];
    assert.equal(where, 'item');
    for (const [asked, problem, message] of calls) {
      ec2.destination.problem = problem;
      const answer = await create({ ...BUCKET, ...asked });
      ec2.destination.problem = null;
      const ResourceId = (asked.ResourceIds ?? BUCKET.ResourceIds)?.[0];
      assert.deepEqual(answer.Unsuccessful, [{ ResourceId, Error: { Code: code, Message: message } }]);
      assert.deepEqual(answer.FlowLogIds, []);
    }
  });
}

const OF_THEIR_OWN = ['exists', 'tooMany', 'idsNotFound'];

test('every entry of the table has a test', () => {
  assert.deepEqual(
    [...Object.keys(CALLS), ...Object.keys(ITEMS), ...OF_THEIR_OWN].sort(),
    Object.keys(FLOW_LOG_ERRORS).sort(),
  );
});

test('what every action refuses: words that are none, ids of nothing; `known-flow-log-errors.test.ts` has the others', async () => {
  for (const [asked, name, message] of [
    [
      { ...BUCKET, TagFieldSpecifications: [tagField('vpc' as 'instance', 'a')] },
      'InvalidParameterValue',
      'Value (vpc) for parameter TagFieldSpecification.ResourceType is invalid. Valid values are: network-interface, instance, auto-scaling-group.',
    ],
    [
      { ...BUCKET, TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a' }] }] },
      'InvalidParameterValue',
      "Value (vpc) for parameter TagSpecification.ResourceType is invalid. Only 'vpc-flow-log' can be tagged by this call.",
    ],
    [{ ...BUCKET, ResourceIds: ['vpc-0a', 'vpc-0c'] }, 'InvalidVpcID.NotFound', "The vpc ID 'vpc-0c' does not exist"],
    // What another account has, and no peering shows, is not there.
    [{ ...BUCKET, ResourceIds: ['vpc-0f'] }, 'InvalidVpcID.NotFound', "The vpc ID 'vpc-0f' does not exist"],
    [
      { ...BUCKET, ResourceType: 'Subnet', ResourceIds: ['subnet-0c'] },
      'InvalidSubnetID.NotFound',
      "The subnet ID 'subnet-0c' does not exist",
    ],
    [
      { ...BUCKET, ResourceType: 'NetworkInterface', ResourceIds: ['eni-0b'] },
      'InvalidNetworkInterfaceID.NotFound',
      "The networkInterface ID 'eni-0b' does not exist",
    ],
    [{ ...BUCKET, ResourceIds: ['vpc-xyz'] }, 'InvalidVpcID.Malformed', 'Invalid id: "vpc-xyz" (expecting "vpc-...")'],
    [
      { ...BUCKET, ResourceType: 'Subnet', ResourceIds: ['nothing'] },
      'InvalidSubnetID.Malformed',
      'Invalid id: "nothing" (expecting "subnet-...")',
    ],
  ] as const)
    assert.deepEqual(await refusal(asked as unknown as CreateFlowLogsCommandInput), [name, message]);
});

test('the far side of a peering connection is covered from its own account, and only there', async () => {
  const other = ec2.client('other');
  const made = await other.send(new CreateFlowLogsCommand({ ...BUCKET, ResourceIds: ['vpc-0d'] }));
  assert.equal(made.FlowLogIds?.length, 1);
  await assert.rejects(other.send(new CreateFlowLogsCommand(BUCKET)), { name: 'UnsupportedOperation' });
  assert.deepEqual((await ec2.client().send(new DescribeFlowLogsCommand({}))).FlowLogs, []);
  await assert.rejects(ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: made.FlowLogIds })), {
    name: 'InvalidFlowLogId.NotFound',
  });
});

test('a resource has one flow log of a traffic type to a destination, and no more than are allowed', async () => {
  const one = await create(BUCKET);
  assert.deepEqual(await refusal({ ...BUCKET, ResourceIds: ['vpc-0b', 'vpc-0a'], MaxAggregationInterval: 60 }), [
    'FlowLogAlreadyExists',
    'Error. There is an existing Flow Log with the same configuration and log destination.',
  ]);
  const count = async (): Promise<number> =>
    (await ec2.client().send(new DescribeFlowLogsCommand({}))).FlowLogs?.length ?? 0;
  assert.equal(await count(), 1, 'the other resource of the call has none either');
  const two = await create({ ...BUCKET, TrafficType: 'REJECT' });
  assert.deepEqual(await refusal({ ...BUCKET, LogDestination: 'arn:aws:s3:::a-bucket/other' }), [
    'FlowLogsLimitExceeded',
    'The maximum number of flow logs for vpc-0a, 2, has been reached.',
  ]);
  const [id = ''] = one.FlowLogIds ?? [];
  await assert.rejects(ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: [id, 'fl-0', 'fl-1'] })), {
    name: 'InvalidFlowLogId.NotFound',
    message: 'These flow log ids in the input list are not found: [TotalCount: 2] fl-0 fl-1',
  });
  assert.equal(await count(), 2, 'none was deleted');
  await ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: [id, ...(two.FlowLogIds ?? [])] }));
  assert.equal(await count(), 0);
});

test('some resources of a call may succeed where others do not', async () => {
  const { FlowLogIds: ids = [], Unsuccessful: not } = await create({
    ...BUCKET,
    ResourceType: 'NetworkInterface',
    ResourceIds: ['eni-0a', 'eni-0c'],
  });
  assert.equal(ids.length, 1);
  assert.deepEqual(
    not?.map(({ ResourceId }) => ResourceId),
    ['eni-0c'],
  );
  await ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: ids }));
});

test('a destination that cannot be asked now does not hinder: its records wait', async () => {
  ec2.destination.problem = { code: 'FG_S3_FAILED', message: '', again: true };
  const { FlowLogIds: ids = [], Unsuccessful: not } = await create(BUCKET);
  ec2.destination.problem = null;
  assert.deepEqual([ids.length, not], [1, []]);
  await ec2.client().send(new DeleteFlowLogsCommand({ FlowLogIds: ids }));
});
