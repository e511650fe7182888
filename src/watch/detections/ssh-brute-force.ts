/**
 * Many short sessions of ssh from one address: passwords are tried.
 */
import type { QueryDetection } from '../detection.ts';
import { bruteForce } from '../questions.ts';
import { triedLogins } from '../tried-logins.ts';

export const sshBruteForce: QueryDetection = {
  name: 'ssh-brute-force',
  severity: 'medium',
  meaning: 'One address opened at least 60 short connections to the ssh of one of ours within an hour.',
  falsePositives: 'Programs that open a session for every command, such as old deployment scripts.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: bruteForce('ssh-brute-force', '22'),
  ...triedLogins(22),
};
