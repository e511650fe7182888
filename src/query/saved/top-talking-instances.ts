/**
 * The instances whose interfaces recorded the most traffic, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { REJECTED, VOLUME } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTalkingInstances: SavedQuery = {
  name: 'VpcFlowLogsTopTalkingInstances',
  meaning: 'instances whose interfaces recorded the most bytes, in both directions',
  needsFields: ['instance-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT instance_id, ${VOLUME},
      ${REJECTED}
    FROM ${d.table}
    WHERE instance_id IS NOT NULL AND packets IS NOT NULL
    GROUP BY instance_id
    ORDER BY bytes DESC, instance_id
    LIMIT ${d.parameter('limit')}`,
};
