/**
 * How much IPv4 traffic was recorded, in one row; 0 where there was none. The family is read off the address, so the
 * format needs no `type`.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen } from '../measures.ts';
import type { SumsOf } from '../dialect.ts';
import type { SavedQuery } from '../saved-query.ts';

const SUMS: SumsOf = { by: ['srcaddr'] };

export const ipv4Traffic: SavedQuery = {
  name: 'VpcFlowLogsIPv4Traffic',
  meaning: 'all IPv4 traffic in one row: bytes, packets, flows, and when the first and the last was seen',
  needsFields: ['srcaddr', 'packets', 'bytes', 'start', 'end'],
  parameters: {},
  sums: true,
  sql: (d) => `
    SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(packets), 0) AS packets, ${d.flows()} AS flows,
      ${seen(d)}
    FROM ${d.sums(SUMS)}
    WHERE srcaddr NOT LIKE '%:%'`,
};
