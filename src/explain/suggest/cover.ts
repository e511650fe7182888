/**
 * The smallest set of rules for what is needed in one direction.
 *
 * In:    points (protocol, port, an address or a known interface), the groups of interfaces, how many rules there may be. Out: the rules.
 * Holds: a peer that is a known interface with a group is admitted by reference, never by address. Rules admit exactly what is needed (of a group: its
 *        members) as long as there is room; only where there is not, and widening is allowed, more.
 */
import type { Address } from '../../network/vpc/snapshot.ts';
import { exactCover, runsOf } from './exact-cover.ts';
import type { GroupOfPeers } from './group-peers.ts';
import { chooseGroups } from './group-peers.ts';
import type { Rect, Widening } from './rect.ts';
import { compareRects } from './rect.ts';
import type { Room } from './widen.ts';
import { fits, widened } from './widen.ts';

/** What is needed once. */
export type Point = {
  readonly protocol: number;
  readonly port: number;
  /** An address, or the number of an interface with a group that may be referred to. */
  readonly peer: Address | number;
};

/** The groups that may be referred to. */
export type PeerGroups = {
  readonly all: readonly GroupOfPeers[];
  addressesOf(member: number): number;
};

/** Shortest prefix lengths that blocks may be widened to. */
export type WideningBits = Omit<Widening, 'groups'>;

export type Cover = {
  readonly rules: readonly Rect[];
  /** False: more rules than there may be, and no wider ones were allowed or found. */
  readonly fits: boolean;
  /** True: rules admit addresses or ports that nobody needed. */
  readonly isWidened: boolean;
};

/** Single points up to which the search begins with them too. */
const FEW_POINTS = 24;

const keyOf = ({ protocol, port }: Point): string => `${protocol} ${port}`;

function groupRules(points: readonly Point[], groups: PeerGroups): Rect[] {
  const needed = new Map<string, { protocol: number; port: number; peers: Set<number> }>();
  for (const point of points) {
    if (typeof point.peer !== 'number') continue;
    const one = needed.get(keyOf(point)) ?? { protocol: point.protocol, port: point.port, peers: new Set<number>() };
    one.peers.add(point.peer);
    needed.set(keyOf(point), one);
  }
  const chosen = new Map<string, { protocol: number; group: GroupOfPeers; ports: number[]; used: Set<number> }>();
  for (const { protocol, port, peers } of needed.values())
    for (const group of chooseGroups(peers, groups.all, (member) => groups.addressesOf(member))) {
      const key = `${protocol} ${group.id}`;
      const one = chosen.get(key) ?? { protocol, group, ports: [], used: new Set<number>() };
      one.ports.push(port);
      for (const peer of peers) if (group.members.has(peer)) one.used.add(peer);
      chosen.set(key, one);
    }
  return [...chosen.values()].flatMap(({ protocol, group, ports, used }) =>
    runsOf(ports).map(([from, to]): Rect => ({
      protocol,
      from,
      to,
      peer: { kind: 'group', group, used },
      sources: 0,
    })),
  );
}

function blockRules(points: readonly Point[]): Rect[] {
  const needed = new Map<string, Map<number, Map<string, Address>>>();
  for (const { protocol, port, peer } of points) {
    if (typeof peer === 'number') continue;
    const key = `${protocol} ${peer.family}`;
    const ports = needed.get(key) ?? new Map<number, Map<string, Address>>();
    const addresses = ports.get(port) ?? new Map<string, Address>();
    addresses.set(peer.words.join('.'), peer);
    ports.set(port, addresses);
    needed.set(key, ports);
  }
  return [...needed].flatMap(([key, ports]) =>
    exactCover(
      Number(key.split(' ')[0]),
      new Map([...ports].map(([port, addresses]) => [port, [...addresses.values()]])),
    ),
  );
}

function single({ protocol, port, peer }: Point): Rect[] {
  if (typeof peer === 'number') return [];
  const cidr = { ...peer, bits: peer.family === 4 ? 32 : 128 };
  return [{ protocol, from: port, to: port, peer: { kind: 'block', cidr }, sources: 1 }];
}

/** @param bits  null: rules admit exactly what is needed */
export function coverOf(points: readonly Point[], groups: PeerGroups, room: Room, bits: WideningBits | null): Cover {
  const byGroup = groupRules(points, groups);
  const exact = [...byGroup, ...blockRules(points)].sort(compareRects);
  if (fits(exact, room)) return { rules: exact, fits: true, isWidened: false };
  if (bits === null) return { rules: exact, fits: false, isWidened: false };
  const starts = [exact];
  if (points.length <= FEW_POINTS) starts.push([...byGroup, ...points.flatMap(single)]);
  const found = widened(starts, room, { ...bits, groups: groups.all });
  if (found === null) return { rules: exact, fits: false, isWidened: false };
  return { rules: found.toSorted(compareRects), fits: true, isWidened: true };
}
