/**
 * Where the internet is let in besides the ports that are meant for it. Only the side that opened the connection
 * counts, so that answers to our own questions do not.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { isFromOutside, isOpener, OPENER_INSTEAD, OUTSIDE_INSTEAD, seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const acceptedFromInternet: SavedQuery = {
  name: 'accepted-from-internet',
  meaning:
    'addresses and ports that public addresses could open connections to, those meant to be open left out, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  instead: { 'tcp-flags': OPENER_INSTEAD, 'flow-direction': OUTSIDE_INSTEAD },
  parameters: {
    allowed: { type: 'ports', meaning: 'ports that are meant to be open', default: '80,443' },
    limit: limit(50),
  },
  sql: (d, held) => `
    SELECT dstaddr, protocol, dstport, count(DISTINCT srcaddr) AS sources, ${volume(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND protocol IN (6, 17) AND NOT ${d.among('dstport', 'allowed')}
      AND ${isOpener(held)}
      AND ${isFromOutside(d, held)}
    GROUP BY dstaddr, protocol, dstport
    ORDER BY bytes DESC, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
