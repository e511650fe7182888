/**
 * A queue for tests, in memory, as SQS behaves: a message that is received is held, and comes again when nobody holds it any longer.
 *
 * In:    messages. Out: the queue; its time is turned by hand.
 */
import type { Queue, QueueMessage } from './queue.ts';

type Held = { readonly message: QueueMessage; until: number; receives: number };

export type RememberedQueue = Queue & {
  /** Turns time on. */
  pass(seconds: number): void;
  readonly messages: readonly Held[];
  /** Thrown by the next receive. */
  trouble: Error | null;
};

/** An empty queue. */
export function rememberedQueue(name: string): RememberedQueue {
  const messages: Held[] = [];
  let now = 0;
  let number = 0;
  const find = (receipt: string): Held | undefined =>
    messages.find(({ message }) => message.id === receipt.split('/')[0]);
  const queue: RememberedQueue = {
    url: `https://sqs.eu-west-1.amazonaws.com/1/${name}`,
    messages,
    trouble: null,
    pass: (seconds) => void (now += seconds),
    async receive(most, _, holdSeconds, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      if (queue.trouble !== null) {
        const { trouble } = queue;
        queue.trouble = null;
        throw trouble;
      }
      return messages
        .filter(({ until }) => until <= now)
        .slice(0, most)
        .map((held) => {
          held.until = now + holdSeconds;
          held.receives++;
          return { ...held.message, receipt: `${held.message.id}/${held.receives}`, receives: held.receives };
        });
    },
    remove({ receipt }) {
      const held = find(receipt);
      if (held !== undefined) messages.splice(messages.indexOf(held), 1);
      return Promise.resolve();
    },
    hold({ receipt }, seconds) {
      const held = find(receipt);
      if (held !== undefined) held.until = now + seconds;
      return Promise.resolve();
    },
    send(body, attributes) {
      const id = `m${number++}`;
      attributes = Object.fromEntries(Object.entries(attributes).slice(0, 10));
      messages.push({ message: { id, receipt: '', body, receives: 0, attributes }, until: now, receives: 0 });
      return Promise.resolve();
    },
    settings: () => Promise.resolve({ deadLetterArn: null, mostReceives: null, waiting: messages.length }),
  };
  return queue;
}
