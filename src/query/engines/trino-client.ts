/**
 * Trino's statement protocol: a statement is posted, and its answer fetched page by page until there is no next one.
 *
 * In:    a server, who asks, and SQL. Out: pages of rows with the statistics that come with them.
 * Holds: what Trino says is busy (429, 502, 503, 504) is asked again with growing pauses; the address of the next page must
 *        be the server's own, for it is asked with the password; a page has a largest size; whole numbers stay exact. Leaving
 *        before the end, or the signal, cancels the query there. Values of Trino are read as `engine.ts` has them.
 * Fails: FG_ENGINE_*.
 * @see Trino documentation, "Trino client REST API"
 */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { FlowgaugeError, failure, failureFrom } from '../../model/errors.ts';
import type { Cell } from '../engine.ts';
import type { RemoteColumn } from './remote-table.ts';

export type TrinoServer = {
  /** `https://trino.example.com` */
  readonly url: string;
  readonly user: string;
  /** Sent by https only, and to this machine. */
  readonly password: string | null;
  /** Properties of the session, `query_max_run_time`. */
  readonly session?: Readonly<Record<string, string>>;
  /** Milliseconds; the clock of tests stands still. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
};

/** How far a query is. */
export type TrinoStats = { readonly physicalInputBytes: number; readonly processedRows: number };

export type TrinoRows = {
  readonly id: string;
  readonly columns: readonly RemoteColumn[];
  readonly pages: AsyncGenerator<readonly (readonly Cell[])[]>;
  stats(): TrinoStats;
  /** Cancels what has not ended. Twice does no harm. */
  close(): Promise<void>;
};

type Page = {
  readonly id: string;
  readonly nextUri: string | null;
  readonly columns: readonly RemoteColumn[] | null;
  readonly data: readonly (readonly Cell[])[];
  readonly stats: TrinoStats;
  readonly error: TrinoError | null;
};
type TrinoError = { readonly message: string; readonly name: string; readonly type: string };

/** Trino's pages have at most 128 MB unless it is told otherwise, which JSON may double. */
const LONGEST_PAGE = 300_000_000;
/** A server waits a second or so before it says that there is nothing new. */
const SILENCE_MILLIS = 90_000;
const BUSY = new Set([429, 502, 503, 504]);
const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 5000;
/** Together more than two minutes. */
const TRIES = 30;
/** A page without rows that came faster than this is not asked for again at once. */
const EAGER_MILLIS = 50;
const CANCEL_MILLIS = 5000;

/** Asks; gives the answer once its columns are known. */
export async function askTrino(server: TrinoServer, sql: string, signal: AbortSignal): Promise<TrinoRows> {
  const pause = server.pause ?? ((millis, stop) => pauseFor(millis, undefined, { signal: stop }));
  const origin = originOf(server);
  let page = await fetchPage(`${origin}/v1/statement`, { method: 'POST', body: sql });
  const { id } = page;
  let next = page.nextUri;
  let wait = EAGER_MILLIS;

  let cancelling: Promise<void> | null = null;
  // Whoever leaves waits for it: the process may end then.
  const close = (): Promise<void> => (cancelling ??= cancel());

  async function cancel(): Promise<void> {
    if (next === null) return;
    const stop = AbortSignal.timeout(CANCEL_MILLIS);
    await fetch(next, { method: 'DELETE', headers: headersOf(server), signal: stop, redirect: 'manual' }).then(
      (answer) => answer.body?.cancel(),
      () => {},
    );
  }

  async function fetchPage(url: string, how: { readonly method: string; readonly body?: string }): Promise<Page> {
    let millis = FIRST_PAUSE_MILLIS;
    for (let tries = 1; ; tries++) {
      const silence = AbortSignal.timeout(SILENCE_MILLIS);
      // A statement that was posted and whose id nobody knows cannot be cancelled.
      const stop = how.method === 'POST' ? silence : AbortSignal.any([signal, silence]);
      let answer: Response;
      try {
        answer = await fetch(url, { ...how, headers: headersOf(server), signal: stop, redirect: 'manual' });
        if (answer.status === 200) return pageOf(await bodyOf(answer, server.url), server.url);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof FlowgaugeError) throw error;
        // A page may be fetched twice; a statement that was perhaps taken is not posted again.
        if (how.method === 'POST' || tries >= TRIES) throw unreachable(error, server.url);
        await pause(millis, signal);
        millis = Math.min(millis * 2, LONGEST_PAUSE_MILLIS);
        continue;
      }
      await answer.body?.cancel();
      if (answer.status === 401 || answer.status === 403) throw failure('FG_ENGINE_REFUSED', server.url, answer.status);
      if (!BUSY.has(answer.status)) throw failure('FG_ENGINE_ANSWER', server.url, `HTTP ${answer.status}`);
      if (tries >= TRIES)
        throw failure('FG_ENGINE_UNREACHABLE', server.url, `HTTP ${answer.status}, ${tries} times in a row`);
      const asked = Number(answer.headers.get('retry-after')) * 1000;
      await pause(Math.min(asked > 0 ? asked : millis, 60_000), signal);
      millis = Math.min(millis * 2, LONGEST_PAUSE_MILLIS);
    }
  }

  async function advance(): Promise<void> {
    const began = performance.now();
    page = await fetchPage(next!, { method: 'GET' });
    next = page.nextUri;
    check();
    if (page.data.length > 0) wait = EAGER_MILLIS;
    else if (next !== null && performance.now() - began < EAGER_MILLIS) {
      await pause(wait, signal);
      wait = Math.min(wait * 2, 1000);
    }
  }

  function check(): void {
    if (next !== null && URL.parse(next)?.origin !== origin)
      throw failure(
        'FG_ENGINE_ANSWER',
        server.url,
        `its next page is at ${URL.parse(next)?.origin ?? next.slice(0, 80)}`,
      );
    if (page.id !== id) throw failure('FG_ENGINE_ANSWER', server.url, 'a page of another query');
    if (page.error !== null) throw problemOf(page.error, id);
  }

  const onAbort = (): void => void close();
  signal.addEventListener('abort', onAbort);
  const leave = async (): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    // What is not the server's own is not asked to cancel either.
    if (next !== null && URL.parse(next)?.origin !== origin) next = null;
    await close();
  };
  try {
    signal.throwIfAborted();
    check();
    while (page.columns === null && next !== null) await advance();
    if (page.columns === null) throw failure('FG_ENGINE_ANSWER', server.url, 'an answer without columns');
  } catch (error) {
    await leave();
    throw error;
  }
  const { columns } = page;
  async function* pages(): AsyncGenerator<readonly (readonly Cell[])[]> {
    try {
      for (;;) {
        if (page.data.length > 0) yield page.data.map((row) => rowOf(row, columns, server.url));
        if (next === null) break;
        await advance();
      }
    } finally {
      await leave();
    }
  }
  return { id, columns, pages: pages(), stats: () => page.stats, close: leave };
}

function originOf({ url, password }: TrinoServer): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/u.test(parsed.protocol) || parsed.pathname !== '/' || parsed.username !== '')
    throw failure('FG_ENGINE_VALUE', '--server', url, 'the address of a Trino, such as https://trino.example.com:8443');
  const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(parsed.hostname);
  if (password !== null && parsed.protocol === 'http:' && !isHere) throw failure('FG_ENGINE_CLEAR', url);
  return parsed.origin;
}

function headersOf({ user, password, session = {} }: TrinoServer): Record<string, string> {
  const properties = Object.entries(session).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    'X-Trino-User': user,
    'X-Trino-Source': 'flowgauge',
    'X-Trino-Time-Zone': 'UTC',
    ...(properties.length === 0 ? {} : { 'X-Trino-Session': properties.join(',') }),
    ...(password === null ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
  };
}

async function bodyOf(answer: Response, server: string): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > LONGEST_PAGE)
      throw failure('FG_ENGINE_ANSWER', server, `a page of more than ${LONGEST_PAGE / 1e6} MB`);
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `source` is a number as it was written, for those that a `number` does not hold. */
type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

const exact: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/u.test(source ?? '') ? BigInt(source!) : value;

function pageOf(text: string, server: string): Page {
  const wrong = (what: string): FlowgaugeError => failure('FG_ENGINE_ANSWER', server, what);
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text, exact as (this: unknown, key: string, value: unknown) => unknown) as typeof given;
  } catch (error) {
    throw failureFrom(error, 'FG_ENGINE_ANSWER', server, 'no JSON');
  }
  if (given === null || typeof given !== 'object') throw wrong('JSON that is no object');
  const { id, nextUri = null, columns = null, data = null, error = null } = given;
  if (typeof id !== 'string') throw wrong('a page without the id of its query');
  if (nextUri !== null && typeof nextUri !== 'string') throw wrong('a next page that is no address');
  if (columns !== null && !(Array.isArray(columns) && columns.every(isColumn))) throw wrong('columns without names');
  if (data !== null && !(Array.isArray(data) && data.every((row) => Array.isArray(row)))) throw wrong('rows that are no lists'); // prettier-ignore
  const stats = (given['stats'] ?? {}) as Record<string, unknown>;
  const told = error as { message?: unknown; errorName?: unknown; errorType?: unknown } | null;
  return {
    id,
    nextUri,
    columns: columns as readonly RemoteColumn[] | null,
    data: (data ?? []) as readonly (readonly Cell[])[],
    stats: {
      physicalInputBytes: Number(stats['physicalInputBytes'] ?? stats['processedBytes'] ?? 0),
      processedRows: Number(stats['processedRows'] ?? 0),
    },
    error:
      told === null
        ? null
        : { message: String(told.message), name: String(told.errorName), type: String(told.errorType) },
  };
}

function isColumn(column: unknown): boolean {
  const { name, type } = (column ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof type === 'string';
}

function rowOf(row: readonly unknown[], columns: readonly RemoteColumn[], server: string): Cell[] {
  if (row.length !== columns.length)
    throw failure('FG_ENGINE_ANSWER', server, `a row of ${row.length} values under ${columns.length} columns`);
  return row.map((value, at) => cellOf(value, columns[at]!.type));
}

/** A value as `engine.ts` has it: times with T and Z, decimals without fraction as numbers, what is nested as JSON. */
export function cellOf(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)); // prettier-ignore
  if (typeof value !== 'string') return value as Cell;
  if (type.startsWith('timestamp'))
    return `${value.replace(' ', 'T').replace(/(?:\.(\d*?))0*(?: UTC)?$/u, (_, digits: string) => (digits === '' ? '' : `.${digits}`))}Z`;
  if (/^decimal\(\d+(?:, ?0)?\)$/u.test(type) && /^-?\d+$/u.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }
  return value;
}

/** Trino says where in the SQL, which is ours by then. */
function problemOf({ message, name, type }: TrinoError, id: string): FlowgaugeError {
  const text = message.replace(/^line \d+:\d+: /u, '').slice(0, 300);
  if (name === 'USER_CANCELED' || name === 'ADMINISTRATIVELY_KILLED')
    return failure('FG_ENGINE_CANCELLED', 'Trino', id);
  return type === 'USER_ERROR'
    ? failure('FG_ENGINE_SQL', 'Trino', text)
    : failure('FG_ENGINE_FAILED', 'Trino', id, `${name}: ${text}`);
}

function unreachable(error: unknown, server: string): FlowgaugeError {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return failureFrom(error, 'FG_ENGINE_UNREACHABLE', server, cause?.code ?? cause?.message ?? message);
}
