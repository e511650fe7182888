/**
 * Keys of conversations in the table of connections (rule V3).
 *
 * In:    packets, a group of rows at a time, or the header that an ICMP error quotes. Out: the head of its conversation.
 * Holds: a key is interface, protocol and the unordered pair of (address, port). Echo, timestamp and information
 *        messages have their question and identifier for ports, other ICMP its type, ICMP errors no more than the addresses.
 *        All but the interface is made once for each packet, and what looking it up will read is read for the whole
 *        group before: its misses of the cache overlap.
 */
import type { PacketBatch } from '../../model/batch.ts';
import type { Connections } from './connections.ts';
import { hash4, hash6, hashPair, MOST_TOUCHED } from './connections.ts';

export const ICMP = 1;
export const ICMP6 = 58;
/** Rows of a group, at most. */
export const GROUP = MOST_TOUCHED;

const OTHER_TYPE = 0x10000;
const ERRORS = 0x20000;
const TIMES = 0x30000;
const INFORMATION = 0x40000;

/**
 * What stands for ports in the key of an ICMP message: its question with its identifier, its type, or that it is an
 * error. An echo and a time request of one identifier are two conversations, as the kernel has them.
 */
function icmpKey(protocol: number, icmp: number, id: number): number {
  const type = icmp >> 8;
  if (protocol === ICMP6) return type === 128 || type === 129 ? id : type < 128 ? ERRORS : OTHER_TYPE + type;
  if (type === 0 || type === 8) return id;
  if (type >= 13 && type <= 16) return (type <= 14 ? TIMES : INFORMATION) + id;
  return (type >= 3 && type <= 5) || type === 11 || type === 12 ? ERRORS : OTHER_TYPE + type;
}

/** 1 where a is below b, without a branch that would be guessed wrong every other time. */
function isBelow(a: number, b: number): number {
  return ((~a & b) | ((~a | b) & (a - b))) >>> 31;
}

/** Ports of a packet that goes the other way, where `turned` is 1. */
function swapped(ports: number, turned: number): number {
  const bits = turned * 16;
  return (ports << bits) | (ports >>> bits);
}

/** 1 where the first of two addresses of so many words is the higher, or they are equal and `ifEqual` is 1. */
function isTurned(src: Uint32Array, dst: Uint32Array, at: number, words: number, ifEqual: number): number {
  for (let w = at; w < at + words; w++) {
    const order = (src[w] as number) - (dst[w] as number);
    if (order !== 0) return order > 0 ? 1 : 0;
  }
  return ifEqual;
}

/** Finds and adds entries of the rows of a group. */
export class Keys {
  /** Of the row that was looked for last: 1, its source is the higher end of the pair. */
  turned = 0;
  /** Of the row that was looked for last: the first entry of its conversation, 0 none. */
  head = 0;
  /** After `orderWords`: the lower address, then the higher, four words each. */
  readonly pair: Uint32Array = new Uint32Array(8);
  /** Of the rows of a group: orientation, and their heads as far as they were there when the group was approached. */
  readonly turns: Uint8Array = new Uint8Array(GROUP);
  readonly heads: Int32Array = new Int32Array(GROUP);
  readonly #table: Connections;
  // Of the rows of a group; of IPv4 the addresses, of IPv6 the hash of both in `#high`.
  readonly #low = new Int32Array(GROUP);
  readonly #high = new Int32Array(GROUP);
  readonly #ports = new Int32Array(GROUP);
  readonly #hashes = new Int32Array(GROUP);
  #row = 0;

  constructor(table: Connections) {
    this.#table = table;
  }

  /** To be called before the rows of a group are looked for. */
  approach(packets: PacketBatch, from: number, to: number): void {
    this.#hash(packets, from, to);
    this.#table.touch(this.#hashes, this.heads, to - from);
    this.#confirm(packets, from, to);
  }

  #confirm(packets: PacketBatch, from: number, to: number): void {
    const { protocol, family, src6, dst6 } = packets;
    const table = this.#table;
    const heads = this.heads;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const head = heads[i] as number;
      const own = protocol[row] as number;
      const high = this.#high[i] as number;
      const ports = this.#ports[i] as number;
      if (head === 0) continue;
      if (family[row] === 4) {
        if (!table.is4(head, own, this.#low[i] as number, high, ports)) heads[i] = 0;
        continue;
      }
      const isHigher = this.turns[i] === 1;
      const lower = isHigher ? dst6 : src6;
      const higher = isHigher ? src6 : dst6;
      if (!table.is6(head, own, high, ports, lower, row * 4, higher, row * 4)) heads[i] = 0;
    }
  }

  #hash(packets: PacketBatch, from: number, to: number): void {
    const { protocol, family, src4, dst4, src6, dst6, ports, icmp, icmpId } = packets;
    const lows = this.#low;
    const highs = this.#high;
    const keys = this.#ports;
    const turns = this.turns;
    const hashes = this.#hashes;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const own = protocol[row] as number;
      const isIcmp = own === ICMP || own === ICMP6;
      const key = isIcmp ? icmpKey(own, icmp[row] as number, icmpId[row] as number) : (ports[row] as number);
      const ifEqual = isIcmp ? 0 : isBelow(key & 0xffff, key >>> 16);
      if (family[row] === 4) {
        const src = src4[row] as number;
        const dst = dst4[row] as number;
        const turned = src === dst ? ifEqual : isBelow(dst, src);
        const difference = (src ^ dst) & -turned;
        const low = src ^ difference;
        const high = dst ^ difference;
        const both = isIcmp ? key : swapped(key, turned);
        lows[i] = low;
        highs[i] = high;
        keys[i] = both;
        turns[i] = turned;
        hashes[i] = hash4(own, low, high, both);
      } else {
        const at = row * 4;
        const turned = isTurned(src6, dst6, at, 4, ifEqual);
        const pair = turned === 0 ? hashPair(src6, at, dst6, at) : hashPair(dst6, at, src6, at);
        const both = isIcmp ? key : swapped(key, turned);
        highs[i] = pair;
        keys[i] = both;
        turns[i] = turned;
        hashes[i] = hash6(own, pair, both);
      }
    }
  }

  /** Looks for row `i` of the group and sets `head` and `turned`; then `add` may be called. */
  find(packets: PacketBatch, row: number, i: number): number {
    const head = this.heads[i] as number;
    this.turned = this.turns[i] as number;
    this.#row = i;
    return (this.head = this.heads[i] = head === 0 ? this.#look(packets, row, i) : head);
  }

  #look(packets: PacketBatch, row: number, i: number): number {
    const table = this.#table;
    const hash = this.#hashes[i] as number;
    const protocol = packets.protocol[row] as number;
    const ports = this.#ports[i] as number;
    const high = this.#high[i] as number;
    if (packets.family[row] === 4) return table.find4(hash, protocol, this.#low[i] as number, high, ports);
    const isHigher = this.turns[i] === 1;
    const lower = isHigher ? packets.dst6 : packets.src6;
    const higher = isHigher ? packets.src6 : packets.dst6;
    return table.find6(hash, protocol, high, ports, lower, row * 4, higher, row * 4);
  }

  /** To be called when entries were removed: looks for the last row once more. */
  forget(packets: PacketBatch, row: number): void {
    this.heads.fill(0);
    this.find(packets, row, this.#row);
  }

  /** Adds an entry for an interface that has none in the conversation of the row that was looked for last. */
  add(packets: PacketBatch, row: number, at: number): number {
    const i = this.#row;
    const k0 = at * 256 + (packets.protocol[row] as number);
    const hash = this.#hashes[i] as number;
    const ports = this.#ports[i] as number;
    const high = this.#high[i] as number;
    let entry: number;
    if (packets.family[row] === 4) entry = this.#table.add4(this.head, hash, k0, this.#low[i] as number, high, ports);
    else {
      const isHigher = this.turns[i] === 1;
      const lower = isHigher ? packets.dst6 : packets.src6;
      const higher = isHigher ? packets.src6 : packets.dst6;
      entry = this.#table.add6(this.head, hash, k0, high, ports, lower, row * 4, higher, row * 4);
    }
    if (this.head === 0) this.head = entry;
    return entry;
  }

  /** The entry of the conversation that an ICMP error quotes, 0 none. */
  findQuoted(packets: PacketBatch, row: number, at: number): number {
    const { quotes } = packets;
    const quote = packets.quoted[row] as number;
    const protocol = quotes.protocol[quote] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const key = isIcmp
      ? icmpKey(protocol, quotes.icmp[quote] as number, quotes.icmpId[quote] as number)
      : (quotes.ports[quote] as number);
    const ifEqual = isIcmp ? 0 : isBelow(key & 0xffff, key >>> 16);
    const words = quote * 4;
    const table = this.#table;
    const isFour = quotes.family[quote] === 4;
    const turned = isTurned(quotes.src, quotes.dst, words, isFour ? 1 : 4, ifEqual);
    const ports = isIcmp ? key | 0 : swapped(key, turned);
    const lower = turned === 0 ? quotes.src : quotes.dst;
    const higher = turned === 0 ? quotes.dst : quotes.src;
    let head: number;
    if (isFour) {
      const low = (lower[words] as number) | 0;
      const high = (higher[words] as number) | 0;
      head = table.find4(hash4(protocol, low, high, ports), protocol, low, high, ports);
    } else {
      const pair = hashPair(lower, words, higher, words);
      head = table.find6(hash6(protocol, pair, ports), protocol, pair, ports, lower, words, higher, words);
    }
    return table.entryAt(head, at);
  }

  /** Fills `pair`, the lower address first, and sets `turned`. `words`: the source, then the destination, four each. */
  orderWords(words: Uint32Array): void {
    const { pair } = this;
    let order = 0;
    for (let i = 0; i < 4 && order === 0; i++) order = (words[i] as number) - (words[4 + i] as number);
    this.turned = order > 0 ? 1 : 0;
    for (let i = 0; i < 8; i++) pair[i] = words[order > 0 ? i ^ 4 : i] as number;
  }
}
