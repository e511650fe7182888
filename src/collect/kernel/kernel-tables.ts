/**
 * The table of flowgauge in one network namespace: its rules follow the network, its flow tables are read in generations.
 *
 * In:    networks, and when a generation is to end. Out: the flows of each generation, and what of it was lost.
 * Holds: calls run one after the other. A generation is
 *        read after the packets that still found it have passed; what its sets hold and what found no room is compared with its
 *        counters, and read again where that differs. A change of rules ends a generation with the same transaction, so
 *        that each generation is of one network. The table judges as long as somebody turns generations (`ALIVE`).
 * Fails: FG_NFT_FAILED; a generation that could not be read is read with the next end of it. FG_KERNEL_GONE where somebody else
 *        has taken the table away; the next `load` makes it anew.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Nft } from '../privileged/run-nft.ts';
import { TABLE } from '../privileged/nft-script.ts';
import { DISARM, REMOVAL } from '../privileged/serve-nft.ts';
import { failureFrom } from '../../model/errors.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { DecisionBook } from './book.ts';
import { COUNTERS, compileRules } from './compile.ts';
import type { FlowTables, Generation } from './flow-sets.ts';
import { ALIVE, emptyScript, flowTables, GENERATIONS, swapScript } from './flow-sets.ts';
import type { Ended, KernelSource, Ties } from './kernel-source.ts';
import { ListingReader } from './read-listing.ts';
import type { Ruleset } from './ruleset.ts';
import { scriptOf } from './ruleset.ts';

/** nft returns when old rules are out of use; so long the sets are left to come to rest. */
const REST_MILLIS = 100;
const MOST_READINGS = 3;

/** What may be told to the tables beside the network. */
export type TablesOptions = {
  /** Writes the book to disk; called before the kernel is told numbers that are new in it. */
  readonly keep?: (book: DecisionBook, snapshot: VpcSnapshot) => void;
};

/** The tables of one namespace. */
export class KernelTables implements KernelSource {
  readonly #nft: Nft;
  readonly #book: DecisionBook;
  readonly #tables: FlowTables;
  readonly #now: () => number;
  readonly #options: TablesOptions;
  #kept = 0;
  /** What the kernel has; null: nothing of ours, or what a process left that has gone. */
  #rules: Ruleset | null = null;
  #generation: Generation = GENERATIONS[0]!;
  /** Counters as they were when they were read last. */
  readonly #counted = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param shards  sets that share the flows of TCP and UDP
   * @param now     microseconds since 1970 UTC
   */
  constructor(nft: Nft, book: DecisionBook, shards: number, now: () => number, options: TablesOptions = {}) {
    this.#nft = nft;
    this.#book = book;
    this.#tables = flowTables(shards);
    this.#now = now;
    this.#options = options;
  }

  /**
   * Makes the kernel follow a network from now on.
   *
   * @returns what was counted under the network before, which ends with the same transaction; nothing where there was none
   */
  load(snapshot: VpcSnapshot, ties: Ties): Promise<Ended | undefined> {
    return this.#next(async () => {
      const next = compileRules(snapshot, ties, this.#book, this.#tables);
      if (this.#book.revision !== this.#kept) this.#options.keep?.(this.#book, snapshot);
      this.#kept = this.#book.revision;
      if (this.#rules !== null) {
        const turned = await this.#turn(this.#generation, scriptOf(next, this.#rules));
        this.#rules = next;
        return this.#readCounted(turned);
      }
      // Whatever stands there goes with the same transaction: names and numbers in it are another process's.
      await this.#nft(`${REMOVAL}${scriptOf(next, null)}${ALIVE}`);
      this.#rules = next;
      this.#generation = GENERATIONS[0]!;
      this.#counted.clear();
      return undefined;
    });
  }

  /** Ends the generation and gives what it had. */
  end(): Promise<Ended> {
    return this.#next(async () => this.#readCounted(await this.#turn(this.#generation)));
  }

  /** Takes the table away; what it had counted until then. */
  remove(): Promise<Ended | undefined> {
    return this.#next(async () => {
      const had = this.#rules === null ? undefined : await this.#turn(this.#generation, DISARM);
      const ended = had && (await this.#readCounted(had));
      await this.#nft(REMOVAL);
      this.#rules = null;
      return ended;
    });
  }

  /**
   * Reads what a process left that has gone; the numbers in it are those of its book. To be called before `load`, which
   * replaces it. None where nothing stands that can be read.
   */
  takeUp(): Promise<Ended[]> {
    return this.#next(async () => {
      const all: Ended[] = [];
      try {
        for (const generation of GENERATIONS) all.push(await this.#readStanding(await this.#turn(generation)));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
      return all;
    });
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Turns to the other generation, with what else is to hold from that moment on. */
  async #turn(ended: Generation, also = ''): Promise<Turned> {
    const next = ended === 'a' ? 'b' : 'a';
    const fromMicros = this.#now();
    try {
      await this.#nft(`${swapScript(this.#tables, ended, next)}${ALIVE}${also}`);
    } catch (error) {
      if (this.#rules === null || !isGone(error)) throw error;
      this.#rules = null;
      throw failureFrom(error, 'FG_KERNEL_GONE', error.message);
    }
    this.#generation = next;
    const turned = { ended, fromMicros, toMicros: this.#now() };
    await wait(REST_MILLIS);
    return turned;
  }

  /** Reads a generation, and again where it differs from what the counters say. */
  async #readCounted({ ended, fromMicros, toMicros }: Turned): Promise<Ended> {
    const counters = await this.#counters();
    const grown = (name: string): number => (counters.get(name) ?? 0) - (this.#counted.get(name) ?? 0);
    const kinds = this.#tables.kinds.filter((kind) => grown(this.#tables.counter(ended, kind)) > 0);
    const wanted = kinds.reduce((sum, kind) => sum + grown(this.#tables.counter(ended, kind)), 0);
    const endedMicros = (fromMicros + toMicros) / 2;
    let reader = await this.#read(endedMicros, ended, kinds);
    for (let readings = 1; reader.packets !== wanted && readings < MOST_READINGS; readings++)
      reader = await this.#read(endedMicros, ended, kinds);
    const passedOver = Object.fromEntries([...COUNTERS].map(([cause, name]) => [cause, grown(name)]));
    await this.#empty(ended);
    // Of the generation that goes on only what it had when it ended last is counted.
    for (const kind of this.#tables.kinds) {
      const name = this.#tables.counter(ended, kind);
      this.#counted.set(name, counters.get(name) ?? 0);
    }
    for (const name of COUNTERS.values()) this.#counted.set(name, counters.get(name) ?? 0);
    return endedOf(reader, fromMicros, passedOver, Math.max(0, wanted - reader.packets));
  }

  /** Reads a generation whose counters say nothing, for it is not known what was read of it: until two readings agree. */
  async #readStanding({ ended, fromMicros, toMicros }: Turned): Promise<Ended> {
    const endedMicros = (fromMicros + toMicros) / 2;
    let reader = await this.#read(endedMicros, ended, this.#tables.kinds);
    for (let readings = 1; readings < MOST_READINGS; readings++) {
      const before = reader.packets;
      reader = await this.#read(endedMicros, ended, this.#tables.kinds);
      if (reader.packets === before) break;
    }
    await this.#empty(ended);
    return endedOf(reader, fromMicros, {}, 0);
  }

  async #read(endedMicros: number, generation: Generation, kinds: FlowTables['kinds']): Promise<ListingReader> {
    const reader = new ListingReader(endedMicros);
    for (const kind of kinds)
      for (const { name, last } of this.#tables.sets(generation, kind))
        for (const set of [name, last]) {
          const listing = reader.flows(kind, set === last);
          await this.#nft(`list set ${TABLE} ${set}\n`, (text) => listing.push(text));
          listing.end();
        }
    const over = reader.over();
    await this.#nft(`list set ${TABLE} ${this.#tables.over(generation)}\n`, (text) => over.push(text));
    return reader;
  }

  #empty(generation: Generation): Promise<void> {
    const sets = this.#tables.kinds.flatMap((kind) => this.#tables.sets(generation, kind));
    return this.#nft(emptyScript([this.#tables.over(generation), ...sets.flatMap(({ name, last }) => [name, last])]));
  }

  async #counters(): Promise<ReadonlyMap<string, number>> {
    let text = '';
    await this.#nft(`list counters table ${TABLE}\n`, (piece) => (text += piece));
    const counters = new Map<string, number>();
    for (const [, name, packets] of text.matchAll(/counter (\w+) \{\s*packets (\d+)/g))
      counters.set(name!, Number(packets));
    return counters;
  }
}

/** A generation that has ended; between these two moments. */
type Turned = { readonly ended: Generation; readonly fromMicros: number; readonly toMicros: number };

function endedOf(
  { rows, lost, odd, firstOdd }: ListingReader,
  endMicros: number,
  passedOver: Ended['passedOver'],
  unread: number,
): Ended {
  return { rows, lost, odd, firstOdd, passedOver, unread, endMicros };
}

/** Whether something is not there that a script names: somebody else has taken the table away. */
function isGone(error: unknown): error is Error {
  return error instanceof Error && /No such file or directory|does not exist/.test(error.message);
}
