/**
 * Room for counters, so that a burst of new flows finds some.
 *
 * In:    how many counters. Out: the scripts that make the room.
 * Holds: a counter lies in memory of each processor, which the kernel may only take from pages that are there already when a
 *        packet needs one, and it keeps four empty ones (some thousand counters) until a thread of its own has time to get more. A
 *        page that is used for anything stays: so pages are filled with counters once, of which a few in each are kept. It
 *        takes 16 bytes for each processor and counter, and 1.2 s of CPU for 262,144.
 * @see linux/mm/percpu.c: `pcpu_alloc` with GFP_ATOMIC, `PCPU_EMPTY_POP_PAGES_HIGH`; linux/net/netfilter/nft_counter.c
 */
import { TABLE } from '../privileged/nft-script.ts';

/** More has not been needed on two processors; and more memory than that is not taken. */
const MOST = 262_144;
const MOST_BYTES = 32 * 1024 * 1024;
const COUNTER_BYTES = 16;

/** What collections ask for, with so many processors. */
export function spareCounters(processors: number): number {
  return Math.min(MOST, Math.floor(MOST_BYTES / COUNTER_BYTES / processors));
}

const SET = 'n_spare';
/** One of so many is kept: two in a page. */
const KEPT = 128;
/** Of one script: the kernel is busy with it for some 20 ms, and swaps wait meanwhile. */
const LINE = 4096;

/** Fill a set, then leave in it what keeps the pages; to be run one after the other. */
export function spareScripts(count: number): string[] {
  const lines = (command: string, wanted: (n: number) => boolean): string[] => {
    const all: string[] = [];
    for (let from = 0; from < count; from += LINE) {
      const numbers = Array.from({ length: Math.min(LINE, count - from) }, (_, n) => from + n).filter(wanted);
      all.push(`${command} element ${TABLE} ${SET} { ${numbers.join(', ')} }\n`);
    }
    return all;
  };
  const set = `add set ${TABLE} ${SET} { type mark; size ${count}; counter; }\n`;
  return count === 0 ? [] : [set, ...lines('add', () => true), ...lines('delete', (n) => n % KEPT !== 0)];
}

/**
 * Makes room while packets are judged and counted without it; between two scripts others have their turn. Where it cannot be
 * made, bursts may be lost, and are counted.
 *
 * @param count  counters, as of `spareCounters`
 * @param run    runs a script when no other runs
 */
export async function makeRoom(count: number, run: (script: string) => Promise<unknown>): Promise<void> {
  try {
    for (const script of spareScripts(count)) await run(script);
  } catch {
    // As said above.
  }
}
