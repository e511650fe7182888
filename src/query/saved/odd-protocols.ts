/**
 * Traffic that is neither TCP nor UDP nor ICMP: tunnels, routing, and what somebody hides in them.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const oddProtocols: SavedQuery = {
  name: 'odd-protocols',
  meaning:
    'traffic of protocols other than TCP, UDP and ICMP, by protocol, source, destination and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT protocol, ${d.protocolName('protocol')} AS protocol_name, srcaddr, dstaddr, action, ${volume(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND protocol NOT IN (1, 6, 17, 58)
    GROUP BY protocol, srcaddr, dstaddr, action
    ORDER BY bytes DESC, protocol, srcaddr, dstaddr, action
    LIMIT ${d.parameter('limit')}`,
};
