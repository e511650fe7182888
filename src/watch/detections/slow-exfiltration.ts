/**
 * One of ours sends a little all day to somebody outside who is new for it. No hour of it stands out.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { networkOf } from '../known.ts';
import { before, many } from '../told-conversations.ts';

export const slowExfiltration: QueryDetection = {
  name: 'slow-exfiltration',
  severity: 'medium',
  meaning:
    'One of ours that is known for three days or more sent to a public network that it spoke to for the first time within the last week, in at least eight hours of a day, five times what it got, 20 MB or more.',
  falsePositives: 'A new service that takes logs or measurements.',
  technique: 'T1030',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'slow-exfiltration',
    meaning: 'clients that sent in many hours of a day to somebody outside who is new for them, most hours first',
    parameters: {
      hours: least('hours of a day at least', 8),
      bytes: least('bytes sent in a day at least', 20_000_000),
      times: least('times what came back at least', 5),
    },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.client, edges.server, min(edges.port) AS port, min(edges.protocol) AS protocol,
      min(edges.first_seconds) AS first_seconds, max(edges.last_seconds) AS last_seconds, count(DISTINCT edges.hour) AS hours,
      sum(edges.bytes_sent) AS bytes_sent, sum(edges.bytes_back) AS bytes_back, min(news.since_seconds) AS known_since_seconds
    FROM fg_edges AS edges
    JOIN fg_new AS news ON news.kind = 'peer' AND news.subject = edges.client AND news.object = ${networkOf('edges.server')}
    WHERE edges.way = 'out' AND edges.answered > 0 AND edges.bytes_sent >= edges.bytes_back * ${d.parameter('times')}
      AND edges.first_seconds < news.first_seconds + 604800
    GROUP BY edges.client, edges.server, ${d.whole('edges.hour', '24')}
    HAVING count(DISTINCT edges.hour) >= ${d.parameter('hours')} AND sum(edges.bytes_sent) >= ${d.parameter('bytes')}
    ORDER BY hours DESC, bytes_sent DESC, edges.client, edges.server`,
  }),
  fires: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443 }),
    ...many(100, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 443,
      at: at * 360,
      lasts: 50,
      sent: [300, 400_000],
    })),
  ],
  stays: [
    ...before({ client: '10.0.0.5', server: '198.51.100.7', port: 443 }),
    // A service that takes logs: known for days.
    ...many(100, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 443,
      at: at * 360,
      lasts: 50,
      sent: [300, 400_000],
    })),
    // New, and over after three hours.
    ...many(100, (at) => ({
      client: '10.0.0.5',
      server: '203.0.113.8',
      port: 443,
      at: at * 100,
      lasts: 50,
      sent: [300, 400_000],
    })),
  ],
};
