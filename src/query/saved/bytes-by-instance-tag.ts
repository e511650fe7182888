/**
 * How much the instances of each value of the first tag carried, both directions together. The value is shown as it
 * was given, not as records encode it.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByInstanceTag: SavedQuery = {
  name: 'bytes-by-instance-tag',
  meaning: 'values of the instance tag of the flow log, with the bytes of their instances, most bytes first',
  needsFields: ['instance-tag', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT ${d.decoded('instance_tag')} AS instance_tag, ${volume(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND instance_tag IS NOT NULL
    GROUP BY 1
    ORDER BY bytes DESC, instance_tag
    LIMIT ${d.parameter('limit')}`,
};
