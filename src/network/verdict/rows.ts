/**
 * Tables of rules as numbers in one array, so that looking one up meets little memory.
 *
 * In:    tables as lists of numbers. Out: where they are, and the first row of a list that fits.
 * Holds: a table is: the number of its intervals of ports; where each interval starts; where each list of rows begins,
 *        that for unknown ports last, and where it ends; the rows. A row is: answer, rank and bits, ports as
 *        low | (high - low) << 16, mask words, value words. The mask of a referenced group is 0 and its value the
 *        group. What is there stays where it is.
 */
import type { Memberships } from './memberships.ts';

/** Numbers before the starts of a table. */
export const HEAD = 1;
/** Parts of a row; of ranks the lowest decides, its low byte is the prefix length. */
export const RANK = 1;
export const MASKS = 3;
/** Up to so many rows are tried one after the other. */
export const FEW = 96;

/** Numbers in a row. */
export function strideOf(family: number): number {
  return family === 4 ? 5 : 11;
}

/** Prefix length of a row. */
export function bitsOf(data: Int32Array, row: number): number {
  return (data[row + RANK] as number) & 255;
}

/** Ports as one number. */
export function portsOf(low: number, high: number): number {
  return low | ((high - low) << 16);
}

/** Whether a port, not below 0, is one of them. */
export function hasPort(ports: number, port: number): boolean {
  return (port - (ports & 0xffff)) >>> 0 <= ports >>> 16;
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
   * The first of some rows that fits, 0 where none does.
   *
   * @param members  have looked up the address; null: it is in no group
   * @param axis     below 0: whatever the ports
   */
  scan(
    from: number,
    to: number,
    family: number,
    members: Memberships | null,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    axis: number,
  ): number {
    const { data } = this;
    if (family === 4) {
      for (let at = from; at < to; at += 5) {
        const mask = data[at + 3] as number;
        const value = data[at + 4] as number;
        if ((w0 & mask) === value || (members !== null && mask === 0 && members.has(value)))
          if (axis < 0 || hasPort(data[at + 2] as number, axis)) return at;
      }
      return 0;
    }
    for (let at = from; at < to; at += 11) {
      const mask = data[at + 3] as number;
      const value = data[at + 7] as number;
      if (
        ((w0 & mask) === value &&
          (w1 & (data[at + 4] as number)) === data[at + 8] &&
          (w2 & (data[at + 5] as number)) === data[at + 9] &&
          (w3 & (data[at + 6] as number)) === data[at + 10]) ||
        (members !== null && mask === 0 && value !== 0 && members.has(value))
      )
        if (axis < 0 || hasPort(data[at + 2] as number, axis)) return at;
    }
    return 0;
  }
}
