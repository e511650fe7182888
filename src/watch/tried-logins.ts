/**
 * Records of passwords that are tried, and of what looks like it, for the detections of brute force.
 *
 * In:    the port of a login. Out: what fires such a detection, and what does not.
 */
import type { QueryDetection } from './detection.ts';
import { many } from './told-conversations.ts';

/** @param port  where the login is */
export const triedLogins = (port: number): Pick<QueryDetection, 'fires' | 'stays'> => ({
  fires: many(90, (at) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port,
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
      port,
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
      port,
      at: at * 60,
      lasts: 50,
      sent: [40, 5000],
      back: [60, 9000],
    })),
    // Refused is not tried.
    ...many(90, (at) => ({
      client: '198.51.100.8',
      server: '10.0.0.5',
      port,
      clientPort: 40_000 + at,
      at: at * 10,
      back: null,
      action: 'REJECT',
    })),
  ],
});
