/**
 * The subnets whose interfaces recorded the most traffic, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTalkingSubnets: SavedQuery = {
  name: 'VpcFlowLogsTopTalkingSubnets',
  meaning: 'subnets whose interfaces recorded the most bytes, in both directions',
  needsFields: ['subnet-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT subnet_id, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows,
      count(CASE WHEN action = 'REJECT' THEN 1 END) AS flows_rejected
    FROM ${d.table}
    WHERE subnet_id IS NOT NULL AND packets IS NOT NULL
    GROUP BY subnet_id
    ORDER BY bytes DESC, subnet_id
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['subnet_id', 'bytes', 'packets', 'flows', 'flows_rejected'],
    records: [
      { subnet_id: 'subnet-0b', packets: 10, bytes: 1000, action: 'ACCEPT' },
      { subnet_id: 'subnet-0b', packets: 1, bytes: 44, action: 'REJECT' },
      { subnet_id: 'subnet-0a', packets: 2, bytes: 1044, action: 'ACCEPT' },
      { subnet_id: null, packets: 50, bytes: 90000, action: 'ACCEPT' },
      { subnet_id: 'subnet-0c', log_status: 'NODATA' },
    ],
    answer: [
      ['subnet-0a', 1044, 2, 1, 0],
      ['subnet-0b', 1044, 11, 2, 1],
    ],
  },
};
