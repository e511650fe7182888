/**
 * Tells a webhook: one that takes what Slack's take, or JSON of our own.
 *
 * In:    a URL. Out: a message for each alert.
 * Holds: each request has `Idempotency-Key`, by which a receiver that looks at it knows an alert that it has. Slack, Mattermost and the
 *        like do not look. Names of records cannot mention anybody: what Slack reads as a mark is escaped.
 *        https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * Fails: never; what went wrong is the answer.
 */
import type { Severity } from '../../api/findings.ts';
import { linesOf, titleOf } from './message.ts';
import { post } from './post.ts';
import type { Posted } from './post.ts';
import type { Alert, Receiver, SendAnswer } from './receiver.ts';

export type WebhookSettings = {
  readonly name: string;
  readonly least: Severity;
  readonly url: URL;
  readonly form: 'slack' | 'json';
  /** It looks at `Idempotency-Key`. */
  readonly idempotent: boolean;
};

const COLOURS: Readonly<Record<Severity, string>> = {
  info: '#687078',
  low: '#0972d3',
  medium: '#8d6605',
  high: '#d91515',
};

/** Statuses of which trying again would change nothing: what is sent is not understood. */
const FINAL: readonly number[] = [400, 413, 415, 422];

/** The receiver. */
export function webhookReceiver({ name, least, url, form, idempotent }: WebhookSettings): Receiver {
  return {
    name,
    least,
    knowsKeysSeconds: idempotent ? Infinity : 0,
    async send(alert, signal) {
      const body = JSON.stringify(form === 'slack' ? slackMessage(alert) : jsonMessage(alert));
      const headers = { 'content-type': 'application/json', 'idempotency-key': alert.key, 'user-agent': 'flowgauge' };
      return answerOf(await post(url, headers, body, signal), url.host);
    },
  };
}

/** What an answer of a receiver means. */
export function answerOf(posted: Posted, host: string): SendAnswer {
  if (posted.is === 'unsure') return posted;
  if (posted.is === 'not-sent') return { is: 'refused', again: true, why: posted.why };
  const { status, afterSeconds } = posted;
  if (status >= 200 && status < 300) return { is: 'sent' };
  return {
    is: 'refused',
    again: !FINAL.includes(status),
    why: `${host} answered HTTP ${status}`,
    ...(afterSeconds === null ? {} : { afterSeconds }),
  };
}

function slackMessage({ finding, link }: Alert): object {
  const title = escaped(titleOf(finding));
  return {
    text: link === null ? `*${title}*` : `*<${link}|${title}>*`,
    attachments: [
      { color: COLOURS[finding.severity], fallback: title, text: linesOf(finding).map(escaped).join('\n') },
    ],
  };
}

function jsonMessage({ key, finding, link }: Alert): object {
  return { version: 1, key, title: titleOf(finding), link, finding };
}

/** As Slack asks of text that is no mark. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
