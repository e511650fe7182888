/**
 * The TCP connections that were let through, one row for each direction of one; a connection that lasts longer than
 * a window is added up over its records.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const acceptedTraffic: SavedQuery = {
  name: 'VpcFlowLogsAcceptedTraffic',
  meaning: 'TCP connections that security groups and network ACLs let through, those with the most bytes first',
  needsFields: ['srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, srcport, dstaddr, dstport,
      sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows,
      min(${d.time('start')}) AS first_seen, max(${d.time('end')}) AS last_seen
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND protocol = 6
    GROUP BY srcaddr, srcport, dstaddr, dstport
    ORDER BY bytes DESC, srcaddr, srcport, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['srcaddr', 'srcport', 'dstaddr', 'dstport', 'bytes', 'packets', 'flows', 'first_seen', 'last_seen'],
    records: [
      // One long connection in two windows is one row.
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
      {
        srcaddr: '10.0.1.5',
        srcport: 40001,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 5,
        bytes: 3000,
        start: 121,
        end: 170,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.2.9',
        srcport: 443,
        dstaddr: '10.0.1.5',
        dstport: 40001,
        protocol: 6,
        packets: 20,
        bytes: 90000,
        start: 61,
        end: 171,
        action: 'ACCEPT',
      },
      // Equal bytes: the lower address comes first.
      {
        srcaddr: '10.0.1.7',
        srcport: 50000,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 70,
        end: 70,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.6',
        srcport: 50000,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 70,
        end: 70,
        action: 'ACCEPT',
      },
      // Not TCP, not accepted, no traffic.
      {
        srcaddr: '10.0.1.5',
        srcport: 5353,
        dstaddr: '10.0.2.9',
        dstport: 53,
        protocol: 17,
        packets: 9,
        bytes: 900,
        start: 60,
        end: 61,
        action: 'ACCEPT',
      },
      {
        srcaddr: '198.51.100.7',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 23,
        protocol: 6,
        packets: 1,
        bytes: 40,
        start: 60,
        end: 60,
        action: 'REJECT',
      },
      { start: 60, end: 119, log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.2.9', 443, '10.0.1.5', 40001, 90000, 20, 1, '1970-01-01T00:01:01Z', '1970-01-01T00:02:51Z'],
      ['10.0.1.5', 40001, '10.0.2.9', 443, 7000, 15, 2, '1970-01-01T00:01:00Z', '1970-01-01T00:02:50Z'],
      ['10.0.1.6', 50000, '10.0.2.9', 22, 44, 1, 1, '1970-01-01T00:01:10Z', '1970-01-01T00:01:10Z'],
      ['10.0.1.7', 50000, '10.0.2.9', 22, 44, 1, 1, '1970-01-01T00:01:10Z', '1970-01-01T00:01:10Z'],
    ],
  },
};
