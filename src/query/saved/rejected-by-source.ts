/**
 * Who is refused most, and how widely it tries: at how many addresses, at how many ports.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = {
  by: ['srcaddr', 'dstaddr', 'dstport', 'action'],
  rejected: true,
  top: { by: ['srcaddr'], most: 'limit' },
};

export const rejectedBySource: SavedQuery = {
  name: 'rejected-by-source',
  meaning: 'sources whose traffic was refused, with how many destinations and ports they tried, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'packets', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT srcaddr, sum(packets) AS packets, ${d.flows()} AS flows,
      count(DISTINCT dstaddr) AS destinations, count(DISTINCT dstport) AS ports, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT'
    GROUP BY srcaddr
    ORDER BY packets DESC, srcaddr
    LIMIT ${d.parameter('limit')}`,
};
