/**
 * What the lab needs of the machine.
 *
 * In:    nothing. Out: the need that `doctor` prints.
 * Holds: it is tried: namespaces are made, with a device and a table of nftables in them, and are gone with the trial.
 * Fails: never.
 */
import type { Need, NeedFound } from '../../model/needs.ts';
import { sandboxMissing } from './sandbox.ts';

export const needs: readonly Need[] = [
  {
    name: 'namespaces',
    gives: 'the lab: VPCs of network namespaces on this machine',
    neededFor: ['lab', 'tests'],
    look: (): Promise<NeedFound> => {
      const missing = sandboxMissing();
      if (missing !== null) return Promise.resolve({ met: false, found: missing.why, get: missing.get });
      const who = process.getuid?.() === 0 ? 'as root' : 'in a user namespace, without root';
      return Promise.resolve({ met: true, found: `networks can be made, ${who}`, get: null });
    },
  },
];
