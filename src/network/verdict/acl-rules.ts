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
import { fitsIcmp, NOT_KNOWN } from './rule-index.ts';

/** Passes without an ACL that was asked. */
export const NOT_ASKED = 0;

type Block = { readonly family: number; readonly words: readonly number[]; readonly masks: readonly number[] };
type Entry = { readonly rule: Rule; readonly block: Block };
/** `last` decides where no entry matches; null: there is no ACL. */
type Side = { readonly entries: readonly Entry[]; readonly last: Rule };

const blockOf = (cidr: Cidr): Block => ({
  family: cidr.family,
  words: [0, 1, 2, 3].map((i) => cidr.words[i] ?? 0),
  masks: [0, 1, 2, 3].map((i) => (i < cidr.words.length ? maskWord(cidr.bits, i) : 0)),
});

function inBlock(b: Block, family: number, w0: number, w1: number, w2: number, w3: number): boolean {
  const { words, masks } = b;
  return (
    b.family === family &&
    (w0 & (masks[0] as number)) >>> 0 === words[0] &&
    (w1 & (masks[1] as number)) >>> 0 === words[1] &&
    (w2 & (masks[2] as number)) >>> 0 === words[2] &&
    (w3 & (masks[3] as number)) >>> 0 === words[3]
  );
}

function fits(rule: Rule, protocol: number, port: number, icmp: number): boolean {
  if (rule.protocol === -1) return true;
  if (rule.protocol !== protocol) return false;
  if (port === NOT_KNOWN && (rule.fromPort > 0 || rule.toPort < 65535)) return rule.allow;
  if (icmp === NOT_KNOWN && rule.icmpType >= 0) return rule.allow;
  return (
    port === NOT_KNOWN || (rule.fromPort <= port && port <= rule.toPort && fitsIcmp(rule.icmpType, rule.icmpCode, icmp))
  );
}

/** The ACLs of all interfaces of a snapshot. */
export class AclRules {
  /** Per interface and direction. */
  readonly #sides: readonly (Side | null)[];
  readonly #subnets: readonly (readonly Block[])[];

  constructor(snapshot: VpcSnapshot) {
    const { interfaces, subnets, acls, rules } = snapshot;
    const side = (numbers: readonly number[]): Side | null => {
      const list = numbers.map((number) => rules[number]).filter((rule) => rule !== undefined);
      const last = list.pop();
      if (!last) return null;
      const entries = list.flatMap((rule) =>
        rule.peer.kind === 'cidr' ? [{ rule, block: blockOf(rule.peer.cidr) }] : [],
      );
      return { entries, last };
    };
    const byAcl = acls.map((acl) => [side(acl.ingress), side(acl.egress)] as const);
    this.#sides = interfaces.flatMap((one) => byAcl[subnets[one.subnet]?.acl ?? 0] ?? [null, null]);
    const blocks = subnets.map((subnet) => subnet.cidrs.map(blockOf));
    this.#subnets = interfaces.map((one) => blocks[one.subnet] ?? []);
  }

  /**
   * The entry that passed, `NOT_ASKED`, or minus the entry that denied.
   *
   * @param s0  with `s1` … `s3` the source, `d0` … `d3` the destination
   */
  judge(
    interfaceNumber: number,
    direction: number,
    family: number,
    s0: number,
    s1: number,
    s2: number,
    s3: number,
    d0: number,
    d1: number,
    d2: number,
    d3: number,
    protocol: number,
    port: number,
    icmp: number,
  ): number {
    const side = this.#sides[interfaceNumber * 2 + direction];
    if (!side) return NOT_ASKED;
    const own = this.#subnets[interfaceNumber] as readonly Block[];
    let sourceIn = false;
    let destinationIn = false;
    for (let i = 0; i < own.length; i++) {
      const block = own[i] as Block;
      sourceIn ||= inBlock(block, family, s0, s1, s2, s3);
      destinationIn ||= inBlock(block, family, d0, d1, d2, d3);
    }
    if (sourceIn && destinationIn) return NOT_ASKED;
    const { entries, last } = side;
    for (let i = 0; i < entries.length; i++) {
      const { rule, block } = entries[i] as Entry;
      if (!fits(rule, protocol, port, icmp)) continue;
      const matches =
        direction === INGRESS ? inBlock(block, family, s0, s1, s2, s3) : inBlock(block, family, d0, d1, d2, d3);
      if (matches) return rule.allow ? rule.number : -rule.number;
    }
    return -last.number;
  }
}

/** The other direction. */
export function reverseOf(direction: number): number {
  return direction === INGRESS ? EGRESS : INGRESS;
}
