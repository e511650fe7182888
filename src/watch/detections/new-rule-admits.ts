/**
 * A rule that was added, or says something else now, admits traffic: what it opened is used.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { least } from '../detection.ts';
import { conversation } from '../told-conversations.ts';

export const newRuleAdmits: RuleDetection = {
  name: 'new-rule-admits',
  severity: 'low',
  meaning: 'A rule that was added or changed less than a day before began to admit traffic.',
  falsePositives: 'Every rule that is added to be used. It is a list for whoever reviews changes.',
  technique: 'T1562.007',
  subject: ['rule_id'],
  asks: 'new-rule-admits',
  parameters: {
    least: least('conversations at least', 1),
    within: { type: 'duration', meaning: 'how long before the first record a rule may have been added', default: '1d' },
  },
  network: [
    [
      -7200,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
      ]),
    ],
    [
      0,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
        ['sgr-new', 'sg-a', 'in', 'tcp', 8080, 8080, '0.0.0.0/0'],
        ['sgr-new6', 'sg-a', 'in', 'tcp', 8080, 8080, '::/0'],
      ]),
    ],
  ],
  fires: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: -600 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 8080, at: 600 }),
  ],
  stays: [
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: -600 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: 600 }),
  ],
};
