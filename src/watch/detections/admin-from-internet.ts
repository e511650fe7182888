/**
 * The internet reaches what machines and clusters are administered by.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const adminFromInternet: QueryDetection = {
  name: 'admin-from-internet',
  severity: 'high',
  meaning:
    'One of ours answered a public address at a port for administration: WinRM, VNC, Docker, Kubernetes, etcd, kubelet.',
  falsePositives: 'A control plane that is meant to be public and asks for certificates.',
  technique: 'T1133',
  subject: ['server', 'port'],
  query: openToInternet('admin-from-internet', '2375,2376,2379,5900-5903,5985,5986,6443,10250'),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 2375 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 2375 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 2375, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 2375, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 2375 }),
  ],
};
