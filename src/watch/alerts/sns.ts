/**
 * Tells a topic of SNS.
 *
 * In:    a topic's ARN, who asks. Out: a message for each alert, with attributes that subscriptions may filter by.
 * Holds: keys come from AWS's own chain; the client of SNS is not needed for one call. A FIFO topic takes the alert's key as its
 *        deduplication id, which it knows for five minutes; other topics know none.
 *        https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * Fails: never; what went wrong is the answer.
 */
import type { Severity } from '../../api/findings.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import { endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import { signedHeaders } from '../../storage/object/sign-request.ts';
import type { Keys } from '../../storage/object/sign-request.ts';
import { linesOf, titleOf } from './message.ts';
import { post } from './post.ts';
import type { Posted } from './post.ts';
import type { Alert, Receiver, SendAnswer } from './receiver.ts';

export type SnsSettings = {
  readonly name: string;
  readonly least: Severity;
  readonly topicArn: string;
  readonly access: AwsAccess;
};

/** Five minutes, less what clocks and ways may differ by. */
const DEDUPLICATED_SECONDS = 240;
/** What SNS takes as a subject: printable ASCII. */
const MOST_SUBJECT = 100;

/** The region of a topic, or null where the text is no ARN of one. */
export function topicRegion(arn: string): string | null {
  return /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?$/u.exec(arn)?.[1] ?? null;
}

/** The receiver. */
export function snsReceiver({ name, least, topicArn, access }: SnsSettings): Receiver {
  const region = topicRegion(topicArn) ?? '';
  const isFifo = topicArn.endsWith('.fifo');
  let find: (() => Promise<Keys>) | null = null;
  let place: URL | null = null;

  async function prepare(): Promise<{ readonly url: URL; readonly keys: Keys }> {
    place ??= new URL((await endpointOf(access, 'sns')) ?? `https://sns.${region}.${domainOf(region)}/`);
    if (find === null) {
      const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
      const profile = access.profile === undefined ? {} : { profile: access.profile };
      find = defaultProvider({ clientConfig: { region }, ...profile });
    }
    return { url: place, keys: await find() };
  }

  return {
    name,
    least,
    knowsKeysSeconds: isFifo ? DEDUPLICATED_SECONDS : 0,
    async send(alert, signal) {
      let prepared: Awaited<ReturnType<typeof prepare>>;
      try {
        prepared = await prepare();
      } catch (error) {
        // Keys may come with the next login.
        find = null;
        return { is: 'refused', again: true, why: credentialWords(error) };
      }
      const { url, keys } = prepared;
      const body = bodyOf(alert, topicArn, isFifo);
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const request = { host: url.host, path: url.pathname, headers, body };
      const { host: _, ...signed } = signedHeaders(request, keys, region, 'sns', new Date());
      return answerOf(await post(url, signed, body, signal), url.host);
    },
  };
}

function bodyOf({ key, finding, link }: Alert, topicArn: string, isFifo: boolean): string {
  const attributes: readonly (readonly [string, string])[] = [
    ['severity', finding.severity],
    ['detection', finding.detection],
    ['finding', finding.id],
    ['key', key],
  ];
  const pairs: readonly (readonly [string, string])[] = [
    ['Action', 'Publish'],
    ['Version', '2010-03-31'],
    ['TopicArn', topicArn],
    [
      'Subject',
      titleOf(finding)
        .replaceAll(/[^\x20-\x7e]/gu, '?')
        .slice(0, MOST_SUBJECT),
    ],
    ['Message', [titleOf(finding), ...linesOf(finding), ...(link === null ? [] : [link])].join('\n')],
    ...attributes.flatMap(([name, value], at): (readonly [string, string])[] => {
      const entry = `MessageAttributes.entry.${at + 1}`;
      return [
        [`${entry}.Name`, name],
        [`${entry}.Value.DataType`, 'String'],
        [`${entry}.Value.StringValue`, value],
      ];
    }),
    ...(isFifo
      ? ([
          ['MessageGroupId', finding.series],
          ['MessageDeduplicationId', key],
        ] as const)
      : []),
  ];
  return new URLSearchParams(Object.fromEntries(pairs)).toString();
}

function answerOf(posted: Posted, host: string): SendAnswer {
  if (posted.is === 'unsure') return posted;
  if (posted.is === 'not-sent') return { is: 'refused', again: true, why: posted.why };
  if (posted.status === 200) return { is: 'sent' };
  const code = /<Code>([A-Za-z.]{1,80})<\/Code>/u.exec(posted.text)?.[1] ?? '';
  // Rights, topics and keys are put right by people, within a day.
  const isFinal = code === 'InvalidParameter' || code === 'InvalidParameterValue';
  return { is: 'refused', again: !isFinal, why: `${host} answered HTTP ${posted.status}${code && ` (${code})`}` };
}

function credentialWords(error: unknown): string {
  if (error instanceof FlowgaugeError) return error.message;
  return `no AWS credentials were found (${error instanceof Error ? error.name : 'unknown'})`;
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
