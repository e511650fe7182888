/**
 * Where the packets of a conversation go: what placement said of one before, kept in the entries of the conversation.
 *
 * In:    a packet and the head of its conversation; after it was placed, its interfaces. Out: the same for the next
 *        packet of the conversation that goes the same way.
 * Holds: it saves time and decides nothing. Only whole packets of TCP, UDP, SCTP and ICMP have a way, errors have none. It names interfaces by
 *        their entries in the chain, the head and the one after it; one interface without an entry is kept as a stub.
 *        A way holds for one origin: what placement reads of a packet beside its key (link, device, VLAN, side), as a
 *        number. To be cleared when rules change and when devices are tied. An entry has a way for each orientation, so
 *        that of packets that are seen at two devices in turn both have theirs.
 */
import type { PacketBatch } from '../../model/batch.ts';
import type { LinearMemory } from '../../model/linear-memory.ts';
import type { Connections } from './connections.ts';
import { FLAGS, NEXT, ORIGINS, STRIDE, STUB } from './entry-words.ts';

/** A way: who sees the packet leave, and shifted by `INGRESS_SHIFT` who sees it enter, each one of four. */
export const NOBODY = 0;
export const HEAD = 1;
export const SECOND = 2;
export const NO_ENTRY = 3;
export const INGRESS_SHIFT = 2;
/** Bit of a way: the receiver does not hold the destination and checks that. */
export const WRONG = 16;
export const WAY = 31;
/** Where the ways are in the flags of an entry, by orientation. */
export const SHIFT_LOW = 12;
export const SHIFT_HIGH = 17;

const WORDS = 4;
const SMALLEST = 1 << 8;
const MOST_ORIGINS = 0xffff;
export const PLAIN_LINKS: number = 1 << 14;
/** Of plain origins: two for each link and side. */
export const PLAIN_BYTES: number = PLAIN_LINKS * 3 * 2;

/** Where one source has few of the others, links in a row lie in slots in a row. */
function hashOf(link: number, vlan: number, device: number, side: number): number {
  return link + Math.imul(vlan, 0x9e3779b1) + Math.imul(device, 0x85ebca6b) + Math.imul(side, 0x27d4eb2f);
}

/** Knows origins, and reads and writes ways. */
export class Ways {
  readonly #table: Connections;
  /** Origins by what they stand for: link, VLAN and device, side, number; 0 where there is none. */
  #slots = new Uint32Array(SMALLEST * WORDS);
  #count = 0;
  /** Those of device 0 without VLAN, by side and link: what is used of it is so small that it stays in the cache. */
  readonly #plain: Uint16Array;
  /** The number given last; never 0 in `#slots`. */
  #last = 0;
  /** Of the rows of a group; 0: the packet has no way. */
  readonly #origins: Int32Array;

  /**
   * @param origins  where loops (`approach-loops.ts`) put those of the rows of a group
   * @param plain    where they look them up, `PLAIN_BYTES` long
   */
  constructor(table: Connections, origins: Int32Array, plain: LinearMemory) {
    this.#table = table;
    this.#origins = origins;
    this.#plain = plain.u16;
  }

  /** Forgets all ways: the numbers of origins are not given again. */
  clear(): void {
    this.#slots = new Uint32Array(SMALLEST * WORDS);
    this.#count = 0;
    this.#plain.fill(0);
  }

  /** Numbers the origins of rows of a group that loops did not know. */
  number(packets: PacketBatch, from: number, to: number): void {
    const origins = this.#origins;
    for (let row = from; row < to; row++)
      if ((origins[row - from] as number) < 0) origins[row - from] = this.#originOf(packets, row);
  }

  #originOf(packets: PacketBatch, row: number): number {
    const link = packets.link[row] as number;
    const vlan = packets.vlan[row] as number;
    const device = packets.device[row] as number;
    const side = packets.side[row] as number;
    const origin = this.#number(link, vlan, device, side);
    if ((vlan | device) === 0 && link < PLAIN_LINKS) this.#plain[side * PLAIN_LINKS + link] = origin;
    return origin;
  }

  #number(link: number, vlan: number, device: number, side: number): number {
    const slots = this.#slots;
    const mask = slots.length / WORDS - 1;
    const port = vlan * 65_536 + device;
    for (let slot = hashOf(link, vlan, device, side) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      const number = slots[at + 3] as number;
      if (number === 0) return this.#add(link, port, side, at);
      if (slots[at] === link && slots[at + 1] === port && slots[at + 2] === side) return number;
    }
  }

  #add(link: number, port: number, side: number, at: number): number {
    if (this.#last === MOST_ORIGINS) {
      const { words, end } = this.#table;
      for (let entry = 1; entry < end; entry++) words[entry * STRIDE + ORIGINS] = 0;
      this.#last = 0;
      this.clear();
      this.#origins.fill(0);
      return 0;
    }
    const slots = this.#slots;
    slots[at] = link;
    slots[at + 1] = port;
    slots[at + 2] = side;
    slots[at + 3] = ++this.#last;
    if (++this.#count * 2 * WORDS > slots.length) this.#grow();
    return this.#last;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = slots.length / WORDS - 1;
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + 3] === 0) continue;
      const port = old[from + 1] as number;
      let slot = hashOf(old[from] as number, port >>> 16, port & 0xffff, old[from + 2] as number) & mask;
      while (slots[slot * WORDS + 3] !== 0) slot = (slot + 1) & mask;
      for (let word = 0; word < WORDS; word++) slots[slot * WORDS + word] = old[from + word] as number;
    }
    this.#slots = slots;
  }

  /** The way of row `i` of the group, whose conversation has this head; -1 none is known. */
  find(head: number, turned: number, i: number): number {
    const origin = this.#origins[i] as number;
    if (head === 0 || origin === 0) return -1;
    const { words } = this.#table;
    const at = head * STRIDE;
    if ((((words[at + ORIGINS] as number) >>> (turned * 16)) & 0xffff) === origin) return this.#wayIn(at, turned);
    return this.#findSecond(at, turned, origin);
  }

  #findSecond(head: number, turned: number, origin: number): number {
    const { words } = this.#table;
    const second = ((words[head + FLAGS] as number) & STUB) !== 0 ? 0 : (words[head + NEXT] as number) * STRIDE;
    if (second === 0 || (((words[second + ORIGINS] as number) >>> (turned * 16)) & 0xffff) !== origin) return -1;
    return this.#wayIn(second, turned);
  }

  /** Remembers the way of row `i` of the group, where it can be. */
  remember(head: number, turned: number, i: number, egressAt: number, ingressAt: number, isWrong: boolean): void {
    const origin = this.#origins[i] as number;
    if (head === 0 || origin === 0) return;
    const egress = this.#nameOf(head, egressAt);
    const ingress = this.#nameOf(head, ingressAt);
    if (egress < 0 || ingress < 0) return;
    const { words } = this.#table;
    const at = head * STRIDE;
    const before = ((words[at + ORIGINS] as number) >>> (turned * 16)) & 0xffff;
    // The way before it is kept in the second entry.
    if (before !== 0 && before !== origin && ((words[at + FLAGS] as number) & STUB) === 0 && words[at + NEXT] !== 0)
      this.#put((words[at + NEXT] as number) * STRIDE, turned, before, this.#wayIn(at, turned));
    this.#put(at, turned, origin, egress | (ingress << INGRESS_SHIFT) | (isWrong ? WRONG : 0));
  }

  #wayIn(at: number, turned: number): number {
    return ((this.#table.words[at + FLAGS] as number) >>> (turned === 0 ? SHIFT_LOW : SHIFT_HIGH)) & WAY;
  }

  #put(at: number, turned: number, origin: number, way: number): void {
    const { words } = this.#table;
    const shift = turned === 0 ? SHIFT_LOW : SHIFT_HIGH;
    words[at + ORIGINS] = ((words[at + ORIGINS] as number) & ~(0xffff << (turned * 16))) | (origin << (turned * 16));
    words[at + FLAGS] = ((words[at + FLAGS] as number) & ~(WAY << shift)) | (way << shift);
  }

  /** How a way names an interface, 0 being none; -1 where it cannot. */
  #nameOf(head: number, interfaceNumber: number): number {
    if (interfaceNumber === 0) return NOBODY;
    const { words } = this.#table;
    const at = head * STRIDE;
    if ((words[at] as number) >>> 8 === interfaceNumber) return HEAD;
    const next = words[at + NEXT] as number;
    if (((words[at + FLAGS] as number) & STUB) !== 0) return next === interfaceNumber ? NO_ENTRY : -1;
    if (next !== 0) return (words[next * STRIDE] as number) >>> 8 === interfaceNumber ? SECOND : -1;
    words[at + NEXT] = interfaceNumber;
    words[at + FLAGS] = (words[at + FLAGS] as number) | STUB;
    return NO_ENTRY;
  }
}
