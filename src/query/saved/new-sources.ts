/**
 * Who sends since an instant and did not before, as far as the records go that are asked: they must reach back
 * behind it.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, seen } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const newSources: SavedQuery = {
  name: 'new-sources',
  meaning: 'sources that sent nothing before an instant, in order of their first record',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { since: { type: 'instant', meaning: 'the instant, UTC', default: null }, limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, ${seen(d)}, count(DISTINCT dstaddr) AS destinations,
      coalesce(sum(bytes), 0) AS bytes, count(*) AS flows, ${rejected(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC}
    GROUP BY srcaddr
    HAVING min(${d.time('start')}) >= ${d.instant('since')}
    ORDER BY first_seen, srcaddr
    LIMIT ${d.parameter('limit')}`,
};
