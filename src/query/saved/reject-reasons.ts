/**
 * Why traffic was refused: Block Public Access (BPA), encryption controls (EC), or no reason given, which means a
 * security group or a network ACL.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['reject_reason', 'srcaddr', 'dstaddr', 'action'], rejected: true };

export const rejectReasons: SavedQuery = {
  name: 'reject-reasons',
  meaning: 'reasons that records give for a refusal (none: security group or network ACL), most packets first',
  needsFields: ['reject-reason', 'srcaddr', 'dstaddr', 'packets', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT reject_reason, sum(packets) AS packets, ${d.flows()} AS flows,
      count(DISTINCT srcaddr) AS sources, count(DISTINCT dstaddr) AS destinations, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT'
    GROUP BY reject_reason
    ORDER BY packets DESC, reject_reason
    LIMIT ${d.parameter('limit')}`,
};
