/**
 * Flow logs as DescribeFlowLogs returns them.
 *
 * In:    items of `FlowLogs`. Out: what is watched, and where and how its records go.
 * Holds: what is absent has the default of CreateFlowLogs.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { DestinationSpec, FlowLog, Tags } from './snapshot.ts';

export type FlowLogFact = {
  readonly id: string;
  readonly resourceId: string;
  readonly resource: 'vpc' | 'subnet' | 'interface' | 'not-understood';
  readonly tagKeys: FlowLog['tagKeys'];
  readonly traffic: FlowLog['traffic'];
  readonly intervalSeconds: 60 | 600;
  readonly format: string;
  readonly destination: DestinationSpec;
  readonly tags: Tags;
  readonly createdSeconds: number | null;
};

/** The format of a flow log that was made without one (spec: default format). */
const DEFAULT_FORMAT =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
    .split(' ')
    .map((name) => `\${${name}}`)
    .join(' ');

const RESOURCES = [
  ['vpc-', 'vpc'],
  ['subnet-', 'subnet'],
  ['eni-', 'interface'],
] as const;

function readBucket(item: Described): DestinationSpec {
  const arn = item.text('LogDestination');
  const [, bucket, prefix = ''] = /^arn:[^:]+:s3:::([^/]+)(?:\/(.*))?$/.exec(arn) ?? [];
  if (bucket === undefined) throw item.wrong('LogDestination', 'an ARN such as arn:aws:s3:::bucket/prefix/');
  const trimmed = prefix.replace(/^\/+|\/+$/g, '');
  // `capture -w` makes directories of them.
  if (trimmed !== '' && trimmed.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw item.wrong('LogDestination', 'the ARN of a prefix without empty parts, "." and ".."');
  const options = item.objectOr('DestinationOptions', null);
  return {
    type: 's3',
    bucket,
    prefix: trimmed,
    fileFormat: options?.has('FileFormat') ? options.oneOf('FileFormat', ['plain-text', 'parquet']) : 'plain-text',
    hive: options?.flag('HiveCompatiblePartitions') ?? false,
    hourly: options?.flag('PerHourPartition') ?? false,
  };
}

function readLogGroup(item: Described): DestinationSpec {
  const roleArn = item.textOr('DeliverLogsPermissionArn', null);
  if (item.has('LogGroupName')) return { type: 'cloud-watch-logs', logGroup: item.text('LogGroupName'), roleArn };
  const logGroup = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(item.text('LogDestination'))?.[1];
  if (logGroup === undefined) throw item.wrong('LogDestination', 'the ARN of a log group');
  return { type: 'cloud-watch-logs', logGroup, roleArn };
}

function readDestination(item: Described): DestinationSpec {
  const type = item.has('LogDestinationType')
    ? item.oneOf('LogDestinationType', ['cloud-watch-logs', 's3', 'kinesis-data-firehose'])
    : 'cloud-watch-logs';
  if (type === 's3') return readBucket(item);
  if (type === 'cloud-watch-logs') return readLogGroup(item);
  return { type, streamArn: item.text('LogDestination') };
}

function readTagKeys(item: Described): FlowLog['tagKeys'] {
  const member = item.has('TagFieldSpecifications') ? 'TagFieldSpecifications' : 'TagFieldSpecificationSet';
  return item.objects(member).map((one) => ({
    kind: one.oneOf('ResourceType', ['instance', 'network-interface', 'auto-scaling-group']),
    keys: one.has('TagKeys') ? one.texts('TagKeys') : one.texts('TagKeySet'),
  }));
}

function readCreation(item: Described): number | null {
  if (!item.has('CreationTime')) return null;
  const millis = Date.parse(item.text('CreationTime'));
  if (Number.isNaN(millis)) throw item.wrong('CreationTime', 'a time such as 2026-11-23T12:05:00.000Z');
  return Math.floor(millis / 1000);
}

/** An item of `FlowLogs`. Only its id and resource are read of those of transit gateways. */
export function readFlowLog(item: Described): FlowLogFact {
  const resourceId = item.text('ResourceId');
  const resource = RESOURCES.find(([prefix]) => resourceId.startsWith(prefix))?.[1] ?? 'not-understood';
  const interval = item.wholeOr('MaxAggregationInterval', 1, 1_000_000, 600);
  if (interval !== 60 && interval !== 600) throw item.wrong('MaxAggregationInterval', '60 or 600');
  return {
    id: item.word('FlowLogId'),
    resourceId,
    resource,
    tagKeys: readTagKeys(item),
    traffic: resource === 'not-understood' ? 'ALL' : item.oneOf('TrafficType', ['ALL', 'ACCEPT', 'REJECT']),
    intervalSeconds: interval,
    format: item.textOr('LogFormat', DEFAULT_FORMAT),
    destination: readDestination(item),
    tags: item.tags('Tags'),
    createdSeconds: readCreation(item),
  };
}
