/**
 * Asks OpenSearch or Elasticsearch.
 *
 * In:    method, path and body. Out: status and JSON of the answer.
 * Holds: what may pass (no answer, 429, 502, 503, 504) is tried again with growing pauses drawn by chance, for at most so many attempts;
 *        what the server says of when to come again is kept. Bounded in time and bytes; no redirect is followed, so no password
 *        goes anywhere else. With AWS's signature each attempt is signed anew.
 * Fails: FG_SEARCH_URL and FG_SEARCH_LOGIN when it is made; FG_SEARCH_UNREACHABLE, FG_SEARCH_BUSY, FG_SEARCH_DENIED; the signal's reason.
 *        Any other status is an answer: whoever asked knows what it means.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { failure, failureFrom } from '../../model/errors.ts';
import { isOnTheWay } from '../../storage/object/aws-errors.ts';
import { signedHeaders } from '../../storage/object/sign-request.ts';
import type { Keys } from '../../storage/object/sign-request.ts';
import { sha256 } from '../../storage/object/sigv4.ts';

/** Who asks. */
export type SearchLogin =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  /** An API key of Elasticsearch, as it gives it: base64. */
  | { readonly kind: 'api-key'; readonly key: string }
  /** AWS's service: a domain (`es`) or a serverless collection (`aoss`). Keys are AWS's own chain where none are given. */
  | {
      readonly kind: 'aws';
      readonly service: 'es' | 'aoss';
      readonly region: string;
      readonly profile?: string;
      readonly keys?: () => Promise<Keys>;
    };

export type SearchOptions = {
  /** `https://host:port`, perhaps with a path below which the server is. */
  readonly url: string;
  readonly login: SearchLogin;
  /** How often a request is tried in all. */
  readonly attempts?: number;
  /** For one answer. */
  readonly patienceMillis?: number;
  /** Called before a pause, so that back-pressure is counted. */
  readonly paused?: (status: number) => void;
  /** For tests. */
  readonly fetch?: typeof fetch;
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
  readonly chance?: () => number;
};

export type SearchAnswer = {
  readonly status: number;
  /** Null where the answer is empty or no JSON. */
  readonly json: unknown;
};

export type SearchClient = {
  /** For messages: the server's URL. */
  readonly name: string;
  /**
   * Asks.
   *
   * @param path  below the server's, as it stands in a URL, perhaps with a query
   * @param body  JSON as text; bytes are the lines of a bulk request; null none
   */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'DELETE',
    path: string,
    body: string | Uint8Array<ArrayBuffer> | null,
    signal: AbortSignal,
  ): Promise<SearchAnswer>;
};

const ATTEMPTS = 8;
const FIRST_PAUSE_MILLIS = 250;
const LONGEST_PAUSE_MILLIS = 30_000;
const PATIENCE_MILLIS = 60_000;
/** Of an answer: that of a bulk request of 10,000 documents which all fail has a few megabytes. */
const MOST_ANSWER_BYTES = 64 << 20;
const PASSES: readonly number[] = [429, 502, 503, 504];

/** Makes a client; nothing is asked yet. */
export function createSearchClient(options: SearchOptions): SearchClient {
  const { login } = options;
  const url = readUrl(options.url);
  const get = options.fetch ?? fetch;
  const pause = options.pause ?? ((millis, signal) => wait(millis, undefined, { signal }));
  const chance = options.chance ?? Math.random;
  const attempts = options.attempts ?? ATTEMPTS;
  const base = url.pathname.replace(/\/$/u, '');
  const name = `${url.origin}${base}`;
  const authorization = plainAuthorization(login);
  let find = login.kind === 'aws' ? login.keys : undefined;

  async function headersFor(
    method: string,
    target: URL,
    body: string | Uint8Array<ArrayBuffer> | null,
  ): Promise<Record<string, string>> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== null) headers['content-type'] = typeof body === 'string' ? 'application/json' : 'application/x-ndjson';
    if (login.kind !== 'aws') return authorization === null ? headers : { ...headers, authorization };
    find ??= await keysOfChain(login.region, login.profile);
    const bytes = body ?? '';
    const request = {
      method,
      host: target.host,
      path: target.pathname,
      query: [...target.searchParams],
      headers: { ...headers, 'x-amz-content-sha256': sha256(bytes) },
      body: bytes,
    };
    const { host: _, ...signed } = signedHeaders(request, await find(), login.region, login.service, new Date());
    return signed;
  }

  return {
    name,
    async request(method, path, body, signal) {
      const target = new URL(`${base}${path}`, url);
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        let status = 0;
        let said = '';
        let after: string | null = null;
        let cause: unknown;
        const headers = await headersFor(method, target, body);
        try {
          const silence = AbortSignal.any([signal, AbortSignal.timeout(options.patienceMillis ?? PATIENCE_MILLIS)]);
          const answer = await get(target, { method, headers, body, signal: silence, redirect: 'manual' });
          status = answer.status;
          after = answer.headers.get('retry-after');
          said = await textOf(answer);
        } catch (error) {
          signal.throwIfAborted();
          cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
          if (!mayPass(cause)) throw failureFrom(cause, 'FG_SEARCH_UNREACHABLE', name, wordsOf(cause));
        }
        if (cause === undefined && !PASSES.includes(status)) {
          if (status === 401 || status === 403) throw failure('FG_SEARCH_DENIED', name, status, reasonIn(said));
          return { status, json: jsonOf(said) };
        }
        if (attempt >= attempts) {
          if (cause !== undefined) throw failureFrom(cause, 'FG_SEARCH_UNREACHABLE', name, wordsOf(cause));
          throw failure('FG_SEARCH_BUSY', name, status, reasonIn(said));
        }
        options.paused?.(status);
        await pause(pauseBefore(attempt, after, chance), signal);
      }
    },
  };
}

/** Milliseconds before the next attempt: what the server asked for, within bounds, else longer each time. */
function pauseBefore(attempt: number, after: string | null, chance: () => number): number {
  const asked = after !== null && /^\d{1,4}$/u.test(after) ? Number(after) * 1000 : 0;
  const most = Math.min(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1), LONGEST_PAUSE_MILLIS);
  return Math.min(Math.max(asked, most * (0.5 + chance() / 2)), LONGEST_PAUSE_MILLIS);
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  const isOne = url !== null && /^https?:$/u.test(url.protocol) && url.search === '' && url.hash === '';
  // A password in a URL would be seen in every message.
  if (!isOne || url.username !== '' || url.password !== '')
    throw failure('FG_SEARCH_URL', text.replace(/\/\/[^@/]*@/u, '//…@'));
  return url;
}

function plainAuthorization(login: SearchLogin): string | null {
  if (login.kind === 'basic') {
    if (login.user === '' || login.user.includes(':'))
      throw failure('FG_SEARCH_LOGIN', 'the user has no name, or a colon in it');
    return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  }
  if (login.kind === 'api-key') {
    if (!/^[\w+/=-]+$/u.test(login.key)) throw failure('FG_SEARCH_LOGIN', 'the API key is no base64');
    return `ApiKey ${login.key}`;
  }
  if (login.kind === 'aws' && login.region === '') throw failure('FG_SEARCH_LOGIN', 'no region to sign for');
  return null;
}

async function keysOfChain(region: string, profile: string | undefined): Promise<() => Promise<Keys>> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ clientConfig: { region }, ...(profile === undefined ? {} : { profile }) });
}

/** The body, as far as it is not beyond all measure. */
async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += (part as Uint8Array).length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error(`its answer has more than ${MOST_ANSWER_BYTES} bytes`);
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Whether asking again may help: nobody answered, or the answer broke off. */
function mayPass(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // A certificate does not become right by asking again.
  if (/CERT|_TLS_|_SSL_|SIGNATURE/u.test(code)) return false;
  return isOnTheWay(cause) || code.startsWith('UND_ERR_') || (cause instanceof Error && cause.name === 'TimeoutError');
}

function wordsOf(cause: unknown): string {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  return `${code} ${message}`.trim() || 'no answer';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Longest part of an answer that is shown. */
const MOST_WORDS = 300;

/** What an answer says of why, in one line. */
export function reasonIn(said: unknown): string {
  const json = typeof said === 'string' ? jsonOf(said) : said;
  const error = (json as { readonly error?: unknown } | null)?.error;
  const { type, reason } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const told = typeof reason === 'string' ? [type, reason] : typeof error === 'string' ? [error] : [];
  const words =
    told.length > 0 ? told.filter((one) => typeof one === 'string').join(': ') : typeof said === 'string' ? said : '';
  const line = words.replaceAll(/\s+/gu, ' ').trim();
  return line === '' ? 'it does not say why' : line.slice(0, MOST_WORDS);
}
