/**
 * What the groups of an interface admit (rules V1, V2, V4).
 *
 * In:    an interface, a direction, a remote address, a protocol and a destination port. Out: the deciding rule.
 * Holds: of several rules that admit, the longest prefix decides (a member of a referenced group counts as /32 or /128,
 *        a prefix list as its entry), then the fewest ports, then the lowest id as text. Rules without ports (ICMP,
 *        other protocols, all) count as having all of them. A group that is not known admits all, after the others.
 *        A group is compiled for a protocol when it is first asked; interfaces with the same groups share a list of them.
 */
import { hostCidr } from '../vpc/addresses.ts';
import type { Cidr, Rule, VpcSnapshot } from '../vpc/snapshot.ts';
import { Memberships } from './memberships.ts';
import { ASK_TABLE, bitsOf, REFERS, Rows } from './rows.ts';
import type { Candidate, RuleTable } from './rule-index.ts';
import { axisOf, boundsOf, isWhole, NONE, Protocols, tableOf } from './rule-index.ts';

/** Directions, as they index arrays. */
export const INGRESS = 0;
export const EGRESS = 1;

const TCP = 6;
const UDP = 17;

type Ranked = Candidate & { readonly bits: number; readonly rule: Rule };

/** The groups of all interfaces of a snapshot. */
export class GroupRules {
  readonly #snapshot: VpcSnapshot;
  /** Distinct sets of known groups, and per interface which it has. */
  readonly #sets: (readonly number[])[] = [];
  readonly #setOf: Uint32Array;
  readonly #passAll: Uint8Array;
  readonly #hasGroups: Uint8Array;
  readonly #everywhere: Uint8Array;
  /** Per interface, direction and family: bit 0 TCP, bit 1 UDP are admitted from everywhere to all ports. */
  readonly #open: Uint8Array;
  readonly #protocols: Protocols;
  /** Per group, direction, family and class of protocol: number of a table, -1: nothing is admitted. */
  readonly #tables: (number | undefined)[] = [];
  /** Tables by number, and by set, direction, family and class where the rows list them; 0: not yet. */
  readonly #made: RuleTable[] = [];
  readonly #ofSets: Uint32Array;
  readonly #rows = new Rows();
  /** Groups that rules refer to, numbered from 1. */
  readonly #references = new Map<string, number>();
  readonly #memberships: [Memberships | null, Memberships | null] = [null, null];

  constructor(snapshot: VpcSnapshot) {
    this.#snapshot = snapshot;
    const { rules, groups, interfaces } = snapshot;
    this.#everywhere = Uint8Array.from(rules, (rule) =>
      rule.peer.kind === 'cidr' && rule.peer.cidr.bits === 0 ? 1 : 0,
    );
    this.#protocols = new Protocols(rules);
    const sets = new Map<string, number>();
    this.#setOf = Uint32Array.from(interfaces, (one) => {
      const known = one.groups.filter((number) => groups[number]?.known);
      const text = known.join(' ');
      const set = sets.get(text) ?? this.#sets.push(known) - 1;
      sets.set(text, set);
      return set;
    });
    this.#ofSets = new Uint32Array(this.#sets.length * 4 * this.#protocols.count);
    this.#hasGroups = Uint8Array.from(interfaces, (one) => (one.groups.length > 0 ? 1 : 0));
    this.#passAll = Uint8Array.from(interfaces, (one) => (one.groups.some((number) => !groups[number]?.known) ? 1 : 0));
    this.#open = openOf(snapshot);
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
    if ((protocol !== TCP && protocol !== UDP) || this.#everywhere[rule] !== 1) return false;
    const other = this.#open[interfaceNumber * 4 + (direction === INGRESS ? 2 : 0) + (family === 6 ? 1 : 0)] as number;
    return (other & (protocol === TCP ? 1 : 2)) !== 0;
  }

  /**
   * The rule that decides, 0 where only a group that is not known admits, `NONE` where nothing does.
   *
   * @param port  destination port; `NOT_KNOWN` where it is not known
   * @param icmp  type << 8 | code; `NOT_KNOWN` where it is not known
   */
  admit(
    interfaceNumber: number,
    direction: number,
    family: number,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    protocol: number,
    port: number,
    icmp: number,
  ): number {
    const slot = (this.#setOf[interfaceNumber] as number) * 4 + direction * 2 + (family === 6 ? 1 : 0);
    const protocolClass = this.#protocols.classOf[protocol] as number;
    const at = slot * this.#protocols.count + protocolClass;
    const own = (this.#ofSets[at] as number) || this.#ofSet(slot, protocolClass);
    const rows = this.#rows;
    const { data } = rows;
    const axis = axisOf(protocol, port, icmp);
    const end = own + 1 + 2 * (data[own] as number);
    let best = NONE;
    let bestBits = -1;
    let members: Memberships | null = null;
    let isLooked = false;
    for (let i = own + 1; i < end; i += 2) {
      const base = data[i] as number;
      if (!isLooked && ((data[base + 1] as number) & REFERS) !== 0) {
        members = this.#memberships[family === 4 ? 0 : 1] as Memberships;
        members.look(w0, w1, w2, w3);
        if (members.entry === 0) members = null;
        isLooked = true;
      }
      let row = rows.find(base, family, members, w0, w1, w2, w3, axis);
      if (row === ASK_TABLE) row = (this.#made[data[i + 1] as number] as RuleTable).findFurther(w0, w1, w2, w3, axis);
      if (row === 0) continue;
      const rule = data[row] as number;
      const bits = bitsOf(data, row);
      if (bits > bestBits || (bits === bestBits && this.#isBefore(rule, best))) {
        best = rule;
        bestBits = bits;
      }
    }
    return best === NONE && this.#passAll[interfaceNumber] === 1 ? 0 : best;
  }

  #isBefore(a: number, b: number): boolean {
    const { rules } = this.#snapshot;
    return compare(rules[a] as Rule, rules[b] as Rule) < 0;
  }

  /** Lists the tables of a set: how many, then of each where it is and its number. */
  #ofSet(slot: number, protocolClass: number): number {
    const { count } = this.#protocols;
    const list = [0];
    for (const group of this.#sets[slot >>> 2] as readonly number[]) {
      const side = group * 4 + (slot & 3);
      if (this.#tables[side * count] === undefined) this.#compile(side);
      const number = this.#tables[side * count + protocolClass] ?? -1;
      const table = this.#made[number];
      if (table) list.push(table.base, number);
    }
    list[0] = (list.length - 1) / 2;
    return (this.#ofSets[slot * count + protocolClass] = this.#rows.add(list));
  }

  /** Compiles the rules of a group, direction and family for all protocols. */
  #compile(side: number): void {
    const { rules, groups } = this.#snapshot;
    const group = groups[side >>> 2];
    const family = (side & 1) === 1 ? 6 : 4;
    const candidates: Ranked[] = [];
    for (const number of ((side & 2) === INGRESS * 2 ? group?.ingress : group?.egress) ?? []) {
      const rule = rules[number];
      if (!rule) continue;
      const [low, high] = boundsOf(rule);
      const add = (peer: Cidr | number, bits: number): number =>
        candidates.push({ answer: number, low, high, fitsUnknown: true, peer, bits, rule });
      const { peer } = rule;
      if (peer.kind === 'group') add(this.#references.get(peer.id) ?? 0, family === 4 ? 32 : 128);
      else if (peer.kind === 'prefix-list') {
        for (const cidr of peer.entries) if (cidr.family === family) add(cidr, cidr.bits);
      } else if (peer.cidr.family === family) add(peer.cidr, peer.cidr.bits);
    }
    candidates.sort((a, b) => b.bits - a.bits || compare(a.rule, b.rule));
    const memberships = candidates.some(({ peer }) => typeof peer === 'number') ? this.#membershipsOf(family) : null;
    for (const [i, protocol] of this.#protocols.named.entries()) {
      const own = candidates.filter(({ rule }) => rule.protocol === -1 || rule.protocol === protocol);
      const table = tableOf(this.#rows, family, own, memberships);
      this.#tables[side * this.#protocols.count + i] = table ? this.#made.push(table) - 1 : -1;
    }
  }

  #membershipsOf(family: 4 | 6): Memberships {
    const blocks: (readonly Cidr[])[] = [];
    const make = (): Memberships => {
      for (const { peer } of this.#snapshot.rules)
        if (peer.kind === 'group')
          blocks[(this.#references.get(peer.id) ?? 0) - 1] ??= [...peer.members.map(hostCidr), ...peer.prefixes];
      return new Memberships(family, blocks);
    };
    return (this.#memberships[family === 4 ? 0 : 1] ??= make());
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
