/**
 * What makes a table judge only as long as somebody reads what it counts.
 *
 * In:    nothing. Out: a chain before all others, and the script that keeps it open.
 * Holds: an element that the kernel takes away by itself when it is not made anew: whoever is killed, in whatever order, drops no
 *        packet of anybody for longer than that. What passes then is counted apart.
 */
import { TABLE } from '../privileged/nft-script.ts';
import type { Rules } from './ruleset.ts';

/** It has elements while somebody reads. */
const SET = 'alive_now';

/**
 * Adds the chain.
 *
 * @param counter  of what passes while nobody reads
 * @param next     where it leads
 * @returns        its name
 */
export function addAlive(to: Rules, counter: string, next: string): string {
  to.add('set', SET, 'type nf_proto; flags timeout;');
  to.chain('h_alive', [`meta nfproto != @${SET} counter name ${counter} accept`, `goto ${next}`]);
  return 'h_alive';
}

/** The script that keeps the table judging for half a minute; generations end at least every ten seconds. */
export const ALIVE: string = [
  `flush set ${TABLE} ${SET}`,
  `add element ${TABLE} ${SET} { ipv4 timeout 30s, ipv6 timeout 30s }`,
  '',
].join('\n');
