/**
 * Whether the log of each interface is whole: windows without traffic (NODATA), windows of which records were lost
 * (SKIPDATA), and the longest time between two records. A time without records is no fault by itself where nothing
 * was sent and the flow log had a filter.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const logHealth: SavedQuery = {
  name: 'log-health',
  meaning:
    'interfaces with their flows, NODATA and SKIPDATA windows and their longest silence, those with most SKIPDATA first',
  needsFields: ['interface-id', 'start', 'end', 'log-status'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT interface_id,
      count(CASE WHEN coalesce(log_status, 'OK') NOT IN ('NODATA', 'SKIPDATA') THEN 1 END) AS flows,
      count(CASE WHEN log_status = 'NODATA' THEN 1 END) AS nodata,
      count(CASE WHEN log_status = 'SKIPDATA' THEN 1 END) AS skipdata,
      min(first_time) AS first_seen, max(last_time) AS last_seen,
      coalesce(max(CASE WHEN first_time > reached THEN date_diff('second', reached, first_time) END), 0)
        AS longest_gap_seconds
    FROM (
      SELECT interface_id, log_status, ${d.time('start')} AS first_time, ${d.time('end')} AS last_time,
        max(${d.time('end')}) OVER (PARTITION BY interface_id ORDER BY ${d.time('start')}, ${d.time('end')}
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
      FROM ${d.table}
      WHERE interface_id IS NOT NULL
    ) AS spans
    GROUP BY interface_id
    ORDER BY skipdata DESC, longest_gap_seconds DESC, interface_id
    LIMIT ${d.parameter('limit')}`,
};
