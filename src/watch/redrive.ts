/**
 * Messages that nobody could handle, back to their queue.
 *
 * In:    a dead-letter queue, the queue. Out: why each is there; those that were asked for are in the queue again, without what was noted of them.
 * Holds: a message is sent before it is removed: a crash between the two makes it come twice, which changes nothing. One that dies again while
 *        this runs stays.
 * Fails: as the queues do.
 */
import type { Queue, QueueMessage } from './queue.ts';

export type DeadMessage = {
  readonly id: string;
  /** Null where SQS moved it by itself. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly time: string | null;
  readonly body: string;
};

const NOTE = /^flowgauge-/u;
const RECEIVED_AT_ONCE = 10;
const WAIT_SECONDS = 1;
const HOLD_SECONDS = 120;
/** Queues give nothing now and then although there is something. */
const EMPTY_ANSWERS = 3;

/** All messages, each once; none is removed. */
async function* all(deadLetter: Queue, signal: AbortSignal): AsyncGenerator<QueueMessage> {
  const seen = new Set<string>();
  for (let empty = 0; empty < EMPTY_ANSWERS;) {
    const messages = await deadLetter.receive(RECEIVED_AT_ONCE, WAIT_SECONDS, HOLD_SECONDS, signal);
    const fresh = messages.filter(({ id }) => !seen.has(id));
    empty = fresh.length === 0 ? empty + 1 : 0;
    for (const message of fresh) {
      seen.add(message.id);
      yield message;
    }
  }
}

function noteOf({ id, body, attributes }: QueueMessage): DeadMessage {
  return {
    id,
    code: attributes['flowgauge-code'] ?? null,
    reason: attributes['flowgauge-reason'] ?? null,
    time: attributes['flowgauge-time'] ?? null,
    body,
  };
}

/** What is in the dead-letter queue, and why; all of it is given back when the last was looked at. */
export async function* deadMessages(deadLetter: Queue, signal: AbortSignal): AsyncGenerator<DeadMessage> {
  const held: QueueMessage[] = [];
  try {
    for await (const message of all(deadLetter, signal)) {
      held.push(message);
      yield noteOf(message);
    }
  } finally {
    for (const message of held) await deadLetter.hold(message, 0).catch(() => {});
  }
}

/**
 * Sends messages back.
 *
 * @param wanted  which ones
 * @returns how many
 */
export async function redrive(
  deadLetter: Queue,
  queue: Queue,
  wanted: (message: DeadMessage) => boolean,
  signal: AbortSignal,
): Promise<{ readonly moved: number; readonly kept: number }> {
  const begin = new Date().toISOString();
  const kept: QueueMessage[] = [];
  let moved = 0;
  try {
    for await (const message of all(deadLetter, signal)) {
      const note = noteOf(message);
      if (!wanted(note) || (note.time ?? '') > begin) {
        kept.push(message);
        continue;
      }
      const attributes = Object.entries(message.attributes).filter(([name]) => !NOTE.test(name));
      await queue.send(message.body, Object.fromEntries(attributes));
      await deadLetter.remove(message);
      moved++;
    }
  } finally {
    for (const message of kept) await deadLetter.hold(message, 0).catch(() => {});
  }
  return { moved, kept: kept.length };
}
