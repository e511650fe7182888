/**
 * Everything that was refused, whichever protocol. Records of Block Public Access carry no bytes: they count as 0.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = {
  by: ['srcaddr', 'dstaddr', 'protocol', 'dstport', 'action'],
  rejected: true,
  top: { by: ['srcaddr', 'dstaddr', 'protocol', 'dstport'], most: 'limit' },
};

export const rejectedTraffic: SavedQuery = {
  name: 'VpcFlowLogsRejectedTraffic',
  meaning: 'traffic that was refused, by source, destination, protocol and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT srcaddr, dstaddr, protocol, dstport,
      sum(packets) AS packets, coalesce(sum(bytes), 0) AS bytes, ${d.flows()} AS flows,
      ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT'
    GROUP BY srcaddr, dstaddr, protocol, dstport
    ORDER BY packets DESC, srcaddr, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
