/**
 * The pairs of source and destination with the most bytes; the two directions are two rows.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const totalBytesTransferred: SavedQuery = {
  name: 'VpcFlowLogsTotalBytesTransferred',
  meaning: 'pairs of source and destination address with the most bytes',
  needsFields: ['srcaddr', 'dstaddr', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, dstaddr, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows
    FROM ${d.table}
    WHERE srcaddr IS NOT NULL AND bytes IS NOT NULL
    GROUP BY srcaddr, dstaddr
    ORDER BY bytes DESC, srcaddr, dstaddr
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['srcaddr', 'dstaddr', 'bytes', 'packets', 'flows'],
    records: [
      { srcaddr: '10.0.1.5', dstaddr: '10.0.2.9', packets: 10, bytes: 1000 },
      { srcaddr: '10.0.1.5', dstaddr: '10.0.2.9', packets: 10, bytes: 800 },
      { srcaddr: '10.0.2.9', dstaddr: '10.0.1.5', packets: 12, bytes: 4000000000 },
      { srcaddr: '10.0.1.5', dstaddr: '10.0.2.8', packets: 1, bytes: 1800 },
      { log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.2.9', '10.0.1.5', 4000000000, 12, 1],
      ['10.0.1.5', '10.0.2.8', 1800, 1, 1],
      ['10.0.1.5', '10.0.2.9', 1800, 20, 2],
    ],
  },
};
