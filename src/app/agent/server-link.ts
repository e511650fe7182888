/**
 * Asks the server of an agent.
 *
 * In:    a path and JSON. Out: the JSON of the answer; null where it has none.
 * Holds: each request is signed, so the secret stays here; over TLS the server's certificate is checked. No redirect is
 *        followed. Bounded in time and bytes. What is thrown has no word of a key but its id.
 * Fails: FG_AGENT_UNREACHABLE, FG_AGENT_REFUSED, FG_AGENT_ANSWER; at the start FG_AGENT_URL, FG_AGENT_PLAIN_HTTP, FG_AGENT_CA.
 */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AGENT_SERVICE, LONGEST_ASSIGNMENT } from '../../api/agents.ts';
import type { Keys } from '../../storage/object/sign-request.ts';
import { signedHeaders } from '../../storage/object/sign-request.ts';
import { failure, failureFrom } from '../../model/errors.ts';

export type ServerLink = {
  readonly url: string;
  /**
   * Asks.
   *
   * @param waitSeconds  how long the server may take on purpose
   */
  ask(path: string, json: object, waitSeconds: number, signal: AbortSignal): Promise<unknown>;
};

export type LinkOptions = {
  readonly url: string;
  readonly key: () => Keys;
  /** PEM file of the authorities to trust instead of the system's. */
  readonly ca: string | undefined;
  readonly allowHttp: boolean;
  /** For an answer, beside the time that it takes on purpose. */
  readonly patienceMillis?: number;
};

/** The signature's region says nothing here. */
const REGION = 'us-east-1';
const PATIENCE_MILLIS = 20_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** Opens a link; nothing is asked yet. */
export function openLink(options: LinkOptions): ServerLink {
  const { patienceMillis = PATIENCE_MILLIS } = options;
  const url = readUrl(options.url, options.allowHttp);
  const origin = url.origin;
  const ca = options.ca === undefined ? undefined : readCa(options.ca);
  const { hostname, port, host, protocol } = url;
  const connect = {
    // Without the brackets of an IPv6 address.
    hostname: hostname.replace(/^\[|\]$/gu, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    agent: false as const,
  };

  async function send(path: string, body: string, keys: Keys, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = signedHeaders(
      { host, path, headers: { 'content-type': 'application/json' }, body },
      keys,
      REGION,
      AGENT_SERVICE,
      new Date(),
    );
    const what = { ...connect, path, method: 'POST', headers, signal };
    const asked =
      protocol === 'https:'
        ? httpsRequest({ ...what, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) })
        : httpRequest(what);
    const answered = Promise.withResolvers<IncomingMessage>();
    asked.on('response', answered.resolve);
    asked.on('error', answered.reject);
    asked.end(body);
    return answered.promise;
  }

  return {
    url: origin,
    async ask(path, json, waitSeconds, signal) {
      const keys = options.key();
      const late = AbortSignal.timeout(waitSeconds * 1000 + patienceMillis);
      let status: number;
      let body: string;
      try {
        const answer = await send(path, JSON.stringify(json), keys, AbortSignal.any([signal, late]));
        status = answer.statusCode ?? 0;
        body = await textOf(answer);
      } catch (error) {
        signal.throwIfAborted();
        throw failureFrom(error, 'FG_AGENT_UNREACHABLE', origin, late.aborted ? 'it takes too long' : whyOf(error));
      }
      if (status === 204) return null;
      if (status === 200) return jsonOf(body, origin);
      if (status === 401 || status === 403)
        throw failure('FG_AGENT_REFUSED', origin, keys.accessKeyId, messageOf(body) ?? `HTTP ${status}`);
      if (status >= 500 || status === 429) throw failure('FG_AGENT_UNREACHABLE', origin, `HTTP ${status}`);
      throw failure('FG_AGENT_ANSWER', origin, `HTTP ${status}`);
    },
  };
}

function readUrl(text: string, allowHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url?.protocol === 'http:';
  if (url === null || (!isPlain && url.protocol !== 'https:')) throw failure('FG_AGENT_URL', text);
  // Not repeated: a password may stand in it.
  if (url.username !== '' || url.password !== '') throw failure('FG_AGENT_URL', `${url.protocol}//…@${url.host}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw failure('FG_AGENT_URL', text);
  if (isPlain && !LOOPBACK.test(url.hostname) && !allowHttp) throw failure('FG_AGENT_PLAIN_HTTP', url.origin);
  return url;
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw failureFrom(error, 'FG_AGENT_CA', path, error instanceof Error ? error.message : String(error));
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > LONGEST_ASSIGNMENT) throw new Error(`its answer has more than ${LONGEST_ASSIGNMENT} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function jsonOf(body: string, origin: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw failure('FG_AGENT_ANSWER', origin, 'what is no JSON');
  }
}

function messageOf(body: string): string | null {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, 300) : null;
  } catch {
    return null;
  }
}

/** What Node says; of several attempts on several addresses the first. */
function whyOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
