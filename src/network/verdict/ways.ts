/**
 * Where packets like one before went: a cache in front of placement and of the table of connections.
 *
 * In:    a packet; after it was judged the slow way, its interfaces and the entries of its conversation there. Out: the
 *        same for the next packet with its header.
 * Holds: lossy and of bounded size, so it decides nothing. Only whole packets of TCP, UDP and SCTP have a way, and only
 *        while an entry holds their key: the entry tells whether a way is theirs. To be cleared when entries are
 *        removed, when rules change and when devices are tied. A set is two ways and one line of the cache.
 */
import type { PacketBatch } from '../../model/batch.ts';
import type { Connections } from './connections.ts';
import { hash4, hash6, hashPair, STRIDE } from './connections.ts';
import { TCP, UDP } from './states.ts';

/** Words of a way. `BITS`: side, `TURNED`, `WRONG`, `VALID`. */
const WORDS = 8;
const LINK = 1;
const DEVICE_VLAN = 2;
export const BITS = 3;
export const EGRESS_AT = 4;
export const INGRESS_AT = 5;
export const EGRESS_ENTRY = 6;
export const INGRESS_ENTRY = 7;
/** The packet's source is the higher end of the pair. */
export const TURNED = 4;
/** Its receiver does not hold the destination and checks that. */
export const WRONG = 8;
const VALID = 16;

const SCTP = 132;
const SMALLEST_SETS = 1 << 8;
const MOST_SETS = 1 << 17;
/** Words before the first set: allocators put large blocks 16 bytes behind a page, so a set is one line of the cache. */
const LEAD = 12;
/** Rows that are looked up ahead of being judged: their misses of the cache overlap. */
export const GROUP = 64;

/** The cache. `words` moves when it grows, which is never between `approach` and the next. */
export class Ways {
  words: Uint32Array = new Uint32Array(LEAD + SMALLEST_SETS * 2 * WORDS);
  #setCount = SMALLEST_SETS;
  /** What `approach` read; kept so that reading is not left out. */
  warmth = 0;
  readonly #table: Connections;
  /** Of the rows of a group: the first word of their set, -1 where they have no way; hash; orientation. */
  readonly #sets = new Int32Array(GROUP);
  readonly #hashes = new Uint32Array(GROUP);
  readonly #turned = new Uint8Array(GROUP);
  /** The entry that a row will likely meet first, 0 none. */
  readonly #likely = new Uint32Array(GROUP);

  constructor(table: Connections) {
    this.#table = table;
  }

  /** Forgets all ways. */
  clear(): void {
    this.words.fill(0);
  }

  /** To be called before the rows of a group are looked for. */
  approach(packets: PacketBatch, from: number, to: number): void {
    if (this.#table.size > this.#setCount && this.#setCount < MOST_SETS) {
      this.#setCount *= 8;
      this.words = new Uint32Array(LEAD + this.#setCount * 2 * WORDS);
    }
    this.#hash(packets, from, to);
    this.#touch(packets, from, to);
  }

  #hash(packets: PacketBatch, from: number, to: number): void {
    const { protocol, flags, family, src4, dst4, src6, dst6, ports } = packets;
    const sets = this.#sets;
    const hashes = this.#hashes;
    const turns = this.#turned;
    const mask = this.#setCount - 1;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const own = protocol[row] as number;
      if ((own !== TCP && own !== UDP && own !== SCTP) || flags[row] !== 0) {
        sets[i] = -1;
        continue;
      }
      const both = ports[row] as number;
      let order: number;
      if (family[row] === 4) order = (src4[row] as number) - (dst4[row] as number);
      else {
        order = 0;
        for (let w = row * 4; w < row * 4 + 4 && order === 0; w++) order = (src6[w] as number) - (dst6[w] as number);
      }
      const turned = order > 0 || (order === 0 && both >>> 16 > (both & 0xffff)) ? 1 : 0;
      const k3 = turned === 0 ? both : ((both << 16) | (both >>> 16)) >>> 0;
      let hash: number;
      if (family[row] === 4)
        hash =
          turned === 0
            ? hash4(own, src4[row] as number, dst4[row] as number, k3)
            : hash4(own, dst4[row] as number, src4[row] as number, k3);
      else {
        const pair = turned === 0 ? hashPair(src6, row * 4, dst6, row * 4) : hashPair(dst6, row * 4, src6, row * 4);
        hash = hash6(own, pair, k3);
      }
      hashes[i] = hash;
      turns[i] = turned;
      sets[i] = LEAD + (((hash >>> 7) ^ turned) & mask) * 2 * WORDS;
    }
  }

  #touch(packets: PacketBatch, from: number, to: number): void {
    const words = this.words;
    const table = this.#table;
    const entries = table.words;
    const sets = this.#sets;
    const hashes = this.#hashes;
    const likely = this.#likely;
    const { family } = packets;
    const rows = to - from;
    let read = 0;
    for (let i = 0; i < rows; i++) {
      const set = sets[i] as number;
      if (set < 0) {
        likely[i] = 0;
        continue;
      }
      const hash = hashes[i] as number;
      const way = words[set] === hash ? set : set + WORDS;
      likely[i] =
        words[way] === hash
          ? (words[way + EGRESS_ENTRY] as number) || (words[way + INGRESS_ENTRY] as number)
          : table.likely(hash);
    }
    for (let i = 0; i < rows; i++) {
      const entry = likely[i] as number;
      if (entry !== 0) read ^= (entries[entry * STRIDE] as number) ^ (entries[(entry + 1) * STRIDE] as number);
    }
    for (let i = 0; i < rows; i++) {
      const entry = likely[i] as number;
      if (entry !== 0 && family[from + i] !== 4) read ^= table.touchSix(entry);
    }
    this.warmth = read;
  }

  /** Position of the way of row `i` of the group, -1 none. */
  find(packets: PacketBatch, row: number, i: number): number {
    const set = this.#sets[i] as number;
    if (set < 0) return -1;
    const hash = this.#hashes[i] as number;
    const words = this.words;
    if (words[set] === hash && this.#fits(set, packets, row, i)) return set;
    return words[set + WORDS] === hash && this.#fits(set + WORDS, packets, row, i) ? set + WORDS : -1;
  }

  #fits(way: number, packets: PacketBatch, row: number, i: number): boolean {
    const words = this.words;
    const turned = this.#turned[i] as number;
    const entry = (words[way + EGRESS_ENTRY] as number) || (words[way + INGRESS_ENTRY] as number);
    return (
      entry !== 0 &&
      words[way + LINK] === packets.link[row] &&
      words[way + DEVICE_VLAN] === (((packets.vlan[row] as number) << 16) | (packets.device[row] as number)) >>> 0 &&
      ((words[way + BITS] as number) & ~WRONG) === ((packets.side[row] as number) | (turned * TURNED) | VALID) &&
      this.#table.isOf(entry, turned, packets, row)
    );
  }

  /** Remembers the way of row `i` of the group, where it has one. */
  remember(
    packets: PacketBatch,
    row: number,
    i: number,
    egressAt: number,
    ingressAt: number,
    isReceiverWrong: boolean,
    egressEntry: number,
    ingressEntry: number,
  ): void {
    const set = this.#sets[i] as number;
    if (set < 0 || (egressEntry | ingressEntry) === 0) return;
    const words = this.words;
    // The way before it is kept as the second of the set.
    for (let w = set; w < set + WORDS; w++) words[w + WORDS] = words[w] as number;
    words[set] = this.#hashes[i] as number;
    words[set + LINK] = packets.link[row] as number;
    words[set + DEVICE_VLAN] = ((packets.vlan[row] as number) << 16) | (packets.device[row] as number);
    words[set + BITS] =
      (packets.side[row] as number) | ((this.#turned[i] as number) * TURNED) | (isReceiverWrong ? WRONG : 0) | VALID;
    words[set + EGRESS_AT] = egressAt;
    words[set + INGRESS_AT] = ingressAt;
    words[set + EGRESS_ENTRY] = egressEntry;
    words[set + INGRESS_ENTRY] = ingressEntry;
  }
}
