/**
 * One of ours speaks to a port that ready-made tools of attackers listen at.
 */
import type { QueryDetection } from '../detection.ts';
import { speaksTo } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const backdoorPorts: QueryDetection = {
  name: 'backdoor-ports',
  severity: 'medium',
  meaning:
    'One of ours spoke to a public address at a port that is the usual one of a backdoor, in at least three records.',
  falsePositives: 'A service of another kind at the same number.',
  technique: 'T1571',
  subject: ['client', 'server', 'port'],
  query: speaksTo('backdoor-ports', '1337,4445,5554,12345,31337,50050,54321', 3),
  fires: many(5, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 31337, at: at * 60, lasts: 50 })),
  stays: [
    ...many(20, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 443, clientPort: 31337, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.5', server: '10.0.0.6', port: 31337, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.6', server: '198.51.100.7', port: 31337, at: at * 60, back: null })),
  ],
};
