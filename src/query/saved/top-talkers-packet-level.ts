/**
 * As `top-talkers`, by the addresses in the packets: behind a NAT gateway or another middle box these name the real ends.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTalkersPacketLevel: SavedQuery = {
  name: 'VpcFlowLogsTopTalkersPacketLevel',
  meaning: 'addresses in the packets (pkt-srcaddr, pkt-dstaddr) with the most bytes, sent and received',
  needsFields: ['pkt-srcaddr', 'pkt-dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT address, sum(sent + received) AS bytes, sum(packets) AS packets, count(*) AS flows,
      sum(sent) AS bytes_sent, sum(received) AS bytes_received
    FROM (
      SELECT pkt_srcaddr AS address, coalesce(bytes, 0) AS sent, 0 AS received, packets FROM ${d.table}
      UNION ALL
      SELECT pkt_dstaddr AS address, 0 AS sent, coalesce(bytes, 0) AS received, packets FROM ${d.table}
    ) AS ends
    WHERE address IS NOT NULL
    GROUP BY address
    ORDER BY bytes DESC, address
    LIMIT ${d.parameter('limit')}`,
};
