/**
 * Finds a flow among rows, by five-tuple, TCP flags and, mostly, device.
 *
 * In:    rows that grow, flows of these or other rows. Out: numbers of rows.
 * Holds: no text and no object for a flow: there are tens of thousands in a generation.
 * Fails: never.
 */
import type { FlowRows } from '../../../model/batch.ts';

/** An index of rows. */
export class FlowIndex {
  readonly #rows: FlowRows;
  readonly #byDevice: boolean;
  /** Numbers of rows and one, where their hashes lead; 0: none. */
  #slots = new Int32Array(64);
  #count = 0;

  /**
   * @param rows      those that are there are in it
   * @param byDevice  false: flows that differ in the column `decision` alone are one
   */
  constructor(rows: FlowRows, byDevice: boolean) {
    this.#rows = rows;
    this.#byDevice = byDevice;
    for (let row = 0; row < rows.rows; row++) this.add(row);
  }

  /** The row of a flow, -1 where there is none. */
  find(flows: FlowRows, row: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(flows, row) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]! - 1;
      if (found < 0 || this.#isSame(found, flows, row)) return found;
    }
  }

  /** Takes a row in that has been added to the rows. */
  add(row: number): void {
    if (++this.#count * 2 > this.#slots.length) {
      const had = this.#slots;
      this.#slots = new Int32Array(had.length * 2);
      for (const one of had) if (one > 0) this.#put(one - 1);
    }
    this.#put(row);
  }

  #put(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#rows, row) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  #hash({ decision, tcpFlags, protocol, family, ports, src, dst }: FlowRows, row: number): number {
    let hash = (this.#byDevice ? decision[row]! : 0) ^ (tcpFlags[row]! << 8) ^ (protocol[row]! << 16);
    hash = mixed(hash, ports[row]!);
    const end = row * 4 + (family[row] === 4 ? 1 : 4);
    for (let at = row * 4; at < end; at++) hash = mixed(mixed(hash, src[at]!), dst[at]!);
    return hash ^ (hash >>> 15);
  }

  #isSame(mine: number, flows: FlowRows, row: number): boolean {
    const rows = this.#rows;
    if (
      rows.ports[mine] !== flows.ports[row] ||
      rows.protocol[mine] !== flows.protocol[row] ||
      rows.tcpFlags[mine] !== flows.tcpFlags[row] ||
      rows.family[mine] !== flows.family[row] ||
      (this.#byDevice && rows.decision[mine] !== flows.decision[row])
    )
      return false;
    const words = rows.family[mine] === 4 ? 1 : 4;
    for (let word = 0; word < words; word++)
      if (
        rows.src[mine * 4 + word] !== flows.src[row * 4 + word] ||
        rows.dst[mine * 4 + word] !== flows.dst[row * 4 + word]
      )
        return false;
    return true;
  }
}

function mixed(hash: number, word: number): number {
  const one = Math.imul(hash ^ word, 0x9e3779b1);
  return (one << 13) | (one >>> 19);
}
