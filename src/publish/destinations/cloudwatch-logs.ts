/**
 * A log group of CloudWatch Logs: one stream for each interface, one event for each record.
 *
 * In:    a sealed segment. Out: its records as events, stamped with their `start`.
 * Holds: a batch is of one stream, in the order of time, within AWS's limits. Group and stream are made when they are
 *        missed. Events that AWS finds too old or too new are counted, and not sent again.
 * Fails: FG_LOG_GROUP_WRITE, FG_AWS_…; batches that were confirmed are not sent again (in-batches.ts).
 * @see   CloudWatch Logs API Reference, "PutLogEvents"
 */
import type { CloudWatchLogsClient, InputLogEvent, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import { failureFrom } from '../../model/errors.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import { parseLogFormat } from '../../record/format.ts';
import { clientSettings, endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import { awsFailure, isOfCredentials, isThrottled, problemOf } from '../../storage/object/aws-errors.ts';
import type { Destination, SealedSegment } from '../destination.ts';
import { problemFrom } from '../destination.ts';
import { linesIn } from '../lines-in.ts';
import { sendInBatches } from './in-batches.ts';

const BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const BATCH_EVENTS = 10_000;
const SPAN_MILLIS = 24 * 3600 * 1000;

type Event = { readonly timestamp: number; readonly message: string };
/** An event with the stream it belongs to: all of a batch have the same. */
type StreamEvent = Event & { readonly stream: string };

/** The stream of an interface, named as AWS's are. */
export function streamName(interfaceId: string, traffic: FlowLog['traffic']): string {
  return `${interfaceId}-${traffic.toLowerCase()}`;
}

/** A destination that is a log group in a region; nothing is asked yet. */
export function logGroupDestination(group: string, access: AwsAccess & { readonly region: string }): Destination {
  const name = `log group ${group} in ${access.region}`;
  const endpoint = access.endpoint ?? `AWS, region ${access.region}`;
  let client: Promise<CloudWatchLogsClient> | null = null;

  async function connect(): Promise<CloudWatchLogsClient> {
    const { CloudWatchLogsClient: Client } = await import('@aws-sdk/client-cloudwatch-logs');
    const server = await endpointOf(access, 'cloudwatch_logs');
    // One attempt: an answer that never came must be known, for it may be a duplicate.
    const settings = clientSettings({ ...access, attempts: 1 }, undefined);
    return new Client({ ...settings, ...(server === null ? {} : { endpoint: server }) });
  }

  function fails(error: unknown): unknown {
    if (isOfCredentials(error)) client = null;
    const { code, message } = problemOf(error);
    if (isThrottled(error)) return failureFrom(error, 'FG_AWS_THROTTLED', name, `${code} ${message}`.trim());
    const common = awsFailure(error, name, endpoint);
    return common ?? failureFrom(error, 'FG_LOG_GROUP_WRITE', name, `${code} ${message}`.trim());
  }

  async function make(stream: string, signal: AbortSignal): Promise<void> {
    const { CreateLogGroupCommand, CreateLogStreamCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const asked = await (client ??= connect());
    const options = { abortSignal: signal };
    const isThere = (error: unknown): void => {
      if (problemOf(error).code !== 'ResourceAlreadyExistsException') throw error;
    };
    await asked.send(new CreateLogGroupCommand({ logGroupName: group }), options).catch(isThere);
    const both = { logGroupName: group, logStreamName: stream };
    await asked.send(new CreateLogStreamCommand(both), options).catch(isThere);
  }

  async function put(events: readonly StreamEvent[], signal: AbortSignal): Promise<RejectedLogEventsInfo> {
    const { PutLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const stream = events[0]!.stream;
    const logEvents: InputLogEvent[] = events.map(({ timestamp, message }) => ({ timestamp, message }));
    const command = new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents });
    const ask = async () => (await (client ??= connect())).send(command, { abortSignal: signal });
    const answer = await ask().catch(async (error: unknown) => {
      if (problemOf(error).code !== 'ResourceNotFoundException') throw error;
      await make(stream, signal);
      return ask();
    });
    return answer.rejectedLogEventsInfo ?? {};
  }

  return {
    name,
    async check(signal) {
      try {
        const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
        const asked = await (client ??= connect());
        await asked.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 1 }), {
          abortSignal: signal,
        });
        return null;
      } catch (error) {
        signal.throwIfAborted();
        return problemFrom(fails(error));
      }
    },
    deliver: (segment, signal) =>
      sendInBatches(
        name,
        segment,
        batchesOf(segment),
        async (events) => {
          const refused = refusedOf(await put(events, signal), events.length);
          return { left: [], why: '', refused };
        },
        (error) => (signal.aborted ? signal.reason : fails(error)),
      ),
  };
}

async function* batchesOf(segment: SealedSegment): AsyncGenerator<readonly StreamEvent[]> {
  const { format, traffic } = segment.flowLog;
  const names = parseLogFormat(format).fields.map((field) => field.name);
  const at = names.includes('start') ? names.indexOf('start') : names.indexOf('end');
  for await (const block of segment.read()) {
    const stream = streamName(block.stream, traffic);
    for (const batch of eventBatches(block.text, at, segment.slotSeconds))
      yield batch.map((event) => ({ ...event, stream }));
  }
}

/**
 * Records as batches of events within the limits, each in the order of time.
 *
 * @param at           position of the field that an event's time is taken from; -1 none
 * @param elseSeconds  the time of a record that has none
 */
export function* eventBatches(text: Uint8Array, at: number, elseSeconds: number): Generator<Event[]> {
  let batch: Event[] = [];
  let [bytes, first, last] = [0, Infinity, -Infinity];
  for (const message of linesIn(text)) {
    const seconds = at === -1 ? NaN : Number(message.split(' ', at + 1)[at]);
    const timestamp = (Number.isSafeInteger(seconds) ? seconds : elseSeconds) * 1000;
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    const span = Math.max(last, timestamp) - Math.min(first, timestamp);
    if (batch.length === BATCH_EVENTS || bytes + size > BATCH_BYTES || (batch.length > 0 && span >= SPAN_MILLIS)) {
      yield inOrder(batch);
      batch = [];
      [bytes, first, last] = [0, Infinity, -Infinity];
    }
    batch.push({ timestamp, message });
    bytes += size;
    first = Math.min(first, timestamp);
    last = Math.max(last, timestamp);
  }
  if (batch.length > 0) yield inOrder(batch);
}

function inOrder(batch: Event[]): Event[] {
  return batch.sort((a, b) => a.timestamp - b.timestamp);
}

/** How many AWS left out: the old ones stand at the front, of which those past the group's retention are told apart. */
function refusedOf(info: RejectedLogEventsInfo, events: number): Record<string, number> {
  const old = info.tooOldLogEventEndIndex ?? 0;
  const expired = Math.max(0, (info.expiredLogEventEndIndex ?? 0) - old);
  const tooNew = events - (info.tooNewLogEventStartIndex ?? events);
  const counts = { 'too-old': old, expired, 'too-new': tooNew };
  return Object.fromEntries(Object.entries(counts).filter(([, records]) => records > 0));
}
