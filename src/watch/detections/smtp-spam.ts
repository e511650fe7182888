/**
 * One of ours brings mail to many servers.
 */
import type { QueryDetection } from '../detection.ts';
import { least, ports, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const smtpSpam: QueryDetection = {
  name: 'smtp-spam',
  severity: 'high',
  meaning: 'One of ours spoke to at least 30 public mail servers within an hour.',
  falsePositives: 'A mail server of your own. Give it a suppression.',
  technique: 'T1496',
  subject: ['client'],
  query: watchQuery({
    name: 'smtp-spam',
    meaning: 'clients that spoke to many mail servers within an hour, most servers first',
    parameters: {
      least: least('mail servers at least', 30),
      ports: ports('ports that take mail', '25,465,587'),
    },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, min(port) AS port, 6 AS protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT server) AS servers, sum(bytes_sent) AS bytes_sent
    FROM fg_edges
    WHERE way = 'out' AND protocol = 6 AND opened > 0 AND ${d.among('port', 'ports')}
    GROUP BY client, hour
    HAVING count(DISTINCT server) >= ${d.parameter('least')}
    ORDER BY servers DESC, client, first_seconds`,
  }),
  fires: many(40, (at) => ({
    client: '10.0.0.5',
    server: `198.51.${at}.7`,
    port: 25,
    clientPort: 40_000 + at,
    at: at * 30,
  })),
  stays: [
    // All mail goes through one relay.
    ...many(40, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 587,
      clientPort: 40_000 + at,
      at: at * 30,
    })),
    ...many(40, (at) => ({
      client: '10.0.0.5',
      server: `198.51.${at}.8`,
      port: 443,
      clientPort: 40_000 + at,
      at: at * 30,
    })),
  ],
};
