/**
 * Tables of rules in few words, so that most questions meet little memory.
 *
 * In:    the candidates of a table; then an address and a port. Out: the first candidate that fits, or that the table
 *        itself has to be asked.
 * Holds: a summary lists the candidates for wide blocks and those for groups. Of the blocks of all the others it has a
 *        filter of bits: an address whose bit is not set is in none of them, which is so for most. A summary is: its
 *        table; how many words its blocks and its groups take; whether groups are missing; how the filter is asked; where
 *        the table is for who reads numbers alone, 0 nowhere; the blocks; the groups; the filter. A block or group is: answer, prefix length, two mask words, two value
 *        words (of a group its number), and its ports as low | (high - low) << 16. What is there stays where it is.
 */
import { maskWord } from '../vpc/addresses.ts';
import type { Memberships } from './memberships.ts';
import type { Candidate } from './rule-index.ts';
import { hasPort, portsOf, Rows } from './rows.ts';

/** In place of where a candidate is: the table is to be asked. */
export const ASK_TABLE = -1;

/** Words of a summary before its blocks. */
const TABLE = 0;
const BLOCKS = 1;
const GROUPS = 2;
const MISSING = 3;
const MASK_0 = 4;
const MASK_1 = 5;
/** How many words the filter has, less one. */
const FILTER = 6;
export const BASE = 7;
export const SUMMARY_HEAD = 8;
/** Words of a block or group; its answer is the first. */
const BITS = 1;
const STRIDE = 7;

/** So many blocks and groups are listed at most. */
const MOST_BLOCKS = 8;
const MOST_GROUPS = 16;
/** Blocks up to so long are listed; up to so long where that would be more than `MOST_BLOCKS`: a VPC's own is. */
const LISTED = { 4: 31, 6: 64 } as const;
const WIDE = { 4: 16, 6: 56 } as const;
/** Bits of a filter for each block, and the most words: which one tell 12 bits of a hash, 5 others which bit of it. */
const FILTER_BITS = 16;
const FILTER_WORDS = 1 << 12;

function hash(w0: number, w1: number): number {
  return Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b);
}

/** Appends a candidate. */
function list(data: number[], family: 4 | 6, { answer, peer, low, high }: Candidate): void {
  const ports = portsOf(low, high);
  if (typeof peer === 'number') data.push(answer, family === 4 ? 32 : 128, 0, 0, peer, 0, ports);
  else if (family === 4) data.push(answer, peer.bits, maskWord(peer.bits, 0), 0, peer.words[0] ?? 0, 0, ports);
  else {
    const { bits, words } = peer;
    data.push(answer, bits, maskWord(bits, 0), maskWord(bits, 1), words[0] ?? 0, words[1] ?? 0, ports);
  }
}

/** Appends a filter of the blocks of some candidates, and says at the head how it is asked. */
function filter(data: number[], family: 4 | 6, blocks: readonly Candidate[]): void {
  let bits: number = LISTED[family] + 1;
  for (const { peer } of blocks) if (typeof peer !== 'number' && peer.bits < bits) ({ bits } = peer);
  const mask0 = maskWord(bits, 0);
  const mask1 = family === 4 ? 0 : maskWord(bits, 1);
  let count = 1;
  while (count * 32 < blocks.length * FILTER_BITS && count < FILTER_WORDS) count *= 2;
  data[MASK_0] = mask0;
  data[MASK_1] = mask1;
  data[FILTER] = count - 1;
  const from = data.length;
  for (let i = 0; i < count; i++) data.push(0);
  for (const { peer } of blocks) {
    if (typeof peer === 'number') continue;
    const h = hash((peer.words[0] ?? 0) & mask0, (peer.words[1] ?? 0) & mask1);
    const word = from + ((h >>> 15) & (count - 1));
    data[word] = (data[word] ?? 0) | (1 << (h >>> 27));
  }
}

/** Summaries, and the tables behind them in the same array. */
export class Summaries {
  readonly rows: Rows = new Rows();
  /** Summaries that have been told since when their tables are. */
  readonly told: number[] = [];

  get data(): Int32Array {
    return this.rows.data;
  }

  get used(): number {
    return this.rows.used;
  }

  /** Says where the table of a summary is. */
  tell(at: number, base: number): void {
    this.data[at + BASE] = base;
    this.told.push(at);
  }

  /**
   * Adds the summary of a table; where it is.
   *
   * @param candidates  in the order in which they decide
   */
  summarize(table: number, family: 4 | 6, candidates: readonly Candidate[]): number {
    const groups: Candidate[] = [];
    const wide: Candidate[] = [];
    const others: Candidate[] = [];
    let blocks = 0;
    for (const { peer } of candidates) if (typeof peer !== 'number') blocks++;
    const wideBits = (blocks > MOST_BLOCKS ? WIDE : LISTED)[family];
    let isMissing = false;
    for (const one of candidates) {
      if (typeof one.peer !== 'number') (one.peer.bits <= wideBits ? wide : others).push(one);
      else {
        groups.push(one);
        // Groups that are listed are asked before the blocks that are.
        isMissing ||= wide.length > 0 || groups.length > MOST_GROUPS;
      }
    }
    const data: number[] = [table, 0, 0, 0, 0, 0, 0, 0];
    if (wide.length > MOST_BLOCKS) {
      // No bit of such a filter is not set.
      data.push(-1);
      return this.rows.add(data);
    }
    data[BLOCKS] = wide.length * STRIDE;
    data[GROUPS] = isMissing ? 0 : groups.length * STRIDE;
    data[MISSING] = isMissing ? 1 : 0;
    for (const one of wide) list(data, family, one);
    if (!isMissing) for (const one of groups) list(data, family, one);
    filter(data, family, others);
    return this.rows.add(data);
  }

  /**
   * Where the first candidate is that fits, 0 where none does, or `ASK_TABLE`.
   *
   * @param members  have looked up the address; null: it is in no group
   * @param w0       with `w1` the first words of the address; of IPv4 `w1` is 0
   */
  find(at: number, members: Memberships | null, w0: number, w1: number, axis: number): number {
    const { data } = this;
    const from = at + SUMMARY_HEAD;
    const groups = from + (data[at + BLOCKS] as number);
    const end = groups + (data[at + GROUPS] as number);
    const h = hash(w0 & (data[at + MASK_0] as number), w1 & (data[at + MASK_1] as number));
    const word = data[end + ((h >>> 15) & (data[at + FILTER] as number))] as number;
    if (((word >>> (h >>> 27)) & 1) !== 0) return ASK_TABLE;
    if (members !== null) {
      if (data[at + MISSING] !== 0) return ASK_TABLE;
      for (let i = groups; i < end; i += STRIDE) {
        const ports = data[i + 6] as number;
        if (hasPort(ports, axis) && members.has(data[i + 4] as number)) return i;
      }
    }
    for (let i = from; i < groups; i += STRIDE) {
      const ports = data[i + 6] as number;
      if (
        (w0 & (data[i + 2] as number)) === data[i + 4] &&
        (w1 & (data[i + 3] as number)) === data[i + 5] &&
        hasPort(ports, axis)
      )
        return i;
    }
    return 0;
  }

  /** The table that a summary is of. */
  tableOf(at: number): number {
    return this.data[at + TABLE] as number;
  }

  /** Prefix length of a candidate. */
  bitsOf(candidate: number): number {
    return this.data[candidate + BITS] as number;
  }
}
