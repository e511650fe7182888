/**
 * The only way to the server.
 *
 * In:    method, path, body. Out: JSON of the type that `src/api/` declares; or events as they come.
 * Holds: what changes something carries the session's token. An answer without a session tells the application, which asks
 *        for a login and keeps the screen. Whoever logs in again in another tab of the browser begins another session: the
 *        application is told, and what was refused is sent once more with its token, if it is one of the same key.
 * Fails: with `CallFailed`, which has code and words of the server; an aborted one with the signal's reason.
 */
import type { ConsoleFailure, ConsoleSession, LoginRequest } from '../../src/api/console.ts';
import { CSRF_HEADER, LOGIN_PATH, LOGOUT_PATH, SESSION_PATH } from '../../src/api/console.ts';

/** An answer that is an error, or none at all (status 0). */
export class CallFailed extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'CallFailed';
    this.status = status;
    this.code = code;
  }
}

/** Event on `window`: the session has ended. */
export const SESSION_ENDED = 'flowgauge-session-ended';
/** Event on `window`, with the session as its detail: the browser has another one than this page knew. */
export const SESSION_CHANGED = 'flowgauge-session-changed';

let known: ConsoleSession | null = null;
/** The server's word for a request with the token of another session. */
const WRONG_TOKEN = 'WrongToken';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Asks a route.
 *
 * @param path  with its query, `/api/…`
 * @param body  for JSON; undefined: none
 */
export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await send(method, path, body, signal);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

/** As `call`; the answer's bytes, as they come. */
export async function callStream(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const answer = await send(method, path, body, signal);
  return answer.body ?? new Blob().stream();
}

async function send(method: Method, path: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  const before = known;
  const answer = await ask(method, path, body, signal, before);
  if (answer.ok) return answer;
  const failed = await failureOf(answer);
  if (failed.code !== WRONG_TOKEN) throw endedOr(path, failed);
  if (known === before && (await findSession()) !== null)
    window.dispatchEvent(new CustomEvent(SESSION_CHANGED, { detail: known }));
  // Nobody does with one key what was meant for another.
  if (known === before || known?.keyId !== before?.keyId) throw failed;
  const again = await ask(method, path, body, signal, known);
  if (again.ok) return again;
  throw endedOr(path, await failureOf(again));
}

/** Tells the application where a failure is the end of the session. */
function endedOr(path: string, failed: CallFailed): CallFailed {
  if (failed.status === 401 && path !== LOGIN_PATH && path !== SESSION_PATH)
    window.dispatchEvent(new Event(SESSION_ENDED));
  return failed;
}

async function ask(
  method: Method,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
  session: ConsoleSession | null,
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers[CSRF_HEADER] = session?.csrf ?? '';
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new CallFailed(0, 'NoAnswer', 'The server does not answer. Is `flowgauge up` still running?');
  }
}

async function failureOf(answer: Response): Promise<CallFailed> {
  const text = await answer.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as ConsoleFailure;
    return new CallFailed(answer.status, error.code, error.message);
  } catch {
    return new CallFailed(answer.status, `HTTP ${answer.status}`, text.slice(0, 500) || answer.statusText);
  }
}

/** Follows a stream of events; returns what ends it. `connected` is told when it comes and goes; it comes again by itself. */
export function events(
  path: string,
  handlers: Readonly<Record<string, (data: unknown) => void>>,
  connected?: (isUp: boolean) => void,
): () => void {
  const source = new EventSource(path);
  for (const [name, on] of Object.entries(handlers))
    source.addEventListener(name, ({ data }: MessageEvent<string>) => on(JSON.parse(data)));
  source.addEventListener('open', () => connected?.(true));
  source.addEventListener('error', () => {
    connected?.(false);
    // Closed for good: the answer was no stream. Whether the session has ended is asked.
    if (source.readyState === EventSource.CLOSED)
      call('GET', SESSION_PATH).catch((error: unknown) => {
        if (error instanceof CallFailed && error.status === 401) window.dispatchEvent(new Event(SESSION_ENDED));
      });
  });
  return () => source.close();
}

function keep(session: ConsoleSession): ConsoleSession {
  known = session;
  return session;
}

/** The session that the browser has; null where it has none. */
export async function findSession(): Promise<ConsoleSession | null> {
  try {
    return keep(await call<ConsoleSession>('GET', SESSION_PATH));
  } catch (error) {
    if (error instanceof CallFailed && error.status === 401) return null;
    throw error;
  }
}

/** Begins a session. */
export async function logIn(request: LoginRequest): Promise<ConsoleSession> {
  return keep(await call<ConsoleSession>('POST', LOGIN_PATH, request));
}

/** Ends it. */
export async function logOut(): Promise<void> {
  await call('POST', LOGOUT_PATH);
}
