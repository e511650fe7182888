/**
 * How much each instance sent to a port and received from it, as it is for HTTPS: who fetches, who serves.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const instancePortBytes: SavedQuery = {
  name: 'instance-port-bytes',
  meaning: 'instances with the bytes to and from a port at their interfaces, most bytes first',
  needsFields: ['instance-id', 'srcport', 'dstport', 'packets', 'bytes'],
  parameters: { port: { type: 'port', meaning: 'the port', default: '443' }, limit: limit(50) },
  sql: (d) => `
    SELECT instance_id, coalesce(sum(bytes), 0) AS bytes,
      coalesce(sum(CASE WHEN dstport = ${d.parameter('port')} THEN bytes END), 0) AS bytes_to_port,
      coalesce(sum(CASE WHEN srcport = ${d.parameter('port')} THEN bytes END), 0) AS bytes_from_port,
      count(*) AS flows
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND instance_id IS NOT NULL
      AND (srcport = ${d.parameter('port')} OR dstport = ${d.parameter('port')})
    GROUP BY instance_id
    ORDER BY bytes DESC, instance_id
    LIMIT ${d.parameter('limit')}`,
};
