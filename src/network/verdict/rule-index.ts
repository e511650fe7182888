/**
 * The rules of one group, one direction and one family, made for finding the one that decides.
 *
 * In:    a remote address, a protocol, a destination port. Out: the deciding rule of this group and its prefix length.
 * Holds: rules with the same peer lie together, sorted so that the first that fits decides; the blocks that hold an
 *        address are met from the longest to the shortest. Where many have the same peer, intervals of ports say at
 *        once which is first.
 */
import type { LongestPrefix } from '../vpc/longest-prefix.ts';
import type { Rule } from '../vpc/snapshot.ts';

/** In place of a port or an ICMP type that is not known (rule V6): a rule that fits but for it fits. */
export const NOT_KNOWN = -1;
/** No rule. */
export const NONE = -1;

const TCP = 6;
const UDP = 17;
const STRIDE = 4;
/** Up to so many rules of one peer are tried one after the other. */
const FEW = 16;

/** Whether type and code of a rule fit `type << 8 | code`. */
export function fitsIcmp(icmpType: number, icmpCode: number, icmp: number): boolean {
  if (icmpType < 0 || icmp === NOT_KNOWN) return true;
  return icmpType === icmp >> 8 && (icmpCode < 0 || icmpCode === (icmp & 255));
}

/** Of rules with the same peer, the one that decides for each port of a protocol. */
class PortIntervals {
  readonly #starts: Int32Array;
  readonly #rules: Int32Array;
  readonly #any: number;

  constructor(sorted: readonly Rule[]) {
    const starts = [...new Set([0, ...sorted.flatMap((rule) => [rule.fromPort, rule.toPort + 1])])].sort(
      (a, b) => a - b,
    );
    this.#any = sorted[0]?.number ?? NONE;
    this.#starts = Int32Array.from(starts);
    this.#rules = Int32Array.from(
      starts,
      (port) => sorted.find((rule) => rule.fromPort <= port && port <= rule.toPort)?.number ?? NONE,
    );
  }

  find(port: number): number {
    if (port === NOT_KNOWN) return this.#any;
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

/** Rules by peer; `rules` of each are sorted, the first that fits decides. */
export type Peers = {
  /** Blocks, by number minus 1 of `prefixes`. */
  readonly blocks: readonly { readonly bits: number; readonly rules: readonly Rule[] }[];
  readonly prefixes: LongestPrefix;
  /** Referenced groups. */
  readonly references: readonly { readonly group: number; readonly rules: readonly Rule[] }[];
};

/** The index. `bits` is the prefix length of what `find` found last. */
export class RuleIndex {
  bits = 0;
  readonly #prefixes: LongestPrefix;
  readonly #parents: Int32Array;
  readonly #bits: Uint8Array;
  readonly #groups: Int32Array;
  /** Rules of peer `i` are entries from `ends[i]` to before `ends[i + 1]`: number, protocol, two bounds. */
  readonly #ends: Int32Array;
  readonly #entries: Int32Array;
  readonly #intervals: (readonly [PortIntervals, PortIntervals] | undefined)[];
  readonly #blocks: number;

  constructor(peers: Peers) {
    const lists = [...peers.blocks, ...peers.references].map((peer) => peer.rules);
    const ends = [0];
    for (const list of lists) ends.push((ends.at(-1) ?? 0) + list.length);
    this.#prefixes = peers.prefixes;
    this.#parents = peers.prefixes.parents;
    this.#bits = Uint8Array.from(peers.blocks, (block) => block.bits);
    this.#groups = Int32Array.from(peers.references, (reference) => reference.group);
    this.#blocks = peers.blocks.length;
    this.#ends = Int32Array.from(ends);
    this.#entries = Int32Array.from(
      lists.flat().flatMap((rule) => {
        const isIcmp = rule.protocol === 1 || rule.protocol === 58;
        return [
          rule.number,
          rule.protocol,
          isIcmp ? rule.icmpType : rule.fromPort,
          isIcmp ? rule.icmpCode : rule.toPort,
        ];
      }),
    );
    this.#intervals = lists.map((list) => {
      if (list.length <= FEW) return undefined;
      const of = (protocol: number): Rule[] => list.filter((rule) => rule.protocol === protocol || rule.protocol < 0);
      return [new PortIntervals(of(TCP)), new PortIntervals(of(UDP))] as const;
    });
  }

  /**
   * The rule that decides, or `NONE`.
   *
   * @param memberOf  the referenced groups whose member the address is
   */
  find(
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    memberOf: readonly number[],
    hostBits: number,
    protocol: number,
    port: number,
    icmp: number,
    isBefore: (a: number, b: number) => boolean,
  ): number {
    let best = NONE;
    for (let block = this.#prefixes.find(w0, w1, w2, w3); block !== 0; block = this.#parents[block] as number) {
      best = this.#first(block - 1, protocol, port, icmp);
      if (best === NONE) continue;
      this.bits = this.#bits[block - 1] as number;
      break;
    }
    const groups = this.#groups;
    for (let i = 0; memberOf.length > 0 && i < groups.length; i++) {
      if (!memberOf.includes(groups[i] as number)) continue;
      const rule = this.#first(this.#blocks + i, protocol, port, icmp);
      if (rule === NONE || (best !== NONE && this.bits === hostBits && !isBefore(rule, best))) continue;
      best = rule;
      this.bits = hostBits;
    }
    return best;
  }

  #first(peer: number, protocol: number, port: number, icmp: number): number {
    const intervals = this.#intervals[peer];
    if (intervals && protocol === TCP) return intervals[0].find(port);
    if (intervals && protocol === UDP) return intervals[1].find(port);
    const entries = this.#entries;
    const end = (this.#ends[peer + 1] as number) * STRIDE;
    for (let at = (this.#ends[peer] as number) * STRIDE; at < end; at += STRIDE) {
      const own = entries[at + 1] as number;
      if (own < 0) return entries[at] as number;
      if (own !== protocol) continue;
      const low = entries[at + 2] as number;
      const high = entries[at + 3] as number;
      if (protocol === 1 || protocol === 58) {
        if (fitsIcmp(low, high, icmp)) return entries[at] as number;
      } else if (port === NOT_KNOWN || (low <= port && port <= high)) return entries[at] as number;
    }
    return NONE;
  }
}
