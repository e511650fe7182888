/**
 * How much IPv4 traffic was recorded, in one row; 0 where there was none. The family is read off the address, so the
 * format needs no `type`.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';

export const ipv4Traffic: SavedQuery = {
  name: 'VpcFlowLogsIPv4Traffic',
  meaning: 'all IPv4 traffic in one row: bytes, packets, flows, and when the first and the last was seen',
  needsFields: ['srcaddr', 'packets', 'bytes', 'start', 'end'],
  parameters: {},
  sql: (d) => `
    SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(packets), 0) AS packets, count(*) AS flows,
      min(${d.time('start')}) AS first_seen, max(${d.time('end')}) AS last_seen
    FROM ${d.table}
    WHERE srcaddr NOT LIKE '%:%'`,
  fixture: {
    parameters: {},
    columns: ['bytes', 'packets', 'flows', 'first_seen', 'last_seen'],
    records: [
      { srcaddr: '10.0.1.5', dstaddr: '10.0.2.9', packets: 10, bytes: 1000, start: 60, end: 100 },
      { srcaddr: '10.0.2.9', dstaddr: '10.0.1.5', packets: 12, bytes: 2000, start: 61, end: 110 },
      { srcaddr: '2001:db8::1', dstaddr: '2001:db8::9', packets: 3, bytes: 300, start: 50, end: 55 },
      { srcaddr: '198.51.100.9', dstaddr: '10.0.1.5', packets: 1, bytes: null, start: 90, end: 90 },
      { start: 0, end: 59, log_status: 'NODATA' },
    ],
    answer: [[3000, 23, 3, '1970-01-01T00:01:00Z', '1970-01-01T00:01:50Z']],
  },
};
