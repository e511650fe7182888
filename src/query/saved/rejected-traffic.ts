/**
 * Everything that was refused, whichever protocol. Records of Block Public Access carry no bytes: they count as 0.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const rejectedTraffic: SavedQuery = {
  name: 'VpcFlowLogsRejectedTraffic',
  meaning: 'traffic that was refused, by source, destination, protocol and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, dstaddr, protocol, dstport,
      sum(packets) AS packets, coalesce(sum(bytes), 0) AS bytes, count(*) AS flows,
      min(${d.time('start')}) AS first_seen, max(${d.time('end')}) AS last_seen
    FROM ${d.table}
    WHERE action = 'REJECT'
    GROUP BY srcaddr, dstaddr, protocol, dstport
    ORDER BY packets DESC, srcaddr, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: { limit: '4' },
    columns: ['srcaddr', 'dstaddr', 'protocol', 'dstport', 'packets', 'bytes', 'flows', 'first_seen', 'last_seen'],
    records: [
      // Three tries from three source ports are one row.
      {
        srcaddr: '198.51.100.7',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 60,
        end: 60,
        action: 'REJECT',
      },
      {
        srcaddr: '198.51.100.7',
        srcport: 40001,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 2,
        bytes: 88,
        start: 65,
        end: 66,
        action: 'REJECT',
      },
      {
        srcaddr: '198.51.100.7',
        srcport: 40002,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 130,
        end: 130,
        action: 'REJECT',
      },
      {
        srcaddr: '198.51.100.8',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 3389,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 61,
        end: 61,
        action: 'REJECT',
      },
      {
        srcaddr: '198.51.100.8',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 23,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 61,
        end: 61,
        action: 'REJECT',
      },
      {
        srcaddr: '198.51.100.9',
        srcport: 5000,
        dstaddr: '10.0.2.9',
        dstport: 161,
        protocol: 17,
        packets: 3,
        bytes: 300,
        start: 62,
        end: 63,
        action: 'REJECT',
      },
      // Block Public Access: the record has no bytes.
      {
        srcaddr: '198.51.100.9',
        srcport: 0,
        dstaddr: '10.0.2.9',
        dstport: 0,
        protocol: 1,
        packets: 2,
        bytes: null,
        start: 64,
        end: 64,
        action: 'REJECT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 40001,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 10,
        bytes: 4000,
        start: 60,
        end: 119,
        action: 'ACCEPT',
      },
      { start: 60, end: 119, log_status: 'NODATA' },
    ],
    answer: [
      ['198.51.100.7', '10.0.2.9', 6, 22, 4, 176, 3, '1970-01-01T00:01:00Z', '1970-01-01T00:02:10Z'],
      ['198.51.100.9', '10.0.2.9', 17, 161, 3, 300, 1, '1970-01-01T00:01:02Z', '1970-01-01T00:01:03Z'],
      ['198.51.100.9', '10.0.2.9', 1, 0, 2, 0, 1, '1970-01-01T00:01:04Z', '1970-01-01T00:01:04Z'],
      ['198.51.100.8', '10.0.2.9', 6, 23, 1, 44, 1, '1970-01-01T00:01:01Z', '1970-01-01T00:01:01Z'],
    ],
  },
};
