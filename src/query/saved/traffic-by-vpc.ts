/**
 * How much VPCs recorded, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, seen, volume } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['vpc_id', 'action'] };

export const trafficByVpc: SavedQuery = {
  name: 'traffic-by-vpc',
  meaning: 'VPCs with the traffic they recorded, in both directions, most bytes first',
  needsFields: ['vpc-id', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT vpc_id, ${volume(d)}, ${rejected(d)}, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE ${IS_TRAFFIC} AND vpc_id IS NOT NULL
    GROUP BY vpc_id
    ORDER BY bytes DESC, vpc_id
    LIMIT ${d.parameter('limit')}`,
};
