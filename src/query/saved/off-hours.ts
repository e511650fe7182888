/**
 * What went on at night. Hours are UTC; a record belongs to the hour in which it begins. With `from` behind `until`
 * the night goes over midnight.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const offHours: SavedQuery = {
  name: 'off-hours',
  meaning:
    'traffic that began between two hours of the day (UTC), by source, destination, protocol, port and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    from: { type: 'hour', meaning: 'first hour, UTC', default: '20' },
    until: { type: 'hour', meaning: 'first hour that is none of them', default: '6' },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT srcaddr, dstaddr, protocol, dstport, action, ${volume(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND (CASE WHEN ${d.parameter('from')} <= ${d.parameter('until')}
      THEN extract(hour FROM ${d.time('start')}) >= ${d.parameter('from')} AND extract(hour FROM ${d.time('start')}) < ${d.parameter('until')}
      ELSE extract(hour FROM ${d.time('start')}) >= ${d.parameter('from')} OR extract(hour FROM ${d.time('start')}) < ${d.parameter('until')} END)
    GROUP BY srcaddr, dstaddr, protocol, dstport, action
    ORDER BY bytes DESC, srcaddr, dstaddr, protocol, dstport, action
    LIMIT ${d.parameter('limit')}`,
};
