/**
 * One of ours sends much to a network outside to which it never sent before.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { networkOf } from '../known.ts';
import { before, many } from '../told-conversations.ts';

export const uploadToNewPeer: QueryDetection = {
  name: 'upload-to-new-peer',
  severity: 'high',
  meaning:
    'One of ours that is known for three days or more sent at least 50 MB in a day to a public network that it never spoke to before, and got little back.',
  falsePositives: 'A new backup, a new partner, at the first use.',
  technique: 'T1048',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'upload-to-new-peer',
    meaning: 'clients that sent much to somebody outside who is new for them, most bytes first',
    parameters: {
      bytes: least('bytes sent in a day at least', 50_000_000),
      times: least('times what came back at least', 3),
    },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.client, edges.server, min(edges.port) AS port, min(edges.protocol) AS protocol,
      min(edges.first_seconds) AS first_seconds, max(edges.last_seconds) AS last_seconds, sum(edges.bytes_sent) AS bytes_sent,
      sum(edges.bytes_back) AS bytes_back, min(news.since_seconds) AS known_since_seconds
    FROM fg_edges AS edges
    JOIN fg_new AS news ON news.kind = 'peer' AND news.subject = edges.client AND news.object = ${networkOf('edges.server')}
    WHERE edges.way = 'out' AND edges.answered > 0 AND edges.first_seconds < news.first_seconds + 86400
    GROUP BY edges.client, edges.server, ${d.whole('edges.hour', '24')}
    HAVING sum(edges.bytes_sent) >= ${d.parameter('bytes')} AND sum(edges.bytes_sent) >= sum(edges.bytes_back) * ${d.parameter('times')}
    ORDER BY bytes_sent DESC, edges.client, edges.server`,
  }),
  fires: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443 }),
    ...many(6, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 443,
      at: at * 60,
      sent: [9000, 11_000_000],
    })),
  ],
  stays: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443 }),
    // To whom it always sends, and from whom it fetches.
    ...many(6, (at) => ({
      client: '10.0.0.5',
      server: '203.0.113.9',
      port: 443,
      at: at * 60,
      sent: [9000, 11_000_000],
    })),
    ...many(6, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 443,
      at: at * 60,
      sent: [900, 70_000],
      back: [9000, 11_000_000],
    })),
    // Nothing is known of this one.
    ...many(6, (at) => ({
      client: '10.0.0.6',
      server: '198.51.100.7',
      port: 443,
      at: at * 60,
      sent: [9000, 11_000_000],
    })),
  ],
};
