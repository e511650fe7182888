/**
 * Traffic between pairs of ends, by window.
 *
 * In:    rows with their ends. Out: for each pair what went there and back, and what was recorded.
 * Holds: the rows' sums are those of `recorded`, over all pairs. There and back each packet counts once: where both ends have
 *        records of a direction and window, the larger of their sums is taken, for one end may lack a flow log; of rejects
 *        both, for what one end rejected the other never saw. Rows may be a million: they stay the columns that they came as.
 */
import type { TopologySums } from '../../api/topology.ts';
import type { EndsOfRow } from './ends.ts';
import { NumberPairs } from './number-pairs.ts';
import type { Traffic } from './traffic.ts';
import { MEASURES } from './traffic.ts';

const REJECTS = 3;
const NONE: ReadonlySet<string> = new Set();

export type Sums = Float64Array;
export const noSums = (): Sums => new Float64Array(MEASURES);

/** As JSON has them. */
export function told(sums: Sums, from = 0): TopologySums {
  const [bytes = 0, packets = 0, flows = 0, rejects = 0] = sums.subarray(from, from + MEASURES);
  return { bytes, packets, flows, rejects };
}

/**
 * What is done with a window of a pair.
 *
 * @param there     from a to b, each packet once; `back` the other way. Filled again for the next
 * @param recorded  both ways, as recorded
 */
export type EachWindow = (pair: number, window: number, there: Sums, back: Sums, recorded: Sums) => void;

/** Gathers rows. */
export class Pairs {
  readonly total: Sums = noSums();
  /** Pairs of ends by their numbers, the lower first. */
  readonly ends = new NumberPairs();
  readonly #traffic: Traffic;
  readonly #pairOf: Int32Array;
  /** There at a, there at b, back at b, back at a. */
  readonly #partOf: Uint8Array;
  /** By pair; most have none. */
  readonly #via = new Map<number, Set<string>>();
  #windows = 1;
  /** Rows by pair, then by window; null: not put in order yet. */
  #order: Uint32Array | null = null;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
    this.#pairOf = new Int32Array(traffic.rows);
    this.#partOf = new Uint8Array(traffic.rows);
  }

  /** Every row is added once. */
  add(row: number, { from, to, atFrom, via }: EndsOfRow): void {
    const { window, sums } = this.#traffic;
    const isTurned = from > to;
    const pair = isTurned ? this.ends.numberOf(to, from) : this.ends.numberOf(from, to);
    if (via !== null) this.#addVia(pair, via);
    this.#pairOf[row] = pair;
    this.#windows = Math.max(this.#windows, (window[row] as number) + 1);
    this.#partOf[row] = (isTurned ? 2 : 0) + (atFrom ? 0 : 1);
    for (let i = 0; i < MEASURES; i++) this.total[i] = (this.total[i] as number) + (sums[row * MEASURES + i] as number);
  }

  #addVia(pair: number, via: string): void {
    const known = this.#via.get(pair);
    if (known === undefined) this.#via.set(pair, new Set([via]));
    else known.add(via);
  }

  /** Gateways between the ends of a pair. */
  viaOf(pair: number): ReadonlySet<string> {
    return this.#via.get(pair) ?? NONE;
  }

  /** Goes through the windows of each pair, pair by pair. */
  forEachWindow(each: EachWindow): void {
    const { rows, window: windowOf, sums } = this.#traffic;
    const order = (this.#order ??= inOrder(
      inOrder(null, windowOf, rows, this.#windows),
      this.#pairOf,
      rows,
      this.ends.size,
    ));
    const parts = new Float64Array(4 * MEASURES);
    const [there, back, recorded] = [noSums(), noSums(), noSums()];
    for (let i = 0; i < order.length;) {
      const first = order[i] as number;
      const pair = this.#pairOf[first] as number;
      const window = windowOf[first] as number;
      parts.fill(0);
      for (; i < order.length; i++) {
        const row = order[i] as number;
        if (this.#pairOf[row] !== pair || windowOf[row] !== window) break;
        const to = (this.#partOf[row] as number) * MEASURES;
        for (let m = 0; m < MEASURES; m++)
          parts[to + m] = (parts[to + m] as number) + (sums[row * MEASURES + m] as number);
      }
      for (let m = 0; m < MEASURES; m++) {
        there[m] = once(m, parts[m] as number, parts[MEASURES + m] as number);
        back[m] = once(m, parts[2 * MEASURES + m] as number, parts[3 * MEASURES + m] as number);
        recorded[m] =
          (parts[m] as number) +
          (parts[MEASURES + m] as number) +
          (parts[2 * MEASURES + m] as number) +
          (parts[3 * MEASURES + m] as number);
      }
      each(pair, window, there, back, recorded);
    }
  }
}

const once = (measure: number, one: number, other: number): number =>
  measure === REJECTS ? one + other : Math.max(one, other);

/** Rows in ascending order of a column of small numbers; those that are equal stay in the order before. */
function inOrder(
  before: Uint32Array | null,
  column: Int32Array | Uint16Array,
  rows: number,
  values: number,
): Uint32Array {
  const begins = new Uint32Array(values + 1);
  for (let row = 0; row < rows; row++) begins[(column[row] as number) + 1]!++;
  for (let value = 0; value < values; value++)
    begins[value + 1] = (begins[value + 1] as number) + (begins[value] as number);
  const order = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = before === null ? i : (before[i] as number);
    const value = column[row] as number;
    order[begins[value] as number] = row;
    begins[value]!++;
  }
  return order;
}
