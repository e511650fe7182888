/**
 * SSH and remote desktops that public addresses reached: a security group lets the internet in.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { isFromOutside, OUTSIDE_INSTEAD, seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const sshRdpFromInternet: SavedQuery = {
  name: 'ssh-rdp-from-internet',
  meaning: 'SSH and RDP that was let through from public addresses, by source, destination and port, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  instead: { 'flow-direction': OUTSIDE_INSTEAD },
  parameters: {
    ports: { type: 'ports', meaning: 'ports of shells and desktops', default: '22,3389' },
    limit: limit(50),
  },
  sql: (d, held) => `
    SELECT srcaddr, dstaddr, dstport, ${volume(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND protocol IN (6, 17) AND ${d.among('dstport', 'ports')}
      AND ${isFromOutside(d, held)}
    GROUP BY srcaddr, dstaddr, dstport
    ORDER BY bytes DESC, srcaddr, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
};
