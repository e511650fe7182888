/**
 * What goes from one availability zone to another, which is billed. Only what interfaces sent counts, so that traffic
 * between two recorded interfaces counts once.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer. An address that was
 *        recorded in two zones (two VPCs may share it) tells no zone.
 * Fails: never; what it needs is checked before it is asked.
 */

import type { Dialect } from '../dialect.ts';
import { volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

/** The records, each with the zone in which the interface of its other side was recorded. */
function withPeerZones(d: Dialect, nextHop: string): string {
  return `(
        SELECT az_id, coalesce(${nextHop}, peer_zone) AS peer_az_id, flow_direction, action, bytes, packets
        FROM ${d.table}
        LEFT JOIN (
          SELECT address, min(own_zone) AS peer_zone
          FROM (
            SELECT CASE flow_direction WHEN 'egress' THEN srcaddr WHEN 'ingress' THEN dstaddr END AS address,
              az_id AS own_zone
            FROM ${d.table}
          ) AS own
          GROUP BY address
          HAVING min(own_zone) = max(own_zone)
        ) AS homes ON homes.address = dstaddr
      ) AS joined`;
}

export const crossZoneBytes: SavedQuery = {
  name: 'cross-zone-bytes',
  meaning: 'bytes that interfaces sent into another zone, by the two zones, most bytes first',
  needsFields: ['az-id', 'flow-direction', 'srcaddr', 'dstaddr', 'packets', 'bytes', 'action'],
  instead: { 'next-hop-az-id': 'the zone of the other side is the one in which its address was recorded' },
  parameters: { limit: limit(50) },
  sql: (d, held) => {
    const known = held.byAll('next-hop-az-id');
    return `
    SELECT az_id, peer_az_id, ${volume(d)}
    FROM (
      SELECT az_id, ${known ? 'next_hop_az_id AS ' : ''}peer_az_id, bytes, packets
      FROM ${known ? d.table : withPeerZones(d, held.column('next-hop-az-id'))}
      WHERE action = 'ACCEPT' AND flow_direction = 'egress'
    ) AS sent
    WHERE az_id <> peer_az_id
    GROUP BY az_id, peer_az_id
    ORDER BY bytes DESC, az_id, peer_az_id
    LIMIT ${d.parameter('limit')}`;
  },
};
