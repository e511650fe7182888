/**
 * Somebody outside goes through our addresses, one port of each.
 */
import type { QueryDetection } from '../detection.ts';
import { manyServers } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const inboundSweep: QueryDetection = {
  name: 'inbound-sweep',
  severity: 'low',
  meaning:
    'A public address tried one port of at least 128 of our addresses within an hour, and at least half did not answer.',
  falsePositives: 'Surveys of the internet, where you have many public addresses. Raise `least` to more than you have.',
  technique: 'T1595.001',
  subject: ['client', 'port', 'protocol'],
  query: manyServers('inbound-sweep', 'in', 128),
  fires: many(200, (at) => ({
    client: '198.51.100.7',
    server: `10.0.4.${at}`,
    port: 445,
    at: at * 2,
    back: null,
    action: 'REJECT',
  })),
  stays: many(50, (at) => ({
    client: '198.51.100.7',
    server: `10.0.4.${at}`,
    port: 445,
    at: at * 2,
    back: null,
    action: 'REJECT',
  })),
};
