/**
 * What stays between private addresses. Traffic between two recorded interfaces is in the records of both;
 * `top-pairs` counts it once.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const internalTraffic: SavedQuery = {
  name: 'internal-traffic',
  meaning: 'traffic between private addresses, by source and destination, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, dstaddr, ${volume(d)}, ${rejected(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${d.isPrivate('srcaddr')} AND ${d.isPrivate('dstaddr')}
    GROUP BY srcaddr, dstaddr
    ORDER BY bytes DESC, srcaddr, dstaddr
    LIMIT ${d.parameter('limit')}`,
};
