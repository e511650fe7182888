/**
 * One of ours tries one port, or ping, of many addresses outside, most of which do not answer.
 */
import type { QueryDetection } from '../detection.ts';
import { manyServers } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const outboundSweep: QueryDetection = {
  name: 'outbound-sweep',
  severity: 'high',
  meaning:
    'One of our addresses tried one port of at least 100 public addresses within an hour, and at least half did not answer.',
  falsePositives: 'Peer-to-peer software; a crawler with a list that is old.',
  technique: 'T1595.001',
  subject: ['client', 'port', 'protocol'],
  query: manyServers('outbound-sweep', 'out', 100),
  fires: many(150, (at) => ({
    client: '10.0.1.9',
    server: `198.51.${at}.7`,
    port: 23,
    at: at * 2,
    back: at % 9 === 0 ? [5, 400] : null,
  })),
  stays: [
    // A NAT gateway's fan-out: all of them answer.
    ...many(400, (at) => ({
      client: '10.0.0.5',
      server: `203.0.${at % 250}.${(at % 7) + 1}`,
      port: 443,
      clientPort: 33_000 + at,
      at,
    })),
    ...many(60, (at) => ({ client: '10.0.1.9', server: `198.51.${at}.7`, port: 23, at, back: null })),
  ],
};
