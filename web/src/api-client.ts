/**
 * The only way to the server.
 *
 * In:    method, path, body. Out: JSON of the type that `src/api/` declares; or events as they come.
 * Holds: what changes something carries the session's token. An answer without a session tells the application, which asks
 *        for a login and keeps the screen.
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

let csrf = '';

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
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers[CSRF_HEADER] = csrf;
  let answer: Response;
  try {
    answer = await fetch(path, {
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
  if (answer.ok) return answer;
  const failed = await failureOf(answer);
  if (failed.status === 401 && path !== LOGIN_PATH && path !== SESSION_PATH)
    window.dispatchEvent(new Event(SESSION_ENDED));
  throw failed;
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
  csrf = session.csrf;
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
