/**
 * How much was recorded, span by span. A record counts where it begins; a span without records has no row.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';

const SUMS: SumsOf = { by: [], every: 'every' };

export const bytesOverTime: SavedQuery = {
  name: 'bytes-over-time',
  meaning: 'bytes, packets and flows by span of time, in order of time',
  needsFields: ['packets', 'bytes', 'start'],
  parameters: { every: { type: 'duration', meaning: 'length of a span', default: '1h' } },
  sums: true,
  sql: (d) => `
    SELECT ${d.spanBegin(d.parameter('every'))} AS time, ${volume(d)}
    FROM ${d.sums(SUMS)}
    WHERE ${IS_TRAFFIC} AND ${d.beganInRange}
    GROUP BY 1
    ORDER BY time`,
};
