/**
 * What AWS's answers to mistakes of CreateFlowLogs are known or supposed to be, case by case, as the facts were gathered for this
 * project; `known-errors.test.ts` has those of the protocol and of the other calls.
 *
 * Holds: each row is tried with a request as it goes over the wire. What no one has seen of AWS's is marked in `docs/ec2-api.md` too.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DeliveryProblem } from '../../publish/destination.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2 } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertMarked, formOf, textIn } from './known-errors.fixture.ts';
import type { Form } from './known-errors.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2({
    surroundings: {
      checkDestination: () => Promise.resolve(ec2.destination.problem),
      deliveryError: (id) => ec2.destination.errors.get(id) ?? null,
      flowLogsPerResource: 3,
    },
  });
  const peering = {
    VpcPeeringConnectionId: 'pcx-0a',
    RequesterVpcInfo: { OwnerId: ACCOUNT, VpcId: 'vpc-0a' },
    AccepterVpcInfo: { OwnerId: OTHER_ACCOUNT, VpcId: 'vpc-0d' },
    Status: { Code: 'active' },
  };
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a' }, { VpcId: 'vpc-0b' }]);
  ec2.put('Vpcs', [{ VpcId: 'vpc-0d' }], OTHER_ACCOUNT);
  ec2.put('VpcPeeringConnections', [peering]);
  const one = { TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::there/p' } as const;
  ec2.put('FlowLogs', [
    { FlowLogId: 'fl-0a', ResourceId: 'vpc-0a', ...one },
    ...['1', '2', '3'].map((n) => ({
      ...one,
      FlowLogId: `fl-0${n}`,
      ResourceId: 'vpc-0b',
      LogDestination: `arn:aws:s3:::b-${n}`,
    })),
  ]);
});
after(() => ec2.close());

/** What is well; a row changes it. A parameter that is to be missing is empty here. */
const VPC: Form = { ResourceType: 'VPC', 'ResourceId.1': 'vpc-0a', TrafficType: 'ALL' };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
const S3: Form = { ...VPC, LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::a-bucket/p/' };
const LOGS: Form = { ...VPC, LogGroupName: 'flows', DeliverLogsPermissionArn: ROLE };
const STREAM_ARN = `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/s`;
const STREAM: Form = { ...VPC, LogDestinationType: 'kinesis-data-firehose', LogDestination: STREAM_ARN };
const without = (form: Form, name: string): Form =>
  Object.fromEntries(Object.entries(form).filter(([one]) => one !== name));

type Row = {
  /** As in the table of facts. */
  readonly case: string;
  readonly asked: readonly Form[];
  /** `top`: HTTP 400; `item`: HTTP 200, in `unsuccessful`. */
  readonly where: 'top' | 'item';
  readonly code: string;
  readonly message: string;
  /** What the destination says when it is asked. */
  readonly destination?: string;
  /** How the docs begin the row in which this is marked as known from nobody; not given where it is known. */
  readonly marked?: string;
};

/** Errors of CreateFlowLogs. */
const ROWS: readonly Row[] = [
  {
    case: 'LogDestination and LogGroupName both given',
    asked: [{ ...LOGS, LogDestination: 'arn:aws:s3:::a-bucket' }],
    where: 'top',
    code: 'InvalidParameter',
    message: 'Please only provide LogGroupName or only provide LogDestination.',
  },
  {
    case: 'neither given',
    asked: [without(S3, 'LogDestination'), without(LOGS, 'LogGroupName')],
    where: 'top',
    code: 'InvalidParameter',
    message: "LogDestination can't be empty if LogGroupName is not provided.",
  },
  {
    case: 'LogGroupName with type s3 (or Firehose)',
    asked: ['s3', 'kinesis-data-firehose'].map((LogDestinationType) => ({ ...LOGS, LogDestinationType })),
    where: 'top',
    code: 'InvalidParameter',
    message: 'LogDestination type must be cloud-watch-logs if LogGroupName is provided.',
  },
  {
    case: 'order of the three: "both given" wins over "type must be"',
    asked: [{ ...S3, LogGroupName: 'flows' }],
    where: 'top',
    code: 'InvalidParameter',
    message: 'Please only provide LogGroupName or only provide LogDestination.',
  },
  {
    case: 'bucket missing',
    asked: [S3],
    destination: 'FG_S3_NO_BUCKET',
    where: 'item',
    code: '400',
    message: 'LogDestination: a-bucket does not exist',
  },
  {
    case: 'bucket not writable',
    asked: [S3],
    destination: 'FG_S3_WRITE_DENIED',
    where: 'item',
    code: '400',
    message: 'Access Denied for LogDestination: a-bucket. Please check LogDestination permission',
  },
  {
    case: 'cloud-watch-logs without role',
    asked: [without(LOGS, 'DeliverLogsPermissionArn')],
    where: 'top',
    code: 'InvalidParameter',
    message: "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
  },
  {
    case: 'role with s3',
    asked: [{ ...S3, DeliverLogsPermissionArn: ROLE }],
    where: 'top',
    code: 'InvalidParameter',
    message: 'DeliverLogsPermissionArn is not applicable for s3 delivery',
  },
  {
    // Whether a role may be assumed nobody can say here; what is no role cannot be.
    case: 'role cannot be assumed',
    asked: [{ ...LOGS, DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:user/u` }],
    where: 'top',
    code: 'InvalidParameter',
    message: `Unable to assume given IAM role. arn:aws:iam::${ACCOUNT}:user/u is not the ARN of a role.`,
  },
  {
    case: 'Firehose, one of two roles',
    asked: ['DeliverLogsPermissionArn', 'DeliverCrossAccountRole'].map((name) => ({ ...STREAM, [name]: ROLE })),
    where: 'top',
    code: 'InvalidParameter',
    message:
      'When providing a role for cross-account delivery, both the DeliverLogsPermissionArn and DeliverCrossAccountRole fields must be set.',
  },
  {
    case: 'interval not 60/600',
    asked: ['0', '61', '-60', '6000'].map((seconds) => ({ ...S3, MaxAggregationInterval: seconds })),
    where: 'top',
    code: 'InvalidParameter',
    message: 'Invalid Flow Log Max Aggregation Interval',
  },
  ...['${start} ', 'start', '${start}, ${end}', '${start} end'].map((format): Row => ({
    case: `LogFormat malformed (trailing space, no \${}...): "${format}"`,
    asked: [{ ...S3, LogFormat: format }],
    where: 'top',
    code: 'InvalidParameterValue',
    message: `1 validation error detected: Value '${format}' at 'logFormat' has an invalid format`,
  })),
  {
    case: 'LogFormat names an unknown field',
    asked: [{ ...S3, LogFormat: '${start} ${colour}' }],
    where: 'top',
    code: 'InvalidParameter',
    message: 'Unknown fields provided: colour',
    marked: 'LogFormat names a field that there is not',
  },
  {
    case: 'same flow log exists',
    asked: ['arn:aws:s3:::there/p', 'arn:aws:s3:::there/p/'].map((arn) => ({ ...S3, LogDestination: arn })),
    where: 'top',
    code: 'FlowLogAlreadyExists',
    message: 'Error. There is an existing Flow Log with the same configuration and log destination.',
  },
  {
    case: 'too many on a resource',
    asked: [{ ...S3, 'ResourceId.1': 'vpc-0b' }],
    where: 'top',
    code: 'FlowLogsLimitExceeded',
    message: 'The maximum number of flow logs for vpc-0b, 3, has been reached.',
    marked: 'the resource has as many flow logs as are allowed',
  },
  {
    case: 'SSE-KMS bucket with key id',
    asked: [S3],
    destination: 'FG_KMS_KEY',
    where: 'item',
    code: '400',
    message: 'LogDestination a-bucket is undeliverable',
    marked: 'the bucket cannot take records for another reason, such as a key',
  },
  {
    // No policy of a bucket is written here, so none is ever too big.
    case: 'log destination missing / policy too big',
    asked: [STREAM],
    destination: 'FG_STREAM_MISSING',
    where: 'item',
    code: 'LogDestinationNotFoundException',
    message: `LogDestination: ${STREAM_ARN} does not exist`,
    marked: 'the Firehose stream does not exist',
  },
  ...(
    [
      ['VPC', 'vpc-0c', 'InvalidVpcID', 'vpc ID'],
      ['Subnet', 'subnet-0c', 'InvalidSubnetID', 'subnet ID'],
      ['NetworkInterface', 'eni-0c', 'InvalidNetworkInterfaceID', 'networkInterface ID'],
    ] as const
  ).flatMap(([type, id, code, noun]): Row[] => [
    {
      case: `resource not found: ${type}`,
      asked: [{ ...S3, ResourceType: type, 'ResourceId.1': id }],
      where: 'top',
      code: `${code}.NotFound`,
      message: `The ${noun} '${id}' does not exist`,
      marked: '`Invalid…ID.NotFound`',
    },
    {
      case: `malformed id: ${type}`,
      asked: [{ ...S3, ResourceType: type, 'ResourceId.1': `${id}-xyz` }],
      where: 'top',
      code: `${code}.Malformed`,
      message: `Invalid id: "${id}-xyz" (expecting "${id.slice(0, -2)}...")`,
      marked: '`Invalid…ID.Malformed`',
    },
  ]),
  {
    case: 'id kind does not match ResourceType',
    asked: [{ ...S3, ResourceType: 'Subnet' }],
    where: 'top',
    code: 'InvalidParameterValue',
    message: 'Value (vpc-0a) for parameter ResourceId is invalid. It is not the id of a Subnet.',
    marked: 'an id is not of the kind that ResourceType says',
  },
  ...['ResourceType', 'ResourceId.1'].map((name): Row => ({
    case: `missing required parameter: ${name}`,
    asked: [without(S3, name)],
    where: 'top',
    code: 'MissingParameter',
    message: `The request must contain the parameter ${name.replace('.1', '')}`,
  })),
  ...(
    [
      [
        'ResourceType',
        'vpc',
        'VPC, Subnet, NetworkInterface, TransitGateway, TransitGatewayAttachment, RegionalNatGateway',
      ],
      ['TrafficType', 'all', 'ACCEPT, REJECT, ALL'],
      ['LogDestinationType', 'S3', 'cloud-watch-logs, s3, kinesis-data-firehose'],
      ['DestinationOptions.FileFormat', 'csv', 'plain-text, parquet'],
    ] as const
  ).map(([name, value, words]): Row => ({
    case: `bad enum value: ${name}`,
    asked: [{ ...S3, [name]: value }],
    where: 'top',
    code: 'InvalidParameterValue',
    message: `Value (${value}) for parameter ${name} is invalid. Valid values are: ${words}.`,
    marked: '`InvalidParameterValue`',
  })),
  {
    case: 'TrafficType missing for VPC/Subnet/ENI',
    asked: [without(S3, 'TrafficType')],
    where: 'top',
    code: 'MissingParameter',
    message: 'The request must contain the parameter TrafficType',
    marked: '`MissingParameter`',
  },
  {
    case: 'prefix `AWSLogs` in bucket ARN',
    asked: ['AWSLogs', 'AWSLogs/', 'a/AWSLogs/b'].map((at) => ({
      ...S3,
      LogDestination: `arn:aws:s3:::a-bucket/${at}`,
    })),
    where: 'top',
    code: 'InvalidParameter',
    message: 'LogDestination: AWSLogs is a reserved prefix; it cannot be part of the ARN of the bucket.',
    marked: 'AWSLogs in the prefix of the bucket',
  },
  {
    case: 'Parquet/Hive/hourly with a non-S3 destination',
    asked: [
      ['FileFormat', 'parquet'],
      ['HiveCompatiblePartitions', 'true'],
      ['PerHourPartition', 'true'],
    ].flatMap(([name, value]) =>
      [LOGS, STREAM].map((form) => ({ ...form, [`DestinationOptions.${name}`]: value ?? '' })),
    ),
    where: 'top',
    code: 'InvalidParameter',
    message: 'DestinationOptions are only applicable for s3 delivery',
    marked: 'DestinationOptions with a type that is not s3',
  },
  {
    case: 'unsupported resource',
    asked: [{ ...without(S3, 'TrafficType'), ResourceType: 'TransitGateway', 'ResourceId.1': 'tgw-0a' }],
    where: 'top',
    code: 'UnsupportedOperation',
    message: 'flowgauge has no such resource: TransitGateway. Records of such flow logs can be read, not written.',
    marked: 'a transit gateway, an attachment or a regional NAT gateway',
  },
  {
    case: 'peer VPC of another account',
    asked: [{ ...S3, 'ResourceId.1': 'vpc-0d' }],
    where: 'top',
    code: 'UnsupportedOperation',
    message: `vpc-0d is of account ${OTHER_ACCOUNT}. A flow log for it can only be created by that account.`,
    marked: 'the VPC is the far side of a peering connection',
  },
  {
    case: 'tags: wrong ResourceType in TagSpecification',
    asked: [{ ...S3, 'TagSpecification.1.ResourceType': 'vpc', 'TagSpecification.1.Tag.1.Key': 'a' }],
    where: 'top',
    code: 'InvalidParameterValue',
    message:
      "Value (vpc) for parameter TagSpecification.ResourceType is invalid. Only 'vpc-flow-log' can be tagged by this call.",
    marked: '`InvalidParameterValue`',
  },
];

for (const { case: name, asked, where, code, message, destination, marked } of ROWS)
  test(`CreateFlowLogs: ${name}`, async () => {
    for (const form of asked) {
      const problem: DeliveryProblem | null =
        destination === undefined
          ? null
          : { code: destination, message: '', again: destination === 'FG_STREAM_MISSING' };
      ec2.destination.problem = problem;
      const { status, body } = await ec2.send(formOf('CreateFlowLogs', form));
      ec2.destination.problem = null;
      if (where === 'top') {
        assert.deepEqual([status, textIn('Code', body), textIn('Message', body)], [400, code, message]);
        continue;
      }
      const item = `<item><error><code>${code}</code><message>${message}</message></error><resourceId>vpc-0a</resourceId></item>`;
      assert.equal(status, 200);
      assert.match(body, /<flowLogIdSet\/>/);
      assert.equal(/<unsuccessful>(.*)<\/unsuccessful>/.exec(body)?.[1], item);
    }
    if (marked !== undefined) assertMarked(marked);
  });
