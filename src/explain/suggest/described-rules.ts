/**
 * Rules of a suggestion with what they rest on.
 *
 * In:    rectangles, the points that they are for. Out: rules in words, each with its evidence, and the rule that the group has already where there is one.
 * Holds: a point counts for every rule that admits it.
 */
import type { SuggestedRule } from '../../api/suggestion.ts';
import { formatCidr, maskWord } from '../../network/vpc/addresses.ts';
import type { Cidr, Group, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Point } from './cover.ts';
import type { Needs } from './needs.ts';
import { POINT_WORDS } from './needs.ts';
import type { Rect } from './rect.ts';

/** A point of the table of needs, with the point for the rules. */
export type NeededPoint = { readonly number: number; readonly point: Point };

const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** Whether rules of a protocol name ports. */
function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17;
}

function portsText({ protocol, from, to }: Rect): string | null {
  if (!hasPorts(protocol)) return null;
  return from === to ? `${from}` : `${from}-${to}`;
}

function peerText(rule: Rule): string {
  const { peer } = rule;
  return peer.kind === 'cidr' ? formatCidr(peer.cidr) : peer.id;
}

function isTheSame(rule: Rule, rect: Rect, peer: string): boolean {
  if (rule.protocol !== rect.protocol || peerText(rule) !== peer || rule.icmpType !== -1) return false;
  return !hasPorts(rect.protocol) || (rule.fromPort === rect.from && rule.toPort === rect.to);
}

/** By rule the points that it admits. There may be many of both: rules are found by what they have in common. */
function usedBy(rects: readonly Rect[], points: readonly NeededPoint[]): readonly (readonly number[])[] {
  const used = rects.map((): number[] => []);
  /** By protocol, ports and prefix length: rules by block; groups stand alone. */
  const alike = new Map<string, { readonly like: Rect; readonly at: Map<string, number> }>();
  const keyOf = (cidr: Cidr): string => cidr.words.join('.');
  for (const [at, rect] of rects.entries()) {
    const { protocol, from, to, peer } = rect;
    const length = peer.kind === 'group' ? peer.group.id : `${peer.cidr.family} ${peer.cidr.bits}`;
    const key = `${protocol} ${from}-${to} ${length}`;
    const known = alike.get(key) ?? { like: rect, at: new Map<string, number>() };
    known.at.set(peer.kind === 'group' ? '' : keyOf(peer.cidr), at);
    alike.set(key, known);
  }
  for (const { number, point } of points)
    for (const { like, at } of alike.values()) {
      if (point.protocol !== like.protocol || point.port < like.from || point.port > like.to) continue;
      if (like.peer.kind === 'group') {
        if (typeof point.peer === 'number' && like.peer.group.members.has(point.peer))
          used[at.get('') ?? -1]?.push(number);
      } else if (typeof point.peer !== 'number' && point.peer.family === like.peer.cidr.family) {
        const { bits } = like.peer.cidr;
        const words = point.peer.words.map((word, i) => (word & maskWord(bits, i)) >>> 0);
        used[at.get(words.join('.')) ?? -1]?.push(number);
      }
    }
  return used;
}

/** Describes the rules of one direction. */
export function describeRules(
  direction: 'ingress' | 'egress',
  rects: readonly Rect[],
  points: readonly NeededPoint[],
  needs: Needs,
  { rules }: VpcSnapshot,
  group: Group,
): readonly SuggestedRule[] {
  const present = (direction === 'ingress' ? group.ingress : group.egress).flatMap((number) => rules[number] ?? []);
  const used = usedBy(rects, points);
  return rects.map((rect, at): SuggestedRule => {
    const peer = rect.peer.kind === 'group' ? rect.peer.group.id : formatCidr(rect.peer.cidr);
    const sources = new Set<string>();
    let [conversations, byFlags, bytes, first, last] = [0, 0, 0, 0, 0];
    for (const number of used[at] ?? []) {
      conversations += needs.accepted[number] as number;
      byFlags += needs.sure[number] as number;
      bytes += needs.bytes[number] as number;
      const began = needs.first[number] as number;
      if (began > 0 && (first === 0 || began < first)) first = began;
      last = Math.max(last, needs.last[number] as number);
      sources.add(needs.table.words.subarray(number * POINT_WORDS + 3, (number + 1) * POINT_WORDS).join('.'));
    }
    return {
      direction,
      protocol: NAMES[rect.protocol] ?? String(rect.protocol),
      ports: portsText(rect),
      peer,
      keeps: present.find((rule) => isTheSame(rule, rect, peer))?.id ?? null,
      conversations,
      byFlags,
      bytes,
      sources: sources.size,
      members: rect.peer.kind === 'group' ? { used: rect.peer.used.size, of: rect.peer.group.members.size } : null,
      addresses:
        rect.peer.kind === 'group'
          ? rect.peer.group.size
          : 2 ** ((rect.peer.cidr.family === 4 ? 32 : 128) - rect.peer.cidr.bits),
      portCount: hasPorts(rect.protocol) ? rect.to - rect.from + 1 : 1,
      firstSeconds: first,
      lastSeconds: last,
    };
  });
}
