/**
 * A console that answers over HTTP, for the tests of its routes.
 *
 * In:    a data directory, or none: an empty one. Out: an address, and how it is asked as a browser or a script would.
 * Holds: port and directory are its own; what was opened is closed when the test ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ConsoleSession } from '../../../api/console.ts';
import { CSRF_HEADER, LOGIN_PATH } from '../../../api/console.ts';
import { addConsoleLogin } from '../../../control/console-login.ts';
import { addKey } from '../../../control/keys.ts';
import { openKeys } from '../../../storage/state/keys.ts';
import type { AccessKey } from '../../../storage/state/keys.ts';
import { CONSOLE_CACHE_BYTES } from '../../config.ts';
import { openControl } from '../control.ts';
import { viewDeliveries } from '../deliveries.ts';
import type { HttpLimits } from '../http.ts';
import { startHttp, textAnswer } from '../http.ts';
import { createStanding } from '../standing.ts';
import { bucketOf } from './bucket-of.ts';
import type { ConsoleContext } from './context.ts';
import { createConsole } from './create-console.ts';
import { createExplainers } from './explain/explainers.ts';
import type { ConsoleRoute } from './route.ts';
import { createSqlRunner } from './sql/sql-runner.ts';
import { CONSOLE_ROUTES } from './routes/list.ts';

/** `json`: null where the answer is none. */
export type Asked<T> = { readonly status: number; readonly json: T; readonly text: string; readonly headers: Headers };

export type TestConsole = {
  readonly url: string;
  readonly context: ConsoleContext;
  /** Of the role operate; the first one. */
  readonly key: AccessKey;
  /** A browser that has logged in with a key (default: the first). */
  readonly browser: (key?: AccessKey) => Promise<TestBrowser>;
  /** A link that logs in with a key (default: the first), once. */
  readonly link: (path?: string, key?: AccessKey) => string;
  /** Another key. */
  readonly addKey: (role: 'read' | 'operate') => AccessKey;
};

export type TestBrowser = {
  readonly session: ConsoleSession;
  readonly cookie: string;
  /** Asks a route; `headers` are put over what a page of the console sends. */
  readonly ask: <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Asked<T>>;
  /** The answer as it comes. */
  readonly open: (method: string, path: string, body?: unknown, signal?: AbortSignal) => Promise<Response>;
};

export type TestConsoleOptions = {
  readonly directory?: string;
  /** Whose facts are kept; default: 123456789012. */
  readonly accountId?: string;
  readonly routes?: readonly ConsoleRoute[];
  readonly now?: () => number;
  /** Members of the context that are another's. */
  readonly context?: Partial<ConsoleContext>;
  readonly limits?: Partial<HttpLimits>;
  readonly folder?: string;
};

/** Starts it. */
export async function startConsole(
  test: Pick<TestContext, 'after'>,
  options: TestConsoleOptions = {},
): Promise<TestConsole> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'flowgauge-console-'));
  const now = options.now ?? Date.now;
  const standing = createStanding();
  const control = openControl({
    directory,
    accountId: options.accountId ?? '123456789012',
    region: 'us-east-1',
    deliveries: viewDeliveries(bucketOf(directory), { aws: {}, writing: {} }, () => standing.stages?.publish ?? null),
    failed: (error) => {
      throw error;
    },
  });
  const explainers = createExplainers();
  const context: ConsoleContext = {
    dataDirectory: directory,
    cacheBytes: CONSOLE_CACHE_BYTES,
    control,
    standing,
    explainers,
    prover: null,
    sql: createSqlRunner(directory),
    now,
    ...options.context,
  };
  const console = createConsole({
    routes: options.routes ?? CONSOLE_ROUTES,
    context: () => context,
    secure: false,
    demo: () => false,
    version: '0.0.0',
    folder: options.folder ?? directory,
    now,
  });
  const failed: Error[] = [];
  const http = await startHttp({
    listen: { address: '127.0.0.1', port: 0, tls: null, ownNamesOnly: true },
    handler: async (request) => (await console.answer(request)) ?? textAnswer(404, 'nothing'),
    failed: (error) => void failed.push(error),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  test.after(async () => {
    explainers.close();
    await http.close();
    control.close();
    if (options.directory === undefined) rmSync(directory, { recursive: true });
    if (failed.length > 0) throw failed[0]!;
  });
  const key = openKeys(control.state).list()[0]!;
  return {
    url: http.url,
    context,
    key,
    browser: (given = key) => logIn(http.url, given),
    link: (path = '/', given = key) =>
      `${http.url}/console${path}#token=${addConsoleLogin(control.state, given.id, now())}`,
    addKey: (role) => addKey(control.state, { account: key.account, role, forSeconds: null }, new Date(now())),
  };
}

async function logIn(url: string, key: AccessKey): Promise<TestBrowser> {
  const answer = await fetch(url + LOGIN_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ accessKeyId: key.id, secretAccessKey: key.secret }),
  });
  if (answer.status !== 200) throw new Error(`login was answered with ${answer.status}: ${await answer.text()}`);
  const session = (await answer.json()) as ConsoleSession;
  const cookie = answer.headers.get('set-cookie')!.split(';', 1)[0]!;
  const open = (
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: {
        cookie,
        origin: url,
        [CSRF_HEADER]: session.csrf,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    session,
    cookie,
    open,
    ask: async (method, path, body, headers) => {
      const got = await open(method, path, body, undefined, headers);
      const text = await got.text();
      const isJson = got.headers.get('content-type') === 'application/json';
      return {
        status: got.status,
        json: (isJson && text !== '' ? JSON.parse(text) : null) as never,
        text,
        headers: got.headers,
      };
    },
  };
}
