/**
 * Security groups as chains: who is admitted, and by which slot (rules V1, V2, V4).
 *
 * In:    an interface of a snapshot, a direction. Out: chains that return with the slot of the deciding rule in the packet's
 *        mark, or lead to the deny.
 * Holds: lines stand in the order in which rules decide: longest prefix (a group's member counts as a host, a prefix list as its
 *        entry), fewest ports, lowest id; so the first that fits is the one. Groups that rules refer to are sets of hosts, with
 *        their delegated prefixes as blocks beside them.
 */
import type { Cidr, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { hostCidr } from '../../network/vpc/addresses.ts';
import type { DecisionBook } from './book.ts';
import { addressField, blockMatch, blockText, disjoint, hex, listText, together, upperMatch } from './matches.ts';
import type { Rules } from './ruleset.ts';

export type Side = 'ingress' | 'egress';
const FAMILIES = [4, 6] as const;
const TCP = 6;
const UDP = 17;

type Line = { readonly rule: Rule; readonly bits: number; readonly remote: string };

/** Compiles the groups of one snapshot. */
export class GroupChains {
  readonly #snapshot: VpcSnapshot;
  readonly #book: DecisionBook;
  readonly #rules: Rules;
  /** Groups that rules refer to: the sets of their members, by family; '' none. */
  readonly #members = new Map<string, readonly string[]>();

  constructor(snapshot: VpcSnapshot, book: DecisionBook, rules: Rules) {
    this.#snapshot = snapshot;
    this.#book = book;
    this.#rules = rules;
  }

  /**
   * Adds the chain `ev_in_3` or `ev_out_3`: who is admitted as new.
   *
   * @param deny  what to do with the others
   */
  add(at: number, side: Side, name: string, deny: string): void {
    const { interfaces, groups } = this.#snapshot;
    const one = interfaces[at]!;
    const isPassed = one.groups.some((number) => groups[number]?.known !== true);
    const last = isPassed ? this.#admits(at, 0, side, false) : deny;
    const chains = FAMILIES.map((family) => {
      const own = `${name}_${family}`;
      this.#rules.chain(own, [...this.#lines(at, side, family), last]);
      return `meta nfproto ipv${family} goto ${own}`;
    });
    this.#rules.chain(name, chains);
  }

  #admits(at: number, rule: number, direction: Side, untracked: boolean): string {
    return `meta mark set ${hex(this.#book.slot(at, { rule, direction, untracked }))} return`;
  }

  #lines(at: number, side: Side, family: 4 | 6): string[] {
    const lines = this.#ranked(at, side, family);
    const open = this.#openTo(at, side === 'ingress' ? 'egress' : 'ingress', family);
    return lines.flatMap(({ rule, remote }) => {
      const upper = upperMatch(rule, family);
      if (upper === null) return [];
      const texts: string[] = [];
      const isEverywhere = rule.peer.kind === 'cidr' && rule.peer.cidr.bits === 0;
      for (const protocol of isEverywhere ? [TCP, UDP] : []) {
        if (!open.has(protocol) || (rule.protocol !== -1 && rule.protocol !== protocol)) continue;
        const which = rule.protocol === -1 ? `meta l4proto ${protocol}` : upper;
        texts.push(together(remote, which, this.#admits(at, rule.number, side, true)));
        if (rule.protocol === protocol) return texts;
      }
      return [...texts, together(remote, upper, this.#admits(at, rule.number, side, false))];
    });
  }

  /** Rules of an interface with each of their peers, in the order in which they decide. */
  #ranked(at: number, side: Side, family: 4 | 6): Line[] {
    const { interfaces, groups, rules } = this.#snapshot;
    const end = side === 'ingress' ? 'saddr' : 'daddr';
    const numbers = new Set(
      interfaces[at]!.groups.filter((group) => groups[group]?.known === true).flatMap((group) => groups[group]![side]),
    );
    const lines: Line[] = [];
    for (const number of numbers) {
      const rule = rules[number]!;
      const { peer } = rule;
      const host = family === 4 ? 32 : 128;
      if (peer.kind === 'group')
        for (const remote of this.#memberMatches(peer, family, end)) lines.push({ rule, bits: host, remote });
      else {
        const cidrs = peer.kind === 'cidr' ? [peer.cidr] : peer.entries;
        for (const cidr of cidrs)
          if (cidr.family === family) lines.push({ rule, bits: cidr.bits, remote: blockMatch(cidr, end) });
      }
    }
    return lines.sort((a, b) => b.bits - a.bits || compare(a.rule, b.rule));
  }

  #memberMatches(peer: Extract<Rule['peer'], { kind: 'group' }>, family: 4 | 6, end: 'saddr' | 'daddr'): string[] {
    const set = this.#setOf(peer)[family === 4 ? 0 : 1]!;
    const field = addressField(family, end);
    const prefixes = disjoint(peer.prefixes, family);
    return [
      ...(set === '' ? [] : [`${field} @${set}`]),
      ...(prefixes.length === 0 ? [] : [`${field} ${listText(prefixes)}`]),
    ];
  }

  /** The sets with the members of a group, made once. */
  #setOf({ id, members }: Extract<Rule['peer'], { kind: 'group' }>): readonly string[] {
    let sets = this.#members.get(id);
    if (sets === undefined) {
      sets = FAMILIES.map((family) => {
        const hosts = members.filter((member) => member.family === family).map(hostCidr);
        if (hosts.length === 0) return '';
        const name = `m${family}_${wordOf(id)}`;
        this.#rules.add('set', name, `type ipv${family}_addr;`);
        this.#rules.elements.set(name, [...new Set(hosts.map(blockText))]);
        return name;
      });
      this.#members.set(id, sets);
    }
    return sets;
  }

  /** Of TCP and UDP what is admitted to or from everywhere at all ports. */
  #openTo(at: number, side: Side, family: 4 | 6): Set<number> {
    const { interfaces, groups, rules } = this.#snapshot;
    const open = new Set<number>();
    for (const group of interfaces[at]!.groups)
      for (const number of groups[group]?.[side] ?? []) {
        const { peer, protocol, fromPort, toPort } = rules[number]!;
        if (peer.kind !== 'cidr' || peer.cidr.bits !== 0 || peer.cidr.family !== family) continue;
        if (fromPort !== 0 || toPort !== 65535) continue;
        for (const one of [TCP, UDP]) if (protocol === -1 || protocol === one) open.add(one);
      }
    return open;
  }
}

/** The blocks that an interface holds. */
export function ownBlocks({ addresses, prefixes }: VpcSnapshot['interfaces'][number], family: 4 | 6): Cidr[] {
  return disjoint([...addresses.map(hostCidr), ...prefixes], family);
}

/** An id as a part of a name; two ids are never the same. */
function wordOf(id: string): string {
  const digits = /^sg-([0-9a-f]+)$/.exec(id)?.[1];
  return digits ?? `x${Array.from(id, (sign) => sign.codePointAt(0)!.toString(16)).join('_')}`;
}

function compare(a: Rule, b: Rule): number {
  return a.toPort - a.fromPort - (b.toPort - b.fromPort) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
