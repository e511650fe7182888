/**
 * Where flow logs lie and what they cost: `GET /api/storage`, `GET /api/storage/keeping`, `GET /api/cost`.
 *
 * In:    requests. Out: `src/api/storage.ts`, `src/api/cost.ts`.
 * Holds: nothing is changed by any of them: whoever may read may ask. What takes the processor is asked in the processes that explain.
 * Fails: FG_REQUEST_QUERY, FG_COST_OWNER; as the question does.
 */
import { keepingTold } from '../../keeping/standing.ts';
import { explained } from '../explain/explained.ts';
import type { ConsoleRoute } from '../route.ts';
import { timeOf } from '../route.ts';

/** How `compact` cuts periods where nobody says it. */
const USUAL = { by: 'size', settleSeconds: 1800 } as const;

/** The routes. */
export const STORAGE_ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/storage',
    role: 'read',
    handle(request, console) {
      const { by, settleSeconds } = console.standing.keeping.plan ?? USUAL;
      return explained({ kind: 'storage', by, settleSeconds }, request, console);
    },
  },
  {
    method: 'GET',
    path: '/api/storage/keeping',
    role: 'read',
    handle: async (_, { standing }) => ({ status: 200, json: keepingTold(standing.keeping) }),
  },
  {
    method: 'GET',
    path: '/api/cost',
    role: 'read',
    async handle(request, console) {
      const range = timeOf(request, console.now());
      return explained({ kind: 'cost', range, by: request.query.get('by') ?? 'instance-tag' }, request, console);
    },
  },
];
