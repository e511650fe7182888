/**
 * How much interfaces recorded, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, seen, volume } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['interface_id', 'action'] };

export const trafficByInterface: SavedQuery = {
  name: 'traffic-by-interface',
  meaning: 'interfaces with the traffic they recorded, in both directions, most bytes first',
  needsFields: ['interface-id', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT interface_id, ${volume(d)}, ${rejected(d)}, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE ${IS_TRAFFIC} AND interface_id IS NOT NULL
    GROUP BY interface_id
    ORDER BY bytes DESC, interface_id
    LIMIT ${d.parameter('limit')}`,
};
