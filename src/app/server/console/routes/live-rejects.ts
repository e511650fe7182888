/**
 * `GET /api/rejects/live?after=N`: what the kernel rejected just now.
 *
 * In:    the number of the last one that whoever asks has. Out: `LiveRejects` of `src/api/live-rejects.ts`.
 * Holds: scripts sign for the service by which they ask agents' routes, as they did before there was a console.
 * Fails: FG_REQUEST_QUERY.
 */
import { AGENT_SERVICE } from '../../../../api/agents.ts';
import { LIVE_REJECTS_PATH } from '../../../../api/live-rejects.ts';
import { failure } from '../../../../model/errors.ts';
import { rejectsStanding } from '../../live-rejects.ts';
import type { ConsoleRoute } from '../route.ts';

export const liveRejectsRoute: ConsoleRoute = {
  method: 'GET',
  path: LIVE_REJECTS_PATH,
  role: 'read',
  service: AGENT_SERVICE,
  handle: async ({ query }, { standing }) => {
    const after = query.get('after') ?? '0';
    if (!/^\d{1,15}$/u.test(after)) throw failure('FG_REQUEST_QUERY', 'after', after, 'the number of a reject, or 0');
    return { status: 200, json: standing.rejects.after(Number(after), rejectsStanding(standing)) };
  },
};
