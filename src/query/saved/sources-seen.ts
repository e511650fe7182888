/**
 * When each source was first and last there and where it went. Of the destination ports those below 32768 are
 * counted, for the others are mostly ends of its own answers; the lowest twenty are listed.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, seen } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const sourcesSeen: SavedQuery = {
  name: 'sources-seen',
  meaning: 'sources with when they were first and last seen, their destinations and ports, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'packets', 'bytes', 'start', 'end'],
  parameters: { network: { type: 'network', meaning: 'the network of the sources', default: 'any' }, limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, ${seen(d)}, count(DISTINCT dstaddr) AS destinations,
      count(DISTINCT CASE WHEN dstport < 32768 THEN dstport END) AS ports,
      ${d.numberList('dstport', 'dstport < 32768', 20)} AS port_list,
      coalesce(sum(bytes), 0) AS bytes, count(*) AS flows
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${d.inNetwork('srcaddr', 'network')}
    GROUP BY srcaddr
    ORDER BY bytes DESC, srcaddr
    LIMIT ${d.parameter('limit')}`,
};
