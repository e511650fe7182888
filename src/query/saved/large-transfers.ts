/**
 * Single records that carried very much: a backup, or data that leaves.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const largeTransfers: SavedQuery = {
  name: 'large-transfers',
  meaning: 'records of let-through traffic above a number of bytes, largest first',
  needsFields: [
    'interface-id',
    'srcaddr',
    'dstaddr',
    'srcport',
    'dstport',
    'protocol',
    'packets',
    'bytes',
    'start',
    'end',
    'action',
  ],
  parameters: {
    least: { type: 'count', meaning: 'bytes that a record must exceed', default: '500000000' },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT bytes, packets, srcaddr, srcport, dstaddr, dstport, protocol, interface_id,
      ${d.time('start')} AS start_time, ${d.time('end')} AS end_time
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND bytes > ${d.parameter('least')}
    ORDER BY bytes DESC, start_time, srcaddr, srcport, dstaddr, dstport, interface_id
    LIMIT ${d.parameter('limit')}`,
};
