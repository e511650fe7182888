/**
 * The network with the traffic in it.
 *
 * In:    traffic, the network as of the time of each window. Out: boxes, edges, and what to know of them.
 * Holds: every row is in one edge, so that `recorded` of all edges add up to the rows. Interfaces of the newest network are
 *        there without traffic too.
 */
import type { TopologyAnswer, TopologyBox, TopologyEdge, TopologyMeasure } from '../../api/topology.ts';
import { TOPOLOGY_MEASURES } from '../../api/topology.ts';
import type { BoxesAsked } from './boxes.ts';
import { chooseBoxes } from './boxes.ts';
import type { Edge } from './edges.ts';
import { addAll, edgesOf, emptyEdge, MOST_EDGES } from './edges.ts';
import type { End } from './ends.ts';
import { Ends } from './ends.ts';
import type { KnownNetwork } from './known-network.ts';
import type { Sums } from './pairs.ts';
import { NumberPairs } from './number-pairs.ts';
import { noSums, Pairs, told } from './pairs.ts';
import type { Traffic } from './traffic.ts';
import { MEASURES } from './traffic.ts';

export type TopologyAsked = BoxesAsked & {
  /** Whose order decides what has a box and an edge of its own. */
  readonly measure: TopologyMeasure;
  readonly edges?: number;
};

export type Topology = Pick<
  TopologyAnswer,
  'boxes' | 'edges' | 'total' | 'network' | 'interfaces' | 'gateways' | 'widened' | 'notUnderstood'
>;

/**
 * Makes it.
 *
 * @param networkAt  the network as of a window
 * @param newest     the network whose interfaces and names are shown
 */
export function topologyOf(
  traffic: Traffic,
  networkAt: (window: number) => KnownNetwork,
  newest: KnownNetwork,
  asked: TopologyAsked,
): Topology {
  const ends = new Ends(traffic);
  const pairs = new Pairs(traffic);
  let windows = 1;
  for (let row = 0; row < traffic.rows; row++) {
    const window = traffic.window[row] as number;
    windows = Math.max(windows, window + 1);
    pairs.add(row, ends.of(networkAt(window), row));
  }
  for (const { number } of newest.snapshot.interfaces.slice(1)) ends.addInterface(newest, number);

  const at = TOPOLOGY_MEASURES.indexOf(asked.measure);
  const rank = ends.list.map(() => 0);
  pairs.forEachWindow((pair, _, there, back) => {
    const [a, b] = [pairs.ends.first[pair] as number, pairs.ends.second[pair] as number];
    const weight = (there[at] as number) + (back[at] as number);
    rank[a] = (rank[a] as number) + weight;
    if (b !== a) rank[b] = (rank[b] as number) + weight;
  });
  const boxes = chooseBoxes(ends.list, rank, newest, asked);
  const between = edgesBetween(pairs, boxes.paths, windows);
  const { edges, widened } = edgesOf(between, asked.measure, asked.edges ?? MOST_EDGES);
  const around = new Map<string, Sums>();
  for (const { a, b, there, back } of between)
    for (const id of new Set([...a, ...b])) {
      let own = around.get(id);
      if (own === undefined) around.set(id, (own = noSums()));
      addAll(own, there);
      addAll(own, back);
    }
  const inside = new Map<string, number>();
  for (const [number, { kind }] of ends.list.entries())
    if (kind === 'interface') for (const id of boxes.paths[number]!) inside.set(id, (inside.get(id) ?? 0) + 1);
  const used = new Set(edges.flatMap(({ via }) => via));
  return {
    boxes: boxes.list.map((box): TopologyBox => ({
      ...box,
      interfaces: inside.get(box.id) ?? 0,
      stands: boxes.stands.get(box.id) ?? 0,
      sums: told(around.get(box.id) ?? noSums()),
    })),
    edges: edges.toSorted(byWeight(asked.measure)),
    total: told(pairs.total),
    network: knownBy(ends.list),
    interfaces: ends.list.filter(({ kind }) => kind === 'interface').length,
    gateways: [...ends.gateways].filter(([id]) => used.has(id)).map(([id, kind]) => ({ id, kind })),
    widened,
    notUnderstood: newest.snapshot.notUnderstood,
  };
}

/** Traffic between boxes that stand for ends; pairs whose ends are in the same boxes together. */
function edgesBetween(pairs: Pairs, paths: readonly (readonly string[])[], windows: number): Edge[] {
  /** Of each end the number of the innermost box around it. */
  const numbers = new Map<string, number>();
  const boxOf = paths.map((path) => {
    const id = path.at(-1)!;
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  });
  const found = new NumberPairs();
  const edges: Edge[] = [];
  const { first, second, size } = pairs.ends;
  const edgeOf = new Int32Array(size);
  const turned = new Uint8Array(size);
  for (let pair = 0; pair < size; pair++) {
    const [a, b] = [first[pair] as number, second[pair] as number];
    const [one, other] = [boxOf[a] as number, boxOf[b] as number];
    const isTurned = one > other;
    const number = isTurned ? found.numberOf(other, one) : found.numberOf(one, other);
    const edge = (edges[number] ??= emptyEdge(paths[isTurned ? b : a]!, paths[isTurned ? a : b]!, windows));
    edge.pairs++;
    for (const id of pairs.viaOf(pair)) edge.via.add(id);
    edgeOf[pair] = number;
    turned[pair] = isTurned ? 1 : 0;
  }
  pairs.forEachWindow((pair, window, there, back, recorded) => {
    const edge = edges[edgeOf[pair] as number]!;
    const isTurned = turned[pair] === 1;
    addAll(edge.there, isTurned ? back : there);
    addAll(edge.back, isTurned ? there : back);
    addAll(edge.recorded, recorded);
    addAll(edge.series, there, window * MEASURES);
    addAll(edge.series, back, window * MEASURES);
  });
  return edges;
}

const byWeight =
  (measure: TopologyMeasure) =>
  (one: TopologyEdge, other: TopologyEdge): number =>
    other.there[measure] + other.back[measure] - one.there[measure] - one.back[measure];

function knownBy(ends: readonly End[]): Topology['network'] {
  const interfaces = ends.filter(({ kind }) => kind === 'interface');
  const known = interfaces.filter(({ isKnown }) => isKnown).length;
  if (known === interfaces.length && known > 0) return 'facts';
  return known > 0 ? 'facts-and-records' : 'records';
}
