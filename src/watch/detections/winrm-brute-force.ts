/**
 * Many short sessions of WinRM from one address.
 */
import type { QueryDetection } from '../detection.ts';
import { bruteForce } from '../questions.ts';
import { triedLogins } from '../tried-logins.ts';

export const winrmBruteForce: QueryDetection = {
  name: 'winrm-brute-force',
  severity: 'medium',
  meaning: 'One address opened at least 60 short connections to the WinRM of one of ours within an hour.',
  falsePositives: 'Configuration tools that open a session for every step.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: bruteForce('winrm-brute-force', '5985,5986'),
  ...triedLogins(5985),
};
