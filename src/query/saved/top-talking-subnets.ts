/**
 * The subnets whose interfaces recorded the most traffic, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { rejected, volume } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['subnet_id', 'action'] };

export const topTalkingSubnets: SavedQuery = {
  name: 'VpcFlowLogsTopTalkingSubnets',
  meaning: 'subnets whose interfaces recorded the most bytes, in both directions',
  needsFields: ['subnet-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT subnet_id, ${volume(d)},
      ${rejected(d)}
    FROM ${d.sums(SUMS)}
    WHERE subnet_id IS NOT NULL AND packets IS NOT NULL
    GROUP BY subnet_id
    ORDER BY bytes DESC, subnet_id
    LIMIT ${d.parameter('limit')}`,
};
