/**
 * The TCP connections that were let through, one row for each direction of one; a connection that lasts longer than
 * a window is added up over its records.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const acceptedTraffic: SavedQuery = {
  name: 'VpcFlowLogsAcceptedTraffic',
  meaning: 'TCP connections that security groups and network ACLs let through, those with the most bytes first',
  needsFields: ['srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, srcport, dstaddr, dstport,
      ${volume(d)},
      ${seen(d)}
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND protocol = 6
    GROUP BY srcaddr, srcport, dstaddr, dstport
    ORDER BY bytes DESC, srcaddr, srcport, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
};
