/**
 * As `total-bytes-transferred`, by the addresses in the packets.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const totalBytesTransferredPacketLevel: SavedQuery = {
  name: 'VpcFlowLogsTotalBytesTransferredPacketLevel',
  meaning: 'pairs of addresses in the packets (pkt-srcaddr, pkt-dstaddr) with the most bytes',
  needsFields: ['pkt-srcaddr', 'pkt-dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT pkt_srcaddr, pkt_dstaddr, ${volume(d)}
    FROM ${d.table}
    WHERE pkt_srcaddr IS NOT NULL AND bytes IS NOT NULL
    GROUP BY pkt_srcaddr, pkt_dstaddr
    ORDER BY bytes DESC, pkt_srcaddr, pkt_dstaddr
    LIMIT ${d.parameter('limit')}`,
};
