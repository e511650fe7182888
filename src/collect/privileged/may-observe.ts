/**
 * Whether the kernel of this host can be told to count or to judge, and how what it counts is read.
 *
 * In:    nothing. Out: the needs that `doctor` prints.
 * Holds: it is tried, by listing chains and opening a socket; nothing is changed.
 * Fails: never.
 */
import { closeSync, existsSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import type { Need, NeedFound } from '../../model/needs.ts';
import { ADDON_SOURCE, loadNetlink } from './netlink.ts';
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
  {
    name: 'netlink reader',
    gives: 'what the kernel counted at a fifth of the CPU (docs/performance.md); without it nft lists it',
    neededFor: ['tests'],
    look: (): Promise<NeedFound> => Promise.resolve(netlinkReader()),
  },
];

/** Whether the optional addon was built here and works. */
function netlinkReader(): NeedFound {
  const get = existsSync(ADDON_SOURCE)
    ? 'npm run native (Debian: sudo apt-get install -y gcc libc6-dev)'
    : 'a clone of flowgauge can build it; what npm installs cannot';
  const addon = loadNetlink();
  if (typeof addon === 'string') return { met: false, found: addon, get };
  const fd = addon.open(null);
  if (fd < 0) return { met: false, found: `no socket of netlink: ${getSystemErrorMessage(fd)}`, get: null };
  closeSync(fd);
  return { met: true, found: 'built', get: null };
}
