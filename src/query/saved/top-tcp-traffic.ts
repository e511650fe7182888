/**
 * All TCP traffic that one address sent, by where it went.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const topTcpTraffic: SavedQuery = {
  name: 'VpcFlowLogsTopTCPTraffic',
  meaning: 'TCP traffic that an address sent, by destination, port and action, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    address: { type: 'address', meaning: 'the source address', default: null },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT dstaddr, dstport, action, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows,
      min(${d.time('start')}) AS first_seen, max(${d.time('end')}) AS last_seen
    FROM ${d.table}
    WHERE srcaddr = ${d.parameter('address')} AND protocol = 6
    GROUP BY dstaddr, dstport, action
    ORDER BY bytes DESC, dstaddr, dstport, action
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: { address: '10.0.1.5' },
    columns: ['dstaddr', 'dstport', 'action', 'bytes', 'packets', 'flows', 'first_seen', 'last_seen'],
    records: [
      {
        srcaddr: '10.0.1.5',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 10,
        bytes: 1000,
        start: 60,
        end: 100,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 40001,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 5,
        bytes: 500,
        start: 120,
        end: 130,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 40002,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 131,
        end: 131,
        action: 'REJECT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 0,
        dstaddr: '10.0.2.9',
        dstport: 0,
        protocol: 1,
        packets: 4,
        bytes: 336,
        start: 70,
        end: 73,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.50',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 443,
        protocol: 6,
        packets: 10,
        bytes: 7000,
        start: 60,
        end: 100,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.2.9',
        srcport: 443,
        dstaddr: '10.0.1.5',
        dstport: 40000,
        protocol: 6,
        packets: 12,
        bytes: 2000,
        start: 61,
        end: 101,
        action: 'ACCEPT',
      },
      { start: 0, end: 59, log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.2.9', 443, 'ACCEPT', 1500, 15, 2, '1970-01-01T00:01:00Z', '1970-01-01T00:02:10Z'],
      ['10.0.2.9', 443, 'REJECT', 44, 1, 1, '1970-01-01T00:02:11Z', '1970-01-01T00:02:11Z'],
    ],
  },
};
