/**
 * How much was let through and how much refused, span by span. A record counts where it begins; a span without
 * records has no row.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { accepted, rejected } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['action'], every: 'every' };

export const acceptedRejectedOverTime: SavedQuery = {
  name: 'accepted-rejected-over-time',
  meaning: 'flows and packets let through and refused, by span of time, in order of time',
  needsFields: ['packets', 'start', 'action'],
  parameters: { every: { type: 'duration', meaning: 'length of a span', default: '1h' } },
  sums: true,
  sql: (d) => `
    SELECT ${d.spanBegin(d.parameter('every'))} AS time, ${accepted(d)}, ${rejected(d)},
      sum(CASE WHEN action = 'ACCEPT' THEN packets ELSE 0 END) AS packets_accepted,
      sum(CASE WHEN action = 'REJECT' THEN packets ELSE 0 END) AS packets_rejected
    FROM ${d.sums(SUMS)}
    WHERE action IS NOT NULL AND ${d.beganInRange}
    GROUP BY 1
    ORDER BY time`,
};
