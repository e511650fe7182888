/**
 * The errors of CreateFlowLogs, DeleteFlowLogs and DescribeFlowLogs: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words.
 * Holds: `known` says where the words are from: recorded from AWS, its model or guide, reports of users, another emulator, or
 *        ours where nobody has seen AWS's (`unverified`). `where` is whether the call fails or one resource of it.
 */
import { Ec2Error } from './errors.ts';

type Entry = {
  readonly when: string;
  readonly where: 'call' | 'item';
  readonly code: string;
  readonly known: 'recorded' | 'model' | 'reported' | 'emulated' | 'unverified';
  readonly text: (...facts: never[]) => string;
};

export const FLOW_LOG_ERRORS = {
  bothDestinations: {
    when: 'LogDestination and LogGroupName are both given',
    where: 'call',
    code: 'InvalidParameter',
    known: 'recorded',
    text: () => 'Please only provide LogGroupName or only provide LogDestination.',
  },
  noDestination: {
    when: 'neither LogDestination nor LogGroupName is given',
    where: 'call',
    code: 'InvalidParameter',
    known: 'recorded',
    text: () => "LogDestination can't be empty if LogGroupName is not provided.",
  },
  groupOfOtherType: {
    when: 'LogGroupName with a type that is not cloud-watch-logs',
    where: 'call',
    code: 'InvalidParameter',
    known: 'recorded',
    text: () => 'LogDestination type must be cloud-watch-logs if LogGroupName is provided.',
  },
  bucketMissing: {
    when: 'the bucket does not exist',
    where: 'item',
    code: '400',
    known: 'recorded',
    text: (name: string) => `LogDestination: ${name} does not exist`,
  },
  streamMissing: {
    when: 'the Firehose stream does not exist',
    where: 'item',
    code: 'LogDestinationNotFoundException',
    known: 'unverified',
    text: (name: string) => `LogDestination: ${name} does not exist`,
  },
  bucketDenied: {
    when: 'the bucket may not be written to',
    where: 'item',
    code: '400',
    known: 'reported',
    text: (name: string) => `Access Denied for LogDestination: ${name}. Please check LogDestination permission`,
  },
  undeliverable: {
    when: 'the bucket cannot take records for another reason, such as a key',
    where: 'item',
    code: '400',
    known: 'unverified',
    text: (name: string) => `LogDestination ${name} is undeliverable`,
  },
  roleMissing: {
    when: 'cloud-watch-logs without DeliverLogsPermissionArn',
    where: 'call',
    code: 'InvalidParameter',
    known: 'emulated',
    text: () => "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
  },
  roleForBucket: {
    when: 'DeliverLogsPermissionArn with s3',
    where: 'call',
    code: 'InvalidParameter',
    known: 'reported',
    text: () => 'DeliverLogsPermissionArn is not applicable for s3 delivery',
  },
  roleShape: {
    when: 'a role is no ARN of a role',
    where: 'call',
    code: 'InvalidParameter',
    known: 'reported',
    text: (arn: string) => `Unable to assume given IAM role. ${arn} is not the ARN of a role.`,
  },
  oneRole: {
    when: 'Firehose with one of the two roles',
    where: 'call',
    code: 'InvalidParameter',
    known: 'reported',
    text: () =>
      'When providing a role for cross-account delivery, both the DeliverLogsPermissionArn and DeliverCrossAccountRole fields must be set.',
  },
  crossRoleElsewhere: {
    when: 'DeliverCrossAccountRole with a type that is not kinesis-data-firehose',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: () => 'DeliverCrossAccountRole is only applicable for kinesis-data-firehose delivery',
  },
  interval: {
    when: 'MaxAggregationInterval is not 60 or 600; not 60 for transit gateway kinds',
    where: 'call',
    code: 'InvalidParameter',
    known: 'emulated',
    text: () => 'Invalid Flow Log Max Aggregation Interval',
  },
  formatShape: {
    when: 'LogFormat is empty, has blanks at its ends or is not made of ${field}',
    where: 'call',
    code: 'InvalidParameterValue',
    known: 'reported',
    text: (format: string) => `1 validation error detected: Value '${format}' at 'logFormat' has an invalid format`,
  },
  formatField: {
    when: 'LogFormat names a field that there is not, names one twice, or one that such a resource does not have',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: (field: string) => `Unknown fields provided: ${field}`,
  },
  exists: {
    when: 'the resource has a flow log of the same traffic type to the same destination',
    where: 'call',
    code: 'FlowLogAlreadyExists',
    known: 'emulated',
    text: () => 'Error. There is an existing Flow Log with the same configuration and log destination.',
  },
  tooMany: {
    when: 'the resource has as many flow logs as are allowed (250)',
    where: 'call',
    code: 'FlowLogsLimitExceeded',
    known: 'unverified',
    text: (resource: string, most: number) =>
      `The maximum number of flow logs for ${resource}, ${most}, has been reached.`,
  },
  tooManyResources: {
    when: 'more than 300 resources in a call, 25 of transit gateway kinds, or none',
    where: 'call',
    code: 'InvalidParameterValue',
    known: 'unverified',
    text: (most: number) => `ResourceIds must have 1 to ${most} ids.`,
  },
  resourceTwice: {
    when: 'a resource is named twice',
    where: 'call',
    code: 'InvalidParameterValue',
    known: 'unverified',
    text: (id: string) => `ResourceIds has ${id} twice.`,
  },
  otherKind: {
    when: 'an id is not of the kind that ResourceType says',
    where: 'call',
    code: 'InvalidParameterValue',
    known: 'unverified',
    text: (id: string, type: string) =>
      `Value (${id}) for parameter ResourceId is invalid. It is not the id of a ${type}.`,
  },
  trafficForGateway: {
    when: 'TrafficType for a transit gateway kind',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: () => 'TrafficType is not applicable for transit gateway flow logs',
  },
  gatewayKind: {
    when: 'a transit gateway, an attachment or a regional NAT gateway, after all else was checked',
    where: 'call',
    code: 'UnsupportedOperation',
    known: 'unverified',
    text: (type: string) =>
      `flowgauge has no such resource: ${type}. Records of such flow logs can be read, not written.`,
  },
  destinationShape: {
    when: 'LogDestination is not what its type wants',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: (destination: string, wanted: string) => `LogDestination: ${destination} is not valid. It must be ${wanted}.`,
  },
  reservedPrefix: {
    when: 'AWSLogs in the prefix of the bucket, or _flowgauge, where the ledger lies',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: (part: string) => `LogDestination: ${part} is a reserved prefix; it cannot be part of the ARN of the bucket.`,
  },
  optionsElsewhere: {
    when: 'DestinationOptions with a type that is not s3',
    where: 'call',
    code: 'InvalidParameter',
    known: 'unverified',
    text: () => 'DestinationOptions are only applicable for s3 delivery',
  },
  tagFields: {
    when: 'TagFieldSpecification: not 1 to 3 entries, each of another resource type and with 1 to 2 keys',
    where: 'call',
    code: 'InvalidParameterValue',
    known: 'model',
    text: (why: string) => `TagFieldSpecification is invalid. ${why}`,
  },
  ofOtherAccount: {
    when: 'the VPC is the far side of a peering connection, or the subnet or interface is in it',
    where: 'call',
    code: 'UnsupportedOperation',
    known: 'unverified',
    text: (id: string, account: string) =>
      `${id} is of account ${account}. A flow log for it can only be created by that account.`,
  },
  classic: {
    when: 'the interface is of EC2-Classic, or linked to a VPC through ClassicLink',
    where: 'item',
    code: '400',
    known: 'unverified',
    text: (id: string, why: string) => `${id} ${why}; flow logs are not available for it`,
  },
  idsNotFound: {
    when: 'DeleteFlowLogs: ids of no flow log; none is deleted',
    where: 'call',
    code: 'InvalidFlowLogId.NotFound',
    known: 'emulated',
    text: (ids: readonly string[]) =>
      `These flow log ids in the input list are not found: [TotalCount: ${ids.length}] ${ids.join(' ')}`,
  },
} as const satisfies Record<string, Entry>;

type Name = keyof typeof FLOW_LOG_ERRORS;
type Facts<N extends Name> = Parameters<(typeof FLOW_LOG_ERRORS)[N]['text']>;

/** The error of an entry of the table. */
export function flowLogError<N extends Name>(name: N, ...facts: Facts<N>): Ec2Error {
  const { code, text } = FLOW_LOG_ERRORS[name];
  return new Ec2Error(code, (text as (...facts: unknown[]) => string)(...facts));
}
