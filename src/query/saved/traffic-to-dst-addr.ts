/**
 * The traffic that came to one address, whichever protocol, by where it came from.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const trafficToDstAddr: SavedQuery = {
  name: 'VpcFlowLogsTrafficToDstAddr',
  meaning: 'traffic to a destination address, by source, protocol, port and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    address: { type: 'address', meaning: 'the destination address', default: null },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT srcaddr, protocol, dstport, action, ${volume(d)},
      ${seen(d)}
    FROM ${d.table}
    WHERE dstaddr = ${d.parameter('address')}
    GROUP BY srcaddr, protocol, dstport, action
    ORDER BY bytes DESC, srcaddr, protocol, dstport, action
    LIMIT ${d.parameter('limit')}`,
};
