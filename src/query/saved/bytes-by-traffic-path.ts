/**
 * Which way traffic left: the code of records with its meaning. The path is the next step as the interface sees it;
 * only traffic on its way out has one.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByTrafficPath: SavedQuery = {
  name: 'bytes-by-traffic-path',
  meaning: 'ways that outgoing traffic took, such as internet gateway or peering, most bytes first',
  needsFields: ['traffic-path', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT traffic_path, ${d.trafficPathName('traffic_path')} AS path, ${volume(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND traffic_path IS NOT NULL
    GROUP BY traffic_path
    ORDER BY bytes DESC, traffic_path
    LIMIT ${d.parameter('limit')}`,
};
