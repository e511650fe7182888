/**
 * One of ours asks a server of names outside that it never asked before.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { before, many } from '../told-conversations.ts';

export const newDnsServer: QueryDetection = {
  name: 'new-dns-server',
  severity: 'low',
  meaning:
    'One of ours that has asked servers of names outside for three days or more asked another one, at least 20 times in a day.',
  falsePositives:
    'A resolver that works its way through the tree of names is left out: whoever asks more than 20 servers a day. A new setting of yours.',
  technique: 'T1071.004',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'new-dns-server',
    meaning: 'clients that ask a server of names outside that is new for them, most questions first',
    parameters: {
      least: least('records of questions at least', 20),
      servers: least('servers of a day from which on a client is a resolver', 20),
    },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.client, edges.server, min(edges.port) AS port, min(edges.protocol) AS protocol,
      min(edges.first_seconds) AS first_seconds, max(edges.last_seconds) AS last_seconds, sum(edges.opened) AS records,
      min(news.since_seconds) AS known_since_seconds
    FROM fg_edges AS edges
    JOIN fg_new AS news ON news.kind = 'names' AND news.subject = edges.client AND news.object = edges.server
    WHERE edges.way = 'out' AND edges.port IN (53, 853) AND edges.first_seconds < news.first_seconds + 86400
      AND edges.client NOT IN (
        SELECT client FROM fg_edges WHERE way = 'out' AND port = 53 GROUP BY client HAVING count(DISTINCT server) >= ${d.parameter('servers')}
      )
    GROUP BY edges.client, edges.server
    HAVING sum(edges.opened) >= ${d.parameter('least')}
    ORDER BY records DESC, edges.client, edges.server`,
  }),
  fires: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 53, protocol: 17 }),
    ...many(30, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 53,
      protocol: 17,
      clientPort: 40_000 + at,
      at: at * 30,
    })),
  ],
  stays: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 53, protocol: 17 }),
    ...many(30, (at) => ({
      client: '10.0.0.5',
      server: '203.0.113.9',
      port: 53,
      protocol: 17,
      clientPort: 40_000 + at,
      at: at * 30,
    })),
    ...many(5, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 53,
      protocol: 17,
      clientPort: 40_000 + at,
      at: at * 30,
    })),
  ],
};
