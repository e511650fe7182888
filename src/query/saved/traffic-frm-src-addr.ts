/**
 * The traffic that one address sent, whichever protocol, by where it went.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const trafficFrmSrcAddr: SavedQuery = {
  name: 'VpcFlowLogsTrafficFrmSrcAddr',
  meaning: 'traffic from a source address, by destination, protocol, port and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    address: { type: 'address', meaning: 'the source address', default: null },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT dstaddr, protocol, dstport, action, ${volume(d)},
      ${seen(d)}
    FROM ${d.table}
    WHERE srcaddr = ${d.parameter('address')}
    GROUP BY dstaddr, protocol, dstport, action
    ORDER BY bytes DESC, dstaddr, protocol, dstport, action
    LIMIT ${d.parameter('limit')}`,
};
