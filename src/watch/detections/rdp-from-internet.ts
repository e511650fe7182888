/**
 * The internet may log in by RDP.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const rdpFromInternet: QueryDetection = {
  name: 'rdp-from-internet',
  severity: 'high',
  meaning: 'One of ours answered a public address at port 3389: its security group lets the internet in.',
  falsePositives: 'A gateway of remote desktops that is meant to be there.',
  technique: 'T1021.001',
  subject: ['server', 'port'],
  query: openToInternet('rdp-from-internet', '3389'),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 3389 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 3389 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 3389, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 3389, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 3389 }),
  ],
};
