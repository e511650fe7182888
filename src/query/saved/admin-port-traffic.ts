/**
 * The addresses that serve on administrative ports (shells, remote desktops, management web pages), by their traffic in
 * both directions. A record belongs to the address on the side of the port; with such a port on both sides, to the receiver.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const adminPortTraffic: SavedQuery = {
  name: 'VpcFlowLogsAdminPortTraffic',
  meaning: 'addresses that serve requests on administrative ports, those with the most bytes in both directions first',
  needsFields: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'packets', 'bytes'],
  parameters: {
    ports: {
      type: 'ports',
      meaning: 'ports that count as administrative',
      default: '22,23,3389,5900,5985,5986,8080,8443,10000',
    },
    limit: limit(10),
  },
  sql: (d) => `
    SELECT address, sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS flows, count(DISTINCT client) AS clients
    FROM (
      SELECT dstaddr AS address, srcaddr AS client, bytes, packets
      FROM ${d.table}
      WHERE ${d.among('dstport', 'ports')}
      UNION ALL
      SELECT srcaddr AS address, dstaddr AS client, bytes, packets
      FROM ${d.table}
      WHERE ${d.among('srcport', 'ports')} AND NOT ${d.among('dstport', 'ports')}
    ) AS served
    GROUP BY address
    ORDER BY bytes DESC, address
    LIMIT ${d.parameter('limit')}`,
  fixture: {
    parameters: { ports: '22, 8443' },
    columns: ['address', 'bytes', 'packets', 'flows', 'clients'],
    records: [
      { srcaddr: '10.0.1.5', srcport: 40000, dstaddr: '10.0.2.9', dstport: 22, packets: 10, bytes: 1000 },
      { srcaddr: '10.0.2.9', srcport: 22, dstaddr: '10.0.1.5', dstport: 40000, packets: 12, bytes: 2000 },
      { srcaddr: '10.0.1.6', srcport: 40000, dstaddr: '10.0.2.9', dstport: 22, packets: 1, bytes: 44 },
      { srcaddr: '10.0.1.6', srcport: 40001, dstaddr: '2001:db8::9', dstport: 8443, packets: 3, bytes: 3044 },
      // Such a port on both sides: the receiver serves.
      { srcaddr: '10.0.1.7', srcport: 22, dstaddr: '10.0.1.8', dstport: 8443, packets: 1, bytes: 40 },
      { srcaddr: '10.0.1.5', srcport: 40000, dstaddr: '10.0.2.9', dstport: 3389, packets: 10, bytes: 900000 },
      { log_status: 'NODATA' },
    ],
    answer: [
      ['10.0.2.9', 3044, 23, 3, 2],
      ['2001:db8::9', 3044, 3, 1, 1],
      ['10.0.1.8', 40, 1, 1, 1],
    ],
  },
};
