/**
 * One message of a queue, whoever received it: a worker or a function.
 *
 * In:    its body. Out: all objects that it tells of are documents; or why not, and what becomes of the message.
 * Holds: every object of a message is tried, whatever became of the others; what is done is done again when the message comes again, and changes
 *        nothing. Names of things that are no flow logs, as our ledger beside them, are passed over unread.
 */
import { FlowgaugeError, failureFrom } from '../model/errors.ts';
import type { ErrorCode } from '../model/errors.ts';
import { mayBeFlowLog } from '../lake/read/other-files.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import { objectsIn } from './events/sqs.ts';
import type { ObjectPlace } from './events/sqs.ts';
import { handleObject } from './handler.ts';
import type { WatchContext } from './handler.ts';

export type MessageContext = WatchContext & {
  /** The store of a bucket. */
  readonly storeOf: (bucket: string) => ObjectStore;
};

/** Handles it.  Fails: with the first error of its objects, of those first that will pass by themselves. */
export async function handleMessage(body: string, context: MessageContext): Promise<void> {
  const { objects, ignored } = objectsIn(body);
  context.counters.messages.ignoredEvents += ignored;
  await handlePlaces(objects, context);
}

/** Handles objects that an event told of. */
export async function handlePlaces(objects: readonly ObjectPlace[], context: MessageContext): Promise<void> {
  const errors: unknown[] = [];
  for (const place of objects) {
    try {
      await handlePlace(place, context);
    } catch (error) {
      context.signal.throwIfAborted();
      // The others would only wait for the same.
      if (isForAll(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.find((error) => !isForGood(error)) ?? errors[0];
}

async function handlePlace({ bucket, key, otherKey, seconds }: ObjectPlace, context: MessageContext): Promise<void> {
  if (!mayBeFlowLog(key)) {
    context.counters.objects.other++;
    return;
  }
  const store = context.storeOf(bucket);
  const { outcome } = await handleObject({ bucket, key, store, seconds }, context);
  if (outcome !== 'gone' || otherKey === null) return;
  context.counters.objects.gone--;
  await handleObject({ bucket, key: otherKey, store, seconds }, context);
}

const FOR_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FG_SEARCH_UNREACHABLE',
  'FG_SEARCH_BUSY',
  'FG_SEARCH_DENIED',
  'FG_AWS_UNREACHABLE',
  'FG_AWS_CREDENTIALS',
  'FG_AWS_CREDENTIALS_REFUSED',
  'FG_AWS_EXPIRED',
  'FG_AWS_CLOCK',
  'FG_AWS_THROTTLED',
]);

/** Whether it is nothing of the message: any other would fail so too, until somebody or time mends it. */
export function isForAll(error: unknown): boolean {
  return error instanceof FlowgaugeError && FOR_ALL.has(error.code);
}

/** Whether no later try can help. */
export function isForGood(error: unknown): boolean {
  return error instanceof FlowgaugeError && error.code === 'FG_WATCH_EVENT';
}

/** What goes to the dead-letter queue with a message. */
export function deathNote({ code, message }: FlowgaugeError, receives: number): Readonly<Record<string, string>> {
  return {
    'flowgauge-code': code,
    'flowgauge-reason': message,
    'flowgauge-receives': String(receives),
    'flowgauge-time': new Date().toISOString(),
  };
}

/** As an error of the catalogue, for a log. */
export function asFailure(error: unknown): FlowgaugeError {
  if (error instanceof FlowgaugeError) return error;
  return failureFrom(error, 'FG_WATCH_FAULT', error instanceof Error ? error.message : String(error));
}
