/**
 * Which path is answered by what.
 *
 * In:    a request. Out: its answer.
 * Holds: what agents ask has paths of its own, and so has the console. `/` with an `Action`, or with a body, is AWS's API where
 *        one is given. A path that is none is 404, a method that does not fit 405.
 * Fails: with the error of the handler; the server answers 500.
 */
import { isAgentPath } from './agent-routes.ts';
import { healthPages } from './health-pages.ts';
import type { HealthPages } from './health-pages.ts';
import type { HttpAnswer, HttpHandler, HttpRequest } from './http.ts';
import { textAnswer } from './http.ts';

export type Routes = HealthPages & {
  /** AWS's APIs; null: none are served. */
  readonly api: HttpHandler | null;
  /** What agents ask; null: nothing is answered. */
  readonly agents: HttpHandler | null;
  /** The console's files and routes; null of it: the path is none of its. */
  readonly console: (request: HttpRequest) => Promise<HttpAnswer | null>;
};

/** The handler of all paths. */
export function routesOf({ api, agents, console, ...told }: Routes): HttpHandler {
  const pages = healthPages(told);
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
    return (
      pages(request) ??
      (await console(request)) ??
      textAnswer(404, 'There is nothing here; /console/, /health and /metrics answer.')
    );
  };
}
