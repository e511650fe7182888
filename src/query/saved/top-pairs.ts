/**
 * The pairs of addresses with the most traffic, both directions together. A packet between two recorded interfaces
 * is in the records of both: of each direction the records of one interface count, the fuller ones. Of the two
 * addresses the lower as text comes first.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topPairs: SavedQuery = {
  name: 'top-pairs',
  meaning: 'pairs of addresses with the most bytes, both directions together; what both ends recorded counts once',
  needsFields: ['interface-id', 'srcaddr', 'dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT least(srcaddr, dstaddr) AS address, greatest(srcaddr, dstaddr) AS peer, sum(bytes) AS bytes,
      sum(CASE WHEN srcaddr <= dstaddr THEN bytes ELSE 0 END) AS bytes_sent,
      sum(CASE WHEN srcaddr > dstaddr THEN bytes ELSE 0 END) AS bytes_received,
      sum(packets) AS packets, sum(flows) AS flows
    FROM (
      SELECT srcaddr, dstaddr, max(bytes) AS bytes, max(packets) AS packets, max(flows) AS flows
      FROM (
        SELECT srcaddr, dstaddr, interface_id, ${volume(d)}
        FROM ${d.table}
        WHERE ${IS_TRAFFIC}
        GROUP BY srcaddr, dstaddr, interface_id
      ) AS recorded
      GROUP BY srcaddr, dstaddr
    ) AS ways
    GROUP BY 1, 2
    ORDER BY bytes DESC, address, peer
    LIMIT ${d.parameter('limit')}`,
};
