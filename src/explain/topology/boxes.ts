/**
 * Which boxes are shown, and in which of them an end is seen.
 *
 * In:    ends with how much traffic they have; how far boxes are opened. Out: boxes in boxes; by end the boxes around it, from
 *        the outermost to the one that stands for it.
 * Holds: of each kind those with the most traffic have a box; all others of a parent are in one box `more` of it, so that
 *        every end is in some box.
 */
import type { TopologyBox, TopologyGrouping, TopologyScope } from '../../api/topology.ts';
import type { End } from './ends.ts';
import type { KnownNetwork } from './known-network.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';

/** How many boxes of a kind are shown. */
export type BoxLimits = {
  readonly vpcs: number;
  readonly groups: number;
  readonly interfaces: number;
  readonly outside: number;
  /** Interfaces of the box that is opened all the way. */
  readonly focused: number;
};

export const BOX_LIMITS: BoxLimits = { vpcs: 24, groups: 60, interfaces: 120, outside: 20, focused: 200 };

export type BoxesAsked = {
  readonly scope: TopologyScope;
  readonly grouping: TopologyGrouping;
  readonly focus: string | null;
  readonly limits: BoxLimits;
};

/** A box without its sums. */
export type Box = Omit<TopologyBox, 'sums' | 'interfaces' | 'stands'>;

export type Boxes = {
  readonly list: readonly Box[];
  /** By number of the end: ids of boxes around it that are shown, the innermost last. */
  readonly paths: readonly (readonly string[])[];
  /** By id of a box `more`: how many boxes it stands for. */
  readonly stands: ReadonlyMap<string, number>;
};

type Level = 'vpc' | 'zone' | 'group' | 'leaf' | 'outside';
/** A box that may be shown. */
type Node = { readonly box: Box; readonly level: Level };

/**
 * Chooses.
 *
 * @param rank  by number of the end: how much traffic of the measure that counts it has
 */
export function chooseBoxes(
  ends: readonly End[],
  rank: readonly number[],
  network: KnownNetwork,
  asked: BoxesAsked,
): Boxes {
  const nodes = new Map<string, Node>();
  const ranks = new Map<string, number>();
  const lookup = lookupOf(ends, network);
  const chains = ends.map((end, at) => {
    const chain = chainOf(end, lookup, asked.grouping);
    for (const node of chain) {
      if (!nodes.has(node.box.id)) nodes.set(node.box.id, node);
      ranks.set(node.box.id, (ranks.get(node.box.id) ?? 0) + (rank[at] ?? 0));
    }
    return chain.map(({ box }) => box.id);
  });
  // An interface is opened with those beside it. What is not there is not opened.
  const around = asked.focus === null ? undefined : chains.find((chain) => chain.includes(asked.focus!));
  const focus = around?.at(-1) === asked.focus ? (around?.at(-2) ?? null) : around === undefined ? null : asked.focus;
  const isFocused = (chain: readonly string[]): boolean => focus !== null && chain.includes(focus);
  const depthOf = (chain: readonly string[]): number => {
    if (isFocused(chain)) return chain.length;
    // Beside a box that is opened all the way others show no interfaces.
    return Math.min(chain.length, depthIn(asked, focus === null ? asked.scope : 'subnet'));
  };
  const focused = new Set(chains.filter(isFocused).flat());
  const wanted = new Set(chains.flatMap((chain) => chain.slice(0, depthOf(chain))));
  const chosen = chooseByRank(
    [...wanted].map((id) => nodes.get(id)!),
    ranks,
    focused,
    asked.limits,
  );

  let hidden = hiddenBy(chains, depthOf, chosen, nodes);
  // A box that would stand for one is that one; what is in it may then be more than one.
  for (let found = true; found;) {
    const single = [...hidden.values()].filter((ids) => ids.size === 1).flatMap((ids) => [...ids]);
    for (const id of single) chosen.add(id);
    found = single.length > 0;
    if (found) hidden = hiddenBy(chains, depthOf, chosen, nodes);
  }
  const list = new Map<string, Box>();
  const paths = chains.map((chain) => {
    const path: string[] = [];
    for (const id of chain.slice(0, depthOf(chain))) {
      const node = nodes.get(id)!;
      if (chosen.has(id)) {
        list.set(id, node.box);
        path.push(id);
        continue;
      }
      const more = moreId(node, path.at(-1) ?? null);
      const count = hidden.get(more)?.size ?? 0;
      list.set(more, moreBox(more, node.level, path.at(-1) ?? null, count));
      path.push(more);
      break;
    }
    return path;
  });
  return { list: [...list.values()], paths, stands: new Map([...hidden].map(([id, ids]) => [id, ids.size])) };
}

/** How many levels are shown: between VPCs and interfaces there are zones and subnets, or groups. */
function depthIn({ grouping }: BoxesAsked, scope: TopologyScope): number {
  const depth = { vpc: 1, zone: 2, subnet: 3, interface: 4 }[scope];
  return grouping === 'group' && depth > 2 ? depth - 1 : depth;
}

/** By box `more`: what it stands for. */
function hiddenBy(
  chains: readonly (readonly string[])[],
  depthOf: (chain: readonly string[]) => number,
  chosen: ReadonlySet<string>,
  nodes: ReadonlyMap<string, Node>,
): Map<string, Set<string>> {
  const hidden = new Map<string, Set<string>>();
  for (const chain of chains) {
    const depth = depthOf(chain);
    const at = chain.findIndex((id, i) => i < depth && !chosen.has(id));
    if (at < 0) continue;
    const more = moreId(nodes.get(chain[at]!)!, chain[at - 1] ?? null);
    hidden.set(more, (hidden.get(more) ?? new Set()).add(chain[at]!));
  }
  return hidden;
}

function chooseByRank(
  nodes: readonly Node[],
  ranks: ReadonlyMap<string, number>,
  focused: ReadonlySet<string>,
  limits: BoxLimits,
): Set<string> {
  const most = {
    vpc: limits.vpcs,
    zone: Infinity,
    group: limits.groups,
    leaf: limits.interfaces,
    outside: limits.outside,
  };
  const left: Record<string, number> = { ...most, focused: limits.focused };
  const chosen = new Set<string>();
  const inOrder = nodes.toSorted(
    (a, b) => (ranks.get(b.box.id) ?? 0) - (ranks.get(a.box.id) ?? 0) || (a.box.id < b.box.id ? -1 : 1),
  );
  for (const { box, level } of inOrder) {
    const isInFocus = focused.has(box.id);
    // What is around the box that is opened is always shown.
    if (isInFocus && level !== 'leaf') {
      chosen.add(box.id);
      continue;
    }
    const kind = isInFocus ? 'focused' : level;
    if (left[kind]! <= 0) continue;
    left[kind]!--;
    chosen.add(box.id);
  }
  return chosen;
}

const moreId = ({ level }: Node, parent: string | null): string =>
  `more ${parent ?? (level === 'outside' ? 'outside' : 'inside')}`;

const NOUNS: Readonly<Record<Level, string>> = {
  vpc: 'VPCs',
  zone: 'zones',
  group: 'subnets',
  leaf: 'interfaces',
  outside: 'outside',
};

function moreBox(id: string, level: Level, parent: string | null, count: number): Box {
  return {
    id,
    parent,
    kind: 'more',
    label: `and ${count} more ${NOUNS[level]}`,
    detail: null,
    resourceId: null,
    filter: null,
    addresses: [],
  };
}

/** What is known of VPCs and subnets. */
type Lookup = {
  readonly names: ReadonlyMap<string, string>;
  /** Blocks of VPCs and subnets by id. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
  /** By subnet: a subnet is in one VPC and zone, whatever of it a single record tells. */
  readonly places: ReadonlyMap<string, { readonly vpcId: string | null; readonly azId: string | null }>;
};

function lookupOf(ends: readonly End[], { snapshot, names }: KnownNetwork): Lookup {
  const { vpcs, subnets } = snapshot;
  const blocks = new Map([...vpcs, ...subnets].map(({ id, cidrs }) => [id, cidrs.map(formatCidr)]));
  const places = new Map(
    subnets.slice(1).map(({ id, vpc, azId }) => [id, { vpcId: vpcs[vpc]?.id ?? null, azId }] as const),
  );
  for (const { subnetId, vpcId, azId } of ends) {
    if (subnetId === null) continue;
    const before = places.get(subnetId);
    places.set(subnetId, { vpcId: before?.vpcId ?? vpcId, azId: before?.azId ?? azId });
  }
  return { names, blocks, places };
}

/** The boxes around an end, whether they are shown or not. */
function chainOf(end: End, lookup: Lookup, grouping: TopologyGrouping): Node[] {
  const isInside = end.kind === 'interface' || end.kind === 'no-interface';
  const own: Box = {
    id: end.id,
    parent: null,
    kind: end.kind,
    label: end.label,
    detail: end.detail,
    resourceId: end.resourceId,
    filter: end.kind === 'interface' ? `interface-id=${end.id}` : null,
    addresses: end.addresses,
  };
  if (!isInside) return [{ box: own, level: 'outside' }];
  const { vpcId, azId } = (end.subnetId === null ? undefined : lookup.places.get(end.subnetId)) ?? end;
  const nodes: Node[] = [vpcNode(vpcId, lookup)];
  const parent = (): string => nodes.at(-1)!.box.id;
  if (grouping === 'group') nodes.push(groupNode(end, parent(), lookup));
  else {
    nodes.push(zoneNode(azId, parent()));
    nodes.push(subnetNode(end, parent(), lookup));
  }
  nodes.push({ box: { ...own, parent: parent() }, level: 'leaf' });
  return nodes;
}

function vpcNode(vpcId: string | null, { blocks, names }: Lookup): Node {
  const id = vpcId ?? 'vpc ?';
  const label = vpcId === null ? 'VPC not told' : (names.get(vpcId) ?? vpcId);
  const addresses = blocks.get(id) ?? [];
  const detail = addresses.join(', ') || null;
  const filter = vpcId === null ? null : `vpc-id=${vpcId}`;
  return { box: { id, parent: null, kind: 'vpc', label, detail, resourceId: vpcId, filter, addresses }, level: 'vpc' };
}

function zoneNode(azId: string | null, parent: string): Node {
  const id = `${parent} ${azId ?? 'zone ?'}`;
  const filter = azId === null ? null : `az-id=${azId}`;
  const label = azId ?? 'Zone not told';
  return {
    box: { id, parent, kind: 'zone', label, detail: null, resourceId: null, filter, addresses: [] },
    level: 'zone',
  };
}

function subnetNode({ subnetId }: End, parent: string, { blocks, names }: Lookup): Node {
  const id = subnetId ?? `${parent} subnet ?`;
  const label = subnetId === null ? 'Subnet not told' : (names.get(subnetId) ?? subnetId);
  const addresses = blocks.get(id) ?? [];
  const detail = addresses.join(', ') || null;
  const filter = subnetId === null ? null : `subnet-id=${subnetId}`;
  return {
    box: { id, parent, kind: 'subnet', label, detail, resourceId: subnetId, filter, addresses },
    level: 'group',
  };
}

/** An interface of several groups is in the box of all of them: in each it would be there more than once. */
function groupNode({ groupIds }: End, parent: string, { names }: Lookup): Node {
  const id = `${parent} ${groupIds.join('+') || 'no group'}`;
  const label = groupIds.length === 0 ? 'No group' : groupIds.map((group) => names.get(group) ?? group).join(' + ');
  const resourceId = groupIds.length === 1 ? groupIds[0]! : null;
  const detail = groupIds.join(', ') || null;
  return { box: { id, parent, kind: 'group', label, detail, resourceId, filter: null, addresses: [] }, level: 'group' };
}
