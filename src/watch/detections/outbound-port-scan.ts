/**
 * One of ours tries many ports of somebody outside.
 */
import type { QueryDetection } from '../detection.ts';
import { manyPorts } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const outboundPortScan: QueryDetection = {
  name: 'outbound-port-scan',
  severity: 'high',
  meaning: 'One of our addresses tried at least 30 ports of one public address within an hour, without an answer.',
  falsePositives: 'A scanner of your own that looks at your public addresses.',
  technique: 'T1595.001',
  subject: ['client', 'server'],
  query: manyPorts('outbound-port-scan', 'out', 30),
  fires: many(40, (at) => ({
    client: '10.0.1.9',
    server: '198.51.100.7',
    port: 1000 + at * 7,
    at: at * 20,
    back: null,
  })),
  stays: [
    ...many(12, (at) => ({ client: '10.0.1.9', server: '198.51.100.7', port: 1000 + at, at, back: null })),
    ...many(60, (at) => ({ client: '10.0.1.9', server: '198.51.100.8', port: 443, clientPort: 50_000 + at, at })),
  ],
};
