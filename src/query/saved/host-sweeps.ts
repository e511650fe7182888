/**
 * One source that opens connections to one port of many destinations within a span of time, whether let in or not.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, isOpener, OPENER_INSTEAD, rejected } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const hostSweeps: SavedQuery = {
  name: 'host-sweeps',
  meaning: 'sources that tried one port of many destinations within an hour, most destinations first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'start', 'action'],
  instead: { 'tcp-flags': OPENER_INSTEAD },
  parameters: {
    least: { type: 'count', meaning: 'distinct destinations at least', default: '10' },
    every: { type: 'duration', meaning: 'length of a span', default: '1h' },
    limit: limit(50),
  },
  sql: (d, held) => `
    SELECT srcaddr, protocol, dstport, ${d.spanBegin(d.parameter('every'))} AS time,
      count(DISTINCT dstaddr) AS destinations, count(*) AS flows, ${rejected(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${isOpener(held)}
    GROUP BY srcaddr, protocol, dstport, 4
    HAVING count(DISTINCT dstaddr) >= ${d.parameter('least')}
    ORDER BY destinations DESC, srcaddr, protocol, dstport, time
    LIMIT ${d.parameter('limit')}`,
};
