/**
 * How much the interfaces in outposts, local zones and wavelength zones carried.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesBySublocation: SavedQuery = {
  name: 'bytes-by-sublocation',
  meaning: 'sublocations with the bytes of their interfaces, most bytes first',
  needsFields: ['sublocation-type', 'sublocation-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT sublocation_type, sublocation_id, ${volume(d)}, ${rejected(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND sublocation_type IS NOT NULL AND sublocation_id IS NOT NULL
    GROUP BY sublocation_type, sublocation_id
    ORDER BY bytes DESC, sublocation_type, sublocation_id
    LIMIT ${d.parameter('limit')}`,
};
