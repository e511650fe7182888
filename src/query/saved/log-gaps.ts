/**
 * When an interface recorded nothing at all, not even NODATA: a flow log that was deleted, files that are missing,
 * or a filter. A flow log without filter has a record for each window.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const logGaps: SavedQuery = {
  name: 'log-gaps',
  meaning: 'spans without any record of an interface, longest first',
  needsFields: ['interface-id', 'start', 'end'],
  parameters: { least: { type: 'duration', meaning: 'length of a gap at least', default: '15m' }, limit: limit(50) },
  sql: (d) => `
    SELECT interface_id, reached AS silent_from, first_time AS silent_until,
      date_diff('second', reached, first_time) AS seconds
    FROM (
      SELECT interface_id, ${d.time('start')} AS first_time,
        max(${d.time('end')}) OVER (PARTITION BY interface_id ORDER BY ${d.time('start')}, ${d.time('end')}
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
      FROM ${d.table}
      WHERE interface_id IS NOT NULL
    ) AS spans
    WHERE first_time > reached AND date_diff('second', reached, first_time) >= ${d.parameter('least')}
    ORDER BY seconds DESC, interface_id, silent_from
    LIMIT ${d.parameter('limit')}`,
};
