/**
 * Reads what a generation of flow tables counted, when no packet finds it any more.
 *
 * In:    the names of its sets and counters. Out: its flows, and how much of it could not be read.
 * Holds: what sets hold and what found no room is compared with the counters of the same packets, and read again where that
 *        differs; sets whose counter did not grow are not read. Counters go on for ever: each knows what it had before.
 * Fails: FG_NFT_FAILED; nothing is changed then.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Nft } from '../privileged/run-nft.ts';
import { TABLE } from '../privileged/nft-script.ts';
import type { FlowKind } from './flow-sets.ts';
import type { ListingReader } from './read-listing.ts';

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

/**
 * Reads a generation; `unread` packets are in its counters and were found nowhere.
 *
 * @param beganMicros  when a set got the element of a known time, where that was before its flows
 */
export async function readGeneration(
  nft: Nft,
  { kinds, over }: GenerationSets,
  counters: Counters,
  begin: () => ListingReader,
  beganMicros: (set: string) => number | null = () => null,
): Promise<{ readonly reader: ListingReader; readonly unread: number }> {
  const grown = kinds.filter(({ counter }) => counters.grown(counter) > 0);
  const wanted = grown.reduce((sum, { counter }) => sum + counters.grown(counter), 0);
  for (let readings = 1; ; readings++) {
    const reader = begin();
    const listed = grown.flatMap(({ kind, sets }) =>
      sets.flatMap(({ name, last }) => [
        [name, () => reader.flows(kind, false, beganMicros(name))] as const,
        ...(last === null ? [] : [[last, () => reader.flows(kind, true, beganMicros(last))] as const]),
      ]),
    );
    if (grown.length > 0) await list(nft, new Map([...listed, [over, () => reader.over()]]));
    if (reader.packets === wanted || readings === MOST_READINGS)
      return { reader, unread: Math.max(0, wanted - reader.packets) };
    // A set that has just grown is put in order by the kernel in its own time.
    await wait(readings * AGAIN_MILLIS);
  }
}

/** What stands before the name of a set. */
const HEAD = '\n\tset ';

type SetReader = { push(text: string): void; end?(): void };

/** Lists sets in their order, each to its own reader. */
async function list(nft: Nft, sets: ReadonlyMap<string, () => SetReader>): Promise<void> {
  let reader: SetReader | null = null;
  let rest = '';
  const hear = (text: string): void => {
    rest += text;
    for (;;) {
      const at = rest.indexOf(HEAD);
      const end = at < 0 ? -1 : rest.indexOf('\n', at + 1);
      if (end < 0) break;
      reader?.push(rest.slice(0, at));
      reader?.end?.();
      reader = sets.get(rest.slice(at + HEAD.length, rest.indexOf(' ', at + HEAD.length)))?.() ?? null;
      rest = rest.slice(end);
    }
    // What a head may begin in is kept for the next piece.
    const whole = rest.lastIndexOf('\n');
    reader?.push(rest.slice(0, Math.max(0, whole)));
    rest = rest.slice(Math.max(0, whole));
  };
  await nft([...sets.keys()].map((name) => `list set ${TABLE} ${name}\n`).join(''), hear);
  (reader as SetReader | null)?.end?.();
}
