/**
 * The internet may log in by ssh.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const sshFromInternet: QueryDetection = {
  name: 'ssh-from-internet',
  severity: 'medium',
  meaning: 'One of ours answered a public address at port 22: its security group lets the internet in.',
  falsePositives: 'A bastion host. Give it a suppression.',
  technique: 'T1021.004',
  subject: ['server', 'port'],
  query: openToInternet('ssh-from-internet', '22'),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 22 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 22 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 22, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 22, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 22 }),
  ],
};
