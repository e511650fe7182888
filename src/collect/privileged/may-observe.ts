/**
 * Whether the kernel of this host can be told to count or to judge.
 *
 * In:    nothing. Out: the need that `doctor` prints.
 * Holds: it is tried, by listing chains; nothing is changed.
 * Fails: never.
 */
import type { Need, NeedFound } from '../../model/needs.ts';
import { CHAINS } from './nft-script.ts';
import { localNft } from './run-nft.ts';

/** What observing and enforcing need of the machine. */
export const needs: readonly Need[] = [
  {
    name: 'permission to use nft',
    gives: "real verdicts of this host's firewall (`up --observe`), and enforcement; without it packets are captured",
    neededFor: ['tests'],
    look: async (): Promise<NeedFound> => {
      try {
        await localNft(null)(CHAINS);
        return { met: true, found: 'chains of nftables can be listed', get: null };
      } catch (error) {
        const why = error instanceof Error ? error.message.split(';')[0]! : String(error);
        return { met: false, found: why, get: 'sudo apt-get install -y nftables, and run with sudo or CAP_NET_ADMIN' };
      }
    },
  },
];
