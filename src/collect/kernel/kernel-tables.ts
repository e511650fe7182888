/**
 * The table of flowgauge in one network namespace: its rules follow the network, its flow tables are read in generations.
 *
 * In:    networks, and when a generation is to end. Out: the flows of each generation, and what of it was lost.
 * Holds: calls run one after the other. A change of rules is one transaction and leaves the flow tables alone. A generation is
 *        read after the packets that still found it have passed; what its sets hold and what found no room is compared with its
 *        counters, and read again where that differs.
 * Fails: FG_NFT_FAILED; a generation that could not be read is read with the next end of it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Nft } from '../privileged/run-nft.ts';
import { TABLE } from '../privileged/nft-script.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { DecisionBook } from './book.ts';
import type { Ties } from './compile.ts';
import { COUNTERS, compileRules } from './compile.ts';
import type { FlowRows } from './flow-rows.ts';
import type { FlowTables, Generation } from './flow-sets.ts';
import { emptyScript, flowTables, GENERATIONS, swapScript } from './flow-sets.ts';
import type { GenerationSets } from './read-generation.ts';
import { Counters, readGeneration, setNames } from './read-generation.ts';
import { ListingReader } from './read-listing.ts';
import type { Ruleset } from './ruleset.ts';
import { scriptOf } from './ruleset.ts';

/** nft returns when old rules are out of use; so long the sets are left to come to rest. */
export const REST_MILLIS = 100;

/** What a generation had. */
export type Ended = {
  readonly rows: FlowRows;
  /** Packets that found no room, by decision. */
  readonly lost: ReadonlyMap<number, number>;
  /** Packets that counters have and neither rows nor `lost`: at which interface is not known. */
  readonly unread: number;
  /** Packets that were no observation, by cause, since the last generation. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** Elements that could not be read, and the first of them. */
  readonly odd: number;
  readonly firstOdd: string | null;
  /** All packets before this time are in this generation or one before it. */
  readonly endMicros: number;
};

/** The tables of one namespace. */
export class KernelTables {
  readonly #nft: Nft;
  readonly #book: DecisionBook;
  readonly #tables: FlowTables;
  readonly #now: () => number;
  /** What the kernel has; null: not known. */
  #rules: Ruleset | null = null;
  #generation: Generation = GENERATIONS[0]!;
  readonly #counters = new Counters();
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param shards  sets that share the flows of TCP and UDP
   * @param now     microseconds since 1970 UTC
   */
  constructor(nft: Nft, book: DecisionBook, shards: number, now: () => number) {
    this.#nft = nft;
    this.#book = book;
    this.#tables = flowTables(shards);
    this.#now = now;
  }

  /** Makes the kernel follow a network from now on. */
  load(snapshot: VpcSnapshot, ties: Ties): Promise<void> {
    return this.#next(async () => {
      const next = compileRules(snapshot, ties, this.#book, this.#tables);
      await this.#nft(scriptOf(next, this.#rules));
      this.#rules = next;
    });
  }

  /** Ends the generation and gives what it had. */
  end(): Promise<Ended> {
    return this.#next(() => this.#end());
  }

  /** Takes the table away; what it holds is lost. */
  remove(): Promise<void> {
    return this.#next(async () => {
      await this.#nft(`add table ${TABLE}\ndelete table ${TABLE}\n`);
      this.#rules = null;
    });
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  async #end(): Promise<Ended> {
    const ended = this.#generation;
    const next = ended === 'a' ? 'b' : 'a';
    const from = this.#now();
    await this.#nft(swapScript(this.#tables, ended, next));
    const to = this.#now();
    this.#generation = next;
    await wait(REST_MILLIS);
    await this.#counters.read(this.#nft);
    const generation: GenerationSets = {
      kinds: this.#tables.kinds.map((kind) => ({
        kind,
        counter: this.#tables.counter(ended, kind),
        sets: this.#tables.sets(ended, kind),
      })),
      over: this.#tables.over(ended),
    };
    const begin = (): ListingReader => new ListingReader((from + to) / 2);
    const { reader, unread } = await readGeneration(this.#nft, generation, this.#counters, begin);
    const passedOver = Object.fromEntries([...COUNTERS].map(([cause, name]) => [cause, this.#counters.grown(name)]));
    await this.#nft(emptyScript(setNames(generation)));
    // Of the generation that goes on only what it had when it ended last is counted.
    this.#counters.settle([...generation.kinds.map(({ counter }) => counter), ...COUNTERS.values()]);
    const { rows, lost, odd, firstOdd } = reader;
    return { rows, lost, odd, firstOdd, passedOver, unread, endMicros: from };
  }
}
