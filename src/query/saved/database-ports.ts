/**
 * Who talks to databases and caches, by the ports that they usually have.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { seen, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const databasePorts: SavedQuery = {
  name: 'database-ports',
  meaning: 'traffic that was let through to ports of databases, by source, destination and port, most bytes first',
  needsFields: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'],
  parameters: {
    ports: {
      type: 'ports',
      meaning: 'ports of databases',
      default:
        '1150,1433-1434,1521-1522,1526,3306-3307,5432-5433,5984,6379-6383,7000-7001,8529,9042,9160,11211,27017-27019',
    },
    limit: limit(50),
  },
  sql: (d) => `
    SELECT srcaddr, dstaddr, dstport, ${d.portName('dstport')} AS service, ${volume(d)}, ${seen(d)}
    FROM ${d.table}
    WHERE action = 'ACCEPT' AND protocol IN (6, 17) AND ${d.among('dstport', 'ports')}
    GROUP BY srcaddr, dstaddr, dstport
    ORDER BY bytes DESC, srcaddr, dstaddr, dstport
    LIMIT ${d.parameter('limit')}`,
};
