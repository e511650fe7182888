/**
 * Who used SSH (22) and RDP (3389, TCP and UDP) where, both directions of a pair together, accepted and refused apart.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const sshRdpTraffic: SavedQuery = {
  name: 'VpcFlowLogsSshRdpTraffic',
  meaning: 'SSH and RDP by client, server, port and action, both directions together, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT client, server, port, action, ${volume(d)},
      min(first_time) AS first_seen, max(last_time) AS last_seen
    FROM (
      SELECT srcaddr AS client, dstaddr AS server, dstport AS port, action, bytes, packets,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE dstport IN (22, 3389) AND protocol IN (6, 17)
      UNION ALL
      SELECT dstaddr AS client, srcaddr AS server, srcport AS port, action, bytes, packets,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE srcport IN (22, 3389) AND dstport NOT IN (22, 3389) AND protocol IN (6, 17)
    ) AS sessions
    GROUP BY client, server, port, action
    ORDER BY bytes DESC, client, server, port, action
    LIMIT ${d.parameter('limit')}`,
};
