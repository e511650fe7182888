/**
 * What the groups of an interface admit (rules V1, V2, V4).
 *
 * In:    an interface, a direction, a remote address, a protocol and a destination port. Out: the deciding rule.
 * Holds: of several rules that admit, the longest prefix decides (a member of a referenced group counts as /32 or /128,
 *        a prefix list as its entry), then the fewest ports, then the lowest id as text. Rules without ports (ICMP,
 *        other protocols, all) count as having all of them. A group that is not known admits all, after the others.
 *        A group is compiled when it is first asked, into buckets of equal peers: by prefix length and hash, then
 *        by intervals of ports.
 */
import { AddressTable } from '../vpc/address-table.ts';
import { hostCidr, maskWord } from '../vpc/addresses.ts';
import type { Cidr, Rule, VpcSnapshot } from '../vpc/snapshot.ts';

/** In place of a port or an ICMP type that is not known (rule V6): a rule that fits but for it fits. */
export const NOT_KNOWN = -1;
/** Directions, as they index arrays. */
export const INGRESS = 0;
export const EGRESS = 1;
/** Not admitted. */
export const NONE = -1;

const TCP = 6;
const UDP = 17;

/** Of the rules of one bucket, those for one protocol with ports: intervals with the one that decides in each. */
class PortIntervals {
  readonly #starts: Int32Array;
  readonly #rules: Int32Array;
  /** Decides where the port is not known. */
  readonly any: number;

  constructor(sorted: readonly Rule[]) {
    const starts = [...new Set([0, ...sorted.flatMap((rule) => [rule.fromPort, rule.toPort + 1])])].sort(
      (a, b) => a - b,
    );
    this.any = sorted[0]?.number ?? NONE;
    this.#starts = Int32Array.from(starts);
    this.#rules = Int32Array.from(
      starts,
      (port) => sorted.find((rule) => rule.fromPort <= port && port <= rule.toPort)?.number ?? NONE,
    );
  }

  find(port: number): number {
    if (port === NOT_KNOWN) return this.any;
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= port) low = middle;
      else high = middle - 1;
    }
    return this.#rules[low] as number;
  }
}

/** Rules with the same peer. */
class Bucket {
  readonly #tcp: PortIntervals;
  readonly #udp: PortIntervals;
  readonly #others: readonly Rule[];

  constructor(sorted: readonly Rule[]) {
    const of = (protocol: number): Rule[] =>
      sorted.filter((rule) => rule.protocol === protocol || rule.protocol === -1);
    this.#tcp = new PortIntervals(of(TCP));
    this.#udp = new PortIntervals(of(UDP));
    this.#others = sorted.filter((rule) => rule.protocol !== TCP && rule.protocol !== UDP);
  }

  find(protocol: number, port: number, icmp: number): number {
    if (protocol === TCP) return this.#tcp.find(port);
    if (protocol === UDP) return this.#udp.find(port);
    const rules = this.#others;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as Rule;
      if (rule.protocol === -1) return rule.number;
      if (rule.protocol === protocol && fitsIcmp(rule, icmp)) return rule.number;
    }
    return NONE;
  }
}

/** Whether type and code of a rule fit `type << 8 | code`; of rules for other protocols they always do. */
export function fitsIcmp(rule: Rule, icmp: number): boolean {
  if (rule.icmpType < 0 || icmp === NOT_KNOWN) return true;
  return rule.icmpType === icmp >> 8 && (rule.icmpCode < 0 || rule.icmpCode === (icmp & 255));
}

type Length = { readonly bits: number; readonly masks: readonly number[]; readonly table: AddressTable };

/** Rules of one group and direction for one family. */
type Compiled = {
  readonly buckets: readonly Bucket[];
  /** Longest first; the table's values are positions in `buckets`, plus 1. */
  readonly lengths: readonly Length[];
  /** Referenced groups and the buckets of the rules that name them. */
  readonly references: readonly { readonly group: number; readonly bucket: Bucket }[];
};

function lengthsOf(family: 4 | 6, entries: ReadonlyMap<string, { cidr: Cidr; value: number }>): Length[] {
  const byBits = Map.groupBy(entries.values(), (entry) => entry.cidr.bits);
  return [...byBits]
    .sort(([a], [b]) => b - a)
    .map(([bits, list]) => {
      const table = new AddressTable(family, list.length);
      for (const { cidr, value } of list) table.set(cidr.words, value);
      return { bits, masks: [0, 1, 2, 3].map((i) => maskWord(bits, i)), table };
    });
}

/** Position by length: the value of the address there, or 0. */
function findIn({ masks, table }: Length, w0: number, w1: number, w2: number, w3: number): number {
  return table.find(
    (w0 & (masks[0] as number)) >>> 0,
    (w1 & (masks[1] as number)) >>> 0,
    (w2 & (masks[2] as number)) >>> 0,
    (w3 & (masks[3] as number)) >>> 0,
  );
}

const textOf = (cidr: Cidr): string => `${cidr.words.join('.')}/${cidr.bits}`;

/** Which referenced groups an address is a member of, for one family. */
class Memberships {
  readonly #sets: (readonly number[])[] = [[]];
  readonly #lengths: Length[];

  constructor(family: 4 | 6, peers: ReadonlyMap<number, readonly Cidr[]>) {
    const groups = new Map<string, { cidr: Cidr; groups: number[] }>();
    for (const [group, cidrs] of peers)
      for (const cidr of cidrs.filter((one) => one.family === family)) {
        const entry = groups.get(textOf(cidr)) ?? { cidr, groups: [] };
        if (!entry.groups.includes(group)) entry.groups.push(group);
        groups.set(textOf(cidr), entry);
      }
    const entries = new Map(
      [...groups].map(([text, entry]) => [text, { cidr: entry.cidr, value: this.#sets.push(entry.groups) - 1 }]),
    );
    this.#lengths = lengthsOf(family, entries);
  }

  isMember(group: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const lengths = this.#lengths;
    for (let i = 0; i < lengths.length; i++) {
      const set = this.#sets[findIn(lengths[i] as Length, w0, w1, w2, w3)] as readonly number[];
      for (let j = 0; j < set.length; j++) if (set[j] === group) return true;
    }
    return false;
  }
}

/** The groups of all interfaces of a snapshot. */
export class GroupRules {
  readonly #snapshot: VpcSnapshot;
  readonly #width: Int32Array;
  readonly #idRank: Int32Array;
  /** Per interface and direction: numbers of its known groups. */
  readonly #groups: readonly (readonly number[])[];
  readonly #passAll: Uint8Array;
  readonly #hasGroups: Uint8Array;
  readonly #everywhere: Uint8Array;
  /** Per interface, direction and family: bit 0 TCP, bit 1 UDP are admitted from everywhere to all ports. */
  readonly #open: Uint8Array;
  readonly #compiled: (Compiled | undefined)[] = [];
  readonly #references = new Map<string, number>();
  readonly #memberships: readonly [Memberships, Memberships];

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
    this.#open = new Uint8Array(interfaces.length * 4);
    for (const [number, own] of this.#groups.entries())
      for (const group of own)
        for (const rule of [...(groups[group]?.ingress ?? []), ...(groups[group]?.egress ?? [])])
          this.#addOpen(number, rule);
    const peers = new Map<number, readonly Cidr[]>();
    for (const { peer } of rules)
      if (peer.kind === 'group' && !this.#references.has(peer.id)) {
        this.#references.set(peer.id, this.#references.size + 1);
        peers.set(this.#references.size, [...peer.members.map(hostCidr), ...peer.prefixes]);
      }
    this.#memberships = [new Memberships(4, peers), new Memberships(6, peers)];
  }

  #addOpen(interfaceNumber: number, ruleNumber: number): void {
    const rule = this.#snapshot.rules[ruleNumber];
    if (rule?.peer.kind !== 'cidr' || rule.peer.cidr.bits !== 0 || rule.fromPort !== 0 || rule.toPort !== 65535) return;
    const bits =
      (rule.protocol === TCP || rule.protocol === -1 ? 1 : 0) | (rule.protocol === UDP || rule.protocol === -1 ? 2 : 0);
    const at = interfaceNumber * 4 + (rule.direction === 'egress' ? 2 : 0) + (rule.peer.cidr.family === 6 ? 1 : 0);
    this.#open[at] = (this.#open[at] ?? 0) | bits;
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
    let best = NONE;
    let bestBits = -1;
    for (let g = 0; g < own.length; g++) {
      const compiled = this.#compiledOf(own[g] as number, direction, family);
      const { lengths, buckets, references } = compiled;
      for (let i = 0; i < lengths.length; i++) {
        const length = lengths[i] as Length;
        if (length.bits < bestBits) break;
        const value = findIn(length, w0, w1, w2, w3);
        if (value === 0) continue;
        const rule = (buckets[value - 1] as Bucket).find(protocol, port, icmp);
        if (rule === NONE) continue;
        if (length.bits > bestBits || this.#isBefore(rule, best)) {
          best = rule;
          bestBits = length.bits;
        }
        break;
      }
      for (let i = 0; i < references.length; i++) {
        const { group, bucket } = references[i] as { group: number; bucket: Bucket };
        if (!this.#memberships[family === 4 ? 0 : 1].isMember(group, w0, w1, w2, w3)) continue;
        const rule = bucket.find(protocol, port, icmp);
        if (rule === NONE) continue;
        const bits = family === 4 ? 32 : 128;
        if (bits > bestBits || this.#isBefore(rule, best)) {
          best = rule;
          bestBits = bits;
        }
      }
    }
    return best === NONE && this.#passAll[interfaceNumber] === 1 ? 0 : best;
  }

  #isBefore(a: number, b: number): boolean {
    const width = (this.#width[a] as number) - (this.#width[b] as number);
    return width !== 0 ? width < 0 : (this.#idRank[a] as number) < (this.#idRank[b] as number);
  }

  #compiledOf(group: number, direction: number, family: number): Compiled {
    const at = group * 4 + direction * 2 + (family === 6 ? 1 : 0);
    return this.#compiled[at] ?? (this.#compiled[at] = this.#compile(group, direction, family === 6 ? 6 : 4));
  }

  #compile(group: number, direction: number, family: 4 | 6): Compiled {
    const { rules, groups } = this.#snapshot;
    const numbers = (direction === INGRESS ? groups[group]?.ingress : groups[group]?.egress) ?? [];
    const own = numbers.map((number) => rules[number]).filter((rule) => rule !== undefined);
    own.sort((a, b) => (this.#isBefore(a.number, b.number) ? -1 : 1));
    const cidrs = own.flatMap((rule) => {
      if (rule.peer.kind === 'group') return [];
      const blocks = rule.peer.kind === 'cidr' ? [rule.peer.cidr] : rule.peer.entries;
      return blocks.filter((cidr) => cidr.family === family).map((cidr) => ({ cidr, rule }));
    });
    const buckets: Bucket[] = [];
    const entries = new Map(
      [...Map.groupBy(cidrs, ({ cidr }) => textOf(cidr))].map(([text, list]) => {
        const value = buckets.push(new Bucket([...new Set(list.map(({ rule }) => rule))]));
        return [text, { cidr: (list[0] as (typeof list)[0]).cidr, value }];
      }),
    );
    const referring = Map.groupBy(own, ({ peer }) =>
      peer.kind === 'group' ? (this.#references.get(peer.id) ?? 0) : 0,
    );
    return {
      buckets,
      lengths: lengthsOf(family, entries),
      references: [...referring]
        .filter(([number]) => number !== 0)
        .map(([number, list]) => ({ group: number, bucket: new Bucket(list) })),
    };
  }
}
