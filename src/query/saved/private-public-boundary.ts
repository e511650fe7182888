/**
 * What crosses the boundary between private and public addresses, out and in apart. It is about IPv4: the addresses
 * of an IPv6 VPC are public too.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const privatePublicBoundary: SavedQuery = {
  name: 'private-public-boundary',
  meaning: 'traffic between private and public addresses, out and in apart, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT direction, private_address, public_address, ${volume(d)}, ${rejected(d)}
    FROM (
      SELECT 'out' AS direction, srcaddr AS private_address, dstaddr AS public_address, bytes, packets, action
      FROM ${d.table}
      WHERE ${IS_TRAFFIC} AND ${d.isPrivate('srcaddr')} AND ${d.isPublic('dstaddr')}
      UNION ALL
      SELECT 'in' AS direction, dstaddr AS private_address, srcaddr AS public_address, bytes, packets, action
      FROM ${d.table}
      WHERE ${IS_TRAFFIC} AND ${d.isPrivate('dstaddr')} AND ${d.isPublic('srcaddr')}
    ) AS crossing
    GROUP BY direction, private_address, public_address
    ORDER BY bytes DESC, direction, private_address, public_address
    LIMIT ${d.parameter('limit')}`,
};
