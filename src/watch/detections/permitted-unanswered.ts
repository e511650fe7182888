/**
 * Rules let connections in and nobody answers, at a port that was answered before: the service is down. A firewall would have refused.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { least } from '../detection.ts';
import { conversation, many } from '../told-conversations.ts';

export const permittedUnanswered: RuleDetection = {
  name: 'permitted-unanswered',
  severity: 'medium',
  meaning:
    'A port of ours at which connections were answered before got at least 20 in an hour that the rules let in and nobody answered.',
  falsePositives: 'A service that was moved; a host that was stopped.',
  technique: null,
  subject: ['server', 'port'],
  asks: 'permitted-unanswered',
  parameters: { least: least('connections within an hour at least', 20) },
  network: [
    [
      -900_000,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
      ]),
    ],
  ],
  fires: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: -7200 }),
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 443,
      clientPort: 41_000 + at,
      at: at * 60,
      sent: [3, 180],
      back: null,
    })),
  ],
  stays: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: -7200 }),
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 443,
      clientPort: 41_000 + at,
      at: at * 60,
    })),
    // Refused is a matter of rules.
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 22,
      clientPort: 41_000 + at,
      at: at * 60,
      back: null,
      action: 'REJECT',
    })),
    // Nobody ever answered here.
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 8443,
      clientPort: 41_000 + at,
      at: at * 60,
      sent: [3, 180],
      back: null,
    })),
  ],
};
