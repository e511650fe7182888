/**
 * One of ours speaks for long to a port that pools of miners use.
 */
import type { QueryDetection } from '../detection.ts';
import { speaksTo } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const cryptoPoolPorts: QueryDetection = {
  name: 'crypto-pool-ports',
  severity: 'high',
  meaning:
    'One of ours spoke to a public address at a port of mining pools or of a cryptocurrency, in at least five records.',
  falsePositives: 'A service of another kind at the same number; a node that you run.',
  technique: 'T1496.001',
  subject: ['client', 'server', 'port'],
  query: speaksTo('crypto-pool-ports', '3333,4444,5555,7777,8332,8333,9999,14444,18080,18081,30303,45560,45700', 5),
  fires: many(7, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 3333, at: at * 60, lasts: 50 })),
  stays: [
    ...many(20, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 443, clientPort: 3333, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.5', server: '10.0.0.6', port: 3333, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.6', server: '198.51.100.7', port: 3333, at: at * 60, back: null })),
  ],
};
