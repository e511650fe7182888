/**
 * All TCP traffic that one address sent, by where it went.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTcpTraffic: SavedQuery = {
  name: 'VpcFlowLogsTopTCPTraffic',
  meaning: 'TCP traffic that an address sent, by destination, port and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    address: { type: 'address', meaning: 'the source address', default: null },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT dstaddr, dstport, action, ${volume(d)},
      ${seen(d)}
    FROM ${d.table}
    WHERE srcaddr = ${d.parameter('address')} AND protocol = 6
    GROUP BY dstaddr, dstport, action
    ORDER BY bytes DESC, dstaddr, dstport, action
    LIMIT ${d.parameter('limit')}`,
};
