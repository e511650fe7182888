/**
 * Addresses by the numbers that statements group by.
 *
 * In:    rows of `ADDRESSES`. Out: of each number the family, 0 where its text is no address, and the words.
 * Holds: an address of IPv4 takes five bytes; those of IPv6 the room of all words, from the first one on.
 */
import type { NumberBatch, NumberColumn } from '../../storage/duck/number-batches.ts';

export class AddressWords {
  /** 4 or 6; 0: none. */
  family = new Uint8Array(1024);
  #first = new Uint32Array(1024);
  /** The other three of each; empty while there is no IPv6. */
  #others = new Uint32Array(0);
  #size = 0;

  /** Takes the next ones. */
  take({ rows, columns }: NumberBatch): void {
    const [family, first, ...others] = columns as readonly [NumberColumn, NumberColumn, ...NumberColumn[]];
    const from = this.#size;
    this.#size += rows;
    if (this.#size > this.family.length) {
      this.family = larger(this.family, this.#size);
      this.#first = larger(this.#first, this.#size);
    }
    this.family.set(family, from);
    this.#first.set(first, from);
    if (this.#others.length === 0 && !family.includes(6)) return;
    this.#others = larger(this.#others, this.family.length * 3);
    for (const [word, column] of others.entries())
      for (let row = 0; row < rows; row++) this.#others[(from + row) * 3 + word] = column[row] as number;
  }

  /** Writes the words of an address. */
  copy(number: number, into: Uint32Array, to: number): void {
    into[to] = this.#first[number] as number;
    for (let word = 1; word < 4; word++) into[to + word] = this.word(number, word);
  }

  /** A word of an address, from 0. */
  word(number: number, at: number): number {
    if (at === 0) return this.#first[number] as number;
    return this.family[number] === 6 ? (this.#others[number * 3 + at - 1] as number) : 0;
  }
}

function larger<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(values: T, size: number): T {
  if (size <= values.length) return values;
  const made = new (values.constructor as new (length: number) => T)(Math.max(size, values.length * 2));
  made.set(values);
  return made;
}
