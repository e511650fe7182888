/**
 * Which path is answered by what.
 *
 * In:    a request. Out: its answer.
 * Holds: what agents ask has paths of its own, and so has the console. `/` with an `Action`, or with a body, is AWS's API where
 *        one is given. A path that is none is 404, a method that does not fit 405.
 * Fails: with the error of the handler; the server answers 500.
 */
import type { Health } from '../../api/health.ts';
import { isAgentPath } from './agent-routes.ts';
import type { HttpAnswer, HttpHandler, HttpRequest } from './http.ts';
import { textAnswer } from './http.ts';

export type Routes = {
  readonly health: () => Health;
  /** Text in Prometheus' format. */
  readonly metrics: () => string;
  /** AWS's APIs; null: none are served. */
  readonly api: HttpHandler | null;
  /** What agents ask; null: nothing is answered. */
  readonly agents: HttpHandler | null;
  /** The console's files and routes; null of it: the path is none of its. */
  readonly console: (request: HttpRequest) => Promise<HttpAnswer | null>;
};

/** The handler of all paths. */
export function routesOf({ health, metrics, api, agents, console }: Routes): HttpHandler {
  const pages: Readonly<Record<string, () => HttpAnswer>> = {
    '/health': () => {
      const found = health();
      return {
        status: found.status === 'ok' ? 200 : 503,
        headers: { 'content-type': 'application/json' },
        body: `${JSON.stringify(found)}\n`,
      };
    },
    '/metrics': () => ({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: metrics(),
    }),
  };
  return async (request) => {
    const { method, url } = request;
    const path = url.split('?', 1)[0]!;
    if (
      path === '/' &&
      api !== null &&
      (method === 'POST' || new URLSearchParams(url.slice(path.length)).has('Action'))
    )
      return api(request);
    if (agents !== null && isAgentPath(path)) return agents(request);
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined)
      return (
        (await console(request)) ?? textAnswer(404, 'There is nothing here; /console/, /health and /metrics answer.')
      );
    if (method !== 'GET' && method !== 'HEAD') {
      const refused = textAnswer(405, 'This is read with GET.');
      return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } };
    }
    return page();
  };
}
