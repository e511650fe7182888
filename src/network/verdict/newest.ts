/**
 * The newest connection between two addresses (rule V6).
 *
 * In:    an interface, a protocol, two addresses. Out: the connection opened last among those that still are one.
 * Holds: made from the table when it is first asked, then kept as connections open; forgotten when entries are
 *        removed, and made again. Captures without fragments that lack their first never pay for it.
 */
import type { Connections } from './connections.ts';
import { BOUND, FLAGS, STRIDE } from './entry-words.ts';
import { deadline, LIVE, UNTRACKED } from './states.ts';

const pair = new Uint32Array(8);

function keyOf(k0: number, words: Uint32Array): number {
  let h = k0;
  for (let i = 0; i < 8; i++) h = Math.imul(h ^ (words[i] as number), 0x9e3779b1) ^ (h >>> 13);
  return h;
}

/** An index beside the table of connections. */
export class Newest {
  readonly #table: Connections;
  #lists: Map<number, number[]> | null = null;

  constructor(table: Connections) {
    this.#table = table;
  }

  /** To be called when an entry became a connection. */
  opened(entry: number): void {
    if (this.#lists) this.#add(entry);
  }

  /** To be called when entries were removed. */
  forget(): void {
    this.#lists = null;
  }

  #add(entry: number): void {
    this.#table.pairOf(entry, pair);
    const key = keyOf(this.#table.words[entry * STRIDE] as number, pair);
    const list = this.#lists?.get(key);
    if (list) list.push(entry);
    else this.#lists?.set(key, [entry]);
  }

  #build(): void {
    const { words, serials, end } = this.#table;
    const entries: number[] = [];
    for (let entry = 1; entry < end; entry++)
      if (((words[entry * STRIDE + FLAGS] as number) & LIVE) !== 0) entries.push(entry);
    entries.sort((a, b) => (serials[a] as number) - (serials[b] as number));
    this.#lists = new Map();
    // Loops tell nobody of what they open.
    words[BOUND] = 0;
    for (const entry of entries) this.#add(entry);
  }

  /**
   * The entry, or 0.
   *
   * @param k0      interface * 256 + protocol
   * @param wanted  the lower address, then the higher, four words each; IPv4 in the first of four
   * @param family6 the flag of IPv6 entries, or 0
   */
  find(k0: number, wanted: Uint32Array, family6: number, now: number): number {
    if (!this.#lists) this.#build();
    const list = this.#lists?.get(keyOf(k0, wanted));
    if (!list) return 0;
    const { words } = this.#table;
    for (let i = list.length - 1; i >= 0; i--) {
      const entry = list[i] as number;
      const at = entry * STRIDE;
      if (words[at] !== k0 || ((words[at + FLAGS] as number) & (1 | LIVE | UNTRACKED)) !== (family6 | LIVE)) continue;
      this.#table.pairOf(entry, pair);
      if (deadline(this.#table, entry) >= now && pair.every((word, j) => word === wanted[j])) return entry;
    }
    return 0;
  }
}
