/**
 * Room for counters, so that new flows find some.
 *
 * In:    how many counters a generation had. Out: scripts that make room for those of the next ones.
 * Holds: a counter lies in memory of each processor, which the kernel may only take from pages that are there already when a
 *        packet needs one; it keeps four empty ones, gets more when a thread of its own has time, and gives back what is empty. A
 *        page that is used for anything stays: so pages are filled with counters once, of which two in each are kept. It
 *        takes 16 bytes for each processor and counter. Nothing is made where flows are few: while room is made, others on the
 *        machine find less (ADR 62).
 * @see linux/mm/percpu.c: `pcpu_alloc` with GFP_ATOMIC, `PCPU_EMPTY_POP_PAGES_HIGH`; linux/net/netfilter/nft_counter.c
 */
import { setTimeout as wait } from 'node:timers/promises';
import { TABLE } from '../privileged/nft-script.ts';
import type { Nft } from '../privileged/run-nft.ts';

/** More has not been needed on two processors; and more memory than that is not taken. */
const MOST = 393_216;
const MOST_BYTES = 32 * 1024 * 1024;
const COUNTER_BYTES = 16;

/** The most counters for which room is made, with so many processors. */
export function spareCounters(processors: number): number {
  return Math.min(MOST, Math.floor(MOST_BYTES / COUNTER_BYTES / processors));
}

/** Below this the kernel's thread keeps up by itself. */
const FEW = 32_768;
/** While one generation is read and emptied the next one counts, and flows may become more. */
const GENERATIONS_AT_ONCE = 4;
/** Room grows by so much at least. */
const STEP = 32_768;

/**
 * How many counters there shall be room for.
 *
 * @param counters  of one generation
 * @param most      as of `spareCounters`
 */
export function wantedRoom(counters: number, most: number): number {
  return counters < FEW ? 0 : Math.min(most, Math.ceil((GENERATIONS_AT_ONCE * counters) / STEP) * STEP);
}

/** What keeps pages, and what fills them meanwhile. */
const KEPT_SET = 'n_spare_kept';
const FILLED_SET = 'n_spare';
/** One of so many is kept: two in a page. */
const KEPT = 128;
/** Of one script: the kernel is busy with it for some 20 ms. */
const LINE = 4096;
/** Of one turn, some 200 ms, in which swaps wait: where ends of generations come close together there are few turns. */
const TURN = 8 * LINE;
/** In between the kernel's thread gets pages, and others have their turn. */
const PAUSE_MILLIS = 150;

/**
 * The scripts that fill pages, to be run one after the other, and then `SPARE_END`.
 *
 * @param from  for so many there is room, a multiple of `KEPT`
 * @param to    for so many there shall be
 */
export function spareScripts(from: number, to: number): string[] {
  const scripts: string[] = [];
  for (let first = from; first < to; first += LINE) {
    const lines: string[] = [];
    for (let kept = first; kept < Math.min(first + LINE, to); kept += KEPT) {
      // The kernel makes them in this order.
      const filled = Array.from({ length: Math.min(KEPT, to - kept) - 1 }, (_, n) => kept + 1 + n);
      lines.push(`add element ${TABLE} ${KEPT_SET} { ${kept} }`);
      if (filled.length > 0) lines.push(`add element ${TABLE} ${FILLED_SET} { ${filled.join(', ')} }`);
    }
    scripts.push(`${lines.join('\n')}\n`);
  }
  return scripts;
}

/** Come before them. */
export const SPARE_BEGIN: string = [KEPT_SET, FILLED_SET]
  .map((name) => `add set ${TABLE} ${name} { type mark; counter; }\n`)
  .join('');
/** Leaves in the pages what keeps them. */
export const SPARE_END = `delete set ${TABLE} ${FILLED_SET}\n`;

/** The room of one table. */
export class SpareRoom {
  readonly #most: number;
  readonly #nft: Nft;
  readonly #next: (turn: () => Promise<void>) => Promise<void>;
  readonly #pause: () => Promise<unknown>;
  #room = 0;
  #table = 0;
  #made: Promise<void> = Promise.resolve();

  /**
   * @param most  as of `spareCounters`; 0: none is made
   * @param next  runs something when nothing else runs scripts
   * @param pause waits between two turns
   */
  constructor(
    most: number,
    nft: Nft,
    next: (turn: () => Promise<void>) => Promise<void>,
    pause: () => Promise<unknown> = () => wait(PAUSE_MILLIS),
  ) {
    this.#most = most;
    this.#nft = nft;
    this.#next = next;
    this.#pause = pause;
  }

  /** Settles when there is all the room that was wanted, as far as it can be made. */
  get made(): Promise<void> {
    return this.#made;
  }

  /** Counters for which there is room, or will be. */
  get counters(): number {
    return this.#room;
  }

  /** Makes room that generations of so many counters want and that is not there, while packets are judged and counted. */
  follow(counters: number): void {
    const wanted = wantedRoom(counters, this.#most);
    if (wanted <= this.#room) return;
    const [from, table] = [this.#room, this.#table];
    this.#room = wanted;
    this.#made = this.#made.then(() => this.#make(from, wanted, table));
  }

  /** The table is another one now. */
  forget(): void {
    this.#room = 0;
    this.#table++;
  }

  async #make(from: number, to: number, table: number): Promise<void> {
    const run = async (scripts: readonly string[]): Promise<void> => {
      await this.#next(async () => {
        for (const script of scripts) if (table === this.#table) await this.#nft(script);
      });
      await this.#pause();
    };
    try {
      await run([SPARE_BEGIN]);
      for (let at = from; at < to; at += TURN) await run(spareScripts(at, Math.min(to, at + TURN)));
      await run([SPARE_END]);
    } catch {
      // Where it cannot be made, bursts may be lost, and are counted.
    }
  }
}
