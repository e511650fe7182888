/**
 * The way in is open and the way back is not: a network ACL, which knows no connections, refuses the answers.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { least } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const returnPathBlocked: RuleDetection = {
  name: 'return-path-blocked',
  severity: 'medium',
  meaning:
    'Answers of conversations that were let in are refused by a network ACL: it lacks an entry for the ports of clients.',
  falsePositives: 'None is known; a scanner whose own ports are odd may be refused so.',
  technique: null,
  subject: ['server', 'port'],
  asks: 'return-path-blocked',
  parameters: { least: least('records of refused answers at least', 5) },
  network: [
    [
      -900_000,
      network(
        [
          ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
          ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
        ],
        [
          [100, 'in', 'allow', '-1', -1, -1, '0.0.0.0/0'],
          [101, 'in', 'allow', '-1', -1, -1, '::/0'],
          [100, 'out', 'allow', '6', 443, 443, '0.0.0.0/0'],
        ],
      ),
    ],
  ],
  fires: many(6, (at) => ({
    client: '198.51.100.7',
    server: '10.0.1.5',
    port: 443,
    clientPort: 41_000 + at,
    at: at * 60,
    backAction: 'REJECT',
  })),
  stays: [
    ...many(6, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 443,
      clientPort: 41_000 + at,
      at: at * 60,
    })),
    ...many(6, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 22,
      clientPort: 41_000 + at,
      at: at * 60,
      back: null,
      action: 'REJECT',
    })),
  ],
};
