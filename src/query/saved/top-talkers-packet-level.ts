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
  fixture: {
    parameters: { limit: '3' },
    columns: ['address', 'bytes', 'packets', 'flows', 'bytes_sent', 'bytes_received'],
    records: [
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '10.0.2.9', packets: 10, bytes: 1000 },
      { pkt_srcaddr: '10.0.2.9', pkt_dstaddr: '10.0.1.5', packets: 12, bytes: 2000 },
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '198.51.100.7', packets: 1, bytes: 500 },
      { pkt_srcaddr: '198.51.100.9', pkt_dstaddr: '10.0.2.9', packets: 1, bytes: 500 },
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '10.0.2.9', packets: 1, bytes: null },
      { log_status: 'NODATA' },
    ],
    // Equal bytes: the lower address comes first, as text.
    answer: [
      ['10.0.1.5', 3500, 24, 4, 1500, 2000],
      ['10.0.2.9', 3500, 24, 4, 2000, 1500],
      ['198.51.100.7', 500, 1, 1, 0, 500],
    ],
  },
};
