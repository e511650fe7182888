/**
 * A rule that was there all the time admits traffic for the first time: a door that nobody used.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { before, conversation } from '../told-conversations.ts';

export const ruleFirstUse: RuleDetection = {
  name: 'rule-first-use',
  severity: 'low',
  meaning: 'A rule that admitted nothing for three days or more, while others did, admits traffic.',
  falsePositives: 'A rule for something rare: the end of a month, a failover.',
  technique: 'T1021',
  subject: ['rule_id'],
  asks: 'rule-first-use',
  parameters: {},
  network: [
    [
      -900_000,
      network([
        ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-web6', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
        ['sgr-new', 'sg-a', 'in', 'tcp', 8080, 8080, '0.0.0.0/0'],
        ['sgr-new6', 'sg-a', 'in', 'tcp', 8080, 8080, '::/0'],
      ]),
    ],
  ],
  fires: [
    ...before({ client: '198.51.100.7', server: '10.0.1.5', port: 443 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 8080, at: 600 }),
  ],
  stays: [
    ...before({ client: '198.51.100.7', server: '10.0.1.5', port: 443 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 443, at: 600 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.1.5', port: 8080, at: 600, back: null, action: 'REJECT' }),
  ],
};
