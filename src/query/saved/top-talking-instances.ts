/**
 * The instances whose interfaces recorded the most traffic, both directions together, and how much of it was refused.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTalkingInstances: SavedQuery = {
  name: 'VpcFlowLogsTopTalkingInstances',
  meaning: 'instances whose interfaces recorded the most bytes, in both directions',
  needsFields: ['instance-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT instance_id, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows,
      count(CASE WHEN action = 'REJECT' THEN 1 END) AS flows_rejected
    FROM ${d.table}
    WHERE instance_id IS NOT NULL AND packets IS NOT NULL
    GROUP BY instance_id
    ORDER BY bytes DESC, instance_id
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['instance_id', 'bytes', 'packets', 'flows', 'flows_rejected'],
    records: [
      { instance_id: 'i-0b', packets: 10, bytes: 1000, action: 'ACCEPT' },
      { instance_id: 'i-0b', packets: 1, bytes: 44, action: 'REJECT' },
      { instance_id: 'i-0a', packets: 2, bytes: 1044, action: 'ACCEPT' },
      { instance_id: null, packets: 50, bytes: 90000, action: 'ACCEPT' },
      { instance_id: 'i-0c', log_status: 'NODATA' },
    ],
    answer: [
      ['i-0a', 1044, 2, 1, 0],
      ['i-0b', 1044, 11, 2, 1],
    ],
  },
};
