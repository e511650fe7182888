/**
 * How long records last from first to last packet. A connection longer than a window is several records.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';

export const flowLengths: SavedQuery = {
  name: 'flow-lengths',
  meaning: 'how many records last how long, shortest first',
  needsFields: ['packets', 'bytes', 'start', 'end'],
  parameters: {},
  sql: (d) => `
    SELECT from_seconds,
      CASE from_seconds WHEN 0 THEN 0 WHEN 1 THEN 9 WHEN 10 THEN 29 WHEN 30 THEN 59 WHEN 60 THEN 299 END AS to_seconds,
      ${volume(d)}
    FROM (
      SELECT CASE WHEN seconds < 1 THEN 0 WHEN seconds < 10 THEN 1 WHEN seconds < 30 THEN 10 WHEN seconds < 60 THEN 30
          WHEN seconds < 300 THEN 60 ELSE 300 END AS from_seconds, bytes, packets
      FROM (
        SELECT date_diff('second', ${d.time('start')}, ${d.time('end')}) AS seconds, bytes, packets
        FROM ${d.table}
        WHERE ${IS_TRAFFIC}
      ) AS measured
    ) AS lengths
    GROUP BY from_seconds
    ORDER BY from_seconds`,
};
