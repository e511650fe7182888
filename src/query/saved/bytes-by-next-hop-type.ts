/**
 * How much goes to and comes from NAT gateways, endpoints, load balancers and transit gateways, as the records name
 * them. Records that name no such neighbour are left out.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByNextHopType: SavedQuery = {
  name: 'bytes-by-next-hop-type',
  meaning:
    'kinds of neighbour that traffic went to or came from, such as nat_gateway or vpc_endpoint, most bytes first',
  needsFields: ['next-hop-interface-type', 'flow-direction', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT next_hop_interface_type, ${volume(d)},
      coalesce(sum(CASE WHEN flow_direction = 'egress' THEN bytes END), 0) AS bytes_sent,
      coalesce(sum(CASE WHEN flow_direction = 'ingress' THEN bytes END), 0) AS bytes_received
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND next_hop_interface_type IS NOT NULL
    GROUP BY next_hop_interface_type
    ORDER BY bytes DESC, next_hop_interface_type
    LIMIT ${d.parameter('limit')}`,
};
