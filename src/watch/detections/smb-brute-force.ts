/**
 * Many short sessions of SMB from one address.
 */
import type { QueryDetection } from '../detection.ts';
import { bruteForce } from '../questions.ts';
import { triedLogins } from '../tried-logins.ts';

export const smbBruteForce: QueryDetection = {
  name: 'smb-brute-force',
  severity: 'medium',
  meaning: 'One address opened at least 60 short connections to the file shares of one of ours within an hour.',
  falsePositives: 'Terminal servers whose users share an address.',
  technique: 'T1110.001',
  subject: ['client', 'server', 'port'],
  query: bruteForce('smb-brute-force', '139,445'),
  ...triedLogins(445),
};
