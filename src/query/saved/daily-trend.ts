/**
 * One row for each day in UTC, to see what changed.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { accepted, IS_TRAFFIC, rejected } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';

export const dailyTrend: SavedQuery = {
  name: 'daily-trend',
  meaning: 'bytes, packets, flows let through and refused, sources and destinations, day by day',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes', 'start', 'action'],
  parameters: {},
  sql: (d) => `
    SELECT ${d.spanBegin('86400')} AS day, coalesce(sum(bytes), 0) AS bytes, sum(packets) AS packets,
      ${accepted(d)}, ${rejected(d)}, count(DISTINCT srcaddr) AS sources, count(DISTINCT dstaddr) AS destinations
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${d.beganInRange}
    GROUP BY 1
    ORDER BY day`,
};
