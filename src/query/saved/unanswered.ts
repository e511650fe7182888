/**
 * TCP that rules let through and nobody answered: the service is down, or the way back is closed; a firewall would
 * have said REJECT. A try is one source port. An answer outside the time that is asked is not seen.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { isOpener, OPENER_INSTEAD, seen } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const unanswered: SavedQuery = {
  name: 'unanswered',
  meaning:
    'TCP connections that were let through and got no packet back, by source, destination and port, most tries first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'start', 'end', 'action'],
  instead: { 'tcp-flags': OPENER_INSTEAD },
  parameters: { limit: limit(50) },
  sql: (d, held) => `
    SELECT srcaddr, dstaddr, dstport, count(DISTINCT srcport) AS tries, ${seen(d)}
    FROM ${d.table} AS tried
    WHERE action = 'ACCEPT' AND protocol = 6 AND ${isOpener(held)}
      AND NOT EXISTS (
        SELECT 1
        FROM ${d.table} AS back
        WHERE back.action = 'ACCEPT' AND back.protocol = 6
          AND back.srcaddr = tried.dstaddr AND back.srcport = tried.dstport
          AND back.dstaddr = tried.srcaddr AND back.dstport = tried.srcport
      )
    GROUP BY srcaddr, dstaddr, dstport
    ORDER BY tries DESC, srcaddr, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
};
