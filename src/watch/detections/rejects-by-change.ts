/**
 * Conversations that were let through are refused since a rule changed.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { least } from '../detection.ts';
import { conversation, many } from '../told-conversations.ts';

export const rejectsByChange: RuleDetection = {
  name: 'rejects-by-change',
  severity: 'medium',
  meaning: 'A change of rules, groups, ACLs or addresses made conversations fail that were let through before.',
  falsePositives: 'A change that was meant to stop them.',
  technique: null,
  subject: ['rule_id'],
  asks: 'rejects-by-change',
  parameters: { least: least('rejected records at least', 10) },
  network: [
    [
      -7200,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
        ['sgr-new', 'sg-a', 'in', 'tcp', 8080, 8080, '0.0.0.0/0'],
        ['sgr-new6', 'sg-a', 'in', 'tcp', 8080, 8080, '::/0'],
      ]),
    ],
    [
      0,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
      ]),
    ],
  ],
  fires: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 8080, at: -600 }),
    ...many(12, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 8080,
      at: 600 + at * 60,
      back: null,
      action: 'REJECT',
    })),
  ],
  stays: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: -600 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: 600 }),
    // Refused before, refused now.
    ...many(12, (at) => ({
      client: '198.51.100.7',
      server: '10.0.1.5',
      port: 22,
      at: 600 + at * 60,
      back: null,
      action: 'REJECT',
    })),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 8080, at: 600, back: null, action: 'REJECT' }),
  ],
};
