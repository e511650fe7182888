/**
 * One of ours that has served for days serves the internet at a port at which it never did.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { before, many } from '../told-conversations.ts';

export const newListeningPort: QueryDetection = {
  name: 'new-listening-port',
  severity: 'medium',
  meaning:
    'One of ours that is known for three days or more answered public addresses at a port at which it never answered before.',
  falsePositives: 'A new service, at its first use.',
  technique: 'T1571',
  subject: ['server', 'port', 'protocol'],
  query: watchQuery({
    name: 'new-listening-port',
    meaning: 'servers that answered somebody outside at a port that is new for them, most bytes first',
    parameters: {
      least: least('records of conversations at least', 3),
      bytes: least('bytes that it sent at least', 1000),
    },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.server, edges.port, edges.protocol, min(edges.first_seconds) AS first_seconds,
      max(edges.last_seconds) AS last_seconds, count(DISTINCT edges.client) AS clients, min(edges.client) AS example_client,
      sum(edges.bytes_back) AS bytes_back, min(news.since_seconds) AS known_since_seconds
    FROM fg_edges AS edges
    JOIN fg_new AS news ON news.kind = 'serves' AND news.subject = edges.server
      AND news.object = CAST(edges.port AS VARCHAR) || '/' || CAST(edges.protocol AS VARCHAR)
    WHERE edges.way = 'in' AND edges.answered > 0 AND (edges.protocol <> 6 OR edges.started > 0)
      AND edges.first_seconds < news.first_seconds + 86400
    GROUP BY edges.server, edges.port, edges.protocol
    HAVING sum(edges.answered) >= ${d.parameter('least')} AND sum(edges.bytes_back) >= ${d.parameter('bytes')}
    ORDER BY bytes_back DESC, edges.server, edges.port, edges.protocol`,
  }),
  fires: [
    ...before({ client: '203.0.113.9', server: '10.0.0.5', port: 443 }),
    ...many(4, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 4444,
      clientPort: 40_000 + at,
      at: at * 60,
    })),
  ],
  stays: [
    ...before({ client: '203.0.113.9', server: '10.0.0.5', port: 443 }),
    ...many(4, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 443,
      clientPort: 40_000 + at,
      at: at * 60,
    })),
    // Nothing is known of this one: all that it does is new.
    ...many(4, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.6',
      port: 8443,
      clientPort: 40_000 + at,
      at: at * 60,
    })),
    ...before({ client: '203.0.113.9', server: '10.0.0.7', port: 8443 }),
    ...many(4, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.7',
      port: 4444,
      at: at * 60,
      back: null,
      action: 'REJECT',
    })),
  ],
};
