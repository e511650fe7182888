/**
 * What a subscription of CloudWatch Logs sends: messages of a log group, packed.
 *
 * In:    the event of a function, `{"awslogs": {"data": …}}`. Out: the messages as lines, and where they come from.
 * Holds: control messages have no lines. Bounded: what unpacks to more than a call can hold is refused.
 * Fails: FG_WATCH_SUBSCRIPTION.
 */
import { gunzipSync } from 'node:zlib';
import { failure } from '../../model/errors.ts';

export type LogMessages = {
  readonly group: string;
  readonly stream: string;
  readonly accountId: string;
  /** Ids of the messages, for names of their documents. */
  readonly ids: readonly string[];
  /** Time of the first message, seconds since 1970 UTC. */
  readonly seconds: number;
  readonly lines: string;
};

/** A call has 6 MB; text of records packs to a sixth. */
const MOST_BYTES = 64 << 20;

/** Reads an event; null for a control message. */
export function messagesIn(event: unknown): LogMessages | null {
  const data = (event as { awslogs?: { data?: unknown } } | null)?.awslogs?.data;
  if (typeof data !== 'string') throw failure('FG_WATCH_SUBSCRIPTION', 'it has no awslogs.data');
  const json = unpackedJson(data);
  if (json['messageType'] === 'CONTROL_MESSAGE') return null;
  const { owner, logGroup, logStream, logEvents } = json;
  if (json['messageType'] !== 'DATA_MESSAGE' || typeof logGroup !== 'string' || typeof logStream !== 'string')
    throw failure('FG_WATCH_SUBSCRIPTION', 'it names no log group and stream');
  if (!Array.isArray(logEvents)) throw failure('FG_WATCH_SUBSCRIPTION', 'it has no logEvents');
  const ids: string[] = [];
  const lines: string[] = [];
  let seconds = Infinity;
  for (const each of logEvents as readonly { id?: unknown; timestamp?: unknown; message?: unknown }[]) {
    const { id, timestamp, message } = each ?? {};
    if (typeof message !== 'string') throw failure('FG_WATCH_SUBSCRIPTION', 'one of its logEvents has no message');
    ids.push(String(id));
    // A message is one record, whatever it holds.
    lines.push(`${message.replaceAll(/[\r\n]+/gu, ' ').trimEnd()}\n`);
    if (typeof timestamp === 'number') seconds = Math.min(seconds, Math.floor(timestamp / 1000));
  }
  return {
    group: logGroup,
    stream: logStream,
    accountId: typeof owner === 'string' ? owner : '',
    ids,
    seconds: Number.isFinite(seconds) ? seconds : 0,
    lines: lines.join(''),
  };
}

function unpackedJson(data: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(
      gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MOST_BYTES }).toString('utf8'),
    );
    if (typeof json === 'object' && json !== null) return json as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw failure(
      'FG_WATCH_SUBSCRIPTION',
      `its data is no packed JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  throw failure('FG_WATCH_SUBSCRIPTION', 'its data is no JSON object');
}
