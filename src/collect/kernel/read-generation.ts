/**
 * Reads what a generation of flow tables counted, when no packet finds it any more.
 *
 * In:    the names of its sets and counters. Out: its flows, and how much of it could not be read.
 * Holds: what sets hold and what found no room is compared with the counters of the same packets, and read again where that
 *        differs; sets whose counter did not grow are not read. Counters go on for ever: each knows what it had before.
 * Fails: FG_NFT_FAILED; nothing is changed then.
 */
import type { Nft } from '../privileged/run-nft.ts';
import { TABLE } from '../privileged/nft-script.ts';
import type { FlowKind } from './flow-sets.ts';
import type { ListingReader } from './read-listing.ts';

const MOST_READINGS = 3;

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

/** Named counters of the table: what they had when they were settled last, and have now. */
export class Counters {
  readonly #settled = new Map<string, number>();
  #now: ReadonlyMap<string, number> = new Map();

  async read(nft: Nft): Promise<void> {
    let text = '';
    await nft(`list counters table ${TABLE}\n`, (piece) => (text += piece));
    const now = new Map<string, number>();
    for (const [, name, packets] of text.matchAll(/counter (\w+) \{\s*packets (\d+)/g)) now.set(name!, Number(packets));
    this.#now = now;
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
  }
}

/** Reads a generation; `unread` packets are in its counters and were found nowhere. */
export async function readGeneration(
  nft: Nft,
  { kinds, over }: GenerationSets,
  counters: Counters,
  begin: () => ListingReader,
): Promise<{ readonly reader: ListingReader; readonly unread: number }> {
  const grown = kinds.filter(({ counter }) => counters.grown(counter) > 0);
  const wanted = grown.reduce((sum, { counter }) => sum + counters.grown(counter), 0);
  for (let readings = 1; ; readings++) {
    const reader = begin();
    for (const { kind, sets } of grown)
      for (const { name, last } of sets) {
        await list(nft, name, reader.flows(kind, false));
        if (last !== null) await list(nft, last, reader.flows(kind, true));
      }
    if (grown.length > 0) await list(nft, over, reader.over());
    if (reader.packets === wanted || readings === MOST_READINGS)
      return { reader, unread: Math.max(0, wanted - reader.packets) };
  }
}

async function list(nft: Nft, set: string, to: { push(text: string): void; end?(): void }): Promise<void> {
  await nft(`list set ${TABLE} ${set}\n`, (text) => to.push(text));
  to.end?.();
}
