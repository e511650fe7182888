/**
 * Up to when flows that the kernel has counted were given to those who gathered then.
 *
 * In:    flows of one span after the other, as they are given. Out: for whoever begins to gather from a time on, what it has missed.
 * Holds: a change of the network is taken some time after the moment from which it holds, and a generation that ended in between, or took
 *        long to end, was given to others. Who begins with the change says SKIPDATA where such flows may have had packets of its time:
 *        no packet is missing without a word.
 * Fails: never.
 */
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import type { RunSpan } from '../../collect/aggregate/window.ts';
import { createFlowRows } from '../../collect/kernel/flow-rows.ts';
import type { Decision } from '../../network/vpc/snapshot.ts';

const NO_ROWS: CountedFlows['rows'] = createFlowRows(1);

/** No flow of a span, of which these interfaces may have had some. */
export function unknownFlows(span: RunSpan, incomplete: readonly number[]): CountedFlows {
  return { rows: NO_ROWS, lost: new Map(), span, untilMicros: span.toMicros, errorMicros: 0, incomplete };
}

/** What was given so far. */
export class GivenFlows {
  readonly #decisions: { readonly list: readonly Decision[] };
  /** By interface number: the time of its last packet that was given or lost, at the latest; microseconds since 1970 UTC. */
  readonly #lastMicros = new Map<number, number>();

  constructor(decisions: { readonly list: readonly Decision[] }) {
    this.#decisions = decisions;
  }

  /** Notes what was given. */
  note({ rows, lost, untilMicros, errorMicros, incomplete }: CountedFlows): void {
    const { list } = this.#decisions;
    const reach = (at: number, micros: number): void => {
      if (micros > (this.#lastMicros.get(at) ?? -Infinity)) this.#lastMicros.set(at, micros);
    };
    for (let row = 0; row < rows.rows; row++)
      reach(list[rows.decision[row]!]!.interface, rows.lastMicros[row]! + errorMicros);
    for (const [decision, packets] of lost) if (packets > 0) reach(list[decision]!.interface, untilMicros);
    for (const at of incomplete) reach(at, untilMicros);
  }

  /**
   * What somebody has missed of one window, as flows to add.
   *
   * @param fromMicros  from when on it gathers
   */
  missedSince(fromMicros: number): CountedFlows {
    const missed = [...this.#lastMicros].filter(([, last]) => last >= fromMicros).map(([at]) => at);
    return unknownFlows({ fromMicros, toMicros: fromMicros }, missed);
  }

  /**
   * What somebody has missed of whole windows, as flows to add.
   *
   * @param fromMicros  where the first of them begins
   */
  missedOf(interfaces: readonly number[], fromMicros: number, seconds: number): CountedFlows[] {
    const missed: CountedFlows[] = [];
    for (let start = fromMicros; ; start += seconds * 1e6) {
      const { span, incomplete } = this.missedSince(start);
      const own = interfaces.filter((at) => incomplete.includes(at));
      if (own.length === 0) return missed;
      missed.push(unknownFlows(span, own));
    }
  }
}
