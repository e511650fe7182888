/**
 * A queue of SQS.
 *
 * In:    its URL, and how AWS is reached. Out: messages; what becomes of them.
 * Holds: long polls, so an empty queue costs three requests a minute. A message that is neither removed nor held longer comes again by itself. The
 *        client is loaded with the first request.
 * Fails: FG_WATCH_QUEUE_URL when it is made; FG_WATCH_QUEUE and FG_AWS_… when asked; the signal's reason.
 */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type * as Sdk from '@aws-sdk/client-sqs';
import { failure, failureFrom } from '../model/errors.ts';
import { clientSettings, endpointOf } from '../storage/object/aws-client.ts';
import type { AwsAccess } from '../storage/object/aws-client.ts';
import { awsFailure, problemOf } from '../storage/object/aws-errors.ts';

export type QueueMessage = {
  readonly id: string;
  /** Names this delivery of it. */
  readonly receipt: string;
  readonly body: string;
  /** How often it was received, this time included. */
  readonly receives: number;
  /** What whoever sent it said beside it. */
  readonly attributes: Readonly<Record<string, string>>;
};

export type QueueSettings = {
  readonly deadLetterArn: string | null;
  /** How often a message is received before SQS itself moves it; null where it never does. */
  readonly mostReceives: number | null;
  /** Messages that wait, about. */
  readonly waiting: number;
};

export type Queue = {
  readonly url: string;
  /**
   * Waits for messages, up to 20 s.
   *
   * @param most         10 at most
   * @param holdSeconds  how long nobody else gets them
   */
  receive(
    most: number,
    waitSeconds: number,
    holdSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly QueueMessage[]>;
  remove(message: QueueMessage): Promise<void>;
  /** Holds it for so long from now on; 0 gives it back. */
  hold(message: QueueMessage, seconds: number): Promise<void>;
  /** Sends one; of more than ten attributes the first ten. */
  send(body: string, attributes: Readonly<Record<string, string>>): Promise<void>;
  settings(): Promise<QueueSettings>;
};

/** A receive waits this long at most. */
export const LONGEST_WAIT_SECONDS = 20;
/** SQS refuses a message with more. */
const MOST_ATTRIBUTES = 10;
/** A value is text without control characters. */
const MOST_VALUE = 1000;

/** A queue; nothing is asked yet. */
export function sqsQueue(url: string, access: AwsAccess): Queue {
  const parsed = URL.parse(url);
  if (
    parsed === null ||
    !/^https?:$/u.test(parsed.protocol) ||
    parsed.pathname.split('/').length < 2 ||
    parsed.pathname === '/'
  )
    throw failure('FG_WATCH_QUEUE_URL', url);
  const region = /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com(?:\.cn)?$/u.exec(parsed.hostname);
  let client: Promise<SQSClient> | null = null;

  async function connect(): Promise<SQSClient> {
    const { SQSClient: Client } = await import('@aws-sdk/client-sqs');
    const server = await endpointOf(access, 'sqs');
    const settings = clientSettings(access, access.region ?? region?.[1] ?? region?.[2]);
    // A receive is silent for as long as it waits.
    return new Client({
      ...settings,
      useQueueUrlAsEndpoint: server === null,
      ...(server === null ? {} : { endpoint: server }),
    });
  }

  async function ask<T>(
    action: string,
    signal: AbortSignal | undefined,
    work: (client: SQSClient, sdk: typeof Sdk) => Promise<T>,
  ): Promise<T> {
    try {
      const sdk = await import('@aws-sdk/client-sqs');
      return await work(await (client ??= connect()), sdk);
    } catch (error) {
      signal?.throwIfAborted();
      const known = awsFailure(error, `queue ${url}`, access.endpoint ?? parsed!.host);
      if (known !== null) throw known;
      const { code, message } = problemOf(error);
      throw failureFrom(error, 'FG_WATCH_QUEUE', url, action, `${code} ${message}`.trim());
    }
  }

  return {
    url,
    receive: (most, waitSeconds, holdSeconds, signal) =>
      ask('receive from', signal, async (asked, { ReceiveMessageCommand }) => {
        const command = new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: holdSeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
          MessageAttributeNames: ['All'],
        });
        const { Messages: messages = [] } = await asked.send(command, { abortSignal: signal });
        return messages.map((each) => ({
          id: each.MessageId ?? '',
          receipt: each.ReceiptHandle ?? '',
          body: each.Body ?? '',
          receives: Number(each.Attributes?.ApproximateReceiveCount ?? 1),
          attributes: Object.fromEntries(
            Object.entries(each.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue ?? '']),
          ),
        }));
      }),
    remove: ({ receipt }) =>
      ask('remove from', undefined, async (asked, { DeleteMessageCommand }) => {
        await asked.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
      }),
    hold: ({ receipt }, seconds) =>
      ask('hold a message of', undefined, async (asked, { ChangeMessageVisibilityCommand }) => {
        const command = new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: receipt,
          VisibilityTimeout: seconds,
        });
        await asked.send(command);
      }),
    send: (body, attributes) =>
      ask('send to', undefined, async (asked, { SendMessageCommand }) => {
        const MessageAttributes = Object.fromEntries(
          Object.entries(attributes)
            .slice(0, MOST_ATTRIBUTES)
            .map(([name, value]) => [name, { DataType: 'String', StringValue: plainValue(value) }]),
        );
        await asked.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }));
      }),
    settings: () =>
      ask('look at', undefined, async (asked, { GetQueueAttributesCommand }) => {
        const { Attributes: told = {} } = await asked.send(
          new GetQueueAttributesCommand({
            QueueUrl: url,
            AttributeNames: ['RedrivePolicy', 'ApproximateNumberOfMessages'],
          }),
        );
        const policy = JSON.parse(told.RedrivePolicy ?? '{}') as {
          deadLetterTargetArn?: string;
          maxReceiveCount?: string | number;
        };
        return {
          deadLetterArn: policy.deadLetterTargetArn ?? null,
          mostReceives: policy.maxReceiveCount === undefined ? null : Number(policy.maxReceiveCount),
          waiting: Number(told.ApproximateNumberOfMessages ?? 0),
        };
      }),
  };
}

/** The URL of a queue beside another one: same server, account and name of the ARN. */
export function urlOfArn(arn: string, beside: string): string {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  const url = new URL(beside);
  url.hostname = url.hostname.replace(/^sqs\.[a-z0-9-]+\.amazonaws/u, `sqs.${region}.amazonaws`);
  url.pathname = `/${account}/${name}`;
  return url.href;
}

function plainValue(value: string): string {
  const plain = value
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ' ')
    .slice(0, MOST_VALUE);
  return plain === '' ? '-' : plain;
}
