/**
 * What the groups of an interface admit (rules V1, V2, V4).
 *
 * In:    an interface, a direction, a remote address, a protocol and a destination port. Out: the deciding rule.
 * Holds: of several rules that admit, the longest prefix decides (a member of a referenced group counts as /32 or /128,
 *        a prefix list as its entry), then the fewest ports, then the lowest id as text. Rules without ports (ICMP,
 *        other protocols, all) count as having all of them. A group that is not known admits all, after the others.
 *        A group is compiled when it is first asked.
 */
import { AddressTable } from '../vpc/address-table.ts';
import { hostCidr, maskWord } from '../vpc/addresses.ts';
import { LongestPrefix } from '../vpc/longest-prefix.ts';
import type { Cidr, Rule, VpcSnapshot } from '../vpc/snapshot.ts';
import { NONE, RuleIndex } from './rule-index.ts';

/** Directions, as they index arrays. */
export const INGRESS = 0;
export const EGRESS = 1;

const TCP = 6;
const UDP = 17;

const textOf = (cidr: Cidr): string => `${cidr.words.join('.')}/${cidr.bits}`;
const NOBODY: readonly number[] = [];

type Length = { readonly masks: readonly number[]; readonly table: AddressTable };

/** Which referenced groups an address is a member of, for one family. */
class Memberships {
  readonly #sets: (readonly number[])[] = [NOBODY];
  /** By prefix length, the longest first: the host's own, then delegated prefixes. */
  readonly #lengths: readonly Length[];

  constructor(family: 4 | 6, peers: ReadonlyMap<number, readonly Cidr[]>) {
    const held = new Map<string, { readonly cidr: Cidr; readonly groups: Set<number> }>();
    for (const [group, cidrs] of peers)
      for (const cidr of cidrs.filter((one) => one.family === family)) {
        const entry = held.get(textOf(cidr)) ?? { cidr, groups: new Set() };
        entry.groups.add(group);
        held.set(textOf(cidr), entry);
      }
    const byBits = Map.groupBy(held.values(), (entry) => entry.cidr.bits);
    this.#lengths = [...byBits]
      .sort(([a], [b]) => b - a)
      .map(([bits, list]) => {
        const table = new AddressTable(family, list.length);
        for (const { cidr, groups } of list) table.set(cidr.words, this.#sets.push([...groups]) - 1);
        return { masks: [0, 1, 2, 3].map((i) => maskWord(bits, i)), table };
      });
  }

  of(w0: number, w1: number, w2: number, w3: number): readonly number[] {
    const lengths = this.#lengths;
    let found = NOBODY;
    for (let i = 0; i < lengths.length; i++) {
      const { masks, table } = lengths[i] as Length;
      const set = this.#sets[
        table.find(
          (w0 & (masks[0] as number)) >>> 0,
          (w1 & (masks[1] as number)) >>> 0,
          (w2 & (masks[2] as number)) >>> 0,
          (w3 & (masks[3] as number)) >>> 0,
        )
      ] as readonly number[];
      if (set.length > 0) found = found.length === 0 ? set : [...found, ...set];
    }
    return found;
  }
}

/** The groups of all interfaces of a snapshot. */
export class GroupRules {
  readonly #snapshot: VpcSnapshot;
  readonly #width: Int32Array;
  readonly #idRank: Int32Array;
  /** Per interface: numbers of its known groups. */
  readonly #groups: readonly (readonly number[])[];
  readonly #passAll: Uint8Array;
  readonly #hasGroups: Uint8Array;
  readonly #everywhere: Uint8Array;
  /** Per interface, direction and family: bit 0 TCP, bit 1 UDP are admitted from everywhere to all ports. */
  readonly #open: Uint8Array;
  readonly #compiled: (RuleIndex | undefined)[] = [];
  readonly #references = new Map<string, number>();
  readonly #memberships: readonly [Memberships, Memberships];
  readonly #isBefore = (a: number, b: number): boolean => {
    const width = (this.#width[a] as number) - (this.#width[b] as number);
    return width !== 0 ? width < 0 : (this.#idRank[a] as number) < (this.#idRank[b] as number);
  };

  constructor(snapshot: VpcSnapshot) {
    this.#snapshot = snapshot;
    const { rules, groups, interfaces } = snapshot;
    this.#width = Int32Array.from(rules, (rule) => rule.toPort - rule.fromPort);
    this.#idRank = new Int32Array(rules.length);
    const byText = rules
      .map((rule) => rule.number)
      .sort((a, b) => ((rules[a]?.id ?? '') < (rules[b]?.id ?? '') ? -1 : 1));
    for (const [rank, number] of byText.entries()) this.#idRank[number] = rank;
    this.#everywhere = Uint8Array.from(rules, (rule) =>
      rule.peer.kind === 'cidr' && rule.peer.cidr.bits === 0 ? 1 : 0,
    );
    this.#groups = interfaces.map((one) => one.groups.filter((number) => groups[number]?.known));
    this.#hasGroups = Uint8Array.from(interfaces, (one) => (one.groups.length > 0 ? 1 : 0));
    this.#passAll = Uint8Array.from(interfaces, (one) => (one.groups.some((number) => !groups[number]?.known) ? 1 : 0));
    this.#open = openOf(snapshot);
    const peers = new Map<number, readonly Cidr[]>();
    for (const { peer } of rules)
      if (peer.kind === 'group' && !this.#references.has(peer.id)) {
        this.#references.set(peer.id, this.#references.size + 1);
        peers.set(this.#references.size, [...peer.members.map(hostCidr), ...peer.prefixes]);
      }
    this.#memberships = [new Memberships(4, peers), new Memberships(6, peers)];
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
    const own = this.#groups[interfaceNumber] as readonly number[];
    const memberOf = this.#memberships[family === 4 ? 0 : 1].of(w0, w1, w2, w3);
    const hostBits = family === 4 ? 32 : 128;
    let best = NONE;
    let bestBits = -1;
    for (let i = 0; i < own.length; i++) {
      const index = this.#indexOf(own[i] as number, direction, family);
      const rule = index.find(w0, w1, w2, w3, memberOf, hostBits, protocol, port, icmp, this.#isBefore);
      if (rule === NONE || index.bits < bestBits) continue;
      if (index.bits > bestBits || this.#isBefore(rule, best)) best = rule;
      bestBits = index.bits;
    }
    return best === NONE && this.#passAll[interfaceNumber] === 1 ? 0 : best;
  }

  #indexOf(group: number, direction: number, family: number): RuleIndex {
    const at = group * 4 + direction * 2 + (family === 6 ? 1 : 0);
    return this.#compiled[at] ?? (this.#compiled[at] = this.#compile(group, direction, family === 6 ? 6 : 4));
  }

  #compile(group: number, direction: number, family: 4 | 6): RuleIndex {
    const { rules, groups } = this.#snapshot;
    const numbers = (direction === INGRESS ? groups[group]?.ingress : groups[group]?.egress) ?? [];
    const own = numbers.map((number) => rules[number]).filter((rule) => rule !== undefined);
    own.sort((a, b) => (this.#isBefore(a.number, b.number) ? -1 : 1));
    const byBlock = new Map<string, { readonly cidr: Cidr; readonly bits: number; readonly rules: Rule[] }>();
    const byGroup = new Map<number, Rule[]>();
    for (const rule of own) {
      const { peer } = rule;
      if (peer.kind === 'group') {
        const number = this.#references.get(peer.id) ?? 0;
        byGroup.set(number, [...(byGroup.get(number) ?? []), rule]);
        continue;
      }
      for (const cidr of peer.kind === 'cidr' ? [peer.cidr] : peer.entries) {
        if (cidr.family !== family) continue;
        const block = byBlock.get(textOf(cidr)) ?? { cidr, bits: cidr.bits, rules: [] };
        if (block.rules.at(-1) !== rule) block.rules.push(rule);
        byBlock.set(textOf(cidr), block);
      }
    }
    const blocks = [...byBlock.values()];
    return new RuleIndex({
      blocks,
      prefixes: new LongestPrefix(
        family,
        blocks.map((block) => block.cidr),
      ),
      references: [...byGroup].map(([number, list]) => ({ group: number, rules: list })),
    });
  }
}

function openOf({ interfaces, groups, rules }: VpcSnapshot): Uint8Array {
  const open = new Uint8Array(interfaces.length * 4);
  for (const one of interfaces)
    for (const number of one.groups.flatMap((group) => [
      ...(groups[group]?.ingress ?? []),
      ...(groups[group]?.egress ?? []),
    ])) {
      const rule = rules[number];
      if (rule?.peer.kind !== 'cidr' || rule.peer.cidr.bits !== 0 || rule.fromPort !== 0 || rule.toPort !== 65535)
        continue;
      const isAll = rule.protocol === -1;
      const bits = (isAll || rule.protocol === TCP ? 1 : 0) | (isAll || rule.protocol === UDP ? 2 : 0);
      const at = one.number * 4 + (rule.direction === 'egress' ? 2 : 0) + (rule.peer.cidr.family === 6 ? 1 : 0);
      open[at] = (open[at] as number) | bits;
    }
  return open;
}
