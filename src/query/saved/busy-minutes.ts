/**
 * When an interface carried most. A record counts wholly where it begins, so spans should not be shorter than the
 * windows of the flow log.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['interface_id'], every: 'every' };

export const busyMinutes: SavedQuery = {
  name: 'busy-minutes',
  meaning: 'interfaces and minutes with the most bytes',
  needsFields: ['interface-id', 'packets', 'bytes', 'start'],
  parameters: { every: { type: 'duration', meaning: 'length of a span', default: '1m' }, limit: limit(50) },
  sums: true,
  sql: (d) => `
    SELECT ${d.spanBegin(d.parameter('every'))} AS time, interface_id, ${volume(d)}
    FROM ${d.sums(SUMS)}
    WHERE ${IS_TRAFFIC} AND ${d.beganInRange}
    GROUP BY 1, interface_id
    ORDER BY bytes DESC, time, interface_id
    LIMIT ${d.parameter('limit')}`,
};
