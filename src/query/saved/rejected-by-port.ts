/**
 * Who was refused at a port. With `port=22` it answers who knocked at SSH in vain; with `source` whether somebody
 * known did.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['srcaddr', 'dstaddr', 'protocol', 'dstport', 'action'], rejected: true };

export const rejectedByPort: SavedQuery = {
  name: 'rejected-by-port',
  meaning: 'who was refused at which port, by source, protocol and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'start', 'end', 'action'],
  parameters: {
    port: { type: 'port', meaning: 'the destination port', default: 'any' },
    source: { type: 'network', meaning: 'the network of the sources', default: 'any' },
    limit: limit(50),
  },
  sums: true,
  sql: (d) => `
    SELECT srcaddr, protocol, dstport, sum(packets) AS packets, ${d.flows()} AS flows,
      count(DISTINCT dstaddr) AS destinations, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT'
      AND (${d.parameter('port')} = -1 OR dstport = ${d.parameter('port')})
      AND ${d.inNetwork('srcaddr', 'source')}
    GROUP BY srcaddr, protocol, dstport
    ORDER BY packets DESC, srcaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
