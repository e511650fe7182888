/**
 * Replaces a flow log, which nothing can change, by a successor: no hole between their records, and none twice.
 *
 * In:    a state file, a flow log, what shall be different. Out: the successor, and the time at which it takes over.
 * Holds: that time is a boundary of the windows of both (rule W1: a multiple of the larger interval), a little later than now:
 *        of a process that runs on the file it is known before the window there ends. The fact of the old flow log ends at it
 *        and that of the successor begins with it, in one transaction with its audit row. A window belongs to the flow
 *        logs that hold when it begins. `describe` shows the successor from now on.
 * Fails: FG_REPLACE_*; FG_STATE_*.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { CreateFlowLogsRequest } from '@aws-sdk/client-ec2';
import { failure, failureFrom } from '../model/errors.ts';
import { openAudit } from '../storage/state/audit.ts';
import { openCurrentFacts } from '../storage/state/current-facts.ts';
import type { CurrentFacts } from '../storage/state/current-facts.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { checkOthers } from './ec2/actions/create-flow-logs.ts';
import { Ec2Error } from './ec2/errors.ts';
import { readFlowLogRequest } from './ec2/flow-log-request.ts';
import type { FlowLogTemplate } from './ec2/flow-log-request.ts';
import type { Input, Items } from './ec2/items.ts';

type FlowLog = Items['FlowLogs'];

/** What shall be different; what is not given stays. */
export type Difference = {
  readonly logFormat?: string | undefined;
  readonly maxAggregationInterval?: number | undefined;
  /** ARN of a bucket with its prefix, a log group or a delivery stream. */
  readonly destination?: string | undefined;
  readonly trafficType?: string | undefined;
  readonly fileFormat?: string | undefined;
  /** The role that a log group needs. */
  readonly role?: string | undefined;
};

export type Replaced = {
  readonly replaced: string;
  readonly successor: string;
  readonly resourceId: string;
  /** Seconds since 1970 UTC. */
  readonly atSeconds: number;
};

/** Whoever runs on the file looks at it more often than that. */
const LEAD_SECONDS = 10;

/** The boundary at which a successor takes over. */
export function takeoverSeconds(nowMillis: number, intervals: readonly number[]): number {
  const length = Math.max(...intervals);
  return Math.ceil((nowMillis / 1000 + LEAD_SECONDS) / length) * length;
}

/** Who replaces, where it is not the verb `replace`. */
export type Replacing = {
  /** The facts of that file, where others of this process read and change them too. */
  readonly facts: CurrentFacts;
  /** Only flow logs of this account are there. */
  readonly account: string;
  /** Stands in the audit. */
  readonly principal: string;
};

/** Replaces a flow log. */
export function replaceFlowLog(
  state: StateFile,
  id: string,
  difference: Difference,
  now: Date,
  by?: Replacing,
): Replaced {
  const facts = by?.facts ?? openCurrentFacts(state);
  const { result } = facts.change(
    now.getTime() * 1000,
    () => {
      const found = facts.find('FlowLogs', id);
      const isOthers = by !== undefined && found?.account !== by.account;
      if (found === undefined || isOthers || !facts.isOwn(found.account)) throw failure('FG_REPLACE_UNKNOWN', id);
      const { account, region } = found;
      const old = found.item as FlowLog;
      const scope = facts.scope(account, region);
      const resourceId = old.ResourceId ?? '';
      const template = templateOf(old, difference);
      const others = scope.where('FlowLogs', 'ResourceId', resourceId) as readonly FlowLog[];
      inOurWords(id, () =>
        checkOthers(
          others.filter(({ FlowLogId }) => FlowLogId !== id),
          template,
        ),
      );
      // One that has not begun yet ends when it would have begun, or later.
      const least = Math.max(now.getTime(), Date.parse(old.CreationTime ?? '') - LEAD_SECONDS * 1000 || 0);
      const atSeconds = takeoverSeconds(least, [
        old.MaxAggregationInterval ?? 600,
        template.MaxAggregationInterval ?? 600,
      ]);
      const successor = `fl-${randomBytes(9).toString('hex').slice(0, 17)}`;
      scope.remove('FlowLogs', id, atSeconds * 1e6);
      scope.put(
        'FlowLogs',
        successor,
        {
          CreationTime: new Date(atSeconds * 1000).toISOString(),
          FlowLogId: successor,
          ResourceId: resourceId,
          ...template,
        },
        atSeconds * 1e6,
      );
      return { account, region, replaced: { replaced: id, successor, resourceId, atSeconds } };
    },
    ({ account, region, replaced }, changes, atMicros) =>
      openAudit(state).add({
        atMicros,
        account,
        region,
        principal: by?.principal ?? 'flowgauge replace',
        action: 'ReplaceFlowLog',
        requestId: randomUUID(),
        parameters: { FlowLogId: id, ...difference, Successor: replaced.successor, AtSeconds: replaced.atSeconds },
        changes,
      }),
  );
  return result.replaced;
}

/** The successor, checked as CreateFlowLogs checks what it makes. */
function templateOf(old: FlowLog, difference: Difference): FlowLogTemplate {
  const id = old.FlowLogId ?? '';
  const { template } = inOurWords(id, () => readFlowLogRequest(requestOf(old, difference)));
  const made = { ...template, Tags: old.Tags ?? [], DeliverLogsStatus: 'SUCCESS' };
  const { FlowLogId: _id, ResourceId: _resource, CreationTime: _created, ...before } = old;
  if (sorted(made) === sorted({ ...before, DeliverLogsStatus: 'SUCCESS' })) throw failure('FG_REPLACE_SAME', id);
  return made;
}

function inOurWords<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    throw failureFrom(error, 'FG_REPLACE_REFUSED', id, error.code, error.message.replace(/\.$/, ''));
  }
}

const sorted = (item: object): string => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));

const RESOURCE_TYPES = [
  ['vpc-', 'VPC'],
  ['subnet-', 'Subnet'],
  ['eni-', 'NetworkInterface'],
] as const;

function requestOf(old: FlowLog, difference: Difference): Input<CreateFlowLogsRequest> {
  const { ResourceId: resourceId = '', TagFieldSpecifications: tagFields } = old;
  const { destination, fileFormat, logFormat, trafficType, maxAggregationInterval, role } = difference;
  const place = destination === undefined ? keptDestination(old) : newDestination(old, destination);
  const type = RESOURCE_TYPES.find(([prefix]) => resourceId.startsWith(prefix))?.[1] ?? 'VPC';
  const options = { ...place.DestinationOptions, ...(fileFormat === undefined ? {} : { FileFormat: fileFormat }) };
  return {
    ...place,
    ResourceType: type,
    ResourceIds: [resourceId],
    TrafficType: trafficType ?? old.TrafficType ?? 'ALL',
    LogFormat: logFormat ?? old.LogFormat ?? '',
    MaxAggregationInterval: maxAggregationInterval ?? old.MaxAggregationInterval ?? 600,
    ...(role === undefined ? {} : { DeliverLogsPermissionArn: role }),
    ...(Object.keys(options).length === 0 ? {} : { DestinationOptions: options }),
    ...(tagFields === undefined
      ? {}
      : { TagFieldSpecifications: tagFields as Input<CreateFlowLogsRequest>['TagFieldSpecifications'] }),
  } as Input<CreateFlowLogsRequest>;
}

type Place = Partial<
  Pick<
    FlowLog,
    | 'LogDestinationType'
    | 'LogDestination'
    | 'LogGroupName'
    | 'DeliverLogsPermissionArn'
    | 'DeliverCrossAccountRole'
    | 'DestinationOptions'
  >
>;

function keptDestination(old: FlowLog): Place {
  const { LogDestinationType, LogDestination, LogGroupName, DeliverLogsPermissionArn, DeliverCrossAccountRole } = old;
  const given = { LogDestinationType, DeliverLogsPermissionArn, DeliverCrossAccountRole };
  // A log group has both; a request only one of them.
  const named =
    LogGroupName !== undefined && LogDestination !== undefined ? { LogDestination } : { LogDestination, LogGroupName };
  return withoutAbsent({ ...given, ...named, DestinationOptions: old.DestinationOptions });
}

/** What another destination of the same type keeps. */
function newDestination(old: FlowLog, arn: string): Place {
  const type = arn.includes(':s3:') ? 's3' : arn.includes(':firehose:') ? 'kinesis-data-firehose' : 'cloud-watch-logs';
  const isSame = type === (old.LogDestinationType ?? 'cloud-watch-logs');
  const { DeliverLogsPermissionArn, DeliverCrossAccountRole, DestinationOptions } = isSame ? old : {};
  return withoutAbsent({
    LogDestinationType: type,
    LogDestination: arn,
    DeliverLogsPermissionArn,
    DeliverCrossAccountRole,
    DestinationOptions,
  });
}

function withoutAbsent(place: { readonly [K in keyof Place]?: Place[K] | undefined }): Place {
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}
