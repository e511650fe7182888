/**
 * The index of the table of connections, as loops write it.
 *
 * In:    the hash of a conversation, its head. Out: a slot that leads to it.
 * Holds: as `judge-loops.ts` and `relink-loops.ts`, of whose modules it is a part.
 * Fails: never.
 */
import type { Views } from '../../model/linear-memory.ts';
import { CHAINS, ENTRY_BITS, MASK } from './entry-words.ts';

/** What others call. */
export type IndexLoops = {
  /** Leads to the head of a conversation that has no slot. */
  readonly link: (hash: number, entry: number) => void;
};

/**
 * @param table  entries of `connections.ts`
 * @param index  slots of the table
 */
export function indexLoops(table: Views, index: Views): IndexLoops {
  function link(hash: number, entry: number): void {
    const mask = table.i32[MASK]!;
    let slot = hash & mask;
    while (index.i32[slot] !== 0) slot = (slot + 1) & mask;
    index.i32[slot] = (hash & ~table.i32[ENTRY_BITS]!) | entry;
    table.i32[CHAINS] = table.i32[CHAINS]! + 1;
  }

  return { link };
}
