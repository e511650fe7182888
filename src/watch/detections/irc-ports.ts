/**
 * One of ours speaks IRC, which bots take orders by.
 */
import type { QueryDetection } from '../detection.ts';
import { speaksTo } from '../questions.ts';
import { many } from '../told-conversations.ts';

export const ircPorts: QueryDetection = {
  name: 'irc-ports',
  severity: 'medium',
  meaning: 'One of ours spoke to a public address at a port of IRC, in at least three records.',
  falsePositives: 'People who chat; a bot of yours.',
  technique: 'T1071',
  subject: ['client', 'server', 'port'],
  query: speaksTo('irc-ports', '6660-6669,6697', 3),
  fires: many(5, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 6667, at: at * 60, lasts: 50 })),
  stays: [
    ...many(20, (at) => ({ client: '10.0.0.5', server: '198.51.100.7', port: 443, clientPort: 6667, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.5', server: '10.0.0.6', port: 6667, at: at * 60 })),
    ...many(20, (at) => ({ client: '10.0.0.6', server: '198.51.100.7', port: 6667, at: at * 60, back: null })),
  ],
};
