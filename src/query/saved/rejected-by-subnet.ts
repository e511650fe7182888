/**
 * Where traffic is refused: the subnets whose interfaces recorded it, in either direction.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['subnet_id', 'srcaddr', 'dstport', 'action'], rejected: true };

export const rejectedBySubnet: SavedQuery = {
  name: 'rejected-by-subnet',
  meaning: 'subnets at whose interfaces traffic was refused, in either direction, most packets first',
  needsFields: ['subnet-id', 'srcaddr', 'dstport', 'packets', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT subnet_id, sum(packets) AS packets, ${d.flows()} AS flows,
      count(DISTINCT srcaddr) AS sources, count(DISTINCT dstport) AS ports, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT' AND subnet_id IS NOT NULL
    GROUP BY subnet_id
    ORDER BY packets DESC, subnet_id
    LIMIT ${d.parameter('limit')}`,
};
