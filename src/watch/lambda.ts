/**
 * The function for AWS Lambda: every event that tells of flow logs.
 *
 * In:    messages of SQS; S3, SNS or EventBridge calling directly; a subscription of CloudWatch Logs; records of Firehose. Settings are in the
 *        environment (docs/watch.md). Out: for SQS the messages to try again, for Firehose its results; nothing else.
 * Holds: reaches no native module, and no cloud client before it needs one. What is made once (network, sink, clients) serves all calls. Of SQS the last
 *        try of a message takes it to the dead-letter queue with its reason, and it is done then.
 * Fails: an event that is none of these, and one without a queue that could not be handled: whoever called tries again.
 */
import { failure } from '../model/errors.ts';
import { parseLogFormat } from '../record/format.ts';
import { compileSnapshot } from '../network/vpc/model.ts';
import { readModelAt } from '../storage/state/model-files.ts';
import { s3Store } from '../storage/object/stores/s3.ts';
import type { S3Store } from '../storage/object/stores/s3.ts';
import { createWatchCounters } from './counters.ts';
import { enrichWith } from './enrich.ts';
import type { NetworkOverTime } from './enrich.ts';
import { firehoseAnswer, firehoseRecords } from './events/firehose.ts';
import type { FirehoseCall } from './events/firehose.ts';
import { messagesIn } from './events/log-subscription.ts';
import { objectsIn } from './events/sqs.ts';
import { countEnd, idPrefix, writeRecords } from './handler.ts';
import { asFailure, deathNote, handleMessage, handlePlaces, isForAll, isForGood } from './message.ts';
import type { MessageContext } from './message.ts';
import { sqsQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { createObjectEnd, textRecords } from './read-object.ts';
import { discardSink } from './sinks/discard.ts';
import { searchSink } from './sinks/opensearch.ts';
import { createSearchClient } from './sinks/opensearch-client.ts';
import { searchLogin } from './sinks/search-login.ts';
import type { Sink } from './sinks/sink.ts';
import { transformed } from './transformed.ts';

/** What a call may look at of Lambda's context. */
type CallContext = { readonly getRemainingTimeInMillis?: () => number };

type SqsRecord = {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount?: string };
};

type SqsAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

const ATTEMPTS = 5;
/** Before a call is ended by Lambda: what is under way is given up, and tried again. */
const LAST_MILLIS = 5000;
/** Where nobody says how long a call may take. */
const DEFAULT_MILLIS = 60_000;

type World = {
  readonly context: Omit<MessageContext, 'signal' | 'counters'>;
  readonly deadLetter: Queue | null;
  readonly attempts: number;
};

let made: Promise<World> | null = null;

async function open(environment: Readonly<Record<string, string | undefined>>): Promise<World> {
  const { FLOWGAUGE_MODEL: model, FLOWGAUGE_FORMAT: format, FLOWGAUGE_DEAD_LETTER_URL: deadLetter } = environment;
  const stores = new Map<string, S3Store>();
  return {
    context: {
      sink: sinkOf(environment),
      format: format ? parseLogFormat(format) : null,
      enrich: enrichWith(model ? await networkOf(model) : null),
      storeOf(bucket) {
        const store = stores.get(bucket) ?? s3Store(bucket);
        stores.set(bucket, store);
        return store;
      },
    },
    deadLetter: deadLetter ? sqsQueue(deadLetter, {}) : null,
    attempts: attemptsOf(environment['FLOWGAUGE_ATTEMPTS']),
  };
}

function attemptsOf(text: string | undefined): number {
  if (!text) return ATTEMPTS;
  if (!/^[1-9]\d{0,3}$/u.test(text))
    throw failure('FG_SETTING', 'FLOWGAUGE_ATTEMPTS', text, 'a whole number from 1 to 9999');
  return Number(text);
}

function sinkOf(environment: Readonly<Record<string, string | undefined>>): Sink {
  const { FLOWGAUGE_SEARCH_URL: url, FLOWGAUGE_SEARCH_TARGET: target } = environment;
  // A function of Firehose writes nothing itself.
  if (!url) return discardSink();
  const { FLOWGAUGE_SEARCH_USER: user, FLOWGAUGE_SEARCH_SIGN: sign, FLOWGAUGE_SEARCH_REGION: region } = environment;
  // A call has little time: Lambda tries again.
  const client = createSearchClient({ url, login: searchLogin({ user, sign, region }, environment), attempts: 5 });
  return searchSink({ client, ...(target ? { target } : {}) });
}

/** A model that lies beside the function. */
async function networkOf(path: string): Promise<NetworkOverTime> {
  const snapshot = compileSnapshot(await readModelAt(path), { version: 1, atMicros: 0 });
  return { at: () => snapshot, versions: () => [] };
}

/** What Lambda calls. */
export async function handler(event: unknown, call: CallContext = {}): Promise<unknown> {
  const { context, deadLetter, attempts } = await world();
  const millis = call.getRemainingTimeInMillis?.() ?? DEFAULT_MILLIS;
  const counters = createWatchCounters();
  const own: MessageContext = { ...context, counters, signal: AbortSignal.timeout(Math.max(1, millis - LAST_MILLIS)) };
  try {
    const stream = firehoseRecords(event);
    if (stream !== null) return await transform(stream, own);
    if (typeof event === 'object' && event !== null && 'awslogs' in event) return await subscribed(event, own);
    const messages = sqsRecords(event);
    if (messages !== null) return await queued(messages, own, deadLetter, attempts);
    const { objects } = objectsIn(JSON.stringify(event ?? null));
    await handlePlaces(objects, own);
    return null;
  } finally {
    console.log(JSON.stringify(counters));
  }
}

/** Made once; what failed is tried again by the next call. */
function world(): Promise<World> {
  return (made ??= open(process.env).catch((error: unknown) => {
    made = null;
    throw error;
  }));
}

function sqsRecords(event: unknown): readonly SqsRecord[] | null {
  const { Records: records } = (event ?? {}) as { Records?: readonly Partial<SqsRecord & { eventSource: string }>[] };
  if (!Array.isArray(records) || records.length === 0) return null;
  const isOne = records.every((one) => one?.eventSource === 'aws:sqs' && typeof one.body === 'string');
  return isOne ? (records as readonly SqsRecord[]) : null;
}

/** Messages one after the other, so that memory is that of one object. */
async function queued(
  messages: readonly SqsRecord[],
  context: MessageContext,
  deadLetter: Queue | null,
  attempts: number,
): Promise<SqsAnswer> {
  const failures: { itemIdentifier: string }[] = [];
  const { counters } = context;
  counters.messages.received += messages.length;
  let wait = false;
  for (const { messageId, body, attributes } of messages) {
    const again = (): void => {
      counters.messages.again++;
      failures.push({ itemIdentifier: messageId });
    };
    if (wait) {
      again();
      continue;
    }
    try {
      await handleMessage(body, context);
      counters.messages.done++;
    } catch (error) {
      // Those behind it would only meet the same.
      wait = isForAll(error) || context.signal.aborted;
      const receives = Number(attributes?.ApproximateReceiveCount ?? 1);
      const isLast = !wait && (isForGood(error) || receives >= attempts);
      console.error(JSON.stringify({ messageId, receives, ...messageOf(error) }));
      if (!isLast || deadLetter === null || !(await died(deadLetter, body, error, receives))) again();
      else counters.messages.dead++;
    }
  }
  return { batchItemFailures: failures };
}

async function died(deadLetter: Queue, body: string, error: unknown, receives: number): Promise<boolean> {
  try {
    await deadLetter.send(body, deathNote(asFailure(error), receives));
    return true;
  } catch (cause) {
    console.error(JSON.stringify(messageOf(cause)));
    return false;
  }
}

function messageOf(error: unknown): { code: string; message: string } {
  const { code, message } = asFailure(error);
  return { code, message };
}

/** Records of a log group into the sink. */
async function subscribed(event: unknown, context: MessageContext): Promise<null> {
  const told = messagesIn(event);
  if (told === null) return null;
  const { group, stream, accountId, ids, seconds } = told;
  const end = createObjectEnd();
  const about = `"cloudwatch":{"log_group":${JSON.stringify(group)},"log_stream":${JSON.stringify(stream)}}`;
  const origin = {
    idPrefix: idPrefix(group, stream, ...ids),
    about,
    accountId: accountId === '' ? null : accountId,
    region: process.env['AWS_REGION'] ?? null,
    seconds,
    sinceSeconds: seconds === 0 ? null : seconds,
  };
  const lines = linesOf(told.lines);
  const answer = await writeRecords(textRecords(group, lines, context.format, end, context.signal), origin, context);
  countEnd(end, context.counters);
  if (end.problem !== null) throw failure('FG_WATCH_UNREADABLE', `log group ${group}`, end.problem, end.rows);
  if (answer.refused > 0)
    throw failure('FG_WATCH_REFUSED', `log group ${group}`, answer.refused, end.rows, context.sink.name, answer.reason);
  return null;
}

async function* linesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Records of Firehose as documents, for it to deliver. */
async function transform({ arn, records }: FirehoseCall, context: MessageContext): Promise<object> {
  const parts = records.map(({ data }) => Buffer.from(data, 'base64'));
  return firehoseAnswer(records, await transformed(parts, arn, context));
}
