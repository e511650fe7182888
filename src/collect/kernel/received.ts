/**
 * How many packets the devices of this network namespace have received.
 *
 * In:    /proc/net/dev. Out: a sum since they were made.
 * Holds: what goes through `lo` is left out. A device that goes takes its packets along: the sum may fall.
 * Fails: never; where it cannot be read there are none.
 * @see linux/net/core/net-procfs.c: bytes and packets received stand first behind a name
 */
import { readFileSync } from 'node:fs';

const DEVICE = /^ *([^\s:]+): *\d+ +(\d+)/gm;

/**
 * Reads the sum.
 *
 * @param path  another file of that form
 */
export function packetsReceived(path: string = '/proc/net/dev'): number {
  try {
    let sum = 0;
    for (const [, name, packets] of readFileSync(path, 'latin1').matchAll(DEVICE))
      if (name !== 'lo') sum += Number(packets);
    return sum;
  } catch {
    return 0;
  }
}
