/**
 * Which rules of a snapshot never decide, or only with another.
 *
 * In:    a snapshot. Out: for each such rule the rules that take its place.
 * Holds: an entry of an ACL is shadowed by entries before it. A rule of a group is where the other rules of the group
 *        admit all that it admits: taking it away changes nothing. Of rules that cover each other one stays: the wider,
 *        of equals that with the lower id. All rules that are named shadowed may be taken away together.
 */
import type { Acl, Group, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { boundsOf } from '../../network/verdict/rule-index.ts';
import { coverOf } from './covering.ts';

/** By number of a rule: those that take its place. */
export type Shadowed = ReadonlyMap<number, readonly Rule[]>;

/** All shadowed rules. */
export function shadowedRules(snapshot: VpcSnapshot): Shadowed {
  const found = new Map<number, readonly Rule[]>();
  const rulesOf = (numbers: readonly number[]): Rule[] => numbers.flatMap((number) => snapshot.rules[number] ?? []);
  for (const acl of snapshot.acls) for (const side of sidesOf(acl)) shadowEntries(rulesOf(side), found);
  for (const group of snapshot.groups) for (const side of sidesOf(group)) shadowRules(rulesOf(side), found);
  return found;
}

function sidesOf({ ingress, egress }: Group | Acl): readonly (readonly number[])[] {
  return [ingress, egress];
}

/** The last entry is what is left to all others: it is never told. */
function shadowEntries(entries: readonly Rule[], found: Map<number, readonly Rule[]>): void {
  for (const [place, entry] of entries.slice(0, -1).entries()) {
    const cover = coverOf(entry, entries.slice(0, place));
    if (cover !== null) found.set(entry.number, cover);
  }
}

function shadowRules(rules: readonly Rule[], found: Map<number, readonly Rule[]>): void {
  const left = new Set(rules);
  // The narrowest first, so that of two that cover each other the wider stays.
  for (const rule of rules.toSorted(byWidth)) {
    left.delete(rule);
    const cover = coverOf(rule, [...left]);
    if (cover === null) left.add(rule);
    else found.set(rule.number, cover);
  }
}

function byWidth(a: Rule, b: Rule): number {
  const width = (rule: Rule): number => {
    const [low, high] = boundsOf(rule);
    const { peer } = rule;
    const bits = peer.kind === 'cidr' ? (peer.cidr.family === 4 ? 32 : 128) - peer.cidr.bits : 0;
    return (rule.protocol < 0 ? 1e9 : 0) + bits * 65536 + high - low;
  };
  return width(a) - width(b) || (a.id < b.id ? 1 : -1);
}
