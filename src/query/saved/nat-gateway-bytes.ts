/**
 * Who uses a NAT gateway how much. On the leg from a private address the packets are for somebody else than the
 * gateway, on the leg back they are from somebody else: there the address in the record and the one in the packet
 * differ.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const natGatewayBytes: SavedQuery = {
  name: 'nat-gateway-bytes',
  meaning: 'private addresses behind NAT gateways with the bytes they sent and received through them, most bytes first',
  needsFields: ['interface-id', 'srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr', 'packets', 'bytes'],
  instead: { 'interface-type': 'every interface that passes on packets of others is taken for a NAT gateway' },
  parameters: { limit: limit(50) },
  sql: (d, held) => `
    SELECT srcaddr, interface_id, sum(sent + received) AS bytes, sum(sent) AS bytes_sent, sum(received) AS bytes_received,
      count(*) AS flows
    FROM (
      SELECT CASE WHEN srcaddr = pkt_srcaddr THEN srcaddr ELSE dstaddr END AS srcaddr, interface_id,
        CASE WHEN srcaddr = pkt_srcaddr THEN coalesce(bytes, 0) ELSE 0 END AS sent,
        CASE WHEN srcaddr = pkt_srcaddr THEN 0 ELSE coalesce(bytes, 0) END AS received
      FROM ${d.table}
      WHERE ${IS_TRAFFIC} AND (srcaddr = pkt_srcaddr) <> (dstaddr = pkt_dstaddr)
        AND ${held.byAll('interface-type') ? 'interface_type' : `coalesce(${held.column('interface-type')}, 'nat_gateway')`}
          IN ('nat_gateway', 'regional_nat_gateway')
    ) AS legs
    WHERE ${d.isPrivate('srcaddr')}
    GROUP BY srcaddr, interface_id
    ORDER BY bytes DESC, srcaddr, interface_id
    LIMIT ${d.parameter('limit')}`,
};
