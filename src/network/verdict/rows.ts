/**
 * Tables of rules as numbers in one array, so that looking one up meets little memory.
 *
 * In:    tables as lists of numbers. Out: where they are, and the first row of one that fits.
 * Holds: a table is: the number of its intervals of ports; what it is; where each interval starts; where each list of
 *        rows begins, that for unknown ports last, and where it ends; the rows. A row is: answer, rank and bits, mask
 *        words, value words. The mask of a referenced group is 0 and its value the group. What is there stays where
 *        it is.
 */
import type { Memberships } from './memberships.ts';

/** Numbers before the starts of a table. */
export const HEAD = 2;
/** Parts of a row; of ranks the lowest decides, its low byte is the prefix length. */
export const RANK = 1;
export const MASKS = 2;
/** What a table is: a candidate refers to a group; it has others behind it. */
export const REFERS = 1;
export const CONTINUES = 2;
/** Up to so many rows are tried one after the other. */
export const FEW = 24;
/** In place of a row: the list is long, or the table has others behind it. */
export const ASK_TABLE = -1;

/** Numbers in a row. */
export function strideOf(family: number): number {
  return family === 4 ? 4 : 10;
}

/** Prefix length of a row. */
export function bitsOf(data: Int32Array, row: number): number {
  return (data[row + RANK] as number) & 255;
}

/** Grows by itself; `data` is another array then. */
export class Rows {
  data = new Int32Array(1024);
  /** Nothing is at 0. */
  used = 1;

  /** Adds numbers; where they are. */
  add(numbers: readonly number[]): number {
    const at = this.used;
    this.used += numbers.length;
    if (this.used > this.data.length) {
      const grown = new Int32Array(Math.ceil(this.used * 1.5));
      grown.set(this.data);
      this.data = grown;
    }
    this.data.set(numbers, at);
    return at;
  }

  /** The list of a table for a port; that for unknown ones where it is below 0. */
  list(base: number, axis: number): number {
    const { data } = this;
    const count = data[base] as number;
    if (axis < 0) return count;
    const starts = base + HEAD;
    let list = 0;
    for (let high = count - 1; list < high;) {
      const middle = (list + high + 1) >>> 1;
      if ((data[starts + middle] as number) <= axis) list = middle;
      else high = middle - 1;
    }
    return list;
  }

  /**
   * The first row of a table that fits, 0 where none does, or `ASK_TABLE`.
   *
   * @param members  have looked up the address; null: it is in no group
   */
  find(
    base: number,
    family: number,
    members: Memberships | null,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    axis: number,
  ): number {
    const { data } = this;
    if (((data[base + 1] as number) & CONTINUES) !== 0) return ASK_TABLE;
    const ends = base + HEAD + (data[base] as number) + this.list(base, axis);
    const from = data[ends] as number;
    const to = data[ends + 1] as number;
    if (to - from > FEW * strideOf(family)) return ASK_TABLE;
    return this.scan(from, to, family, members, w0, w1, w2, w3);
  }

  /** The first of some rows that fits, 0 where none does. */
  scan(
    from: number,
    to: number,
    family: number,
    members: Memberships | null,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
  ): number {
    const { data } = this;
    if (family === 4) {
      for (let at = from; at < to; at += 4) {
        const mask = data[at + 2] as number;
        const value = data[at + 3] as number;
        if ((w0 & mask) === value) return at;
        if (members !== null && mask === 0 && members.has(value)) return at;
      }
      return 0;
    }
    for (let at = from; at < to; at += 10) {
      const mask = data[at + 2] as number;
      const value = data[at + 6] as number;
      if (
        (w0 & mask) === value &&
        (w1 & (data[at + 3] as number)) === data[at + 7] &&
        (w2 & (data[at + 4] as number)) === data[at + 8] &&
        (w3 & (data[at + 5] as number)) === data[at + 9]
      )
        return at;
      if (members !== null && mask === 0 && value !== 0 && members.has(value)) return at;
    }
    return 0;
  }
}
