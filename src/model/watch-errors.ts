/**
 * The words of errors about new objects on their way to documents.
 *
 * In:    the facts of what happened. Out: entries of the catalogue in `errors.ts`.
 */

/** Part of `ERRORS`. */
export const WATCH_ERRORS = {
  FG_WATCH_EVENT: {
    owner: 'content',
    text: (why: string) =>
      `a message tells of no object: ${why}; it goes to the dead-letter queue; S3's notifications are understood, directly, in SNS and from EventBridge (docs/watch.md)`,
  },
  FG_WATCH_UNREADABLE: {
    owner: 'content',
    text: (place: string, why: string, rows: number) =>
      `${place} could not be read to its end: ${why}; ${rows === 0 ? 'no record of it was written' : `the ${rows} records before that were written`}; put a whole object in its place, then \`flowgauge watch redrive\``,
  },
  FG_WATCH_REFUSED: {
    owner: 'content',
    text: (place: string, count: number, of: number, sink: string, why: string) =>
      `${sink} refused ${count} of ${of} documents of ${place} (the first: ${why}); the others were written; look at the index template (\`flowgauge watch template\`), then \`flowgauge watch redrive\``,
  },
  FG_WATCH_FAULT: {
    owner: 'ours',
    text: (why: string) =>
      `a message could not be handled: ${why}; it is tried again, and goes to the dead-letter queue at last; please report this`,
  },
  FG_WATCH_QUEUE: {
    owner: 'surroundings',
    text: (queue: string, action: string, why: string) =>
      `cannot ${action} queue ${queue}: ${why}; no message is lost; ask for sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and sqs:GetQueueAttributes on it, and sqs:SendMessage on its dead-letter queue, or use another --profile`,
  },
  FG_WATCH_QUEUE_URL: {
    owner: 'command-line',
    text: (text: string) =>
      `"${text}" is no URL of a queue; nothing was received; \`aws sqs get-queue-url --queue-name NAME\` prints it`,
  },
  FG_WATCH_NO_DEAD_LETTER: {
    owner: 'command-line',
    text: (queue: string) =>
      `queue ${queue} has no dead-letter queue; nothing was done; give its URL with --dead-letter, or set a redrive policy on the queue`,
  },
  FG_WATCH_SINK: {
    owner: 'command-line',
    text: (why: string) =>
      `nothing says where documents go: ${why}; nothing was received; give --opensearch URL (Elasticsearch too), or --discard to write none`,
  },
  FG_WATCH_DETECT: {
    owner: 'command-line',
    text: (why: string) =>
      `nobody can look for findings: ${why}; nothing was received; write --detect s3://BUCKET/PREFIX --data DIR, or look once with \`flowgauge detect --from s3://BUCKET/PREFIX --data DIR\``,
  },
  FG_WATCH_SAME_QUEUE: {
    owner: 'command-line',
    text: (queue: string) =>
      `${queue} is named as the queue and as its own dead-letter queue; nothing was received or sent; name another one with --dead-letter, or leave it out where the queue has a redrive policy`,
  },
  FG_WATCH_CODE: {
    owner: 'command-line',
    text: (code: string, near: readonly string[]) =>
      `"${code}" is no code that a message was given; nothing was sent; ${near.length > 0 ? `there is ${near.join(', ')}` : '`flowgauge watch redrive --list` shows those that are there'}`,
  },
  FG_WATCH_SUBSCRIPTION: {
    owner: 'content',
    text: (why: string) =>
      `the event is none of a subscription of CloudWatch Logs: ${why}; nothing was written; subscribe the function to the log group of a flow log`,
  },
  FG_WATCH_FIREHOSE_SIZE: {
    owner: 'content',
    text: (megabytes: number) =>
      `the documents of one call have ${megabytes} MB, and Firehose takes 6; nothing was transformed; set the buffer of its transformation to 0.2 MB`,
  },
} as const;
