/**
 * What was printed, by slot and interface: filled by the printer, for whoever has to account for each window.
 *
 * In:    records of a group, as they are given out. Out: sums by interface number, a column for each slot.
 * Holds: `records` counts every line; `packets` are those of lines with traffic.
 * Fails: never, but for memory.
 */
import type { FlowsInPrint } from './fields/field.ts';

/** Sums of one slot by interface number. */
export type SlotTally = {
  readonly records: Float64Array;
  readonly packets: Float64Array;
  readonly noData: Float64Array;
  readonly skipData: Float64Array;
};

export type LineStatus = 'OK' | 'NODATA' | 'SKIPDATA';

export class RecordTally {
  readonly slots = new Map<number, SlotTally>();
  readonly #interfaces: number;

  /** @param interfaces  how many numbers there are */
  constructor(interfaces: number) {
    this.#interfaces = interfaces;
  }

  /** Counts the records `[from, to)` of a group, which lie in one slot and have one status. */
  count(flows: FlowsInPrint, from: number, to: number, slotSeconds: number, status: LineStatus): void {
    const sums = this.slots.get(slotSeconds) ?? this.#begin(slotSeconds);
    const { records, packets, noData, skipData } = sums;
    for (let i = from; i < to; i++) {
      const at = flows.interface[i]!;
      records[at] = records[at]! + 1;
      if (status === 'OK') packets[at] = packets[at]! + flows.packets[i]!;
      else if (status === 'NODATA') noData[at] = noData[at]! + 1;
      else skipData[at] = skipData[at]! + 1;
    }
  }

  #begin(slotSeconds: number): SlotTally {
    const column = (): Float64Array => new Float64Array(this.#interfaces);
    const made = { records: column(), packets: column(), noData: column(), skipData: column() };
    this.slots.set(slotSeconds, made);
    return made;
  }
}
