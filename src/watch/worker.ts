/**
 * Works on a queue: message after message to documents.
 *
 * In:    a queue, its dead-letter queue, what messages are handled with. Out: counters; it ends when it is asked to.
 * Holds: a message is removed when all its objects are with the sink, never before; one that is under way is held, so that no other worker gets it, and
 *        given back when work stops. One that fails comes again after a pause that grows, and goes to the dead-letter queue with the reason when it
 *        failed often enough, or at once where it never can succeed. While sink or AWS are out of reach nothing is received and
 *        no message's tries are used up: what is under way waits. Killed at any moment, nothing is lost and nothing is there twice.
 * Fails: with an error of the queue that came before any message was received; later ones are waited for.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { FlowgaugeError } from '../model/errors.ts';
import { LONGEST_WAIT_SECONDS } from './queue.ts';
import type { Queue, QueueMessage } from './queue.ts';
import { asFailure, deathNote, handleMessage, isForAll, isForGood } from './message.ts';
import type { MessageContext } from './message.ts';
import type { WorkerStanding } from './standing.ts';

export type WorkerOptions = {
  readonly queue: Queue;
  /** Null: what fails comes again until SQS moves or forgets it. */
  readonly deadLetter: Queue | null;
  readonly context: Omit<MessageContext, 'signal'>;
  /** Kept up to date. */
  readonly standing: WorkerStanding;
  /** Messages that are worked on at a time. */
  readonly atOnce: number;
  /** How often a message is tried. */
  readonly attempts: number;
  /** How long nobody else gets a message that is under way; it is held on before that ends. */
  readonly holdSeconds: number;
  /** Ends the worker; what is under way is finished. */
  readonly stop: AbortSignal;
  /** Ends what is under way too. */
  readonly leave: AbortSignal;
  /** Told of each message that failed, and of pauses. */
  readonly tell: (event: WorkerEvent) => void;
  /** Ends when the queue has given nothing for one poll: for tests and for jobs. */
  readonly untilEmpty?: boolean;
  /** For tests. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
};

export type WorkerEvent =
  | { readonly kind: 'again'; readonly id: string; readonly receives: number; readonly error: FlowgaugeError }
  | { readonly kind: 'dead'; readonly id: string; readonly receives: number; readonly error: FlowgaugeError }
  | { readonly kind: 'waits'; readonly seconds: number; readonly error: FlowgaugeError };

/** Messages that one receive gives at most. */
const RECEIVED_AT_ONCE = 10;
const FIRST_PAUSE_MILLIS = 1000;
const LONGEST_PAUSE_MILLIS = 60_000;
/** Of a message that failed, before it comes again: longer each time. */
const FIRST_AGAIN_SECONDS = 15;
const LONGEST_AGAIN_SECONDS = 900;

/** Works until it is stopped. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { queue, stop, leave, context, standing, tell } = options;
  const { counters } = context;
  const pause = options.pause ?? ((millis: number, signal: AbortSignal) => wait(millis, undefined, { signal }));
  // One lane that cannot go on ends the others.
  const failure = new AbortController();
  const either = AbortSignal.any([stop, leave, failure.signal]);
  const held = new Map<string, QueueMessage>();

  /** Pauses, longer each time, while an error stands that no message can help. */
  async function waitFor(cause: unknown, round: number, lane: number): Promise<void> {
    const millis = Math.min(FIRST_PAUSE_MILLIS * 2 ** round, LONGEST_PAUSE_MILLIS);
    const error = asFailure(cause);
    standing.waiting.set(lane, error.code);
    tell({ kind: 'waits', seconds: millis / 1000, error });
    await pause(millis, either).catch(() => {});
  }

  function hold(message: QueueMessage, isHeld: boolean): void {
    if (isHeld) held.set(message.id, message);
    else held.delete(message.id);
    standing.held = held.size;
  }

  async function receive(lane: number): Promise<readonly QueueMessage[]> {
    for (let round = 0; !either.aborted; round++) {
      try {
        const most = Math.min(RECEIVED_AT_ONCE, 1 + Math.floor(RECEIVED_AT_ONCE / options.atOnce));
        const waits = options.untilEmpty === true ? 1 : LONGEST_WAIT_SECONDS;
        const messages = await queue.receive(most, waits, options.holdSeconds, either);
        standing.isReceiving = true;
        standing.waiting.delete(lane);
        counters.messages.received += messages.length;
        for (const message of messages) hold(message, true);
        return messages;
      } catch (error) {
        if (either.aborted) return [];
        if (!standing.isReceiving && !isForAll(error)) throw error;
        await waitFor(error, round, lane);
      }
    }
    return [];
  }

  /** Handles a message until it is done or has failed; waits while nothing can be done. */
  async function handle(message: QueueMessage, lane: number): Promise<void> {
    for (let round = 0; ; round++) {
      try {
        await handleMessage(message.body, { ...context, signal: leave });
        await queue.remove(message);
        standing.waiting.delete(lane);
        counters.messages.done++;
        return;
      } catch (error) {
        if (leave.aborted) return giveBack(message);
        if (!isForAll(error)) {
          standing.waiting.delete(lane);
          return failed(message, error);
        }
        if (stop.aborted) return giveBack(message);
        await waitFor(error, round, lane);
        if (either.aborted) return giveBack(message);
      }
    }
  }

  async function failed(message: QueueMessage, cause: unknown): Promise<void> {
    const error = asFailure(cause);
    const { id, receives } = message;
    try {
      if (options.deadLetter !== null && (isForGood(cause) || receives >= options.attempts)) {
        const note = deathNote(error, receives);
        // Ours first: a queue takes so many and no more.
        await options.deadLetter.send(message.body, { ...note, ...message.attributes, ...note });
        await queue.remove(message);
        counters.messages.dead++;
        tell({ kind: 'dead', id, receives, error });
        return;
      }
      await queue.hold(message, Math.min(FIRST_AGAIN_SECONDS * 2 ** (receives - 1), LONGEST_AGAIN_SECONDS));
    } catch {
      // It comes again by itself when nobody holds it.
    }
    counters.messages.again++;
    tell({ kind: 'again', id, receives, error });
  }

  /** To whoever asks next. */
  async function giveBack(message: QueueMessage): Promise<void> {
    counters.messages.again++;
    await queue.hold(message, 0).catch(() => {});
  }

  async function work(lane: number): Promise<void> {
    while (!either.aborted) {
      const messages = await receive(lane);
      if (messages.length === 0 && options.untilEmpty === true) return;
      for (const message of messages) {
        if (either.aborted) await giveBack(message);
        else await handle(message, lane);
        hold(message, false);
      }
    }
  }

  const beat = setInterval(
    () => {
      // One that cannot be held comes again, and is made into the same documents.
      for (const message of held.values()) queue.hold(message, options.holdSeconds).catch(() => {});
    },
    (options.holdSeconds * 1000) / 3,
  );
  try {
    const lanes = Array.from({ length: options.atOnce }, (_, lane) =>
      work(lane).catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    );
    const ended = await Promise.allSettled(lanes);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  } finally {
    clearInterval(beat);
  }
}
