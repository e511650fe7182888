/**
 * What the network ACL of an interface's subnet says (rule V1).
 *
 * In:    an interface, a direction, both addresses, a protocol and a destination port. Out: the entry that decides.
 * Holds: first match in order; the last entry denies what none matched. Not asked when both addresses lie in the
 *        subnet's blocks. Where the port is not known an entry that allows fits but for it, one that denies only if
 *        it has all ports (rule V6).
 */
import { maskWord } from '../vpc/addresses.ts';
import type { Cidr, Rule, VpcSnapshot } from '../vpc/snapshot.ts';
import { EGRESS, INGRESS } from './group-rules.ts';
import type { Candidate } from './rule-index.ts';
import { axisOf, boundsOf, isWhole, Protocols, RuleTables } from './rule-index.ts';
import { Summaries } from './summaries.ts';

/** Passes without an ACL that was asked. */
export const NOT_ASKED = 0;

const MASK_WORDS = [0, 1, 2, 3] as const;

/** The blocks of subnets: masks and values of those of subnet `i` from `ends[i]` to before `ends[i + 1]`. */
class SubnetBlocks {
  readonly ends: Uint32Array;
  readonly data: Int32Array;
  readonly #words: 1 | 4;

  constructor(family: 4 | 6, subnets: VpcSnapshot['subnets']) {
    const data: number[] = [];
    const ends = [0];
    this.#words = family === 4 ? 1 : 4;
    const words = MASK_WORDS.slice(0, this.#words);
    for (const { cidrs } of subnets) {
      for (const cidr of cidrs)
        if (cidr.family === family)
          data.push(...words.map((i) => maskWord(cidr.bits, i)), ...words.map((i) => cidr.words[i] ?? 0));
      ends.push(data.length);
    }
    this.ends = Uint32Array.from(ends);
    this.data = Int32Array.from(data, (word) => word | 0);
  }

  /** Whether a subnet's blocks hold the address that begins at `o` of some words. */
  holds(subnet: number, words: Uint32Array, o: number): boolean {
    const { data } = this;
    const to = this.ends[subnet + 1] as number;
    const w0 = words[o] as number;
    if (this.#words === 1) {
      for (let at = this.ends[subnet] as number; at < to; at += 2)
        if ((w0 & (data[at] as number)) === data[at + 1]) return true;
      return false;
    }
    for (let at = this.ends[subnet] as number; at < to; at += 8)
      if (
        (w0 & (data[at] as number)) === data[at + 4] &&
        ((words[o + 1] as number) & (data[at + 1] as number)) === data[at + 5] &&
        ((words[o + 2] as number) & (data[at + 2] as number)) === data[at + 6] &&
        ((words[o + 3] as number) & (data[at + 3] as number)) === data[at + 7]
      )
        return true;
    return false;
  }
}

/** The ACLs of all interfaces of a snapshot. */
export class AclRules {
  readonly #snapshot: VpcSnapshot;
  readonly subnetOf: Uint32Array;
  /** Per interface: `acl * 4`. */
  readonly aclOf: Uint32Array;
  /** Per ACL and direction (`acl * 4 + direction * 2`): the entry that decides where no other does, 0 there is no ACL. */
  readonly last: Uint32Array;
  readonly protocols: Protocols;
  /** Where tables were compiled in `made`, for who copies that and empties this. */
  readonly compiled: number[] = [];
  readonly #tables: RuleTables;
  /** Per ACL, direction, family and class of protocol: where it is in the tables, 0 only the last entry, -1 not yet. */
  readonly made: Int32Array;
  readonly four: SubnetBlocks;
  readonly six: SubnetBlocks;

  /** @param summaries  where those of its tables are */
  constructor(snapshot: VpcSnapshot, summaries: Summaries = new Summaries()) {
    const { interfaces, subnets, acls, rules } = snapshot;
    this.#tables = new RuleTables(summaries);
    this.#snapshot = snapshot;
    this.subnetOf = Uint32Array.from(interfaces, (one) => (subnets[one.subnet] ? one.subnet : 0));
    this.aclOf = Uint32Array.from(interfaces, (one) => (subnets[one.subnet]?.acl ?? 0) * 4);
    this.last = new Uint32Array(acls.length * 4);
    for (const [number, acl] of acls.entries()) {
      this.last[number * 4 + INGRESS * 2] = acl.ingress.at(-1) ?? 0;
      this.last[number * 4 + EGRESS * 2] = acl.egress.at(-1) ?? 0;
    }
    const entries = acls.flatMap((acl) => [...acl.ingress, ...acl.egress]).map((number) => rules[number]);
    this.protocols = new Protocols(entries.filter((rule) => rule !== undefined));
    this.made = new Int32Array(acls.length * 4 * this.protocols.count).fill(-1);
    this.four = new SubnetBlocks(4, subnets);
    this.six = new SubnetBlocks(6, subnets);
  }

  /**
   * The entry that passed, `NOT_ASKED`, or minus the entry that denied.
   *
   * @param words  the source, then the destination, four words each; IPv4 in the first
   */
  judge(
    interfaceNumber: number,
    direction: number,
    family: number,
    words: Uint32Array,
    protocol: number,
    port: number,
    icmp: number,
  ): number {
    const side = (this.aclOf[interfaceNumber] as number) + direction * 2;
    const last = this.last[side] as number;
    if (last === 0) return NOT_ASKED;
    const subnet = this.subnetOf[interfaceNumber] as number;
    const blocks = family === 4 ? this.four : this.six;
    // The remote end first: it is the one that is rarely in the subnet.
    const remote = direction === INGRESS ? 0 : 4;
    if (blocks.holds(subnet, words, remote) && blocks.holds(subnet, words, 4 - remote)) return NOT_ASKED;
    const protocolClass = this.protocols.classOf[protocol] as number;
    const at = (side + (family === 4 ? 0 : 1)) * this.protocols.count + protocolClass;
    const made = this.made[at] as number;
    const table = made < 0 ? this.compile(at) : made;
    if (table === 0) return -last;
    const found = this.#tables.find(table, null, words, remote, axisOf(protocol, port, icmp));
    return found === 0 ? -last : found;
  }

  /** Compiles what an ACL says of a class of protocol in one direction and family: the table at a place of `made`. */
  compile(at: number): number {
    const { acls, rules } = this.#snapshot;
    const side = Math.floor(at / this.protocols.count);
    const protocol = this.protocols.named[at % this.protocols.count] as number;
    const acl = acls[side >>> 2];
    const numbers = ((side & 2) === INGRESS * 2 ? acl?.ingress : acl?.egress) ?? [];
    const family = (side & 1) === 0 ? 4 : 6;
    const table = this.#tables.add(
      family,
      numbers.slice(0, -1).flatMap((number) => {
        const rule = rules[number];
        if (!rule || (rule.protocol !== -1 && rule.protocol !== protocol)) return [];
        return rule.peer.kind === 'cidr' && rule.peer.cidr.family === family ? [candidateOf(rule, rule.peer.cidr)] : [];
      }),
    );
    this.compiled.push(at);
    return (this.made[at] = table);
  }
}

function candidateOf(rule: Rule, peer: Cidr): Candidate {
  const [low, high] = boundsOf(rule);
  return {
    answer: rule.allow ? rule.number : -rule.number,
    low,
    high,
    fitsUnknown: rule.allow || isWhole(low, high),
    peer,
  };
}

/** The other direction. */
export function reverseOf(direction: number): number {
  return direction === INGRESS ? EGRESS : INGRESS;
}
