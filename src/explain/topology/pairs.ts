/**
 * Traffic between pairs of ends, by window.
 *
 * In:    rows with their ends. Out: for each pair what went there and back, and what was recorded.
 * Holds: the rows' sums are those of `recorded`, over all pairs. There and back each packet counts once: where both ends have
 *        records of a direction and window, the larger of their sums is taken, for one end may lack a flow log; of rejects
 *        both, for what one end rejected the other never saw.
 */
import type { TopologySums } from '../../api/topology.ts';
import type { PairRow } from '../../query/traffic-pairs.ts';
import type { EndsOfRow } from './ends.ts';

/** Numbers of `TOPOLOGY_MEASURES`, in their order. */
export const MEASURES = 4;
const REJECTS = 3;

export type Sums = Float64Array;
export const noSums = (): Sums => new Float64Array(MEASURES);

/** Adds one to another. */
export function addSums(to: Sums, more: Sums): void {
  for (let i = 0; i < MEASURES; i++) to[i] = (to[i] as number) + (more[i] as number);
}

/** As JSON has them. */
export function told([bytes = 0, packets = 0, flows = 0, rejects = 0]: Sums): TopologySums {
  return { bytes, packets, flows, rejects };
}

export type Pair = {
  /** Numbers of ends, the lower first. */
  readonly a: number;
  readonly b: number;
  /** Gateways. */
  readonly via: Set<string>;
  /** By window: there at a, there at b, back at b, back at a. */
  readonly cells: Map<number, Float64Array>;
};

/** What a pair comes to. */
export type PairSums = {
  readonly there: Sums;
  readonly back: Sums;
  readonly recorded: Sums;
  /** There and back together. */
  readonly series: ReadonlyMap<number, Sums>;
};

/** Gathers rows. */
export class Pairs {
  readonly list: Pair[] = [];
  readonly total: Sums = noSums();
  readonly #byEnds = new Map<number, Pair>();

  add({ window, bytes, packets, flows, rejects }: PairRow, { from, to, atFrom, via }: EndsOfRow): void {
    const [a, b] = from < to ? [from, to] : [to, from];
    const key = a * 2 ** 24 + b;
    let pair = this.#byEnds.get(key);
    if (pair === undefined) {
      pair = { a, b, via: new Set(), cells: new Map() };
      this.#byEnds.set(key, pair);
      this.list.push(pair);
    }
    if (via !== null) pair.via.add(via);
    let cell = pair.cells.get(window);
    if (cell === undefined) pair.cells.set(window, (cell = new Float64Array(4 * MEASURES)));
    const isBack = from !== a;
    const at = ((isBack ? 2 : 0) + (atFrom ? 0 : 1)) * MEASURES;
    const sums = [bytes, packets, flows, rejects] as const;
    for (let i = 0; i < MEASURES; i++) {
      cell[at + i] = (cell[at + i] as number) + (sums[i] as number);
      this.total[i] = (this.total[i] as number) + (sums[i] as number);
    }
  }
}

/** Adds up a pair's windows. */
export function pairSums({ cells }: Pair): PairSums {
  const [there, back, recorded] = [noSums(), noSums(), noSums()];
  const series = new Map<number, Sums>();
  for (const [window, cell] of cells) {
    const both = noSums();
    for (const [half, sums] of [there, back].entries())
      for (let i = 0; i < MEASURES; i++) {
        const first = cell[half * 2 * MEASURES + i] as number;
        const second = cell[(half * 2 + 1) * MEASURES + i] as number;
        const once = i === REJECTS ? first + second : Math.max(first, second);
        sums[i] = (sums[i] as number) + once;
        both[i] = (both[i] as number) + once;
        recorded[i] = (recorded[i] as number) + first + second;
      }
    series.set(window, both);
  }
  return { there, back, recorded, series };
}
