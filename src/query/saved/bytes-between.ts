/**
 * What two addresses sent to each other. A packet between two recorded interfaces is in the records of both: of each
 * direction the records of one interface count, the fuller ones.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';

export const bytesBetween: SavedQuery = {
  name: 'bytes-between',
  meaning: 'traffic between two addresses, a row for each direction; what both ends recorded counts once',
  needsFields: ['interface-id', 'srcaddr', 'dstaddr', 'packets', 'bytes', 'start', 'end'],
  parameters: {
    address: { type: 'address', meaning: 'one of the two ends', default: null },
    peer: { type: 'address', meaning: 'the other end', default: null },
  },
  sql: (d) => `
    SELECT srcaddr, dstaddr, max(bytes) AS bytes, max(packets) AS packets, max(flows) AS flows,
      min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM (
      SELECT srcaddr, dstaddr, interface_id, ${volume(d)}, ${seen(d)}
      FROM ${d.table}
      WHERE (srcaddr = ${d.parameter('address')} AND dstaddr = ${d.parameter('peer')})
        OR (srcaddr = ${d.parameter('peer')} AND dstaddr = ${d.parameter('address')})
      GROUP BY srcaddr, dstaddr, interface_id
    ) AS recorded
    GROUP BY srcaddr, dstaddr
    ORDER BY bytes DESC, srcaddr, dstaddr`,
};
