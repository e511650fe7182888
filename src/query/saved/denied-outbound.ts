/**
 * What was refused on its way out of an interface: software that wants more than it is allowed, or somebody who got
 * in.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['srcaddr', 'dstaddr', 'protocol', 'dstport', 'flow_direction', 'action'], rejected: true };

export const deniedOutbound: SavedQuery = {
  name: 'denied-outbound',
  meaning: 'traffic that was refused on its way out, by source, destination, protocol and port, most packets first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'start', 'end', 'action'],
  instead: { 'flow-direction': 'only what a private address sent to a public one is taken for outbound' },
  parameters: { limit: limit(50) },
  sums: true,
  sql: (d, held) => `
    SELECT srcaddr, dstaddr, protocol, dstport, sum(packets) AS packets, ${d.flows()} AS flows, ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE action = 'REJECT' AND (CASE
      WHEN ${held.column('flow-direction')} IS NOT NULL THEN ${held.column('flow-direction')} = 'egress'
      ELSE ${d.isPrivate('srcaddr')} AND ${d.isPublic('dstaddr')} END)
    GROUP BY srcaddr, dstaddr, protocol, dstport
    ORDER BY packets DESC, srcaddr, dstaddr, protocol, dstport
    LIMIT ${d.parameter('limit')}`,
};
