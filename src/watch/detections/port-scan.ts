/**
 * Somebody outside tries many ports of one of ours within an hour. The usual noise of the internet tries a few.
 */
import type { QueryDetection } from '../detection.ts';
import { manyPorts } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const portScan: QueryDetection = {
  name: 'port-scan',
  severity: 'low',
  meaning: 'A public address tried at least a hundred ports of one of our addresses within an hour.',
  falsePositives: 'A scan that you ordered; surveys of the whole internet that look at thousands of ports.',
  technique: 'T1046',
  subject: ['client', 'server'],
  query: manyPorts('port-scan', 'in', 100),
  fires: many(120, (at) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port: 1000 + at * 7,
    at: at * 20,
    back: null,
    action: 'REJECT',
  })),
  stays: [
    ...many(60, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 1000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
    // Each of many scanners tries little.
    ...many(200, (at) => ({
      client: `198.51.100.${at % 100}`,
      server: '10.0.0.5',
      port: 2000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
    // All of these answer.
    ...many(150, (at) => ({ client: '203.0.113.9', server: '10.0.0.6', port: 20_000 + at, clientPort: 50_000, at })),
  ],
};
