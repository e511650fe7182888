/**
 * Where traffic is refused: the instances whose interfaces recorded it, in either direction.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['instance_id', 'srcaddr', 'dstport', 'action'], rejected: true };

export const rejectedByInstance: SavedQuery = {
  name: 'rejected-by-instance',
  meaning: 'instances at whose interfaces traffic was refused, in either direction, most packets first',
  needsFields: ['instance-id', 'srcaddr', 'dstport', 'packets', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT instance_id, sum(packets) AS packets, ${d.flows()} AS flows,
      count(DISTINCT srcaddr) AS sources, count(DISTINCT dstport) AS ports, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT' AND instance_id IS NOT NULL
    GROUP BY instance_id
    ORDER BY packets DESC, instance_id
    LIMIT ${d.parameter('limit')}`,
};
