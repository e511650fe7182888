/**
 * Many short connections from outside to a database. Programs of ours may do so all day; the internet may not.
 */
import type { QueryDetection } from '../detection.ts';
import { bruteForce } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const databaseBruteForce: QueryDetection = {
  name: 'database-brute-force',
  severity: 'medium',
  meaning: 'A public address opened at least 60 short connections to a database of ours within an hour.',
  falsePositives: 'A partner without a pool of connections.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: bruteForce('database-brute-force', '1433,1521,3306,5432,6379,27017', true),
  fires: many(90, (at) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port: 3306,
    clientPort: 40_000 + at,
    at: at * 10,
    lasts: 4,
    sent: [14, 2300],
    back: [13, 2900],
  })),
  stays: [
    // A health check, every ten seconds.
    ...many(360, (at) => ({
      client: '10.0.0.40',
      server: '10.0.0.5',
      port: 3306,
      clientPort: 40_000 + at,
      at: at * 10,
      lasts: 0,
      sent: [3, 140],
      back: [2, 92],
    })),
    // One long session, of which each minute has a record.
    ...many(59, (at) => ({
      client: '203.0.113.9',
      server: '10.0.0.6',
      port: 3306,
      at: at * 60,
      lasts: 50,
      sent: [40, 5000],
      back: [60, 9000],
    })),
    // Refused is not tried.
    ...many(90, (at) => ({
      client: '198.51.100.8',
      server: '10.0.0.5',
      port: 3306,
      clientPort: 40_000 + at,
      at: at * 10,
      back: null,
      action: 'REJECT',
    })),
  ],
};
