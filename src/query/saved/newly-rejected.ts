/**
 * What was let through before a change and is refused since: the first question after a rule was edited. What was
 * refused before the change too is no news.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const newlyRejected: SavedQuery = {
  name: 'newly-rejected',
  meaning: 'traffic that was let through before an instant and is refused since, most refused flows first',
  needsFields: ['srcaddr', 'dstaddr', 'protocol', 'dstport', 'start', 'end', 'action'],
  parameters: {
    since: { type: 'instant', meaning: 'the instant of the change, UTC', default: null },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT srcaddr, dstaddr, protocol, dstport, sum(let_through) AS flows_before, sum(refused_since) AS flows_rejected,
      max(CASE WHEN let_through = 1 THEN last_time END) AS last_accepted,
      min(CASE WHEN refused_since = 1 THEN first_time END) AS first_rejected
    FROM (
      SELECT srcaddr, dstaddr, protocol, dstport,
        CASE WHEN action = 'ACCEPT' AND ${d.time('start')} < ${d.instant('since')} THEN 1 ELSE 0 END AS let_through,
        CASE WHEN action = 'REJECT' AND ${d.time('start')} < ${d.instant('since')} THEN 1 ELSE 0 END AS refused_before,
        CASE WHEN action = 'REJECT' AND ${d.time('start')} >= ${d.instant('since')} THEN 1 ELSE 0 END AS refused_since,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE action IS NOT NULL
    ) AS judged
    GROUP BY srcaddr, dstaddr, protocol, dstport
    HAVING sum(let_through) > 0 AND sum(refused_before) = 0 AND sum(refused_since) > 0
    ORDER BY flows_rejected DESC, srcaddr, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
