/**
 * One source that opens connections to many ports of one destination within a span of time, whether let in or not.
 * Ports that everybody uses are left out.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, isOpener, OPENER_INSTEAD, rejected } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const portScans: SavedQuery = {
  name: 'port-scans',
  meaning: 'sources that tried many ports of one destination within an hour, most ports first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'start', 'action'],
  instead: { 'tcp-flags': OPENER_INSTEAD },
  parameters: {
    least: { type: 'count', meaning: 'distinct ports at least', default: '10' },
    every: { type: 'duration', meaning: 'length of a span', default: '1h' },
    common: { type: 'ports', meaning: 'ports that do not count', default: '53,80,123,443,445,853,2049' },
    limit: limit(50),
  },
  sql: (d, held) => `
    SELECT srcaddr, dstaddr, ${d.spanBegin(d.parameter('every'))} AS time, count(DISTINCT dstport) AS ports,
      count(*) AS flows, ${rejected(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ${isOpener(held)} AND NOT ${d.among('dstport', 'common')}
    GROUP BY srcaddr, dstaddr, 3
    HAVING count(DISTINCT dstport) >= ${d.parameter('least')}
    ORDER BY ports DESC, srcaddr, dstaddr, time
    LIMIT ${d.parameter('limit')}`,
};
