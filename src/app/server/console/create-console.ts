/**
 * The console's part of the server: its files, its sessions, and the routes of its screens.
 *
 * In:    requests for `/console/` and `/api/`. Out: their answers.
 * Holds: a route's `handle` is called for whoever has a session or has signed, has the role, and, where the request changes
 *        something and has a cookie, comes from the console's own page with the session's token. A script of another page of
 *        this host, at another port, has the cookie and gets nothing.
 * Fails: with the error of a route that is a fault of ours; the server answers 500.
 */
import { CONSOLE_SERVICE, CSRF_HEADER, LOGIN_PATH, LOGOUT_PATH, SESSION_PATH } from '../../../api/console.ts';
import type { ConsoleRole } from '../../../api/console.ts';
import { authenticate } from '../../../control/ec2/authenticate.ts';
import type { Service } from '../../../control/ec2/authenticate.ts';
import type { AccessKey } from '../../../storage/state/keys.ts';
import { openKeys } from '../../../storage/state/keys.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { failureAnswer, httpAnswer, jsonAnswer, refusalAnswer } from './answer.ts';
import type { ConsoleContext } from './context.ts';
import { cookieName, cookieOf, createLogin, mayUse, setCookie, tellSession } from './login.ts';
import { isOwnOrigin } from './origin.ts';
import { jsonBody } from './read-body.ts';
import type { ConsoleRoute } from './route.ts';
import { Refusal } from './route.ts';
import { createSessions } from './sessions.ts';
import type { Session } from './sessions.ts';
import { createStaticFiles, isConsolePath } from './static-files.ts';

export type ConsoleOptions = {
  readonly routes: readonly ConsoleRoute[];
  /** Null: nothing can be answered yet. */
  readonly context: () => ConsoleContext | null;
  /** The browser speaks TLS, to us or to the proxy before us. */
  readonly secure: boolean;
  readonly demo: () => boolean;
  readonly version: string;
  /** The folder with the console's files. */
  readonly folder: string;
  readonly now?: () => number;
};

export type Console = {
  /** The answer; null where the path is none of ours. */
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer | null>;
};

type InSession = { readonly key: AccessKey; readonly session: Session; readonly id: string };
/** The other one is whoever has signed. */
type Who = InSession | { readonly key: AccessKey; readonly session: null; readonly id: null };

const WEAK: Readonly<Record<ConsoleRole, number>> = { read: 0, operate: 1 };

/** Makes it. */
export function createConsole(options: ConsoleOptions): Console {
  const { routes, secure, now = Date.now } = options;
  const sessions = createSessions();
  const login = createLogin();
  const files = createStaticFiles(options.folder);
  const about = (): { demo: boolean; version: string } => ({ demo: options.demo(), version: options.version });
  const cookie = ({ headers }: HttpRequest): string => cookieName(headers['host'] ?? '', secure);

  const keyNow = ({ control }: ConsoleContext, id: string): AccessKey | null => {
    control.facts.refresh();
    const key = openKeys(control.state).find(id, control.facts.seen);
    return key !== null && mayUse(key, now()) ? key : null;
  };

  function sessionOf(context: ConsoleContext, request: HttpRequest): InSession | null {
    const id = cookieOf(request.headers, cookie(request));
    const session = id === null ? null : sessions.find(id, now());
    if (id === null || session === null) return null;
    const key = keyNow(context, session.keyId);
    if (key === null) sessions.endOf(session.keyId);
    return key === null ? null : { key, session, id };
  }

  function whoAsks(context: ConsoleContext, request: HttpRequest, service: Service = CONSOLE_SERVICE): Who {
    if (request.headers['authorization'] !== undefined || /[?&]X-Amz-Signature=/i.test(request.url)) {
      context.control.facts.refresh();
      const keys = openKeys(context.control.state);
      const query = [...new URLSearchParams(request.url.split('?')[1] ?? '')];
      const find = (id: string): AccessKey | null => keys.find(id, context.control.facts.seen);
      const { key } = authenticate(request, query, service, find, new Date(now()));
      if (!mayUse(key, now())) throw new Refusal(403, 'AccessDenied', 'This key may not use the console.');
      return { key, session: null, id: null };
    }
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (!isOwnOrigin(request.headers, changes)) throw WRONG_ORIGIN;
    const found = sessionOf(context, request);
    if (found === null) throw NO_SESSION;
    // Equal in a time that tells: whoever may measure it has the session's cookie already.
    if (changes && request.headers[CSRF_HEADER] !== found.session.csrf) throw WRONG_TOKEN;
    return found;
  }

  async function logIn(context: ConsoleContext, request: HttpRequest): Promise<HttpAnswer> {
    if (request.method !== 'POST') throw new Refusal(405, 'MethodNotAllowed', 'This is asked with POST.');
    if (!isOwnOrigin(request.headers, true)) throw WRONG_ORIGIN;
    const key = await login.check(context.control, jsonBody(request), now());
    const old = cookieOf(request.headers, cookie(request));
    if (old !== null) sessions.end(old);
    const { id, session } = sessions.begin(key.id, now());
    return jsonAnswer(200, tellSession(session, key, about()), {
      'set-cookie': setCookie(cookie(request), id, secure),
    });
  }

  function logOut(context: ConsoleContext, request: HttpRequest): HttpAnswer {
    if (request.method !== 'POST') throw new Refusal(405, 'MethodNotAllowed', 'This is asked with POST.');
    const { id } = whoAsks(context, request);
    if (id !== null) sessions.end(id);
    return jsonAnswer(204, null, { 'set-cookie': setCookie(cookie(request), null, secure) });
  }

  function tell(context: ConsoleContext, request: HttpRequest): HttpAnswer {
    const { key, session } = whoAsks(context, request);
    if (session === null) throw NO_SESSION;
    return jsonAnswer(200, tellSession(session, key, about()));
  }

  async function askRoute(context: ConsoleContext, request: HttpRequest, path: string): Promise<HttpAnswer | null> {
    const found = routes.filter((route) => fits(route, path));
    if (found.length === 0) return null;
    const { key, id } = whoAsks(context, request, found[0]!.service);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = found.find((one) => one.method === method);
    if (route === undefined) {
      const allow = found.map((one) => one.method).join(', ');
      return refusalAnswer(405, 'MethodNotAllowed', `This is asked with ${allow}.`, { allow });
    }
    const role = key.role === 'operate' ? 'operate' : 'read';
    if (WEAK[role] < WEAK[route.role])
      throw new Refusal(403, 'AccessDenied', `This needs a key of the role ${route.role}; yours may ${role}.`);
    const signal = request.gone ?? new AbortController().signal;
    const answer = await route.handle(
      {
        query: new URLSearchParams(request.url.split('?')[1] ?? ''),
        id: route.path.endsWith('/:id') ? idOf(path) : null,
        body: jsonBody(request),
        who: { keyId: key.id, account: key.account, role },
        signal,
      },
      context,
    );
    const isGood = (): boolean => keyNow(context, key.id) !== null && (id === null || sessions.isGood(id, now()));
    return httpAnswer(answer, isGood, signal);
  }

  return {
    async answer(request) {
      const path = request.url.split('?', 1)[0]!;
      if (isConsolePath(path)) return files(request);
      if (!path.startsWith('/api/')) return null;
      try {
        const context = options.context();
        if (context === null) throw new Refusal(503, 'NotReady', 'The server is starting; ask again in a second.');
        if (path === LOGIN_PATH) return await logIn(context, request);
        if (path === LOGOUT_PATH) return logOut(context, request);
        if (path === SESSION_PATH) return tell(context, request);
        return await askRoute(context, request, path);
      } catch (error) {
        // Nobody reads the answer, and what was given up is no fault.
        const refused = request.gone?.aborted === true ? GONE : failureAnswer(error);
        if (refused === null) throw error;
        return refused;
      }
    },
  };
}

const GONE = refusalAnswer(503, 'Gone', 'Whoever asked has left.');
const NO_SESSION = new Refusal(401, 'NoSession', 'Nobody is logged in, or the session has ended; log in again.');
const WRONG_ORIGIN = new Refusal(403, 'WrongOrigin', 'This is asked by the console’s own pages, or signed with a key.');
const WRONG_TOKEN = new Refusal(
  403,
  'WrongToken',
  'The request does not carry its session’s token; load the page again.',
);

function fits({ path }: ConsoleRoute, asked: string): boolean {
  if (!path.endsWith('/:id')) return path === asked;
  const before = path.slice(0, -':id'.length);
  return asked.startsWith(before) && asked.length > before.length && !asked.slice(before.length).includes('/');
}

function idOf(path: string): string {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  } catch {
    throw new Refusal(400, 'BadPath', 'The last part of the path is not encoded as URLs are.');
  }
}
