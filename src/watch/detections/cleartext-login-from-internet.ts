/**
 * The internet logs in without encryption.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const cleartextLoginFromInternet: QueryDetection = {
  name: 'cleartext-login-from-internet',
  severity: 'medium',
  meaning: 'One of ours answered a public address at FTP, telnet or the r-commands, which send passwords as they are.',
  falsePositives: 'An FTP server that is meant to be public.',
  technique: 'T1133',
  subject: ['server', 'port'],
  query: openToInternet('cleartext-login-from-internet', '21,23,512-514'),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 23 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 23 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 23, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 23, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 23 }),
  ],
};
