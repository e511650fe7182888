/**
 * The longest of many address blocks that holds an address.
 *
 * In:    blocks of one family, each with a positive number. Out: the number of the longest that holds an address, else 0.
 * Holds: blocks are cut into intervals when the table is made; a look-up is a binary search over their starts.
 *        Of equal blocks the first counts.
 */
import { contains, maskWord } from './addresses.ts';
import type { Address, Cidr } from './snapshot.ts';

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

/** The address after the last of a block; null after the last of all. */
function after(cidr: Cidr): number[] | null {
  const words = cidr.words.map((word, i) => (word | ~maskWord(cidr.bits, i)) >>> 0);
  for (let i = words.length - 1; i >= 0; i--) {
    words[i] = ((words[i] ?? 0) + 1) >>> 0;
    if (words[i] !== 0) return words;
  }
  return null;
}

/** Blocks of one family. */
export class LongestPrefix {
  readonly #stride: 1 | 4;
  readonly #starts: Uint32Array;
  readonly #values: Uint32Array;

  constructor(family: 4 | 6, blocks: readonly { readonly cidr: Cidr; readonly value: number }[]) {
    const own = blocks.filter((block) => block.cidr.family === family).sort((a, b) => b.cidr.bits - a.cidr.bits);
    this.#stride = family === 4 ? 1 : 4;
    const zero: readonly number[] = family === 4 ? [0] : [0, 0, 0, 0];
    const ends = own.map((block) => after(block.cidr)).filter((words) => words !== null);
    const starts = [zero, ...own.map((block) => block.cidr.words), ...ends].sort(compare);
    const distinct = starts.filter((words, i) => i === 0 || compare(words, starts[i - 1] ?? zero) !== 0);
    const valueAt = (address: Address): number => own.find((block) => contains(block.cidr, address))?.value ?? 0;
    this.#starts = Uint32Array.from(distinct.flat());
    this.#values = Uint32Array.from(distinct, (words) => valueAt({ family, words }));
  }

  /** The number of the longest block that holds an address. IPv4 is in `w0`; the other words do not count. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = this.#values.length - 1;
    if (this.#stride === 1) {
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((starts[middle] as number) <= w0) low = middle;
        else high = middle - 1;
      }
      return this.#values[low] as number;
    }
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const at = middle * 4;
      const d0 = (starts[at] as number) - w0;
      const d1 = (starts[at + 1] as number) - w1;
      const d2 = (starts[at + 2] as number) - w2;
      const difference = d0 !== 0 ? d0 : d1 !== 0 ? d1 : d2 !== 0 ? d2 : (starts[at + 3] as number) - w3;
      if (difference <= 0) low = middle;
      else high = middle - 1;
    }
    return this.#values[low] as number;
  }
}
