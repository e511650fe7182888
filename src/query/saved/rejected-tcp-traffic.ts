/**
 * The TCP connections that were refused: who tried to reach what. Tries differ in their source port, which says
 * nothing, so it is left out.
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
  top: { by: ['srcaddr', 'dstaddr', 'dstport'], most: 'limit', where: 'protocol = 6' },
};

export const rejectedTcpTraffic: SavedQuery = {
  name: 'VpcFlowLogsRejectedTCPTraffic',
  meaning:
    'TCP connections that security groups or network ACLs refused, by source, destination and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT srcaddr, dstaddr, dstport,
      sum(packets) AS packets, coalesce(sum(bytes), 0) AS bytes, ${d.flows()} AS flows,
      ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT' AND protocol = 6
    GROUP BY srcaddr, dstaddr, dstport
    ORDER BY packets DESC, srcaddr, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
};
