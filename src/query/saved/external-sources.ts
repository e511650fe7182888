/**
 * Which public addresses send to ours, answers to what ours asked for included.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { accepted, IS_TRAFFIC, isFromOutside, OUTSIDE_INSTEAD, rejected, seen } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const externalSources: SavedQuery = {
  name: 'external-sources',
  meaning:
    'public addresses that sent to addresses of ours, with how many addresses and ports they reached, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'packets', 'bytes', 'start', 'end', 'action'],
  instead: { 'flow-direction': OUTSIDE_INSTEAD },
  parameters: { limit: limit(50) },
  sql: (d, held) => `
    SELECT srcaddr, coalesce(sum(bytes), 0) AS bytes, sum(packets) AS packets, ${accepted(d)}, ${rejected(d)},
      count(DISTINCT dstaddr) AS destinations, count(DISTINCT dstport) AS ports, ${seen(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${isFromOutside(d, held)}
    GROUP BY srcaddr
    ORDER BY bytes DESC, srcaddr
    LIMIT ${d.parameter('limit')}`,
};
