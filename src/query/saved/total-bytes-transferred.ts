/**
 * The pairs of source and destination with the most bytes; the two directions are two rows.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const totalBytesTransferred: SavedQuery = {
  name: 'VpcFlowLogsTotalBytesTransferred',
  meaning: 'pairs of source and destination address with the most bytes',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, dstaddr, ${volume(d)}
    FROM ${d.table}
    WHERE srcaddr IS NOT NULL AND bytes IS NOT NULL
    GROUP BY srcaddr, dstaddr
    ORDER BY bytes DESC, srcaddr, dstaddr
    LIMIT ${d.parameter('limit')}`,
};
