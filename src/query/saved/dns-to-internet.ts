/**
 * Who asks name servers on the internet instead of the resolver of the VPC, whose traffic is never recorded: DNS,
 * DNS over TLS and multicast DNS to public addresses.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, seen } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const dnsToInternet: SavedQuery = {
  name: 'dns-to-internet',
  meaning: 'name queries of private addresses to public ones, by source, server, protocol and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'start', 'end', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT srcaddr, dstaddr, protocol, dstport, sum(packets) AS packets, count(*) AS flows, ${rejected(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND protocol IN (6, 17) AND dstport IN (53, 853, 5353)
      AND ${d.isPrivate('srcaddr')} AND ${d.isPublic('dstaddr')}
    GROUP BY srcaddr, dstaddr, protocol, dstport
    ORDER BY packets DESC, srcaddr, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
