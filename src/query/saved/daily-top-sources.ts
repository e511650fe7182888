/**
 * The private addresses that sent most on each day in UTC. Traffic between two recorded interfaces is in the records
 * of both.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['srcaddr'], every: 86_400 };

export const dailyTopSources: SavedQuery = {
  name: 'daily-top-sources',
  meaning: 'private addresses that sent the most bytes, the first ten of each day',
  needsFields: ['srcaddr', 'packets', 'bytes', 'start'],
  parameters: { rows: { type: 'count', meaning: 'rows at most for each day', default: '10' } },
  sums: true,
  sql: (d) => `
    SELECT day, place, srcaddr, bytes, flows
    FROM (
      SELECT day, srcaddr, bytes, flows, row_number() OVER (PARTITION BY day ORDER BY bytes DESC, srcaddr) AS place
      FROM (
        SELECT ${d.spanBegin('86400')} AS day, srcaddr, coalesce(sum(bytes), 0) AS bytes, ${d.flows()} AS flows
        FROM ${d.sums(SUMS)}
        WHERE ${IS_TRAFFIC} AND ${d.beganInRange} AND ${d.isPrivate('srcaddr')}
        GROUP BY 1, srcaddr
      ) AS days
    ) AS placed
    WHERE place <= ${d.parameter('rows')}
    ORDER BY day, place`,
};
