/**
 * The internet reaches file shares.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const fileShareFromInternet: QueryDetection = {
  name: 'file-share-from-internet',
  severity: 'high',
  meaning: 'One of ours answered a public address at SMB, NFS, rsync or the port mapper.',
  falsePositives: 'An rsync mirror that is meant to be public.',
  technique: 'T1133',
  subject: ['server', 'port'],
  query: openToInternet('file-share-from-internet', '111,139,445,873,2049'),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 445 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 445 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 445, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 445, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 445 }),
  ],
};
