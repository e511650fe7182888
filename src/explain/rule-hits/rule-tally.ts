/**
 * What was counted of one rule.
 *
 * In:    conversations that it decided. Out: counts, the peers and ports that were met, and the smallest block around the peers.
 * Holds: peers are told apart up to a bound, and then it is said that there were more; the block goes on to grow, so
 *        that it holds all of them.
 */
import { maskWord } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';

/** Distinct peers that are told apart for each rule. */
const MOST_PEERS = 10_000;

/** Counts of one rule. */
export class RuleTally {
  conversations = 0;
  packets = 0;
  bytes = 0;
  firstSeconds = 0;
  lastSeconds = 0;
  /** By destination port; of ICMP nothing is known. */
  readonly ports = new Map<number, number>();
  readonly protocols = new Set<number>();
  hasMorePeers = false;
  readonly #peers = new Set<number | string>();
  readonly #around: [Cidr | null, Cidr | null] = [null, null];

  /** Distinct remote addresses; `hasMorePeers` says that there were more. */
  get peers(): number {
    return this.#peers.size;
  }

  /** The smallest block of each family that holds all peers. */
  get around(): readonly Cidr[] {
    return this.#around.filter((block) => block !== null);
  }

  /**
   * Counts a conversation.
   *
   * @param port    destination port of the packets that it decided; -1 none
   * @param remote  where the remote address begins in `words`, four words
   */
  count(
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
    this.conversations++;
    this.packets += packets;
    this.bytes += bytes;
    if (first > 0 && (this.firstSeconds === 0 || first < this.firstSeconds)) this.firstSeconds = first;
    if (last > this.lastSeconds) this.lastSeconds = last;
    this.protocols.add(protocol);
    if (port >= 0) this.ports.set(port, (this.ports.get(port) ?? 0) + 1);
    const own = words.subarray(remote, remote + (family === 4 ? 1 : 4));
    const key = family === 4 ? (own[0] as number) : own.join(' ');
    if (this.#peers.has(key)) return;
    if (this.#peers.size < MOST_PEERS) this.#peers.add(key);
    else this.hasMorePeers = true;
    const place = family === 4 ? 0 : 1;
    this.#around[place] = around(this.#around[place], family === 4 ? 4 : 6, own);
  }
}

/** The smallest block that holds a block and an address. */
function around(block: Cidr | null, family: 4 | 6, address: Uint32Array): Cidr {
  const words = [...address];
  if (block === null) return { family, words, bits: family === 4 ? 32 : 128 };
  let bits = 0;
  for (const [i, word] of words.entries()) {
    const same = Math.clz32((word ^ (block.words[i] as number)) >>> 0);
    bits += same;
    if (same < 32) break;
  }
  bits = Math.min(bits, block.bits);
  return { family, bits, words: words.map((word, i) => (word & maskWord(bits, i)) >>> 0) };
}
