/**
 * One of ours speaks to ports that relays of Tor use.
 */
import type { QueryDetection } from '../detection.ts';
import { speaksTo } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const torPorts: QueryDetection = {
  name: 'tor-ports',
  severity: 'medium',
  meaning: 'One of ours spoke to a public address at a port of Tor, in at least three records.',
  falsePositives: 'A service of another kind at 9001.',
  technique: 'T1090.003',
  subject: ['client', 'server', 'port'],
  query: speaksTo('tor-ports', '9001,9030,9050,9051,9150,9151', 3),
  fires: many(5, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 9001, at: at * 60, lasts: 50 })),
  stays: [
    ...many(20, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 443, clientPort: 9001, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.5', server: '10.0.0.6', port: 9001, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.6', server: '198.51.100.7', port: 9001, at: at * 60, back: null })),
  ],
};
