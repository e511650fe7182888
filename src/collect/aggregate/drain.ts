/**
 * Turns a closed window into flow batches.
 *
 * In:    a closed window. Out: batches: its flows in the order of first sight, IPv4 before IPv6, then NODATA and SKIPDATA.
 * Holds: rows of one record (rule W6) stand together, the later ones marked in `joins`; a batch ends between them only
 *        where a record alone would overflow it. NODATA only where no packet at all was seen (rule W5).
 * Fails: never.
 */
import type { FlowBatch } from '../../model/batch.ts';
import { STATUS_NODATA, STATUS_OK, STATUS_SKIPDATA } from '../../model/batch.ts';
import type { Window } from './gathering.ts';
import type { FlowRows } from './flow-table.ts';
import {
  BYTES,
  CHAINED,
  DECISION,
  DST,
  DST6,
  FIRST,
  FLAGS,
  LAST,
  LEAD,
  NEXT,
  PACKETS,
  PORTS,
  PROTOCOL,
  SRC,
  SRC6,
} from './flow-table.ts';
import { seenSeconds } from './window.ts';

export type DrainOptions = {
  readonly intervalSeconds: number;
  /** Interface numbers that get NODATA and SKIPDATA, ascending. */
  readonly interfaces: readonly number[];
  /** By interface number: when it came under watch, where that was later than the source's start. */
  readonly sinceMicros: ReadonlyMap<number, number>;
  /** By decision number. */
  readonly interfaceOf: Uint32Array;
  /** The not-judged decision of an interface. */
  readonly notJudged: (interfaceNumber: number) => number;
};

/** A window that is being given out. */
export class Drain {
  readonly window: Window;
  /** Packets of the rows given out so far. */
  packets = 0;
  readonly #options: DrainOptions;
  readonly #seen: Uint8Array;
  #rows: FlowRows;
  /** Next row to look at, and the next of a record that did not fit. */
  #row = 0;
  #chained = 0;
  #interface = 0;

  constructor(window: Window, options: DrainOptions) {
    this.window = window;
    this.#options = options;
    this.#rows = window.flows.v4;
    this.#seen = new Uint8Array((options.interfaces.at(-1) ?? 0) + 1);
  }

  /**
   * Adds rows to a batch until it is full or the window is done.
   *
   * @returns true when the window is done
   */
  fill(batch: FlowBatch): boolean {
    const capacity = batch.status.length;
    if (!this.#fillFlows(batch, capacity)) return false;
    if (this.#rows !== this.window.flows.v6) {
      this.#rows = this.window.flows.v6;
      this.#row = 0;
      if (!this.#fillFlows(batch, capacity)) return false;
    }
    return this.#fillStatus(batch, capacity);
  }

  /** The flows of one family; apart from what runs once a window, or the optimiser takes that in and gives up each time. */
  #fillFlows(batch: FlowBatch, capacity: number): boolean {
    while (this.#chained !== 0 || this.#row < this.#rows.rows) {
      if (batch.rows === capacity) return false;
      if (!this.#fillRecord(batch, capacity)) return false;
    }
    return true;
  }

  /** One record: a row and those chained to it; false when it has to wait for the next batch. */
  #fillRecord(batch: FlowBatch, capacity: number): boolean {
    const { words, wordsPerRow } = this.#rows;
    let row = this.#chained - 1;
    let joins = 1;
    if (row < 0) {
      row = this.#row;
      joins = 0;
      if ((words[LEAD + row * wordsPerRow + FLAGS]! & CHAINED) !== 0) {
        this.#row++;
        return true;
      }
      let length = 1;
      for (
        let next = words[LEAD + row * wordsPerRow + NEXT]!;
        next !== 0;
        next = words[LEAD + (next - 1) * wordsPerRow + NEXT]!
      )
        length++;
      if (batch.rows + length > capacity && batch.rows > 0 && length <= capacity) return false;
      this.#row++;
    }
    for (;;) {
      this.#fillRow(batch, row, joins);
      const next = words[LEAD + row * wordsPerRow + NEXT]!;
      this.#chained = 0;
      if (next === 0) return true;
      if (batch.rows === capacity) {
        this.#chained = next;
        return false;
      }
      row = next - 1;
      joins = 1;
    }
  }

  #fillRow(batch: FlowBatch, row: number, joins: number): void {
    const { words, doubles, wordsPerRow } = this.#rows;
    const isV4 = this.#rows === this.window.flows.v4;
    const from = LEAD + row * wordsPerRow;
    const double = from >>> 1;
    const to = batch.rows++;
    const decision = words[from + DECISION]!;
    batch.status[to] = STATUS_OK;
    batch.joins[to] = joins;
    batch.decision[to] = decision;
    batch.family[to] = isV4 ? 4 : 6;
    batch.protocol[to] = words[from + PROTOCOL]!;
    batch.ports[to] = words[from + PORTS]!;
    batch.src[to * 4] = words[from + SRC]!;
    batch.dst[to * 4] = words[from + DST]!;
    if (!isV4) {
      for (let k = 0; k < 3; k++) {
        batch.src[to * 4 + 1 + k] = words[from + SRC6 + k]!;
        batch.dst[to * 4 + 1 + k] = words[from + DST6 + k]!;
      }
    }
    const packets = doubles[double + PACKETS]!;
    this.packets += packets;
    batch.packets[to] = packets;
    batch.bytes[to] = doubles[double + BYTES]!;
    batch.lost[to] = 0;
    batch.firstMicros[to] = doubles[double + FIRST]!;
    batch.lastMicros[to] = doubles[double + LAST]!;
    batch.tcpFlags[to] = words[from + FLAGS]! & 0xff;
    this.#seen[this.#options.interfaceOf[decision]!] = 1;
  }

  #fillStatus(batch: FlowBatch, capacity: number): boolean {
    const { window } = this;
    const { interfaces, intervalSeconds } = this.#options;
    const whole = this.#seconds(0);
    for (; this.#interface < interfaces.length; this.#interface++) {
      const at = interfaces[this.#interface]!;
      const lost = window.lost[at] ?? 0;
      const skipped = lost > 0 || window.lossy;
      const since = this.#options.sinceMicros.get(at);
      const seconds = since === undefined ? whole : this.#seconds(since);
      if (!skipped && (seconds === null || this.#seen[at] === 1 || window.early?.has(at) === true)) continue;
      if (batch.rows === capacity) return false;
      const to = batch.rows++;
      batch.status[to] = skipped ? STATUS_SKIPDATA : STATUS_NODATA;
      batch.joins[to] = 0;
      batch.decision[to] = this.#options.notJudged(at);
      batch.family[to] = 0;
      batch.protocol[to] = 0;
      batch.ports[to] = 0;
      batch.packets[to] = 0;
      batch.bytes[to] = 0;
      batch.tcpFlags[to] = 0;
      batch.lost[to] = lost;
      const first = seconds?.first ?? shortFirst(window);
      batch.firstMicros[to] = first * 1e6;
      batch.lastMicros[to] = Math.max(first, seconds?.last ?? window.startSeconds + intervalSeconds - 1) * 1e6;
    }
    return true;
  }

  #seconds(sinceMicros: number): { readonly first: number; readonly last: number } | null {
    const { run, startSeconds } = this.window;
    if (run === null) return null;
    const fromMicros = Math.max(run.fromMicros, sinceMicros);
    return seenSeconds(startSeconds, this.#options.intervalSeconds, { fromMicros, toMicros: run.toMicros });
  }
}

/** Loss in a window of which less than a second was seen: it still has to be said. */
function shortFirst(window: Window): number {
  return window.run === null
    ? window.startSeconds
    : Math.max(window.startSeconds, Math.floor(window.run.fromMicros / 1e6));
}
