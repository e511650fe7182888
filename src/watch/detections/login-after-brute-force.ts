/**
 * After many short connections one that is long: a password was found.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { conversation, many } from '../told-conversations.ts';

export const loginAfterBruteForce: QueryDetection = {
  name: 'login-after-brute-force',
  severity: 'high',
  meaning:
    'An address that opened at least 60 short connections to a port for logging in had one on the same day with more than twenty times the bytes of the others.',
  falsePositives: 'Whoever runs programs by the hundred and a copy of files, each through a session of its own.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: watchQuery({
    name: 'login-after-brute-force',
    meaning: 'clients with many short connections and a long one to the same port for logging in, most bytes first',
    parameters: {
      least: least('connections at least', 60),
      bytes: least('bytes of the long connection at least', 100_000),
      times: least('times the bytes of the one in the middle at least', 20),
    },
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, server, port, 6 AS protocol, min(first_seconds) AS first_seconds,
      max(last_seconds) AS last_seconds, count(*) AS connections, max(bytes_sent + bytes_back) AS bytes_of_the_longest
    FROM fg_logins
    GROUP BY client, server, port, ${d.whole('hour', '24')}
    HAVING count(*) >= ${d.parameter('least')} AND max(bytes_sent + bytes_back) >= ${d.parameter('bytes')}
      AND max(bytes_sent + bytes_back) >= ${d.median('bytes_sent + bytes_back')} * ${d.parameter('times')}
      AND ${d.median('bytes_sent')} >= 600
    ORDER BY bytes_of_the_longest DESC, client, server, port`,
  }),
  fires: [
    ...many(90, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 22,
      clientPort: 40_000 + at,
      at: at * 10,
      sent: [14, 2300],
      back: [13, 2900],
    })),
    ...conversation({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 22,
      clientPort: 50_000,
      at: 1000,
      lasts: 50,
      sent: [900, 90_000],
      back: [900, 400_000],
    }),
  ],
  stays: [
    ...many(90, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 22,
      clientPort: 40_000 + at,
      at: at * 10,
      sent: [14, 2300],
      back: [13, 2900],
    })),
    ...conversation({
      client: '203.0.113.9',
      server: '10.0.0.5',
      port: 22,
      clientPort: 50_000,
      at: 1000,
      lasts: 50,
      sent: [900, 90_000],
      back: [900, 400_000],
    }),
  ],
};
