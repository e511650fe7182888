/**
 * What edges and boxes carry in a window, and the filters that lead to the records behind.
 *
 * In:    an answer, a window. Out: sums; texts of filters. Holds: pure.
 */
import type { FilterCondition } from '../../../../src/api/filter.ts';
import { filterText } from '../../../../src/api/filter.ts';
import type { TopologyAnswer, TopologyBox, TopologyEdge, TopologySums } from '../../../../src/api/topology.ts';
import { TOPOLOGY_MEASURES } from '../../../../src/api/topology.ts';

export const keyOf = ({ a, b }: Pick<TopologyEdge, 'a' | 'b'>): string => `${a} | ${b}`;

const NOTHING: TopologySums = { bytes: 0, packets: 0, flows: 0, rejects: 0 };

export const added = (one: TopologySums, other: TopologySums): TopologySums => ({
  bytes: one.bytes + other.bytes,
  packets: one.packets + other.packets,
  flows: one.flows + other.flows,
  rejects: one.rejects + other.rejects,
});

/**
 * There and back together.
 *
 * @param window  -1: the whole range
 */
export function sumsIn({ there, back, series }: TopologyEdge, window: number): TopologySums {
  if (window < 0) return added(there, back);
  const found = series.find(([at]) => at === window);
  if (found === undefined) return NOTHING;
  const [, bytes, packets, flows, rejects] = found;
  return { bytes, packets, flows, rejects };
}

/** By window: all edges together. */
export function sumsByWindow({ edges, windows }: TopologyAnswer): TopologySums[] {
  const sums = windows.map(() => [0, 0, 0, 0]);
  for (const { series } of edges)
    for (const [window, ...values] of series)
      for (const [i, value] of values.entries()) sums[window]![i] = (sums[window]![i] as number) + value;
  return sums.map(
    (values) => Object.fromEntries(TOPOLOGY_MEASURES.map((name, i) => [name, values[i] ?? 0])) as TopologySums,
  );
}

/** Edges with an end in a box or in one that lies in it. */
export function edgesOf(id: string, { edges, boxes }: Pick<TopologyAnswer, 'edges' | 'boxes'>): TopologyEdge[] {
  const inside = new Set([id]);
  // Parents come before what lies in them, or a second look finds it.
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const box of boxes) if (box.parent !== null && inside.has(box.parent)) inside.add(box.id);
  }
  return edges.filter(({ a, b }) => inside.has(a) || inside.has(b));
}

/** Traffic of each box in a window, by id; of the whole range as the answer has it. */
export function boxSumsIn(
  { boxes, edges }: Pick<TopologyAnswer, 'boxes' | 'edges'>,
  window: number,
): ReadonlyMap<string, TopologySums> {
  if (window < 0) return new Map(boxes.map(({ id, sums }) => [id, sums]));
  const parents = new Map(boxes.map(({ id, parent }) => [id, parent]));
  const sums = new Map<string, TopologySums>();
  for (const edge of edges) {
    const own = sumsIn(edge, window);
    const around = new Set<string>();
    for (const end of [edge.a, edge.b])
      for (let id: string | null = end; id !== null; id = parents.get(id) ?? null) around.add(id);
    for (const id of around) sums.set(id, added(sums.get(id) ?? NOTHING, own));
  }
  return sums;
}

type Side = 'addr' | 'srcaddr' | 'dstaddr';

/** Addresses that stand for a box in a filter; more than these make it too long. */
const MOST_ADDRESSES = 20;

function sideOf({ addresses }: TopologyBox, side: Side): FilterCondition[] {
  return addresses.length === 0 || addresses.length > MOST_ADDRESSES
    ? []
    : [{ field: side, operator: '=', values: addresses }];
}

const joined = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join(',');

/** The records of a box; null where no filter tells them. */
export function boxFilter(box: TopologyBox, before: string): string | null {
  const own = filterText(sideOf(box, 'addr'));
  const told = box.kind === 'interface' && box.filter !== null ? box.filter : own || (box.filter ?? '');
  return told === '' ? null : joined(before, told);
}

/** The records of an edge, as far as the addresses of its ends tell them; null where they do not. */
export function edgeFilter(a: TopologyBox, b: TopologyBox, before: string): string | null {
  if (a.id === b.id) {
    const both = [...sideOf(a, 'srcaddr'), ...sideOf(a, 'dstaddr')];
    return both.length === 0 ? null : joined(before, filterText(both));
  }
  const ends = [...sideOf(a, 'addr'), ...sideOf(b, 'addr')];
  if (ends.length === 0) return null;
  return joined(before, filterText(ends), ...(isService(a) ? [service(a)] : []), ...(isService(b) ? [service(b)] : []));
}

const isService = ({ kind, resourceId }: TopologyBox): boolean => kind === 'aws-service' && resourceId === null;

/** Either side may be the service: the one that sends more is asked for. */
function service({ label }: TopologyBox): string {
  return filterText([{ field: 'pkt-dst-aws-service', operator: '=', values: [label] }]);
}
