/**
 * `/health` and `/metrics`, whoever serves them.
 *
 * In:    a request. Out: its answer; null where it is for another path.
 * Holds: health is 200 where all is well and 503 else. Both are read only: another method is 405.
 */
import type { Health } from '../../api/health.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { textAnswer } from './http.ts';

export type HealthPages = {
  readonly health: () => Health;
  /** Text in Prometheus' format. */
  readonly metrics: () => string;
};

/** The pages. */
export function healthPages({ health, metrics }: HealthPages): (request: HttpRequest) => HttpAnswer | null {
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
  return ({ method, url }) => {
    const path = url.split('?', 1)[0]!;
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return null;
    if (method === 'GET' || method === 'HEAD') return page();
    const refused = textAnswer(405, 'This is read with GET.');
    return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } };
  };
}
