/**
 * Who used SSH (22) and RDP (3389, TCP and UDP) where, both directions of a pair together, accepted and refused apart.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const sshRdpTraffic: SavedQuery = {
  name: 'VpcFlowLogsSshRdpTraffic',
  meaning: 'SSH and RDP by client, server, port and action, both directions together, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT client, server, port, action, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows,
      min(first_time) AS first_seen, max(last_time) AS last_seen
    FROM (
      SELECT srcaddr AS client, dstaddr AS server, dstport AS port, action, bytes, packets,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE dstport IN (22, 3389) AND protocol IN (6, 17)
      UNION ALL
      SELECT dstaddr AS client, srcaddr AS server, srcport AS port, action, bytes, packets,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE srcport IN (22, 3389) AND dstport NOT IN (22, 3389) AND protocol IN (6, 17)
    ) AS sessions
    GROUP BY client, server, port, action
    ORDER BY bytes DESC, client, server, port, action
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: {},
    columns: ['client', 'server', 'port', 'action', 'bytes', 'packets', 'flows', 'first_seen', 'last_seen'],
    records: [
      {
        srcaddr: '10.0.1.5',
        srcport: 40000,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 10,
        bytes: 1000,
        start: 60,
        end: 100,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.2.9',
        srcport: 22,
        dstaddr: '10.0.1.5',
        dstport: 40000,
        protocol: 6,
        packets: 12,
        bytes: 2000,
        start: 61,
        end: 101,
        action: 'ACCEPT',
      },
      {
        srcaddr: '198.51.100.7',
        srcport: 51000,
        dstaddr: '10.0.2.9',
        dstport: 22,
        protocol: 6,
        packets: 1,
        bytes: 44,
        start: 70,
        end: 70,
        action: 'REJECT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 51000,
        dstaddr: '10.0.2.4',
        dstport: 3389,
        protocol: 17,
        packets: 40,
        bytes: 44,
        start: 80,
        end: 90,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 51000,
        dstaddr: '10.0.2.4',
        dstport: 443,
        protocol: 6,
        packets: 40,
        bytes: 9000,
        start: 80,
        end: 90,
        action: 'ACCEPT',
      },
      {
        srcaddr: '10.0.1.5',
        srcport: 22,
        dstaddr: '10.0.2.4',
        dstport: 0,
        protocol: 47,
        packets: 1,
        bytes: 9000,
        start: 80,
        end: 90,
        action: 'ACCEPT',
      },
      { start: 0, end: 59, log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.1.5', '10.0.2.9', 22, 'ACCEPT', 3000, 22, 2, '1970-01-01T00:01:00Z', '1970-01-01T00:01:41Z'],
      ['10.0.1.5', '10.0.2.4', 3389, 'ACCEPT', 44, 40, 1, '1970-01-01T00:01:20Z', '1970-01-01T00:01:30Z'],
      ['198.51.100.7', '10.0.2.9', 22, 'REJECT', 44, 1, 1, '1970-01-01T00:01:10Z', '1970-01-01T00:01:10Z'],
    ],
  },
};
