/**
 * How much interfaces recorded, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, REJECTED, seen, VOLUME } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const trafficByInterface: SavedQuery = {
  name: 'traffic-by-interface',
  meaning: 'interfaces with the traffic they recorded, in both directions, most bytes first',
  needsFields: ['interface-id', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT interface_id, ${VOLUME}, ${REJECTED}, ${seen(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND interface_id IS NOT NULL
    GROUP BY interface_id
    ORDER BY bytes DESC, interface_id
    LIMIT ${d.parameter('limit')}`,
};
