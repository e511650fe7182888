/**
 * Makes the index of the table of connections anew, when it or the table has grown.
 *
 * In:    the entries of `connections.ts`; slots that are free. Out: a slot for each head.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests.
 * Fails: never.
 */
import type { Views } from '../../model/linear-memory.ts';
import { CHAINS, FAMILY_6, FIRST, FLAGS, FRESH } from './entry-words.ts';
import { hashLoops } from './hash-steps.ts';
import { indexLoops } from './index-steps.ts';

const TO_WORDS = 4;

/** What others call. */
export type RelinkLoops = {
  /** Links all heads; the mask, the bits of an entry and how many conversations there are stand in row 0. */
  relink(): void;
};

/**
 * @param table  entries of `connections.ts`
 * @param index  slots of the table
 */
export function relinkLoops(table: Views, index: Views): RelinkLoops {
  const { hash4, hash6 } = hashLoops();
  const { link } = indexLoops(table, index);

  function relink(): void {
    const chains = table.i32[CHAINS]!;
    const end = table.i32[FRESH]!;
    for (let entry = 1; entry < end; entry++) {
      const at = entry << TO_WORDS;
      const flags = table.i32[at + FLAGS]!;
      if ((flags & FIRST) === 0) continue;
      const protocol = table.i32[at]! & 255;
      const low = table.i32[at + 1]!;
      const high = table.i32[at + 2]!;
      const ports = table.i32[at + 3]!;
      link((flags & FAMILY_6) === 0 ? hash4(protocol, low, high, ports) : hash6(protocol, high, ports), entry);
    }
    // Linking counts them.
    table.i32[CHAINS] = chains;
  }

  return { relink };
}
