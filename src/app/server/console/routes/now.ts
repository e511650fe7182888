/**
 * `GET /api/now`: what happens now, as events.
 *
 * In:    nothing. Out: events `standing`, `packets` and `missed`, as `src/api/now.ts` has them, until the browser leaves.
 * Fails: never.
 */
import { liveEvents } from '../live.ts';
import type { ConsoleRoute } from '../route.ts';

export const nowRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/now',
  role: 'read',
  handle: async ({ signal }, console) => ({ events: liveEvents(console, signal) }),
};
