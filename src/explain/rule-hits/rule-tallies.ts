/**
 * What was counted of rules.
 *
 * In:    conversations that a rule decided. Out: of each rule counts, the peers and ports that were met, and the smallest block
 *        around the peers.
 * Holds: peers are told apart up to a bound for each rule, and then it is said that there were more; the block goes on to grow, so
 *        that it holds all of them. No object is made for a conversation or a peer.
 */
import { maskWord } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import { grown, WordTable } from '../conversations/word-table.ts';
import { PairCounts } from './pair-counts.ts';

/** Distinct peers that are told apart for each rule. */
const MOST_PEERS = 10_000;

/** Columns of `#sums`. */
const CONVERSATIONS = 0;
const PACKETS = 1;
const BYTES = 2;
const FIRST = 3;
const LAST = 4;
/** Distinct peers: of IPv4 as of the last merging, of IPv6. */
const FOUR = 5;
const SIX = 6;
const COLUMNS = 7;

/** Columns of `#around`: of each family how many bits all peers have alike, plus one, 0 none yet; then the words of the first. */
const BITS4 = 0;
const WORD4 = 1;
const BITS6 = 2;
const WORD6 = 3;
const AROUND = 7;
/** Words of `#protocols`. */
const PROTOCOLS = 8;

/** Counts of one rule. */
export type RuleTally = {
  readonly conversations: number;
  readonly packets: number;
  readonly bytes: number;
  /** 0 where no record tells. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** Conversations by destination port; of ICMP nothing is known. */
  readonly ports: ReadonlyMap<number, number>;
  readonly protocols: readonly number[];
  /** Distinct remote addresses; `hasMorePeers` says that there were more. */
  readonly peers: number;
  readonly hasMorePeers: boolean;
  /** The smallest block of each family that holds all peers. */
  readonly around: readonly Cidr[];
};

/** Of a rule that decided nothing. */
export const NO_TALLY: RuleTally = {
  conversations: 0,
  packets: 0,
  bytes: 0,
  firstSeconds: 0,
  lastSeconds: 0,
  ports: new Map(),
  protocols: [],
  peers: 0,
  hasMorePeers: false,
  around: [],
};

/** Counts of many rules, by a number that the caller gives each, from 0 without gaps. */
export class RuleTallies {
  readonly #mostPeers: number;
  #sums = new Float64Array(COLUMNS * 64);
  #around = new Uint32Array(AROUND * 64);
  #protocols = new Uint32Array(PROTOCOLS * 64);
  #size = 0;
  readonly #ports: PairCounts;
  /** Peers of IPv4, as far as they are told apart: of a rule that has more of them they are let go. */
  readonly #four: PairCounts;
  /** Rule and words of an address. */
  readonly #six = new WordTable(5);

  /** @param gathered  as `PairCounts` has it */
  constructor(mostPeers: number = MOST_PEERS, gathered?: number) {
    this.#mostPeers = mostPeers;
    this.#ports = new PairCounts(gathered);
    this.#four = new PairCounts(gathered, (rule, peers) => {
      const at = rule * COLUMNS + FOUR;
      // Of one with more a last one may come behind.
      if ((this.#sums[at] as number) <= mostPeers) this.#sums[at] = peers;
      return (this.#sums[at] as number) <= mostPeers;
    });
  }

  /**
   * Counts a conversation.
   *
   * @param port    destination port of the packets that the rule decided; -1 none
   * @param remote  where the remote address begins in `words`, four words
   */
  count(
    rule: number,
    packets: number,
    bytes: number,
    first: number,
    last: number,
    protocol: number,
    port: number,
    family: number,
    words: Uint32Array,
    remote: number,
  ): void {
    if (rule >= this.#size) this.#grow(rule + 1);
    const sums = this.#sums;
    const at = rule * COLUMNS;
    sums[at + CONVERSATIONS] = (sums[at + CONVERSATIONS] as number) + 1;
    sums[at + PACKETS] = (sums[at + PACKETS] as number) + packets;
    sums[at + BYTES] = (sums[at + BYTES] as number) + bytes;
    const before = sums[at + FIRST] as number;
    if (first > 0 && (before === 0 || first < before)) sums[at + FIRST] = first;
    if (last > (sums[at + LAST] as number)) sums[at + LAST] = last;
    const word = rule * PROTOCOLS + (protocol >> 5);
    this.#protocols[word] = (this.#protocols[word] as number) | (1 << (protocol & 31));
    if (port >= 0) this.#ports.add(rule, port);
    if (family === 4) this.#meetFour(rule, at, words[remote] as number);
    else this.#meetSix(rule, at, words, remote);
  }

  #meetFour(rule: number, at: number, address: number): void {
    if ((this.#sums[at + FOUR] as number) <= this.#mostPeers) this.#four.add(rule, address);
    const around = this.#around;
    const from = rule * AROUND;
    const bits = around[from + BITS4] as number;
    if (bits === 0) {
      around[from + BITS4] = 33;
      around[from + WORD4] = address;
    } else around[from + BITS4] = Math.min(bits, Math.clz32((around[from + WORD4] as number) ^ address) + 1);
  }

  #meetSix(rule: number, at: number, words: Uint32Array, remote: number): void {
    const { key } = this.#six;
    key[0] = rule;
    for (let word = 0; word < 4; word++) key[1 + word] = words[remote + word] as number;
    const peers = this.#sums[at + SIX] as number;
    if (peers <= this.#mostPeers) {
      const { size } = this.#six;
      this.#six.number();
      if (this.#six.size > size) this.#sums[at + SIX] = peers + 1;
    }
    const around = this.#around;
    const from = rule * AROUND;
    const bits = around[from + BITS6] as number;
    if (bits === 0) {
      around[from + BITS6] = 129;
      for (let word = 0; word < 4; word++) around[from + WORD6 + word] = key[1 + word] as number;
      return;
    }
    let same = 0;
    for (let word = 0; word < 4 && same === word * 32; word++)
      same += Math.clz32((around[from + WORD6 + word] as number) ^ (key[1 + word] as number));
    around[from + BITS6] = Math.min(bits, same + 1);
  }

  #grow(size: number): void {
    this.#size = size;
    this.#sums = grown(this.#sums, size * COLUMNS);
    this.#around = larger(this.#around, size * AROUND);
    this.#protocols = larger(this.#protocols, size * PROTOCOLS);
  }

  /** All of them, by number. */
  read(): readonly RuleTally[] {
    const ports = Array.from({ length: this.#size }, () => new Map<number, number>());
    this.#ports.read((rule, port, count) => ports[rule]?.set(port, count));
    this.#four.settle();
    return ports.map((own, rule) => {
      const sum = (column: number): number => this.#sums[rule * COLUMNS + column] as number;
      return {
        conversations: sum(CONVERSATIONS),
        packets: sum(PACKETS),
        bytes: sum(BYTES),
        firstSeconds: sum(FIRST),
        lastSeconds: sum(LAST),
        ports: own,
        protocols: this.#protocolsOf(rule),
        peers: Math.min(this.#mostPeers, sum(FOUR) + sum(SIX)),
        hasMorePeers: sum(FOUR) + sum(SIX) > this.#mostPeers,
        around: [...this.#blockOf(rule, 4), ...this.#blockOf(rule, 6)],
      };
    });
  }

  /** Ascending. */
  #protocolsOf(rule: number): number[] {
    const found: number[] = [];
    for (let protocol = 0; protocol < 256; protocol++) {
      const word = this.#protocols[rule * PROTOCOLS + (protocol >> 5)] as number;
      if (((word >>> (protocol & 31)) & 1) === 1) found.push(protocol);
    }
    return found;
  }

  #blockOf(rule: number, family: 4 | 6): readonly Cidr[] {
    const from = rule * AROUND;
    const bits = (this.#around[from + (family === 4 ? BITS4 : BITS6)] as number) - 1;
    if (bits < 0) return [];
    const first = from + (family === 4 ? WORD4 : WORD6);
    const words = [...this.#around.subarray(first, first + (family === 4 ? 1 : 4))];
    return [{ family, bits, words: words.map((word, i) => (word & maskWord(bits, i)) >>> 0) }];
  }
}

function larger(values: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  if (size <= values.length) return values;
  const made = new Uint32Array(Math.max(size, values.length * 2));
  made.set(values);
  return made;
}
