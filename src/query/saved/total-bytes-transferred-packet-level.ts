/**
 * As `total-bytes-transferred`, by the addresses in the packets.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const totalBytesTransferredPacketLevel: SavedQuery = {
  name: 'VpcFlowLogsTotalBytesTransferredPacketLevel',
  meaning: 'pairs of addresses in the packets (pkt-srcaddr, pkt-dstaddr) with the most bytes',
  needsFields: ['pkt-srcaddr', 'pkt-dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT pkt_srcaddr, pkt_dstaddr, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows
    FROM ${d.table}
    WHERE pkt_srcaddr IS NOT NULL AND bytes IS NOT NULL
    GROUP BY pkt_srcaddr, pkt_dstaddr
    ORDER BY bytes DESC, pkt_srcaddr, pkt_dstaddr
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['pkt_srcaddr', 'pkt_dstaddr', 'bytes', 'packets', 'flows'],
    records: [
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '10.0.2.9', packets: 10, bytes: 1000 },
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '10.0.2.9', packets: 10, bytes: 800 },
      { pkt_srcaddr: '10.0.2.9', pkt_dstaddr: '10.0.1.5', packets: 12, bytes: 4000000000 },
      { pkt_srcaddr: '10.0.1.5', pkt_dstaddr: '10.0.2.8', packets: 1, bytes: 1800 },
      { log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.2.9', '10.0.1.5', 4000000000, 12, 1],
      ['10.0.1.5', '10.0.2.8', 1800, 1, 1],
      ['10.0.1.5', '10.0.2.9', 1800, 20, 2],
    ],
  },
};
