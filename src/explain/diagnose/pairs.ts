/**
 * All pairs of addresses that a question is about, as few as can fare differently.
 *
 * In:    both places. Out: pairs of ends, each with the addresses that it stands for.
 * Holds: ranges are cut where a rule, an ACL's entry, a route or a subnet of the other end begins or ends, so that all
 *        addresses of a piece fare as its first does. Ends of one family are paired; interfaces that have both talk IPv4.
 */
import { hostCidr } from '../../network/vpc/addresses.ts';
import type { Cidr, Rule } from '../../network/vpc/snapshot.ts';
import type { AddressRange } from './address-range.ts';
import { addressOf, cut, numberOf } from './address-range.ts';
import type { Place } from './ends.ts';
import type { FlowEnd } from './flow.ts';
import type { World } from './world.ts';
import { interfaceAt, routeTableOf } from './world.ts';

/** An end, and the addresses that it stands for. */
export type PlacedEnd = FlowEnd & { readonly range: AddressRange };
export type Pair = { readonly from: PlacedEnd; readonly to: PlacedEnd };
/** `left`: pairs that are not among them because there are too many. */
export type Pairs = { readonly pairs: readonly Pair[]; readonly left: number };

/** Interfaces of the other end whose rules cut a range; more cannot be told apart any more. */
const MOST_OTHERS = 256;

/**
 * @param most  how many pairs are made at most
 */
export function pairsOf(world: World, from: Place, to: Place, most: number): Pairs {
  const a = placed(world, from, to);
  const b = placed(world, to, from);
  const pairs: Pair[] = [];
  let left = 0;
  const hasFour = (ends: readonly PlacedEnd[], at: number): boolean =>
    ends.some((end) => end.at === at && end.address.family === 4);
  for (const one of a)
    for (const other of b) {
      if (one.address.family !== other.address.family || (one.at !== 0 && one.at === other.at)) continue;
      const isSecond = one.address.family === 6 && one.at !== 0 && other.at !== 0;
      if (isSecond && hasFour(a, one.at) && hasFour(b, other.at)) continue;
      if (pairs.length < most) pairs.push({ from: one, to: other });
      else left++;
    }
  return { pairs: nearest(world, pairs), left };
}

/** Where several VPCs hold an address, the one of the other end's VPC is meant, if it is among them. */
function nearest(world: World, pairs: readonly Pair[]): readonly Pair[] {
  const isOne = (end: 'from' | 'to'): boolean => new Set(pairs.map((pair) => pair[end].range.low)).size === 1;
  if (!isOne('from') || !isOne('to')) return pairs;
  const vpcOf = ({ at }: FlowEnd): number => interfaceAt(world, at).vpc;
  const inOne = pairs.filter(({ from, to }) => from.at !== 0 && to.at !== 0 && vpcOf(from) === vpcOf(to));
  return inOne.length > 0 ? inOne : pairs;
}

function placed(world: World, place: Place, other: Place): PlacedEnd[] {
  const single = place.ends.map((end): PlacedEnd => {
    const number = numberOf(end.address);
    return { ...end, range: { family: end.address.family, low: number, high: number } };
  });
  if (place.ranges.length === 0) return single;
  const blocks = cuttingBlocks(world, other);
  const pieces = place.ranges.flatMap((range) => cut(range, blocks));
  return [...single, ...pieces.map((range) => ({ address: addressOf(range.family, range.low), at: 0, range }))];
}

/** What can tell addresses apart at the other end. */
function cuttingBlocks(world: World, { ends }: Place): Cidr[] {
  const { snapshot } = world;
  const blocks = new Set<Cidr>();
  const addRules = (numbers: readonly number[]): void => {
    for (const number of numbers) for (const cidr of blocksOf(snapshot.rules[number]!)) blocks.add(cidr);
  };
  for (const at of new Set(
    ends
      .map((end) => end.at)
      .filter((number) => number !== 0)
      .slice(0, MOST_OTHERS),
  )) {
    const own = interfaceAt(world, at);
    for (const number of own.groups) {
      const group = snapshot.groups[number]!;
      addRules(group.ingress);
      addRules(group.egress);
    }
    const subnet = snapshot.subnets[own.subnet]!;
    const acl = snapshot.acls[subnet.acl]!;
    addRules(acl.ingress);
    addRules(acl.egress);
    for (const cidr of subnet.cidrs) blocks.add(cidr);
    for (const { destination } of routeTableOf(world, at)?.routes ?? []) blocks.add(destination);
  }
  return [...blocks];
}

function blocksOf({ peer }: Rule): readonly Cidr[] {
  if (peer.kind === 'cidr') return [peer.cidr];
  return peer.kind === 'prefix-list' ? peer.entries : [...peer.members.map(hostCidr), ...peer.prefixes];
}
