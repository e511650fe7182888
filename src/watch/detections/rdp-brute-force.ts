/**
 * Many short sessions of RDP from one address.
 */
import type { QueryDetection } from '../detection.ts';
import { bruteForce } from '../questions.ts';
import { triedLogins } from '../tried-logins.ts';

export const rdpBruteForce: QueryDetection = {
  name: 'rdp-brute-force',
  severity: 'medium',
  meaning: 'One address opened at least 60 short connections to the RDP of one of ours within an hour.',
  falsePositives: 'A broker or gateway of remote desktops.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: bruteForce('rdp-brute-force', '3389'),
  ...triedLogins(3389),
};
