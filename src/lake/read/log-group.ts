/**
 * Flow logs in CloudWatch Logs: `cloudwatch://group-name`, or the group's ARN there.
 *
 * In:    the group, and how to reach it. Out: one part for each log stream, which AWS makes for each interface.
 * Holds: only events of the range are asked for, by CloudWatch's own times, which are the records' `start`. Messages are
 *        records without header. Streams of other names are counted as strays, unless there are no others.
 * Fails: FG_LOG_GROUP_…, FG_AWS_…; a stream that cannot be read fails alone.
 */
import type { CloudWatchLogsClient, LogStream } from '@aws-sdk/client-cloudwatch-logs';
import { failureFrom } from '../../model/errors.ts';
import { awsFailure, problemOf } from '../../storage/object/aws-errors.ts';
import { FALLBACK_REGION, clientSettings, endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import type { TablePart, TableSource, TimeRange } from './source.ts';

/** What such a place begins with. */
export const LOG_GROUP = 'cloudwatch://';

/** Attempts by kind, events and bytes of messages that came. */
export type LogRequests = { describe: number; get: number; events: number; bytes: number };

export type LogGroupSource = TableSource & { readonly requests: LogRequests };

/** Of an interface, or of a transit gateway's attachment. */
const STREAM = /(?:^|[^a-z0-9])(?:eni|tgw-attach)-[0-9a-f]+/u;
/** A record's event bears its `start`, which is up to a window before what it tells of. */
const WINDOW_SECONDS = 600;
/** When a stream had its last event is known to AWS itself only after a while. */
const STALE_MILLIS = 86_400_000;
/** CloudWatch Logs lets an account ask only so often, so it is asked more patiently. */
const ATTEMPTS = 12;
/** Events that are asked for to see of what form they are. */
const FIRST_EVENTS = 10;

type Window = { readonly startTime?: number; readonly endTime?: number };

/** The source over a group. */
export function logGroupSource(place: string, access: AwsAccess = {}): LogGroupSource {
  const group = place.slice(LOG_GROUP.length).replace(/:\*$/u, '');
  const which = group.startsWith('arn:') ? { logGroupIdentifier: group } : { logGroupName: group };
  const requests: LogRequests = { describe: 0, get: 0, events: 0, bytes: 0 };
  let region = access.region ?? '';
  let endpoint: string | null = access.endpoint ?? null;
  let client: Promise<CloudWatchLogsClient> | null = null;
  let stray = { count: 0, example: null as string | null };

  async function connect(): Promise<CloudWatchLogsClient> {
    const { CloudWatchLogsClient: Client } = await import('@aws-sdk/client-cloudwatch-logs');
    const settings = { ...clientSettings(access, undefined), maxAttempts: ATTEMPTS, retryMode: 'adaptive' };
    const probe = new Client(settings);
    region = await probe.config.region().catch(() => FALLBACK_REGION);
    probe.destroy();
    endpoint = await endpointOf(access, 'cloudwatch_logs');
    const made = new Client({ ...settings, region, ...(endpoint === null ? {} : { endpoint }) });
    made.middlewareStack.add(
      (next, context) => (args) => {
        requests[context.commandName === 'GetLogEventsCommand' ? 'get' : 'describe']++;
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'flowgaugeCount' },
    );
    return made;
  }

  function told(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    const common = awsFailure(error, place, endpoint ?? `AWS, region ${region}`);
    if (common !== null) return common;
    const { code, message } = problemOf(error);
    return code === 'ResourceNotFoundException' && /group/iu.test(message)
      ? failureFrom(error, 'FG_LOG_GROUP_MISSING', group, region)
      : failureFrom(error, 'FG_LOG_GROUP_FAILED', group, `${code} ${message}`.trim());
  }

  async function streams(window: Window, signal: AbortSignal): Promise<LogStream[]> {
    const found: LogStream[] = [];
    try {
      const { DescribeLogStreamsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const asked = await (client ??= connect());
      let nextToken: string | undefined;
      do {
        const token = nextToken === undefined ? {} : { nextToken };
        const answer = await asked.send(new DescribeLogStreamsCommand({ ...which, ...token }), { abortSignal: signal });
        found.push(...(answer.logStreams ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
    } catch (error) {
      throw told(error, signal);
    }
    return found.filter(({ lastEventTimestamp: last, lastIngestionTime: ingested }) => {
      const latest = Math.max(last ?? Infinity, ingested ?? 0);
      return window.startTime === undefined || latest + STALE_MILLIS >= window.startTime;
    });
  }

  async function* read(stream: string, window: Window, most: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      const { GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const asked = await (client ??= connect());
      let nextToken: string | undefined;
      for (;;) {
        signal.throwIfAborted();
        const command = new GetLogEventsCommand({
          ...which,
          ...window,
          logStreamName: stream,
          startFromHead: true,
          ...(most === Infinity ? {} : { limit: most }),
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        const { events = [], nextForwardToken } = await asked.send(command, { abortSignal: signal });
        requests.events += events.length;
        const bytes = Buffer.from(events.map(({ message = '' }) => `${message.trimEnd()}\n`).join(''));
        requests.bytes += bytes.length;
        if (bytes.length > 0) yield bytes;
        // The same token again is the end; an empty page alone is not.
        if (most !== Infinity || nextForwardToken === undefined || nextForwardToken === nextToken) return;
        nextToken = nextForwardToken;
      }
    } catch (error) {
      throw told(error, signal);
    }
  }

  function storeOf(window: Window): ObjectStore {
    const nothing = (): never => {
      throw new Error(`${place} is only read`);
    };
    return {
      name: place,
      list: nothing,
      read: (ref, range, signal) => read(ref.key, window, range === null ? Infinity : FIRST_EVENTS, signal),
      put: nothing,
      remove: nothing,
    };
  }

  async function* plan(range: TimeRange, signal: AbortSignal): AsyncGenerator<TablePart> {
    const window = windowOf(range);
    const found = await streams(window, signal);
    const own = found.filter(({ logStreamName = '' }) => STREAM.test(logStreamName));
    const others = found.filter((each) => !own.includes(each));
    stray = own.length === 0 ? { count: 0, example: null } : { count: others.length, example: nameOf(others[0]) };
    const store = storeOf(window);
    for (const each of own.length === 0 ? others : own) {
      const ref: ObjectRef = { key: each.logStreamName ?? '', sizeBytes: 0, etag: '' };
      yield { ref, store, kind: 'text', format: null, path: null };
    }
  }

  return { name: place, requests, plan, stray: () => stray };
}

function nameOf(stream: LogStream | undefined): string | null {
  return stream?.logStreamName ?? null;
}

/** Milliseconds for CloudWatch; what is unbounded is not said. */
function windowOf({ startSeconds, endSeconds }: TimeRange): Window {
  return {
    ...(Number.isFinite(startSeconds) ? { startTime: Math.max(0, (startSeconds - WINDOW_SECONDS) * 1000) } : {}),
    ...(Number.isFinite(endSeconds) ? { endTime: endSeconds * 1000 } : {}),
  };
}
