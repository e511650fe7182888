/**
 * What the groups of an interface admit (rules V1, V2, V4).
 *
 * In:    an interface, a direction, a remote address, a protocol and a destination port. Out: the deciding rule.
 * Holds: of several rules that admit, the longest prefix decides (a member of a referenced group counts as /32 or /128,
 *        a prefix list as its entry), then the fewest ports, then the lowest id as text. Rules without ports (ICMP,
 *        other protocols, all) count as having all of them. A group that is not known admits all, after the others.
 *        A group is compiled for a protocol when it is first asked about it.
 */
import { hostCidr } from '../vpc/addresses.ts';
import type { Cidr, Rule, VpcSnapshot } from '../vpc/snapshot.ts';
import { Memberships } from './memberships.ts';
import type { Candidate } from './rule-index.ts';
import { axisOf, boundsOf, isWhole, NONE, Protocols, RuleTables } from './rule-index.ts';
import { Summaries } from './summaries.ts';

/** Directions, as they index arrays. */
export const INGRESS = 0;
export const EGRESS = 1;

const TCP = 6;
const UDP = 17;

/** Bit beside where a table is: a candidate refers to a group. */
const REFERS = 1;

type Ranked = Candidate & { readonly bits: number; readonly rule: Rule };

/** The groups of all interfaces of a snapshot. */
export class GroupRules {
  readonly #snapshot: VpcSnapshot;
  /** Distinct sets of known groups: how many, then of each where its rows of `made` begin. */
  readonly sets: Uint32Array;
  /** Per interface: where its set is. */
  readonly setOf: Uint32Array;
  readonly passAll: Uint8Array;
  readonly #hasGroups: Uint8Array;
  readonly everywhere: Uint8Array;
  /** Per interface, direction and family: bit 0 TCP, bit 1 UDP are admitted from everywhere to all ports. */
  readonly open: Uint8Array;
  readonly protocols: Protocols;
  /** Where tables were compiled in `made`, for who copies that and empties this. */
  readonly compiled: number[] = [];
  readonly #tables: RuleTables;
  /**
   * Per group, direction, family and class of protocol: where it is in the tables, shifted left, with the bit `REFERS`;
   * 0: nothing is admitted, -1: not compiled yet.
   */
  readonly made: Int32Array;
  /** Groups that rules refer to, numbered from 1. */
  readonly #references = new Map<string, number>();
  readonly memberships: [Memberships | null, Memberships | null] = [null, null];

  /** @param summaries  where those of its tables are */
  constructor(snapshot: VpcSnapshot, summaries: Summaries = new Summaries()) {
    this.#snapshot = snapshot;
    this.#tables = new RuleTables(summaries);
    const { rules, groups, interfaces } = snapshot;
    this.everywhere = Uint8Array.from(rules, (rule) =>
      rule.peer.kind === 'cidr' && rule.peer.cidr.bits === 0 ? 1 : 0,
    );
    this.protocols = new Protocols(rules);
    const stride = 4 * this.protocols.count;
    this.made = new Int32Array(groups.length * stride).fill(-1);
    const sets: number[] = [];
    const places = new Map<string, number>();
    this.setOf = Uint32Array.from(interfaces, (one) => {
      const known = one.groups.filter((number) => groups[number]?.known);
      const text = known.join(' ');
      const place =
        places.get(text) ?? sets.push(known.length, ...known.map((group) => group * stride)) - known.length - 1;
      places.set(text, place);
      return place;
    });
    this.sets = Uint32Array.from(sets);
    this.#hasGroups = Uint8Array.from(interfaces, (one) => (one.groups.length > 0 ? 1 : 0));
    this.passAll = Uint8Array.from(interfaces, (one) => (one.groups.some((number) => !groups[number]?.known) ? 1 : 0));
    this.open = openOf(snapshot);
    for (const { peer } of rules)
      if (peer.kind === 'group' && !this.#references.has(peer.id))
        this.#references.set(peer.id, this.#references.size + 1);
  }

  /** False: judged by ACLs alone (rule V1). */
  judges(interfaceNumber: number): boolean {
    return this.#hasGroups[interfaceNumber] === 1;
  }

  /** Whether a connection that a rule admitted is not tracked (rule V4). */
  isUntracked(interfaceNumber: number, rule: number, direction: number, family: number, protocol: number): boolean {
    if ((protocol !== TCP && protocol !== UDP) || this.everywhere[rule] !== 1) return false;
    const other = this.open[interfaceNumber * 4 + (direction === INGRESS ? 2 : 0) + (family === 6 ? 1 : 0)] as number;
    return (other & (protocol === TCP ? 1 : 2)) !== 0;
  }

  /**
   * The rule that decides, 0 where only a group that is not known admits, `NONE` where nothing does.
   *
   * @param remote  where the remote address begins in `words`; four words, IPv4 in the first
   * @param port    destination port; `NOT_KNOWN` where it is not known
   * @param icmp    type << 8 | code; `NOT_KNOWN` where it is not known
   */
  admit(
    interfaceNumber: number,
    direction: number,
    family: number,
    words: Uint32Array,
    remote: number,
    protocol: number,
    port: number,
    icmp: number,
  ): number {
    const tables = this.#tables;
    const sets = this.sets;
    const made = this.made;
    const start = this.setOf[interfaceNumber] as number;
    const end = start + (sets[start] as number);
    const side = direction * 2 + (family === 6 ? 1 : 0);
    const column = side * this.protocols.count + (this.protocols.classOf[protocol] as number);
    const axis = axisOf(protocol, port, icmp);
    let members: Memberships | null = null;
    let isLooked = false;
    let best = NONE;
    let bestBits = -1;
    for (let i = start + 1; i <= end; i++) {
      let table = made[(sets[i] as number) + column] as number;
      if (table < 0) table = this.compile((sets[i] as number) + column);
      if (table === 0) continue;
      if ((table & REFERS) !== 0 && !isLooked) {
        members = this.#lookUp(family, words, remote);
        isLooked = true;
      }
      const rule = tables.find(table >>> 1, members, words, remote, axis);
      if (rule === 0) continue;
      const { bits } = tables;
      if (bits > bestBits || (bits === bestBits && this.#isBefore(rule, best))) {
        best = rule;
        bestBits = bits;
      }
    }
    return best === NONE && this.passAll[interfaceNumber] === 1 ? 0 : best;
  }

  #isBefore(a: number, b: number): boolean {
    const { rules } = this.#snapshot;
    return compare(rules[a] as Rule, rules[b] as Rule) < 0;
  }

  #lookUp(family: number, words: Uint32Array, remote: number): Memberships | null {
    const members = this.memberships[family === 4 ? 0 : 1] as Memberships;
    members.look(words, remote);
    return members.entry === 0 ? null : members;
  }

  /** Compiles what a group admits of a class of protocol in one direction and family: the table at a place of `made`. */
  compile(place: number): number {
    const { rules, groups } = this.#snapshot;
    const { count, named } = this.protocols;
    const column = place % (4 * count);
    const group = groups[(place - column) / (4 * count)];
    const protocol = named[column % count] as number;
    const side = Math.floor(column / count);
    const family = (side & 1) === 1 ? 6 : 4;
    const candidates: Ranked[] = [];
    let refers = 0;
    for (const number of ((side & 2) === INGRESS * 2 ? group?.ingress : group?.egress) ?? []) {
      const rule = rules[number];
      if (!rule || (rule.protocol !== -1 && rule.protocol !== protocol)) continue;
      const [low, high] = boundsOf(rule);
      const add = (peer: Cidr | number, bits: number): number =>
        candidates.push({ answer: number, low, high, fitsUnknown: true, peer, bits, rule });
      const { peer } = rule;
      if (peer.kind === 'group') {
        add(this.#references.get(peer.id) ?? 0, family === 4 ? 32 : 128);
        refers = REFERS;
      } else if (peer.kind === 'prefix-list') {
        for (const cidr of peer.entries) if (cidr.family === family) add(cidr, cidr.bits);
      } else if (peer.cidr.family === family) add(peer.cidr, peer.cidr.bits);
    }
    candidates.sort((a, b) => b.bits - a.bits || compare(a.rule, b.rule));
    if (refers !== 0) this.#makeMemberships(family);
    this.compiled.push(place);
    return (this.made[place] = (this.#tables.add(family, candidates) << 1) | refers);
  }

  #makeMemberships(family: 4 | 6): void {
    const blocks: (readonly Cidr[])[] = [];
    const make = (): Memberships => {
      for (const { peer } of this.#snapshot.rules)
        if (peer.kind === 'group')
          blocks[(this.#references.get(peer.id) ?? 0) - 1] ??= [...peer.members.map(hostCidr), ...peer.prefixes];
      return new Memberships(family, blocks);
    };
    this.memberships[family === 4 ? 0 : 1] ??= make();
  }
}

/** Of rules with prefixes of one length, the order in which they decide. */
function compare(a: Rule, b: Rule): number {
  return a.toPort - a.fromPort - (b.toPort - b.fromPort) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function openOf({ interfaces, groups, rules }: VpcSnapshot): Uint8Array {
  const byGroup = groups.map(({ ingress, egress }) => {
    const open = [0, 0, 0, 0];
    for (const number of [...ingress, ...egress]) {
      const rule = rules[number];
      if (rule?.peer.kind !== 'cidr' || rule.peer.cidr.bits !== 0 || !isWhole(rule.fromPort, rule.toPort)) continue;
      const isAll = rule.protocol === -1;
      const bits = (isAll || rule.protocol === TCP ? 1 : 0) | (isAll || rule.protocol === UDP ? 2 : 0);
      const at = (rule.direction === 'egress' ? 2 : 0) + (rule.peer.cidr.family === 6 ? 1 : 0);
      open[at] = (open[at] ?? 0) | bits;
    }
    return open;
  });
  const open = new Uint8Array(interfaces.length * 4);
  for (const one of interfaces)
    for (const group of one.groups)
      for (const [i, bits] of (byGroup[group] ?? []).entries())
        open[one.number * 4 + i] = (open[one.number * 4 + i] as number) | bits;
  return open;
}
