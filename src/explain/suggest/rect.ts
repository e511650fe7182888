/**
 * Rules as rectangles: a range of ports times a block of addresses, or the members of a group.
 *
 * In:    ports, blocks, groups. Out: what one rule admits instead of two, and how much that is.
 * Holds: what is admitted is counted in addresses times ports; protocols without ports count as one. Blocks of IPv6 may
 *        have more addresses than a number counts exactly, which does not matter for comparing.
 */
import { maskWord } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import type { GroupOfPeers } from './group-peers.ts';

/** A group with those of its members that need it; all its members count as addresses. */
export type GroupPeer = { readonly kind: 'group'; readonly group: GroupOfPeers; readonly used: ReadonlySet<number> };
export type BlockPeer = { readonly kind: 'block'; readonly cidr: Cidr };

/** What one rule admits. */
export type Rect = {
  readonly protocol: number;
  readonly from: number;
  readonly to: number;
  readonly peer: GroupPeer | BlockPeer;
  /** Of a block: distinct addresses in it that need it; of a group 0. */
  readonly sources: number;
};

/** How far rules may be widened: prefix lengths of blocks are at least these, and of several groups one may be taken. */
export type Widening = { readonly bits4: number; readonly bits6: number; readonly groups: readonly GroupOfPeers[] };

/** Blocks as large as these stand for everybody, or a good part of them. */
const NEARLY_ALL = { 4: 8, 6: 16 } as const;
/** Sources that such a block has at least. */
export const SOURCES_FOR_ALL = 50;

/** The most specific block that holds two. */
export function around(a: Cidr, b: Cidr): Cidr {
  let bits = Math.min(a.bits, b.bits);
  for (let i = 0; i < a.words.length; i++) {
    const same = Math.clz32((a.words[i] as number) ^ (b.words[i] as number));
    if (same < 32) {
      bits = Math.min(bits, i * 32 + same);
      break;
    }
  }
  return { family: a.family, bits, words: a.words.map((word, i) => (word & maskWord(bits, i)) >>> 0) };
}

/** Whether a block holds another one. */
export function covers(a: Cidr, b: Cidr): boolean {
  return (
    a.family === b.family &&
    a.bits <= b.bits &&
    a.words.every((word, i) => ((b.words[i] as number) & maskWord(a.bits, i)) >>> 0 === word)
  );
}

/** Addresses times ports. */
export function areaOf({ from, to, peer }: Rect): number {
  const width = peer.kind === 'group' ? peer.group.size : sizeOfBlock(peer.cidr);
  return width * (to - from + 1);
}

/** Addresses times ports that rules admit together: what two of them admit counts once. */
export function unionOf(rules: readonly Rect[]): number {
  const cuts = [...new Set(rules.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  let area = 0;
  for (const protocol of new Set(rules.map((one) => one.protocol)))
    for (const [i, from] of cuts.slice(0, -1).entries()) {
      const there = rules.filter((one) => one.protocol === protocol && one.from <= from && from <= one.to);
      area += widthOf(there) * ((cuts[i + 1] as number) - from);
    }
  return area;
}

/** Addresses that rules admit together. Blocks lie inside each other or apart. */
function widthOf(rules: readonly Rect[]): number {
  const members = new Map<number, number>();
  let width = 0;
  for (const [i, { peer }] of rules.entries()) {
    if (peer.kind === 'group') {
      for (const member of peer.group.members) members.set(member, peer.group.size / peer.group.members.size);
      continue;
    }
    const { cidr } = peer;
    const isInside = rules.some((other, j) => {
      if (i === j || other.peer.kind === 'group' || !covers(other.peer.cidr, cidr)) return false;
      return other.peer.cidr.bits < cidr.bits || j < i;
    });
    if (!isInside) width += sizeOfBlock(cidr);
  }
  for (const share of members.values()) width += share;
  return width;
}

function sizeOfBlock({ family, bits }: Cidr): number {
  return 2 ** ((family === 4 ? 32 : 128) - bits);
}

/** Whether what a rule is needed for another admits too. */
export function admits(a: Rect, b: Rect): boolean {
  if (a.protocol !== b.protocol || a.from > b.from || a.to < b.to) return false;
  if (a.peer.kind === 'group') return b.peer.kind === 'group' && hasAll(a.peer.group, b.peer.used);
  return b.peer.kind === 'block' && covers(a.peer.cidr, b.peer.cidr);
}

function hasAll(group: GroupOfPeers, members: ReadonlySet<number>): boolean {
  for (const member of members) if (!group.members.has(member)) return false;
  return true;
}

/** The smallest group that has them all. */
function smallestWith(used: ReadonlySet<number>, groups: readonly GroupOfPeers[]): GroupOfPeers | null {
  let best: GroupOfPeers | null = null;
  for (const group of groups) if ((best === null || group.size < best.size) && hasAll(group, used)) best = group;
  return best;
}

/** One rule that admits what two do; null where there may be none. */
export function joined(a: Rect, b: Rect, widening: Widening): Rect | null {
  if (a.protocol !== b.protocol) return null;
  const from = Math.min(a.from, b.from);
  const to = Math.max(a.to, b.to);
  if (a.peer.kind === 'group' || b.peer.kind === 'group') {
    if (a.peer.kind !== 'group' || b.peer.kind !== 'group') return null;
    const used = new Set([...a.peer.used, ...b.peer.used]);
    const group = smallestWith(used, [a.peer.group, b.peer.group, ...widening.groups]);
    return group === null ? null : { ...a, from, to, peer: { kind: 'group', group, used } };
  }
  const [one, other] = [a.peer.cidr, b.peer.cidr];
  if (one.family !== other.family) return null;
  const cidr = around(one, other);
  const isNested = covers(one, other) || covers(other, one);
  const sources = isNested ? Math.max(a.sources, b.sources) : a.sources + b.sources;
  if (cidr.bits < Math.min(one.bits, other.bits)) {
    if (cidr.bits < (cidr.family === 4 ? widening.bits4 : widening.bits6)) return null;
    if (cidr.bits < NEARLY_ALL[cidr.family] && sources < SOURCES_FOR_ALL) return null;
  }
  return { protocol: a.protocol, from, to, peer: { kind: 'block', cidr }, sources };
}

/** One rule that admits what several with the same ports and blocks of one family do; null where there may be none. */
export function joinedAll(first: Rect, others: readonly Rect[], widening: Widening): Rect | null {
  let all = first;
  let sources = first.sources;
  for (const one of others) {
    if (all.peer.kind === 'group' || one.peer.kind === 'group') return null;
    all = { ...all, peer: { kind: 'block', cidr: around(all.peer.cidr, one.peer.cidr) } };
    sources += one.sources;
  }
  if (all.peer.kind === 'group') return null;
  const { bits, family } = all.peer.cidr;
  if (bits < (family === 4 ? widening.bits4 : widening.bits6)) return null;
  return bits < NEARLY_ALL[family] && sources < SOURCES_FOR_ALL ? null : { ...all, sources };
}

/** The order in which rules are listed: protocol, ports, groups before blocks, address. */
export function compareRects(a: Rect, b: Rect): number {
  const order = a.protocol - b.protocol || a.from - b.from || a.to - b.to;
  if (order !== 0) return order;
  if (a.peer.kind === 'group' || b.peer.kind === 'group') {
    if (a.peer.kind !== b.peer.kind) return a.peer.kind === 'group' ? -1 : 1;
    return a.peer.kind === 'group' && b.peer.kind === 'group' ? (a.peer.group.id < b.peer.group.id ? -1 : 1) : 0;
  }
  return compareBlocks(a.peer.cidr, b.peer.cidr);
}

/** Blocks in the order of families, addresses, then the larger first. */
export function compareBlocks(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  for (let i = 0; i < a.words.length; i++) {
    const order = (a.words[i] as number) - (b.words[i] as number);
    if (order !== 0) return order;
  }
  return a.bits - b.bits;
}
