/**
 * One of ours tries many ports of another: somebody looks around from within.
 */
import type { QueryDetection } from '../detection.ts';
import { manyPorts } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const internalPortScan: QueryDetection = {
  name: 'internal-port-scan',
  severity: 'high',
  meaning: 'One of our addresses tried at least 20 ports of another of ours within an hour, without an answer.',
  falsePositives: 'A vulnerability scanner of your own; give it a suppression.',
  technique: 'T1046',
  subject: ['client', 'server'],
  query: manyPorts('internal-port-scan', 'within', 20),
  fires: many(30, (at) => ({
    client: '10.0.1.9',
    server: '10.0.0.5',
    port: 1000 + at * 7,
    at: at * 20,
    back: null,
    action: 'REJECT',
  })),
  stays: [
    ...many(12, (at) => ({
      client: '10.0.1.9',
      server: '10.0.0.5',
      port: 1000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
    // A client of passive FTP, or of an RPC service: every port answers.
    ...many(60, (at) => ({ client: '10.0.1.9', server: '10.0.0.6', port: 20_000 + at, clientPort: 50_000 + at, at })),
  ],
};
