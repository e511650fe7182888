/**
 * What CreateFlowLogs asks for, checked: everything but the resources.
 *
 * In:    the input of CreateFlowLogs. Out: the members that each flow log of the call has.
 * Holds: what is made of it can be read by the model (`network/vpc/flow-logs.ts`) and printed (`record/format.ts`). Of
 *        several mistakes the first is told, in the order of this file.
 * Fails: with the errors of `flow-log-errors.ts`, `MissingParameter`, `InvalidParameterValue`.
 */
import type { CreateFlowLogsRequest } from '@aws-sdk/client-ec2';
import { FlowgaugeError } from '../../model/errors.ts';
import { described } from '../../network/vpc/described.ts';
import { readFlowLog } from '../../network/vpc/flow-logs.ts';
import { fieldNamed } from '../../record/fields/list.ts';
import { TRANSIT_GATEWAY_NAMES } from '../../record/fields/transit-gateway.ts';
import { DEFAULT_FORMAT, parseLogFormat, transitGatewayFields } from '../../record/format.ts';
import { invalidParameterValue, missingParameter, oneOf } from './errors.ts';
import { flowLogError } from './flow-log-errors.ts';
import type { Input, Items } from './items.ts';
import { lengthOf, tagsFor } from './tags.ts';

type Request = Input<CreateFlowLogsRequest>;
type FlowLog = Items['FlowLogs'];

export const RESOURCE_TYPES = [
  'VPC',
  'Subnet',
  'NetworkInterface',
  'TransitGateway',
  'TransitGatewayAttachment',
  'RegionalNatGateway',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

const TAG_KINDS = ['network-interface', 'instance', 'auto-scaling-group'] as const;
const S3_ARN = /^arn:(aws[a-z-]*):s3:::([a-z\d][a-z\d.-]{1,61}[a-z\d])(?:\/([!-~]*))?$/;
const GROUP_ARN = /^arn:aws[a-z-]*:logs:[a-z\d-]+:\d{12}:log-group:([\w./#-]{1,512})(?::\*)?$/;
/** With a slash as Firehose, or with a colon as the API reference of CreateFlowLogs writes it. */
const STREAM_ARN = /^arn:aws[a-z-]*:firehose:[a-z\d-]+:\d{12}:deliverystream[/:][\w.-]{1,64}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const GROUP_NAME = /^[\w./#-]{1,512}$/;

/** What each flow log of a call is, but for its id, resource, time and traffic. */
export type FlowLogTemplate = Omit<FlowLog, 'FlowLogId' | 'ResourceId' | 'CreationTime'>;

export const isGatewayKind = (type: ResourceType): boolean =>
  type === 'TransitGateway' || type === 'TransitGatewayAttachment';

/** Checks a request. */
export function readFlowLogRequest(input: Request): {
  readonly type: ResourceType;
  readonly template: FlowLogTemplate;
} {
  const type = oneOf('ResourceType', input.ResourceType, RESOURCE_TYPES);
  if (type === undefined) throw missingParameter('ResourceType');
  const most = isGatewayKind(type) ? 25 : 300;
  if (input.ResourceIds.length < 1 || input.ResourceIds.length > most) throw flowLogError('tooManyResources', most);
  const traffic = readTraffic(type, input);
  const interval = input.MaxAggregationInterval ?? (isGatewayKind(type) ? 60 : 600);
  if (interval !== 60 && (interval !== 600 || isGatewayKind(type))) throw flowLogError('interval');
  const destination = readDestination(input);
  const template: FlowLogTemplate = {
    DeliverLogsStatus: 'SUCCESS',
    FlowLogStatus: 'ACTIVE',
    ...(traffic === undefined ? {} : { TrafficType: traffic }),
    ...destination,
    LogFormat: readFormat(type, input.LogFormat),
    Tags: tagsFor('vpc-flow-log', input.TagSpecifications),
    MaxAggregationInterval: interval,
    ...readTagFields(input.TagFieldSpecifications),
  };
  if (!isGatewayKind(type) && type !== 'RegionalNatGateway') checkModelReads(template);
  return { type, template };
}

function readTraffic(type: ResourceType, { TrafficType: given }: Request): string | undefined {
  const traffic = oneOf('TrafficType', given, ['ACCEPT', 'REJECT', 'ALL']);
  if (isGatewayKind(type)) {
    if (traffic !== undefined) throw flowLogError('trafficForGateway');
    return undefined;
  }
  if (traffic === undefined) throw missingParameter('TrafficType');
  return traffic;
}

type DestinationMembers = Pick<
  FlowLog,
  | 'LogDestinationType'
  | 'LogDestination'
  | 'LogGroupName'
  | 'DeliverLogsPermissionArn'
  | 'DeliverCrossAccountRole'
  | 'DestinationOptions'
>;

function readDestination(input: Request): DestinationMembers {
  const type = oneOf('LogDestinationType', input.LogDestinationType, [
    'cloud-watch-logs',
    's3',
    'kinesis-data-firehose',
  ]);
  const [arn, group, role, cross] = [
    input.LogDestination,
    input.LogGroupName,
    input.DeliverLogsPermissionArn,
    input.DeliverCrossAccountRole,
  ].map((text) => (text === '' ? undefined : text));
  if (arn !== undefined && group !== undefined) throw flowLogError('bothDestinations');
  if (group !== undefined && type !== undefined && type !== 'cloud-watch-logs') throw flowLogError('groupOfOtherType');
  if (arn === undefined && group === undefined) throw flowLogError('noDestination');
  for (const one of [role, cross]) if (one !== undefined && !ROLE_ARN.test(one)) throw flowLogError('roleShape', one);
  if (cross !== undefined && type !== 'kinesis-data-firehose') throw flowLogError('crossRoleElsewhere');
  if (type !== 's3' && input.DestinationOptions !== undefined) throw flowLogError('optionsElsewhere');
  if (type === 's3') return readBucket(arn ?? '', role, input);
  if (type === 'kinesis-data-firehose') {
    if ((role === undefined) !== (cross === undefined)) throw flowLogError('oneRole');
    if (!STREAM_ARN.test(arn ?? ''))
      throw flowLogError('destinationShape', arn ?? '', 'the ARN of a Firehose delivery stream');
    const roles =
      role === undefined || cross === undefined
        ? {}
        : { DeliverLogsPermissionArn: role, DeliverCrossAccountRole: cross };
    return { LogDestinationType: type, LogDestination: arn, ...roles };
  }
  if (role === undefined) throw flowLogError('roleMissing');
  return { LogDestinationType: 'cloud-watch-logs', ...readGroup(arn, group), DeliverLogsPermissionArn: role };
}

/** A key of S3 has at most 1,024 bytes, of which the part from `AWSLogs` on takes up to 220. */
const LONGEST_PREFIX = 800;

function readBucket(
  arn: string,
  role: string | undefined,
  { DestinationOptions: options = {} }: Request,
): DestinationMembers {
  if (role !== undefined) throw flowLogError('roleForBucket');
  const [, , bucket, prefix = ''] = S3_ARN.exec(arn) ?? [];
  const parts = prefix.replace(/^\/+|\/+$/g, '').split('/');
  const isOdd = parts.some((part) => part === '.' || part === '..' || (part === '' && parts.length > 1));
  const isLong = prefix.length > LONGEST_PREFIX || (bucket === 'local' && parts.some((part) => part.length > 255));
  if (bucket === undefined || isOdd || isLong)
    throw flowLogError(
      'destinationShape',
      arn,
      'the ARN of a bucket, with a prefix or without: arn:aws:s3:::bucket/prefix/',
    );
  const reserved = parts.find((part) => part === 'AWSLogs' || part === '_flowgauge');
  if (reserved !== undefined) throw flowLogError('reservedPrefix', reserved);
  return {
    LogDestinationType: 's3',
    LogDestination: arn,
    DestinationOptions: {
      FileFormat: oneOf('DestinationOptions.FileFormat', options.FileFormat, ['plain-text', 'parquet']) ?? 'plain-text',
      HiveCompatiblePartitions: options.HiveCompatiblePartitions ?? false,
      PerHourPartition: options.PerHourPartition ?? false,
    },
  };
}

function readGroup(arn: string | undefined, group: string | undefined): DestinationMembers {
  if (group !== undefined) {
    if (!GROUP_NAME.test(group))
      throw invalidParameterValue('LogGroupName', group, 'It must be the name of a log group.');
    return { LogGroupName: group };
  }
  const name = GROUP_ARN.exec(arn ?? '')?.[1];
  if (name === undefined) throw flowLogError('destinationShape', arn ?? '', 'the ARN of a log group');
  return { LogDestination: arn, LogGroupName: name };
}

function readFormat(type: ResourceType, given: string | undefined): string {
  if (given === undefined) return isGatewayKind(type) ? transitGatewayFields().text : DEFAULT_FORMAT;
  // Names without `${}` are a header line, which is no format.
  if (!/^\$\{[^${}\s]+\}(?: \$\{[^${}\s]+\})*$/.test(given)) throw flowLogError('formatShape', given);
  const names = given.split(' ').map((name) => name.slice(2, -1));
  const isGateway = isGatewayKind(type);
  const has = (name: string): boolean =>
    isGateway ? TRANSIT_GATEWAY_NAMES.includes(name) : (fieldNamed(name)?.version ?? 6) !== 6;
  const unknown = names.find((name) => !has(name));
  if (unknown !== undefined) throw flowLogError('formatField', unknown);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw flowLogError('formatField', `${twice} is there twice`);
  return parseLogFormat(given).text;
}

/** The format of a flow log of interfaces as it is kept; fails as CreateFlowLogs does. */
export function checkInterfaceFormat(given: string): string {
  return readFormat('VPC', given);
}

function readTagFields(given: Request['TagFieldSpecifications']): Pick<FlowLog, 'TagFieldSpecifications'> {
  if (given === undefined || given.length === 0) return {};
  const seen = new Set<string>();
  const read = given.map(({ ResourceType: type, TagKeys: keys = [] }) => {
    const kind = oneOf('TagFieldSpecification.ResourceType', type, TAG_KINDS);
    if (kind === undefined) throw missingParameter('TagFieldSpecification.ResourceType');
    if (seen.has(kind)) throw flowLogError('tagFields', `${kind} is there twice.`);
    seen.add(kind);
    if (keys.length < 1 || keys.length > 2 || new Set(keys).size < keys.length)
      throw flowLogError('tagFields', `${kind} must have 1 or 2 keys, each once.`);
    const wrong = keys.find((key) => key === '' || lengthOf(key) > 128);
    if (wrong !== undefined) throw flowLogError('tagFields', 'A key must have 1 to 128 characters.');
    return { ResourceType: kind, TagKeys: keys };
  });
  return { TagFieldSpecifications: read };
}

/** Whatever is accepted the model must understand: a flow log that it refuses would stop every reading of the facts. */
function checkModelReads(template: FlowLogTemplate): void {
  const item = { ...template, FlowLogId: 'fl-0', ResourceId: 'vpc-0', CreationTime: '2026-01-01T00:00:00.000Z' };
  try {
    readFlowLog(described('the request', item));
  } catch (error) {
    if (error instanceof FlowgaugeError)
      throw flowLogError('destinationShape', template.LogDestination ?? '', error.message);
    throw error;
  }
}
