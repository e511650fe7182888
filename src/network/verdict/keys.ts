/**
 * Keys of conversations in the table of connections (rule V3).
 *
 * In:    a packet, or the header that an ICMP error quotes, and an interface. Out: the entry of its conversation.
 * Holds: a key is interface, protocol and the unordered pair of (address, port). Echo, timestamp and information
 *        messages have their identifier for ports, other ICMP its type, ICMP errors no more than the addresses.
 */
import type { PacketBatch } from '../../model/batch.ts';
import type { Connections } from './connections.ts';

export const ICMP = 1;
export const ICMP6 = 58;

const OTHER_TYPE = 0x10000;
const ERRORS = 0x20000;

/** What stands for ports in the key of an ICMP message: its identifier, its type, or that it is an error. */
function icmpKey(protocol: number, icmp: number, id: number): number {
  const type = icmp >> 8;
  if (protocol === ICMP6) return type === 128 || type === 129 ? id : type < 128 ? ERRORS : OTHER_TYPE + type;
  if (type === 0 || type === 8 || (type >= 13 && type <= 16)) return id;
  return (type >= 3 && type <= 5) || type === 11 || type === 12 ? ERRORS : OTHER_TYPE + type;
}

/** Finds and adds entries. `turned` and `pair` are of the packet looked for last. */
export class Keys {
  /** 1: the source is the higher end of the pair. */
  turned = 0;
  /** Of IPv6, and after `orderWords`: the lower address, then the higher, four words each. */
  readonly pair: Uint32Array = new Uint32Array(8);
  readonly #table: Connections;

  constructor(table: Connections) {
    this.#table = table;
  }

  /** The entry of a packet's conversation, 0 none; then `add` may be called. */
  find(packets: PacketBatch, row: number, at: number): number {
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const k3 = isIcmp
      ? icmpKey(protocol, packets.icmp[row] as number, packets.icmpId[row] as number)
      : (packets.ports[row] as number);
    const k0 = at * 256 + protocol;
    if (packets.family[row] === 4)
      return this.#find4(k0, isIcmp, packets.src4[row] as number, packets.dst4[row] as number, k3);
    return this.#find6(k0, isIcmp, packets.src6, packets.dst6, row * 4, k3);
  }

  /** The entry of the conversation that an ICMP error quotes, 0 none; `add` may not be called after it. */
  findQuoted(packets: PacketBatch, row: number, at: number): number {
    const { quotes } = packets;
    const quote = packets.quoted[row] as number;
    const protocol = quotes.protocol[quote] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const k3 = isIcmp
      ? icmpKey(protocol, quotes.icmp[quote] as number, quotes.icmpId[quote] as number)
      : (quotes.ports[quote] as number);
    const k0 = at * 256 + protocol;
    if (quotes.family[quote] === 4)
      return this.#find4(k0, isIcmp, quotes.src[quote * 4] as number, quotes.dst[quote * 4] as number, k3);
    return this.#find6(k0, isIcmp, quotes.src, quotes.dst, quote * 4, k3);
  }

  /** Adds the conversation that `find` did not find. */
  add(packets: PacketBatch, row: number, at: number): number {
    const protocol = packets.protocol[row] as number;
    const k0 = at * 256 + protocol;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const k3 = isIcmp
      ? icmpKey(protocol, packets.icmp[row] as number, packets.icmpId[row] as number)
      : (packets.ports[row] as number);
    const key = this.turned === 1 && !isIcmp ? swapped(k3) : k3;
    if (packets.family[row] !== 4) return this.#table.add6(k0, this.pair, key);
    const src = packets.src4[row] as number;
    const dst = packets.dst4[row] as number;
    return this.turned === 1 ? this.#table.add4(k0, dst, src, key) : this.#table.add4(k0, src, dst, key);
  }

  #order(src: Uint32Array, dst: Uint32Array, at: number, isTurnedIfEqual: boolean): void {
    const { pair } = this;
    let order = 0;
    for (let i = 0; i < 4 && order === 0; i++) order = (src[at + i] as number) - (dst[at + i] as number);
    const isTurned = order > 0 || (order === 0 && isTurnedIfEqual);
    this.turned = isTurned ? 1 : 0;
    for (let i = 0; i < 4; i++) {
      pair[i] = (isTurned ? dst : src)[at + i] as number;
      pair[4 + i] = (isTurned ? src : dst)[at + i] as number;
    }
  }

  /** Fills `pair`, the lower address first, and sets `turned`. `words`: the source, then the destination, four each. */
  orderWords(words: Uint32Array): void {
    const { pair } = this;
    let order = 0;
    for (let i = 0; i < 4 && order === 0; i++) order = (words[i] as number) - (words[4 + i] as number);
    this.turned = order > 0 ? 1 : 0;
    for (let i = 0; i < 8; i++) pair[i] = words[order > 0 ? i ^ 4 : i] as number;
  }

  #find4(k0: number, isIcmp: boolean, src: number, dst: number, k3: number): number {
    if (src < dst || (src === dst && (isIcmp || k3 >>> 16 <= (k3 & 0xffff)))) {
      this.turned = 0;
      return this.#table.find4(k0, src, dst, k3);
    }
    this.turned = 1;
    return this.#table.find4(k0, dst, src, isIcmp ? k3 : swapped(k3));
  }

  #find6(k0: number, isIcmp: boolean, src: Uint32Array, dst: Uint32Array, at: number, k3: number): number {
    this.#order(src, dst, at, !isIcmp && k3 >>> 16 > (k3 & 0xffff));
    return this.#table.find6(k0, this.pair, isIcmp || this.turned === 0 ? k3 : swapped(k3));
  }
}

function swapped(ports: number): number {
  return ((ports << 16) | (ports >>> 16)) >>> 0;
}
