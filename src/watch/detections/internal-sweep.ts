/**
 * One of ours tries one port, or ping, of many of ours, most of which do not answer: it does not know who is there.
 */
import type { QueryDetection } from '../detection.ts';
import { manyServers } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const internalSweep: QueryDetection = {
  name: 'internal-sweep',
  severity: 'high',
  meaning:
    'One of our addresses tried one port of at least 30 of ours within an hour, and at least half did not answer.',
  falsePositives: 'Discovery by an inventory or a monitor that is new. A monitor whose targets answer is not told.',
  technique: 'T1018',
  subject: ['client', 'port', 'protocol'],
  query: manyServers('internal-sweep', 'within', 30),
  fires: many(60, (at) => ({
    client: '10.0.1.9',
    server: `10.0.3.${at + 1}`,
    port: 445,
    at: at * 2,
    back: at % 9 === 0 ? [5, 400] : null,
    seenBy: 'client',
  })),
  stays: [
    // A monitor that touches 1,000 addresses each minute, of which two in a hundred are gone.
    ...many(1000, (at) => ({
      client: '10.0.9.9',
      server: `10.${16 + (at >> 8)}.0.${at & 255}`,
      port: 9100,
      at: at % 60,
      back: at % 50 === 49 ? null : [8, 9000],
      seenBy: 'client',
    })),
    ...many(20, (at) => ({
      client: '10.0.1.9',
      server: `10.0.3.${at + 1}`,
      port: 445,
      at,
      back: null,
      seenBy: 'client',
    })),
  ],
};
