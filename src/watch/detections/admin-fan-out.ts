/**
 * One of ours administers others of ours that it never did before: somebody moves on from it.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { ADMIN_PORTS, LEARN_SECONDS } from '../known.ts';
import { before, many } from '../told-conversations.ts';

export const adminFanOut: QueryDetection = {
  name: 'admin-fan-out',
  severity: 'high',
  meaning:
    'One of ours spoke to at least five of ours at ports for administration on one day, to each for the first time, though it is known for three days or more.',
  falsePositives: 'The first day of a new tool on a host that is already known.',
  technique: 'T1021',
  subject: ['client'],
  query: watchQuery({
    name: 'admin-fan-out',
    meaning: 'clients that administer servers of ours that are new for them, most servers first',
    parameters: { least: least('new servers of a day at least', 5) },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.client, min(edges.port) AS port, 6 AS protocol, min(edges.first_seconds) AS first_seconds,
      max(edges.last_seconds) AS last_seconds, count(DISTINCT edges.server) AS new_servers, min(known.since_seconds) AS known_since_seconds
    FROM fg_edges AS edges
    JOIN (
      SELECT subject, object, min(first_seconds) AS first_seconds FROM fg_known WHERE kind = 'admin' GROUP BY subject, object
    ) AS firsts ON firsts.subject = edges.client AND firsts.object = edges.server
    JOIN (
      SELECT subject, min(first_seconds) AS since_seconds FROM fg_known WHERE kind IN ('serves', 'peer', 'volume', 'admin') GROUP BY subject
    ) AS known ON known.subject = edges.client
    WHERE edges.way = 'within' AND edges.protocol = 6 AND edges.opened > 0 AND edges.port IN (${ADMIN_PORTS})
      AND ${d.whole('firsts.first_seconds', '86400')} = ${d.whole('edges.hour', '24')}
      AND firsts.first_seconds - known.since_seconds >= ${LEARN_SECONDS}
    GROUP BY edges.client, ${d.whole('edges.hour', '24')}
    HAVING count(DISTINCT edges.server) >= ${d.parameter('least')}
    ORDER BY new_servers DESC, edges.client`,
  }),
  fires: [
    ...before({ client: '203.0.113.9', server: '10.0.0.5', port: 443 }),
    ...many(8, (at) => ({
      client: '10.0.0.5',
      server: `10.0.3.${at + 1}`,
      port: 22,
      clientPort: 40_000 + at,
      at: at * 60,
      seenBy: 'client',
    })),
  ],
  stays: [
    // Whoever did it on each of the days before.
    ...Array.from({ length: 8 }, (_, at) =>
      before({ client: '10.0.0.5', server: `10.0.3.${at + 1}`, port: 22, seenBy: 'client' }),
    ).flat(),
    ...many(8, (at) => ({
      client: '10.0.0.5',
      server: `10.0.3.${at + 1}`,
      port: 22,
      clientPort: 40_000 + at,
      at: at * 60,
      seenBy: 'client',
    })),
    // Nothing is known of this one.
    ...many(8, (at) => ({
      client: '10.0.0.6',
      server: `10.0.3.${at + 1}`,
      port: 22,
      clientPort: 40_000 + at,
      at: at * 60,
      seenBy: 'client',
    })),
  ],
};
