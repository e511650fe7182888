/**
 * One POST, of which it is known whether it may have been received.
 *
 * In:    a URL, headers, a body. Out: the answer; or that nothing was sent; or that nobody knows.
 * Holds: each goes over a connection of its own, so that none fails because an old connection was closed meanwhile. What fails before the
 *        connection stands was not sent. No redirect is followed: the body goes nowhere else. Answers are read as far as 64 KB.
 * Fails: with the signal's reason.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';

export type Posted =
  | { readonly is: 'answered'; readonly status: number; readonly text: string; readonly afterSeconds: number | null }
  | { readonly is: 'not-sent'; readonly why: string }
  | { readonly is: 'unsure'; readonly why: string };

const MOST_BYTES = 65_536;
const PATIENCE_MILLIS = 20_000;
/** No receiver is waited for longer than a day. */
const LONGEST_SECONDS = 86_400;

/** Posts, once. */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  patienceMillis: number = PATIENCE_MILLIS,
): Promise<Posted> {
  signal.throwIfAborted();
  const silence = AbortSignal.timeout(patienceMillis);
  const secure = url.protocol === 'https:';
  const answered = Promise.withResolvers<IncomingMessage>();
  const bytes = Buffer.from(body);
  const asked = (secure ? requestHttps : requestHttp)(
    url,
    {
      method: 'POST',
      agent: false,
      signal: AbortSignal.any([signal, silence]),
      headers: { ...headers, 'content-length': bytes.length },
    },
    answered.resolve,
  );
  let isConnected = false;
  asked.on('socket', (socket) => socket.on(secure ? 'secureConnect' : 'connect', () => (isConnected = true)));
  asked.on('error', answered.reject);
  asked.end(bytes);
  try {
    const answer = await answered.promise;
    // What it is is known now, whatever becomes of the rest of it.
    const text = await textOf(answer).catch(() => '');
    return { is: 'answered', status: answer.statusCode ?? 0, text, afterSeconds: secondsOf(answer) };
  } catch (error) {
    signal.throwIfAborted();
    const why = silence.aborted ? `${url.host} did not answer within ${patienceMillis / 1000} s` : wordsOf(error, url);
    return { is: isConnected ? 'unsure' : 'not-sent', why };
  } finally {
    asked.destroy();
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    if ((bytes += part.length) >= MOST_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_BYTES).toString('utf8');
}

/** What the receiver says of when to come again, in seconds; a date is not looked at. */
function secondsOf({ headers }: IncomingMessage): number | null {
  const text = headers['retry-after'];
  return typeof text === 'string' && /^\d{1,9}$/u.test(text) ? Math.min(Number(text), LONGEST_SECONDS) : null;
}

function wordsOf(error: unknown, { host }: URL): string {
  const { code } = error as { code?: unknown };
  return `${host} could not be asked (${typeof code === 'string' ? code : 'the connection failed'})`;
}
