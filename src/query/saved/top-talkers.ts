/**
 * The addresses with the most traffic, sent and received. Traffic between two recorded interfaces is in the records of
 * both, and so counts at each.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTalkers: SavedQuery = {
  name: 'VpcFlowLogsTopTalkers',
  meaning: 'addresses with the most bytes, sent and received',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT address, sum(sent + received) AS bytes, sum(packets) AS packets, ${d.flows()} AS flows,
      sum(sent) AS bytes_sent, sum(received) AS bytes_received
    FROM (
      SELECT srcaddr AS address, coalesce(bytes, 0) AS sent, 0 AS received, packets${d.andFlows} FROM ${d.sums({ by: ['srcaddr'] })}
      UNION ALL
      SELECT dstaddr AS address, 0 AS sent, coalesce(bytes, 0) AS received, packets${d.andFlows} FROM ${d.sums({ by: ['dstaddr'] })}
    ) AS ends
    WHERE address IS NOT NULL
    GROUP BY address
    ORDER BY bytes DESC, address
    LIMIT ${d.parameter('limit')}`,
};
