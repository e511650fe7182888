/**
 * The addresses that serve on administrative ports (shells, remote desktops, management web pages), by their traffic in
 * both directions. A record belongs to the address on the side of the port; with such a port on both sides, to the receiver.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { volume } from '../measures.ts';
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
    SELECT address, ${volume(d)}, count(DISTINCT client) AS clients
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
};
