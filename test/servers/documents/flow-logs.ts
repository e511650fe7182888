/** What aws-cli prints of flow logs and of peering connections. */
import { ACCOUNT, REGION } from '../../../src/control/ec2/ec2.fixture.ts';
import { refused } from '../document-steps.ts';
import type { Step } from '../document-steps.ts';

/** The fields of version 2: VPC User Guide, "Flow log records". */
const DEFAULT_FORMAT =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/flow-logs`;
const log = (name: string, more: object): object => ({
  CreationTime: '<time>',
  DeliverLogsStatus: 'SUCCESS',
  FlowLogId: `<fl-${name}>`,
  FlowLogStatus: 'ACTIVE',
  ResourceId: '<vpc-a>',
  TrafficType: 'ALL',
  LogFormat: DEFAULT_FORMAT,
  Tags: [],
  MaxAggregationInterval: 600,
  ...more,
});
const PLAIN = { FileFormat: 'plain-text', HiveCompatiblePartitions: false, PerHourPartition: false };
const made = (token: string, ...names: string[]): object => ({
  ClientToken: token,
  FlowLogIds: names.map((name) => `<fl-${name}>`),
  Unsuccessful: [],
});
const OF_VPC = 'create-flow-logs --resource-type VPC --resource-ids <vpc-a>';
const BUCKET = '--log-destination-type s3 --log-destination arn:aws:s3:::a-bucket/p/';

export const FLOW_LOGS: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId', '<vpc-a>'],
  ['create-subnet --vpc-id <vpc-a> --cidr-block 10.0.1.0/24 --query Subnet.SubnetId', '<subnet-a>'],
  ['create-subnet --vpc-id <vpc-a> --cidr-block 10.0.2.0/24 --query Subnet.SubnetId', '<subnet-b>'],
  ['create-network-interface --subnet-id <subnet-a> --query NetworkInterface.NetworkInterfaceId', '<eni-a>'],
  [`${OF_VPC} --traffic-type ALL ${BUCKET}`, made('<token-all>', 'all')],
  [
    'describe-flow-logs --flow-log-ids <fl-all>',
    {
      FlowLogs: [
        log('all', {
          LogDestinationType: 's3',
          LogDestination: 'arn:aws:s3:::a-bucket/p/',
          DestinationOptions: PLAIN,
        }),
      ],
    },
  ],
  [
    `${OF_VPC} --traffic-type ALL ${BUCKET}`,
    refused(
      'FlowLogAlreadyExists',
      'Error. There is an existing Flow Log with the same configuration and log destination.',
    ),
  ],
  [
    `create-flow-logs --resource-type Subnet --resource-ids <subnet-a> <subnet-b> --traffic-type REJECT --log-group-name flows --deliver-logs-permission-arn ${ROLE} --max-aggregation-interval 60 --client-token mine --log-format '\${srcaddr} \${dstaddr} \${action}' --tag-specifications 'ResourceType=vpc-flow-log,Tags=[{Key=Name,Value=a b}]'`,
    made('mine', 'one', 'two'),
  ],
  [
    'describe-flow-logs --filter Name=log-group-name,Values=fl?ws Name=resource-id,Values=<subnet-a>',
    {
      FlowLogs: [
        log('one', {
          ResourceId: '<subnet-a>',
          TrafficType: 'REJECT',
          LogDestinationType: 'cloud-watch-logs',
          LogGroupName: 'flows',
          DeliverLogsPermissionArn: ROLE,
          LogFormat: '${srcaddr} ${dstaddr} ${action}',
          MaxAggregationInterval: 60,
          Tags: [{ Key: 'Name', Value: 'a b' }],
        }),
      ],
    },
  ],
  [
    `${OF_VPC} --traffic-type ACCEPT --log-destination-type cloud-watch-logs --log-destination arn:aws:logs:${REGION}:${ACCOUNT}:log-group:other --deliver-logs-permission-arn ${ROLE}`,
    made('<token-group>', 'group'),
  ],
  [
    'describe-flow-logs --flow-log-ids <fl-group>',
    {
      FlowLogs: [
        log('group', {
          TrafficType: 'ACCEPT',
          LogDestinationType: 'cloud-watch-logs',
          LogDestination: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:other`,
          LogGroupName: 'other',
          DeliverLogsPermissionArn: ROLE,
        }),
      ],
    },
  ],
  [
    `${OF_VPC} --traffic-type ACCEPT --log-destination-type kinesis-data-firehose --log-destination arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/s --deliver-logs-permission-arn ${ROLE} --deliver-cross-account-role ${ROLE}`,
    made('<token-stream>', 'stream'),
  ],
  [
    'describe-flow-logs --flow-log-ids <fl-stream>',
    {
      FlowLogs: [
        log('stream', {
          TrafficType: 'ACCEPT',
          LogDestinationType: 'kinesis-data-firehose',
          LogDestination: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/s`,
          DeliverLogsPermissionArn: ROLE,
          DeliverCrossAccountRole: ROLE,
        }),
      ],
    },
  ],
  [
    `${OF_VPC} --traffic-type REJECT ${BUCKET} --destination-options FileFormat=parquet,HiveCompatiblePartitions=true,PerHourPartition=true`,
    made('<token-parquet>', 'parquet'),
  ],
  [
    'describe-flow-logs --flow-log-ids <fl-parquet> --query FlowLogs[].[FlowLogId,DestinationOptions.FileFormat,TrafficType] --output text',
    '<fl-parquet>\tparquet\tREJECT',
  ],
  [`${OF_VPC} --traffic-type ALL ${BUCKET} --log-destination-type ftp`, refusedValue('ftp')],
  [
    `${OF_VPC} --traffic-type ALL --log-destination-type s3 --log-group-name g`,
    refused('InvalidParameter', 'LogDestination type must be cloud-watch-logs if LogGroupName is provided.'),
  ],
  [
    'create-flow-logs --resource-type VPC --resource-ids vpc-0 --traffic-type ALL --log-destination-type s3 --log-destination arn:aws:s3:::a-bucket',
    refused('InvalidVpcID.NotFound', "The vpc ID 'vpc-0' does not exist"),
  ],
  [
    'delete-flow-logs --flow-log-ids <fl-one> fl-0',
    refused('InvalidFlowLogId.NotFound', 'These flow log ids in the input list are not found: [TotalCount: 1] fl-0'),
  ],
  ['delete-flow-logs --flow-log-ids <fl-one> <fl-two> <fl-group> <fl-stream> <fl-parquet>', { Unsuccessful: [] }],
  ['describe-flow-logs --query FlowLogs[].FlowLogId', ['<fl-all>']],
];

function refusedValue(value: string) {
  return refused(
    'InvalidParameterValue',
    `Value (${value}) for parameter LogDestinationType is invalid. Valid values are: cloud-watch-logs, s3, kinesis-data-firehose.`,
  );
}

const side = (name: string, block: string, more: object = {}): object => ({
  CidrBlock: block,
  CidrBlockSet: [{ CidrBlock: block }],
  OwnerId: ACCOUNT,
  VpcId: `<vpc-${name}>`,
  Region: REGION,
  ...more,
});
const OPTIONS = {
  AllowDnsResolutionFromRemoteVpc: false,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
};
const asked = (id: string): object => ({
  VpcPeeringConnection: {
    AccepterVpcInfo: { OwnerId: ACCOUNT, VpcId: '<vpc-b>', Region: REGION },
    // A week: VPC Peering Guide, "VPC peering connection lifecycle".
    ExpirationTime: '<time+604800>',
    RequesterVpcInfo: side('a', '10.0.0.0/16'),
    Status: { Code: 'initiating-request', Message: `Initiating Request to ${ACCOUNT}` },
    Tags: [{ Key: 'Name', Value: 'ab' }],
    VpcPeeringConnectionId: `<pcx-${id}>`,
  },
});
const active = (accepter: object = OPTIONS): object => ({
  AccepterVpcInfo: side('b', '10.1.0.0/16', { PeeringOptions: accepter }),
  RequesterVpcInfo: side('a', '10.0.0.0/16', { PeeringOptions: OPTIONS }),
  Status: { Code: 'active', Message: 'Active' },
  Tags: [{ Key: 'Name', Value: 'ab' }],
  VpcPeeringConnectionId: '<pcx-b>',
});
const CREATE =
  "create-vpc-peering-connection --vpc-id <vpc-a> --peer-vpc-id <vpc-b> --tag-specifications 'ResourceType=vpc-peering-connection,Tags=[{Key=Name,Value=ab}]'";

export const PEERING: readonly Step[] = [
  ['create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId', '<vpc-a>'],
  ['create-vpc --cidr-block 10.1.0.0/16 --query Vpc.VpcId', '<vpc-b>'],
  [CREATE, asked('a')],
  [
    'describe-vpc-peering-connections --vpc-peering-connection-ids <pcx-a> --query VpcPeeringConnections[].[Status,ExpirationTime]',
    [[{ Code: 'pending-acceptance', Message: `Pending Acceptance by ${ACCOUNT}` }, '<time+604800>']],
  ],
  ['reject-vpc-peering-connection --vpc-peering-connection-id <pcx-a>', { Return: true }],
  [
    'accept-vpc-peering-connection --vpc-peering-connection-id <pcx-a>',
    refused(
      'InvalidStateTransition',
      'Invalid state transition for <pcx-a>, attempted to transition from rejected to active',
    ),
  ],
  [CREATE, asked('b')],
  [
    'modify-vpc-peering-connection-options --vpc-peering-connection-id <pcx-b> --requester-peering-connection-options AllowDnsResolutionFromRemoteVpc=true',
    refused(
      'OperationNotPermitted',
      'Peering <pcx-b> is not active. Peering options can be added only to active peerings.',
    ),
  ],
  ['accept-vpc-peering-connection --vpc-peering-connection-id <pcx-b>', { VpcPeeringConnection: active() }],
  [
    'modify-vpc-peering-connection-options --vpc-peering-connection-id <pcx-b> --accepter-peering-connection-options AllowDnsResolutionFromRemoteVpc=true',
    { AccepterPeeringConnectionOptions: { ...OPTIONS, AllowDnsResolutionFromRemoteVpc: true } },
  ],
  [
    'describe-vpc-peering-connections --vpc-peering-connection-ids <pcx-b>',
    { VpcPeeringConnections: [active({ ...OPTIONS, AllowDnsResolutionFromRemoteVpc: true })] },
  ],
  ['delete-vpc-peering-connection --vpc-peering-connection-id <pcx-b>', { Return: true }],
  [
    'delete-vpc-peering-connection --vpc-peering-connection-id pcx-0',
    refused('InvalidVpcPeeringConnectionID.NotFound', "The vpcPeeringConnection ID 'pcx-0' does not exist"),
  ],
];
