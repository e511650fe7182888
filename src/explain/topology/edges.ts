/**
 * Edges between the boxes that are shown.
 *
 * In:    pairs of ends with their sums; by end the boxes around it. Out: edges, at most so many.
 * Holds: every pair is in one edge. Where there are too many, those with the least traffic are joined into edges between the
 *        boxes around their ends, and those again; never is one left out. The sums of edges are those of pairs.
 */
import type { TopologyEdge, TopologyMeasure } from '../../api/topology.ts';
import { TOPOLOGY_MEASURES } from '../../api/topology.ts';
import type { PairSums, Sums } from './pairs.ts';
import { addSums, noSums, told } from './pairs.ts';

/** Edges that are shown. */
export const MOST_EDGES = 240;

export type PairOfPaths = {
  /** Boxes around the ends, the innermost last. */
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly sums: PairSums;
  readonly via: Iterable<string>;
};

type Edge = {
  readonly a: readonly string[];
  readonly b: readonly string[];
  there: Sums;
  back: Sums;
  readonly recorded: Sums;
  readonly via: Set<string>;
  readonly series: Map<number, Sums>;
  pairs: number;
};

/** Joins pairs. */
export function edgesOf(
  pairs: readonly PairOfPaths[],
  measure: TopologyMeasure,
  most: number = MOST_EDGES,
): { readonly edges: readonly TopologyEdge[]; readonly widened: number } {
  let edges = joined(
    pairs.map(({ a, b, sums, via }) => ({ ...sums, a, b, via: new Set(via), series: new Map(sums.series), pairs: 1 })),
  );
  const at = TOPOLOGY_MEASURES.indexOf(measure);
  const weight = ({ there, back }: Edge): number => (there[at] as number) + (back[at] as number);
  // Half of them stay between their own boxes, however many others there are.
  const kept = Math.ceil(most / 2);
  let widened = 0;
  while (edges.length > most) {
    const inOrder = edges.toSorted((a, b) => weight(b) - weight(a) || (keyOf(a) < keyOf(b) ? -1 : 1));
    const [stay, go] = [inOrder.slice(0, kept), inOrder.slice(kept)];
    // All ends are the outermost: there is nothing wider.
    if (go.every(({ a, b }) => a.length <= 1 && b.length <= 1)) break;
    if (widened === 0) widened = go.length;
    edges = joined([...stay, ...go.map((edge) => ({ ...edge, a: wider(edge.a), b: wider(edge.b) }))]);
  }
  return { edges: edges.map(toldEdge), widened };
}

const wider = (path: readonly string[]): readonly string[] => (path.length > 1 ? path.slice(0, -1) : path);
const keyOf = ({ a, b }: Pick<Edge, 'a' | 'b'>): string => `${a.at(-1)} | ${b.at(-1)}`;

/** Edges between the same boxes as one; the box that comes first as text is a. */
function joined(edges: readonly Edge[]): Edge[] {
  const found = new Map<string, Edge>();
  for (const edge of edges) {
    const isTurned = edge.a.at(-1)! > edge.b.at(-1)!;
    const [a, b] = isTurned ? [edge.b, edge.a] : [edge.a, edge.b];
    const [there, back] = isTurned ? [edge.back, edge.there] : [edge.there, edge.back];
    const key = keyOf({ a, b });
    const one = found.get(key);
    if (one === undefined) {
      const own = { a, b, there: noSums(), back: noSums(), recorded: noSums(), via: new Set<string>(), pairs: 0 };
      const made: Edge = { ...own, series: new Map() };
      found.set(key, made);
      merge(made, { ...edge, there, back });
    } else merge(one, { ...edge, there, back });
  }
  return [...found.values()];
}

function merge(to: Edge, more: Edge): void {
  addSums(to.there, more.there);
  addSums(to.back, more.back);
  addSums(to.recorded, more.recorded);
  for (const id of more.via) to.via.add(id);
  to.pairs += more.pairs;
  for (const [window, sums] of more.series) {
    let own = to.series.get(window);
    if (own === undefined) to.series.set(window, (own = noSums()));
    addSums(own, sums);
  }
}

function toldEdge({ a, b, there, back, recorded, via, pairs, series }: Edge): TopologyEdge {
  const inOrder = [...series].toSorted(([one], [other]) => one - other);
  return {
    a: a.at(-1)!,
    b: b.at(-1)!,
    there: told(there),
    back: told(back),
    recorded: told(recorded),
    via: [...via].toSorted(),
    pairs,
    series: inOrder.map(([window, [bytes = 0, packets = 0, flows = 0, rejects = 0]]) => [
      window,
      bytes,
      packets,
      flows,
      rejects,
    ]),
  };
}
