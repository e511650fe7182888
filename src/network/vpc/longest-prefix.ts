/**
 * The longest of many address blocks that holds an address.
 *
 * In:    blocks; those of the other family are left out. Out: the number of the longest that holds an address: its
 *        position in the list plus 1, 0 none; and of each block the number of the next longest around it.
 * Holds: blocks nest or are apart, so the space is cut into intervals when the table is made, and a look-up is a
 *        binary search over their starts. Of equal blocks the first counts.
 */
import { maskWord } from './addresses.ts';
import type { Cidr } from './snapshot.ts';

type Numbered = { readonly cidr: Cidr; readonly number: number };

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

/** The address after the last of a block; null after the last of all. */
function after(cidr: Cidr): readonly number[] | null {
  const words = cidr.words.map((word, i) => (word | ~maskWord(cidr.bits, i)) >>> 0);
  for (let i = words.length - 1; i >= 0; i--) {
    words[i] = ((words[i] ?? 0) + 1) >>> 0;
    if (words[i] !== 0) return words;
  }
  return null;
}

/** Blocks of one family. */
export class LongestPrefix {
  /** By number of a block: the number of the next longest that holds all of it, 0 none. */
  readonly parents: Int32Array;
  readonly #stride: 1 | 4;
  readonly #starts: Uint32Array;
  readonly #numbers: Int32Array;

  constructor(family: 4 | 6, blocks: readonly Cidr[]) {
    this.#stride = family === 4 ? 1 : 4;
    this.parents = new Int32Array(blocks.length + 1);
    const sorted = blocks
      .map((cidr, position): Numbered => ({ cidr, number: position + 1 }))
      .filter(({ cidr }) => cidr.family === family)
      .sort((a, b) => compare(a.cidr.words, b.cidr.words) || a.cidr.bits - b.cidr.bits || a.number - b.number);
    const starts: (readonly number[])[] = [family === 4 ? [0] : [0, 0, 0, 0]];
    const numbers = [0];
    const cut = (start: readonly number[], number: number): void => {
      if (compare(starts.at(-1) ?? [], start) === 0) numbers[numbers.length - 1] = number;
      else numbers[starts.push(start) - 1] = number;
    };
    const open: { readonly number: number; readonly cidr: Cidr; readonly end: readonly number[] | null }[] = [];
    const closeUntil = (start: readonly number[] | null): void => {
      const ends = (end: readonly number[]): boolean => start === null || compare(end, start) <= 0;
      for (let top = open.at(-1); top?.end && ends(top.end); top = open.at(-1)) {
        open.pop();
        cut(top.end, open.at(-1)?.number ?? 0);
      }
    };
    for (const { cidr, number } of sorted) {
      closeUntil(cidr.words);
      const around = open.at(-1);
      if (around && around.cidr.bits === cidr.bits) continue;
      this.parents[number] = around?.number ?? 0;
      open.push({ number, cidr, end: after(cidr) });
      cut(cidr.words, number);
    }
    closeUntil(null);
    this.#starts = Uint32Array.from(starts.flat());
    this.#numbers = Int32Array.from(numbers);
  }

  /** The number of the longest block that holds an address. IPv4 is in `w0`; the other words do not count. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = this.#numbers.length - 1;
    if (this.#stride === 1) {
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((starts[middle] as number) <= w0) low = middle;
        else high = middle - 1;
      }
      return this.#numbers[low] as number;
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
    return this.#numbers[low] as number;
  }
}
