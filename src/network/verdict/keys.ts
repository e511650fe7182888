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
import type { BatchMemory } from '../../model/batch-memory.ts';
import { sharedBatchMemory } from '../../model/batch-memory.ts';
import { LinearMemory, loopsOver } from '../../model/linear-memory.ts';
import { APPROACH_LOOPS_CODE } from './approach-loops.generated.ts';
import type { ApproachLoops } from './approach-loops.ts';
import type { Connections } from './connections.ts';
import { hash4, hash6, hashPair } from './conversation-hash.ts';
import { COLUMNS_BYTES, GROUP, HASHES, HEADS, HIGHS, KEYS, LOWS, TURNS } from './group-columns.ts';
import { JUDGE_LOOPS_CODE } from './judge-loops.generated.ts';
import type { JudgeLoops } from './judge-loops.ts';
import { PLAIN_BYTES } from './ways.ts';

/** What loops of judging work on, by the names that they have for it. */
export type JudgeMemories = Readonly<
  Record<'table' | 'batch' | 'group' | 'index' | 'six' | 'opened' | 'decisions' | 'plain', LinearMemory>
>;

export const ICMP = 1;
export const ICMP6 = 58;

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
  readonly turns: Int32Array;
  readonly heads: Int32Array;
  /** Packets and observations at hand, and columns of the group, for loops. */
  readonly batch: BatchMemory;
  readonly columns: LinearMemory = new LinearMemory(COLUMNS_BYTES);
  readonly memories: JudgeMemories;
  readonly lookup: ApproachLoops;
  readonly loops: JudgeLoops;
  readonly #table: Connections;
  // Of the rows of a group; of IPv4 the addresses, of IPv6 the hash of both in `#high`.
  readonly #low = this.column(LOWS);
  readonly #high = this.column(HIGHS);
  readonly #ports = this.column(KEYS);
  readonly #hashes = this.column(HASHES);
  #row = 0;

  /**
   * @param batch      where packets lie that are looked for
   * @param decisions  slots of `decision-numbers.ts`
   */
  constructor(
    table: Connections,
    batch: BatchMemory = sharedBatchMemory(),
    decisions: LinearMemory = new LinearMemory(1),
  ) {
    const { rows, slots: index, six, opened } = table;
    this.#table = table;
    this.batch = batch;
    this.turns = this.column(TURNS);
    this.heads = this.column(HEADS);
    const plain = new LinearMemory(PLAIN_BYTES);
    this.memories = { table: rows, batch: batch.memory, group: this.columns, index, six, opened, decisions, plain };
    this.lookup = loopsOver(APPROACH_LOOPS_CODE, this.memories) as ApproachLoops;
    this.loops = loopsOver(JUDGE_LOOPS_CODE, this.memories) as JudgeLoops;
  }

  /** A column of the group. */
  column(at: number): Int32Array {
    return this.columns.i32.subarray(at, at + GROUP);
  }

  /**
   * To be called before the rows of a group, of a batch that was loaded, are looked for; how many come from where `ways.ts`
   * has to number.
   */
  approach(from: number, to: number): number {
    this.lookup.approach(from, to);
    this.loops.confirm(from, to);
    return this.lookup.originate(from, to);
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
