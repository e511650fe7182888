/**
 * Edges between the boxes that are shown.
 *
 * In:    sums between boxes; by end the boxes around it. Out: edges, at most so many.
 * Holds: all traffic is in some edge. Where there are too many, those with the least traffic are joined into edges between the
 *        boxes around their ends, and those again; never is one left out. The sums of edges are those of what came in.
 */
import type { TopologyEdge, TopologyMeasure } from '../../api/topology.ts';
import { TOPOLOGY_MEASURES } from '../../api/topology.ts';
import type { Sums } from './pairs.ts';
import { noSums, told } from './pairs.ts';
import { MEASURES } from './traffic.ts';

/** Edges that are shown. */
export const MOST_EDGES = 240;

export type Edge = {
  /** Boxes around the ends, the innermost last. */
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly there: Sums;
  readonly back: Sums;
  readonly recorded: Sums;
  readonly via: Set<string>;
  /** There and back, four numbers for each window. */
  readonly series: Float64Array;
  pairs: number;
};

/** An edge without traffic. */
export function emptyEdge(a: readonly string[], b: readonly string[], windows: number): Edge {
  const sums = { there: noSums(), back: noSums(), recorded: noSums() };
  return { a, b, ...sums, via: new Set(), series: new Float64Array(windows * MEASURES), pairs: 0 };
}

/** Adds sums to others. */
export function addAll(to: Float64Array, more: Float64Array, at = 0): void {
  for (let i = 0; i < more.length; i++) to[at + i] = (to[at + i] as number) + (more[i] as number);
}

/** Joins edges until they are few enough. */
export function edgesOf(
  all: readonly Edge[],
  measure: TopologyMeasure,
  most: number = MOST_EDGES,
): { readonly edges: readonly TopologyEdge[]; readonly widened: number } {
  let edges = joined(all);
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
    const key = keyOf({ a, b });
    let one = found.get(key);
    if (one === undefined) found.set(key, (one = emptyEdge(a, b, edge.series.length / MEASURES)));
    addAll(one.there, isTurned ? edge.back : edge.there);
    addAll(one.back, isTurned ? edge.there : edge.back);
    addAll(one.recorded, edge.recorded);
    addAll(one.series, edge.series);
    for (const id of edge.via) one.via.add(id);
    one.pairs += edge.pairs;
  }
  return [...found.values()];
}

function toldEdge({ a, b, there, back, recorded, via, pairs, series }: Edge): TopologyEdge {
  const windows: TopologyEdge['series'][number][] = [];
  for (let window = 0; window * MEASURES < series.length; window++) {
    const { bytes, packets, flows, rejects } = told(series, window * MEASURES);
    if (flows > 0 || packets > 0 || bytes > 0 || rejects > 0) windows.push([window, bytes, packets, flows, rejects]);
  }
  return {
    a: a.at(-1)!,
    b: b.at(-1)!,
    there: told(there),
    back: told(back),
    recorded: told(recorded),
    via: [...via].toSorted(),
    pairs,
    series: windows,
  };
}
