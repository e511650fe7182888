/**
 * Everything that one address said and was told: both directions of a connection in one line, each recorded at one
 * end only or at both. Of each direction the records of one interface count, the fuller ones. `opened_by` is
 * `address` or `peer` for TCP whose SYN or SYN-ACK was recorded.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { hasFlag, rejected } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const conversations: SavedQuery = {
  name: 'conversations',
  meaning:
    'connections of an address, both directions in one line, most bytes first; what both ends recorded counts once',
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
  instead: { 'tcp-flags': 'opened_by is the side with the higher port' },
  parameters: {
    address: { type: 'address', meaning: 'the address whose connections are wanted', default: null },
    limit: limit(50),
  },
  sql: (d, held) => `
    WITH sides AS (
      SELECT srcport AS port, dstaddr AS peer, dstport AS peer_port, protocol, interface_id, 1 AS sent,
        bytes, packets, action, ${held.column('tcp-flags')} AS flags,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE srcaddr = ${d.parameter('address')}
      UNION ALL
      SELECT dstport AS port, srcaddr AS peer, srcport AS peer_port, protocol, interface_id, 0 AS sent,
        bytes, packets, action, ${held.column('tcp-flags')} AS flags,
        ${d.time('start')} AS first_time, ${d.time('end')} AS last_time
      FROM ${d.table}
      WHERE dstaddr = ${d.parameter('address')} AND srcaddr <> ${d.parameter('address')}
    ),
    recorded AS (
      SELECT port, peer, peer_port, protocol, interface_id,
        coalesce(sum(CASE WHEN sent = 1 THEN bytes END), 0) AS bytes_sent,
        coalesce(sum(CASE WHEN sent = 0 THEN bytes END), 0) AS bytes_received,
        coalesce(sum(CASE WHEN sent = 1 THEN packets END), 0) AS packets_sent,
        coalesce(sum(CASE WHEN sent = 0 THEN packets END), 0) AS packets_received,
        sum(sent) AS flows_sent, sum(1 - sent) AS flows_received, ${rejected(d)},
        count(flags) AS with_flags,
        max(CASE WHEN ${hasFlag('flags', 'SYN')} THEN
          CASE WHEN ${hasFlag('flags', 'ACK')} THEN 1 - sent ELSE sent END END) AS by_address,
        max(CASE WHEN ${hasFlag('flags', 'SYN')} THEN
          CASE WHEN ${hasFlag('flags', 'ACK')} THEN sent ELSE 1 - sent END END) AS by_peer,
        min(first_time) AS first_seen, max(last_time) AS last_seen
      FROM sides
      GROUP BY port, peer, peer_port, protocol, interface_id
    )
    SELECT port, peer, peer_port, protocol,
      CASE WHEN protocol <> 6 THEN NULL
        WHEN sum(with_flags) = 0 THEN CASE WHEN port > peer_port THEN 'address' WHEN port < peer_port THEN 'peer' END
        WHEN max(by_address) = 1 THEN 'address'
        WHEN max(by_peer) = 1 THEN 'peer' END AS opened_by,
      max(bytes_sent) + max(bytes_received) AS bytes,
      max(bytes_sent) AS bytes_sent, max(bytes_received) AS bytes_received,
      max(packets_sent) AS packets_sent, max(packets_received) AS packets_received,
      max(flows_sent) + max(flows_received) AS flows, max(flows_rejected) AS flows_rejected,
      min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM recorded
    GROUP BY port, peer, peer_port, protocol
    ORDER BY bytes DESC, peer, peer_port, port, protocol
    LIMIT ${d.parameter('limit')}`,
};
