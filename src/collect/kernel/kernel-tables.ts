/**
 * The table of flowgauge in one network namespace: its rules follow the network, its flow tables are read in generations.
 *
 * In:    networks, and when a generation is to end. Out: the flows of each generation, and what of it was lost.
 * Holds: calls run one after the other. A generation is
 *        read after the packets that still found it have passed; what its sets hold and what found no room is compared with its
 *        counters, and read again where that differs. A change of rules ends a generation with the same transaction, so
 *        that each generation is of one network. Sets in which nothing was counted are left as they are. The table judges as long as
 *        somebody turns generations (`ALIVE`). Counters are 0 once they are read: where what they said was lost, all sets of both generations are read, and each is unsure once.
 * Fails: FG_NFT_FAILED; a generation that could not be read is read with the next end of it. FG_KERNEL_GONE where somebody else
 *        has taken the table away; the next `load` makes it anew.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ListSets } from '../privileged/list-sets.ts';
import { listByNft } from '../privileged/list-sets.ts';
import type { Nft } from '../privileged/run-nft.ts';
import { DISARM, REMOVAL } from '../privileged/serve-nft.ts';
import { failureFrom } from '../../model/errors.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { ALIVE } from './alive.ts';
import type { DecisionBook } from './book.ts';
import { MARK_FLAGS } from './book.ts';
import { COUNTERS, compileRules, REJECT_COUNTERS } from './compile.ts';
import type { FlowKind, FlowTables, Generation } from './flow-sets.ts';
import { emptyScript, flowTables, GENERATIONS, markScript, overScript, swapScript } from './flow-sets.ts';
import type { Ended, KernelSource, Ties } from './kernel-source.ts';
import { LEAST_ERROR_MICROS } from './kernel-source.ts';
import type { GenerationSets } from './read-generation.ts';
import { capacityAfter, Counters, readGenerations } from './read-generation.ts';
import type { Ruleset } from './ruleset.ts';
import { piecesOf, scriptOf } from './ruleset.ts';
import { SpareRoom } from './spare.ts';

/** Packets that met the old rules have passed by then, and the sets have come to rest. */
export const REST_MILLIS = 100;
/** Elements of a known time that are older are made anew. */
const MARK_MICROS = 1_800_000_000;

/** What may be told to the tables beside the network. */
export type TablesOptions = {
  /** Reads sets; default: through the nft that runs scripts. */
  readonly list?: ListSets;
  /** Of each set; default 65,536. */
  readonly setSize?: number;
  /** Counters for which room is made at most, when flows are many; default none beside the kernel's. */
  readonly spare?: number;
  /** Writes the book to disk; called before the kernel is told numbers that are new in it. */
  readonly keep?: (book: DecisionBook, snapshot: VpcSnapshot) => void;
  /** Whether some of what is rejected is told one by one (`REJECT_GROUP`). */
  readonly tellsRejects?: boolean;
};

/** The tables of one namespace. */
export class KernelTables implements KernelSource {
  readonly #nft: Nft;
  readonly #book: DecisionBook;
  readonly #tables: FlowTables;
  readonly #now: () => number;
  readonly #options: TablesOptions;
  #tellsRejects: boolean;
  #kept = 0;
  /** What the kernel has; null: nothing of ours, or what a process left that has gone. */
  #rules: Ruleset | null = null;
  #generation: Generation = GENERATIONS[0]!;
  readonly #counters = new Counters();
  /** When a set got its element of a known time; another process's are not known. */
  readonly #marks = new Map<string, Moment>();
  /** Generations some of whose counters were lost on their way from nft. */
  readonly #torn = new Set<Generation>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #room: SpareRoom;
  #capacity = capacityAfter(0);

  /**
   * @param shards  sets that share the flows of TCP and UDP
   * @param now     microseconds since 1970 UTC
   */
  constructor(nft: Nft, book: DecisionBook, shards: number, now: () => number, options: TablesOptions = {}) {
    this.#nft = nft;
    this.#book = book;
    this.#tables = flowTables(shards, options.setSize);
    this.#now = now;
    this.#options = options;
    this.#tellsRejects = options.tellsRejects ?? false;
    this.#room = new SpareRoom(options.spare ?? 0, nft, (turn) => this.#next(turn));
  }

  /** Room for counters of new flows. */
  get room(): SpareRoom {
    return this.#room;
  }

  /** Whether rejects are told: not where the kernel cannot. */
  get tellsRejects(): boolean {
    return this.#tellsRejects;
  }

  /**
   * Makes the kernel follow a network from now on.
   *
   * @returns what was counted under the network before, which ends with the same transaction; nothing where there was none
   */
  load(snapshot: VpcSnapshot, ties: Ties): Promise<Ended | undefined> {
    return this.#next(async () => {
      const next = compileRules(snapshot, ties, this.#book, this.#tables, this.#tellsRejects);
      if (this.#book.revision !== this.#kept) this.#options.keep?.(this.#book, snapshot);
      this.#kept = this.#book.revision;
      const ready = GENERATIONS.map((generation) => this.#overScript(generation)).join('');
      if (this.#rules !== null) {
        const turned = await this.#turn(this.#generation, `${scriptOf(next, this.#rules)}${ready}`);
        this.#rules = next;
        return this.#readCounted(turned);
      }
      // Whatever stands there goes with the same transaction: names and numbers in it are another process's.
      this.#rules = await this.#begin(
        next,
        (rules) => `${REMOVAL}${scriptOf(rules, null)}${ready}${ALIVE}`,
        () => compileRules(snapshot, ties, this.#book, this.#tables),
      );
      // By itself: the table takes nft so long that when it held is not known.
      for (const generation of GENERATIONS) await this.#empty(generation, '', this.#tables.kinds);
      this.#generation = GENERATIONS[0]!;
      this.#counters.forget();
      this.#torn.clear();
      this.#room.forget();
      return undefined;
    });
  }

  /** Loads rules; where the kernel has no NFLOG those without it. */
  async #begin(rules: Ruleset, script: (rules: Ruleset) => string, plain: () => Ruleset): Promise<Ruleset> {
    const run = async (wanted: Ruleset): Promise<Ruleset> => {
      const whole = script(wanted);
      try {
        await this.#nft(whole);
      } catch (error) {
        // A user who is not root, root of a namespace alone, has a socket that takes less.
        if (!isTooLong(error)) throw error;
        for (const piece of piecesOf(whole, wanted)) await this.#nft(piece);
      }
      return wanted;
    };
    try {
      return await run(rules);
    } catch (error) {
      if (!this.#tellsRejects) throw error;
      const without = await run(plain());
      this.#tellsRejects = false;
      return without;
    }
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
        // What was read of it before is not known, so the counters say nothing here. Its sets get an element of a known time now.
        for (const generation of GENERATIONS) {
          const turned = await this.#turn(generation, markScript(this.#tables, generation));
          all.push({ ...(await this.#readCounted(turned, true)), unread: 0, passedOver: {} });
        }
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
      await this.#nft(`${swapScript(next)}${ALIVE}${also}`);
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

  /** Reads what a generation has more than the counters had, or all that is in its sets. */
  async #readCounted({ ended, fromMicros, toMicros }: Turned, everything = false): Promise<Ended> {
    try {
      await this.#counters.read(this.#nft);
    } catch (error) {
      for (const generation of GENERATIONS) this.#torn.add(generation);
      throw error;
    }
    const isUnsure = this.#torn.has(ended);
    const sets = this.#setsOf(ended);
    const grown = sets.kinds.filter(({ counter }) => this.#counters.grown(counter) > 0);
    const errors = namesOf(grown).flatMap((name) => this.#marks.get(name)?.errorMicros ?? []);
    const errorMicros = errors.length === 0 ? momentOf(fromMicros, toMicros).errorMicros : Math.max(...errors);
    const [read] = await readGenerations([sets], {
      list: this.#options.list ?? listByNft(this.#nft),
      counters: this.#counters,
      everything: everything || isUnsure,
      capacity: () => this.#capacity,
      endMicros: (fromMicros + toMicros) / 2,
      beganMicros: (set) => this.#marks.get(set)?.micros ?? null,
    });
    const { elements, unread } = read!;
    const { rows, lost, odd, firstOdd } = elements;
    const passedOver = Object.fromEntries([...COUNTERS].map(([cause, name]) => [cause, this.#counters.grown(name)]));
    const { seen, told } = REJECT_COUNTERS;
    const rejects = { seen: this.#counters.grown(seen), told: this.#counters.grown(told) };
    const isAll = everything || isUnsure || unread > 0;
    const filled = isAll ? sets.kinds : grown;
    const hasOver = isAll || [...lost.values()].some((packets) => packets > 0);
    const over = hasOver ? emptyScript([sets.over]) + this.#overScript(ended) : '';
    const aged = sets.kinds.filter((one) => !filled.includes(one) && this.#isAged(one, fromMicros));
    const kinds = [...filled, ...aged].map(({ kind }) => kind);
    await this.#empty(ended, emptyScript(namesOf(filled)) + over, kinds);
    this.#torn.delete(ended);
    // Of the generation that goes on only what it had when it ended last is counted.
    this.#counters.settle([...sets.kinds.map(({ counter }) => counter), ...COUNTERS.values(), seen, told]);
    const counters = rows.rows;
    this.#capacity = capacityAfter(counters);
    this.#room.follow(counters);
    const span = { endMicros: fromMicros, untilMicros: toMicros, errorMicros };
    const counted = { rows, counters, lost, odd, firstOdd, passedOver, unread, isUnsure, ...span };
    return this.#tellsRejects ? { ...counted, rejects } : counted;
  }

  /** Runs what empties sets, and gives those of these kinds their element of a known time. */
  async #empty(generation: Generation, script: string, kinds: readonly FlowKind[]): Promise<void> {
    const from = this.#now();
    await this.#nft(`${script}${markScript(this.#tables, generation, kinds)}`);
    const moment = momentOf(from, this.#now());
    const sets = this.#setsOf(generation).kinds.filter(({ kind }) => kinds.includes(kind));
    for (const name of namesOf(sets)) this.#marks.set(name, moment);
  }

  /** Whether the element of a known time may go before the sets are emptied again; it lives for an hour. */
  #isAged({ sets }: KindSets, nowMicros: number): boolean {
    return sets.some(({ name }) => (this.#marks.get(name)?.micros ?? -Infinity) < nowMicros - MARK_MICROS);
  }

  /** Each decision's element where losses are counted. */
  #overScript(generation: Generation): string {
    const numbers = Array.from(this.#book.table.list, (_, decision) => decision * 2 ** MARK_FLAGS).slice(1);
    return overScript(this.#tables.over(generation), numbers);
  }

  #setsOf(generation: Generation): GenerationSets {
    return {
      kinds: this.#tables.kinds.map((kind) => ({
        kind,
        counter: this.#tables.counter(generation, kind),
        sets: this.#tables.sets(generation, kind),
      })),
      over: this.#tables.over(generation),
    };
  }
}

type KindSets = GenerationSets['kinds'][number];

function namesOf(kinds: readonly KindSets[]): string[] {
  return kinds.flatMap(({ sets }) => sets.flatMap(({ name, last }) => (last === null ? [name] : [name, last])));
}

/** A generation that has ended; between these two moments. */
type Turned = { readonly ended: Generation; readonly fromMicros: number; readonly toMicros: number };

/** When something was told to the kernel. */
type Moment = { readonly micros: number; readonly errorMicros: number };

function momentOf(fromMicros: number, toMicros: number): Moment {
  return { micros: (fromMicros + toMicros) / 2, errorMicros: (toMicros - fromMicros) / 2 + LEAST_ERROR_MICROS };
}

/** Whether something is not there that a script names: somebody else has taken the table away. */
function isGone(error: unknown): error is Error {
  return error instanceof Error && /No such file or directory|does not exist/.test(error.message);
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && /Message too long/.test(error.message);
}
