/**
 * The services with the most traffic, both directions together: of the two ports of a TCP or UDP record the lower is
 * taken for the one that serves.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topPorts: SavedQuery = {
  name: 'top-ports',
  meaning: 'ports that serve, taken as the lower of the two, with the most bytes in both directions',
  needsFields: ['srcport', 'dstport', 'protocol', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT port, protocol, ${d.portName('port')} AS service, ${volume(d)}, ${rejected(d)}
    FROM (
      SELECT least(srcport, dstport) AS port, protocol, bytes, packets, action
      FROM ${d.table}
      WHERE ${IS_TRAFFIC} AND protocol IN (6, 17)
    ) AS served
    GROUP BY port, protocol
    ORDER BY bytes DESC, port, protocol
    LIMIT ${d.parameter('limit')}`,
};
