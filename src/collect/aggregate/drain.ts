/**
 * Turns a closed window into flow batches.
 *
 * In:    a closed window. Out: batches: its flows in the order of first sight, IPv4 before IPv6, then NODATA and SKIPDATA.
 * Holds: rows of one record (rule W6) stand together, the later ones marked in `joins`; a batch ends between them only
 *        where a record alone would overflow it. NODATA only where no packet at all was seen (rule W5).
 * Fails: never.
 */
import type { FlowBatch } from '../../model/batch.ts';
import { STATUS_NODATA, STATUS_SKIPDATA } from '../../model/batch.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import type { Window } from './gathering.ts';
import { theInbox } from './inbox.ts';
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
  /** Whose rows are given out; 0: all were. */
  #family: 4 | 6 | 0 = 4;
  #interface = 0;

  constructor(window: Window, options: DrainOptions) {
    this.window = window;
    this.#options = options;
    window.flows.open(4);
    this.#seen = new Uint8Array((options.interfaces.at(-1) ?? 0) + 1);
  }

  /**
   * Fills an empty batch until it is full or the window is done.
   *
   * @returns true when the window is done
   */
  fill(batch: FlowBatch): boolean {
    const capacity = batch.status.length;
    if (this.#family !== 0) this.#fillFlows(batch);
    return this.#family === 0 && this.#fillStatus(batch, capacity);
  }

  #fillFlows(batch: FlowBatch): void {
    const { flows } = this.window;
    let rows = 0;
    if (this.#family === 4) {
      rows = flows.give(rows, 4);
      if (flows.isGiven(4)) {
        this.#family = 6;
        flows.open(6);
      }
    }
    if (this.#family === 6) {
      rows = flows.give(rows, 6);
      if (flows.isGiven(6)) this.#family = 0;
    }
    theInbox().copyOut(batch);
    batch.rows = rows;
    const { decision, packets } = batch;
    const { interfaceOf } = this.#options;
    for (let row = 0; row < rows; row++) {
      this.packets += packets[row]!;
      this.#seen[interfaceOf[decision[row]!]!] = 1;
    }
  }

  #fillStatus(batch: FlowBatch, capacity: number): boolean {
    const { window } = this;
    const { interfaces, intervalSeconds } = this.#options;
    const whole = this.#seconds(0);
    for (; this.#interface < interfaces.length; this.#interface++) {
      const at = interfaces[this.#interface]!;
      const lost = window.lost[at] ?? 0;
      const skipped = lost > 0 || window.lossy || window.skipped.has(at);
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

/** The number of the decision that lines without traffic of an interface carry. */
export function notJudged(decisions: DecisionTable, interfaceNumber: number): number {
  return decisions.numberOf({
    interface: interfaceNumber,
    direction: null,
    action: null,
    stage: 'not-judged',
    rule: 0,
    rejectReason: null,
    source: 'none',
  });
}
