/**
 * Reads what generations of flow tables counted, when no packet finds them any more.
 *
 * In:    the names of their sets and counters. Out: flows, and how much could not be read.
 * Holds: what sets hold and what found no room is compared with the counters of the same packets, and read again where that
 *        differs, until two readings say the same; sets whose counter did not grow are not read. All that is read is asked for at once.
 * Fails: FG_NFT_FAILED; nothing is changed then.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ListSets } from '../privileged/list-sets.ts';
import type { Nft } from '../privileged/run-nft.ts';
import { RESET_COUNTERS } from '../privileged/nft-script.ts';
import { FlowElements } from './flow-elements.ts';
import type { KeyWord, SetUse } from './flow-elements.ts';
import type { FlowKind } from './flow-sets.ts';
import { ListingReader } from './read-listing.ts';
import { MessageReader } from './read-messages.ts';

const MOST_READINGS = 5;
const AGAIN_MILLIS = 200;

/** Names in the kernel of what one generation has. */
export type GenerationSets = {
  readonly kinds: readonly {
    readonly kind: FlowKind;
    readonly counter: string;
    /** With the set of last packets, where there is one. */
    readonly sets: readonly { readonly name: string; readonly last: string | null }[];
  }[];
  readonly over: string;
};

/** All sets of a generation. */
export function setNames({ kinds, over }: GenerationSets): string[] {
  const pairs = kinds.flatMap(({ sets }) => sets.flatMap(({ name, last }) => (last === null ? [name] : [name, last])));
  return [over, ...pairs];
}

/**
 * Named counters of the table: what they had when they were settled last, and have now. They are set to 0 as they are read: to
 * list them nft 1.0.6 would fetch all elements of all sets, half a generation's cost, and to reset them it does not.
 */
export class Counters {
  readonly #settled = new Map<string, number>();
  readonly #now = new Map<string, number>();

  async read(nft: Nft): Promise<void> {
    let text = '';
    await nft(RESET_COUNTERS, (piece) => (text += piece));
    for (const [, name, packets] of text.matchAll(/counter (\w+) \{\s*packets (\d+)/g))
      this.#now.set(name!, (this.#now.get(name!) ?? 0) + Number(packets));
  }

  /** Packets since it was settled. */
  grown(name: string): number {
    return (this.#now.get(name) ?? 0) - (this.#settled.get(name) ?? 0);
  }

  settle(names: Iterable<string>): void {
    for (const name of names) this.#settled.set(name, this.#now.get(name) ?? 0);
  }

  /** The kernel begins them anew. */
  forget(): void {
    this.#settled.clear();
    this.#now.clear();
  }
}

/** Room for the rows of the next generation, when one had so many. */
export function capacityAfter(rows: number): number {
  return Math.max(1024, Math.ceil(rows * 1.1));
}

/** How the sets of generations are read. */
export type Reading = {
  readonly list: ListSets;
  readonly counters: Counters;
  /** When the generations ended, in microseconds since 1970 UTC. */
  readonly endMicros: number;
  readonly words?: KeyWord;
  /** Rows that a generation may well have: so many are not moved as they become more. */
  readonly capacity?: (sets: GenerationSets) => number;
  /** Whatever counters say: all sets, once. */
  readonly everything?: boolean;
  /** When a set got the element of a known time, where that was before its flows. */
  readonly beganMicros?: (set: string) => number | null;
};

/** `unread` packets are in its counters and were found nowhere. */
export type GenerationRead = { readonly elements: FlowElements; readonly unread: number };

/** Reads generations, which have no set in common. */
export async function readGenerations(
  generations: readonly GenerationSets[],
  { list, counters, endMicros, words, capacity, everything = false, beganMicros = () => null }: Reading,
): Promise<GenerationRead[]> {
  const all = generations.map(({ kinds, over }) => {
    const grown = kinds.filter(({ counter }) => everything || counters.grown(counter) > 0);
    return {
      sets: { kinds: grown, over },
      wanted: grown.reduce((sum, { counter }) => sum + counters.grown(counter), 0),
      elements: new FlowElements(endMicros, words, capacity?.({ kinds, over })),
      /** What the last reading found. */
      before: -1,
    };
  });
  let asked = all.filter(({ wanted }) => everything || wanted > 0);
  for (let readings = 1; asked.length > 0; readings++) {
    const uses = new Map<string, { readonly to: FlowElements; readonly use: SetUse }>();
    for (const { sets, elements: to } of asked) {
      for (const { kind, sets: pairs } of sets.kinds)
        for (const { name, last } of pairs) {
          uses.set(name, { to, use: { is: 'flows', kind, beganMicros: beganMicros(name) } });
          if (last !== null) uses.set(last, { to, use: { is: 'last', kind, beganMicros: beganMicros(last) } });
        }
      uses.set(sets.over, { to, use: { is: 'over' } });
    }
    const readers = [ListingReader, MessageReader].map((Reader) => new Reader((set) => uses.get(set) ?? null));
    const [text, messages] = readers as [ListingReader, MessageReader];
    await list([...uses.keys()], {
      text: (piece) => text.push(piece),
      messages: (piece) => messages.push(piece),
    });
    for (const reader of readers) reader.end();
    asked = asked.filter(({ wanted, elements, before }) => elements.packets !== wanted && elements.packets !== before);
    if (everything || readings === MOST_READINGS) break;
    // A set that has just grown is put in order by the kernel in its own time.
    if (asked.length > 0) await wait(readings * AGAIN_MILLIS);
    for (const one of asked) {
      one.before = one.elements.packets;
      one.elements = new FlowElements(endMicros, words, capacity?.(one.sets));
    }
  }
  return all.map(({ elements, wanted }) => ({ elements, unread: Math.max(0, wanted - elements.packets) }));
}
