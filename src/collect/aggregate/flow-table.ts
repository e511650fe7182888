/**
 * The flows of one window: an open-addressing hash table over typed arrays.
 *
 * In:    packets with their decisions. Out: one row for each five-tuple and decision, in the order of first sight.
 * Holds: no object per packet or flow; a row of IPv4 is one cache line. Rows that are one record but for rule and stage
 *        (same merge class, rule W6) are chained to the first of them.
 * Fails: never; a row beyond the bound is refused, and the caller counts the packet as lost.
 */
import type { ObservationBatch, PacketBatch } from '../../model/batch.ts';
import type { MergeClasses } from './merge-classes.ts';

/** Words of a row: decision, protocol, ports, src, dst, hash, flags, next, then four doubles, then the rest of IPv6. */
export const DECISION = 0;
export const PROTOCOL = 1;
export const PORTS = 2;
export const SRC = 3;
export const DST = 4;
const HASH = 5;
/** AWS's OR of the TCP flags; `CHAINED` beside it marks a row that another row leads to. */
export const FLAGS = 6;
export const CHAINED = 0x100;
/** Row + 1 of the next row of the same record; 0 none. */
export const NEXT = 7;
/** Doubles of a row, counted in doubles: packets, bytes, first and last packet. */
export const PACKETS = 4;
export const BYTES = 5;
export const FIRST = 6;
export const LAST = 7;
/** Words 1 to 3 of the IPv6 addresses. */
export const SRC6 = 16;
export const DST6 = 19;

const WORDS4 = 16;
const WORDS6 = 24;
/** Words before the first row: allocators put large blocks 16 bytes behind a page, so rows begin on a cache line. */
export const LEAD = 12;
/** Observations whose cache misses are taken together. */
const GROUP = 64;
const HASHES = new Uint32Array(GROUP);
const ROWS = new Uint32Array(GROUP);
const FOURS = new Uint8Array(GROUP);

/** AWS's flags (rule W6) of a TCP flag byte: FIN 1, SYN 2, RST 4, and 16 only beside SYN. */
const AWS_FLAGS = Uint8Array.from({ length: 256 }, (_, byte) => (byte & 7) | ((byte & 0x12) === 0x12 ? 16 : 0));

/** Rows of one family. `words` and `doubles` are views of one buffer. */
export type FlowRows = {
  rows: number;
  readonly wordsPerRow: number;
  words: Uint32Array;
  doubles: Float64Array;
  /** Pairs: hash, row + 1; row 0 marks an empty slot. */
  slots: Uint32Array;
};

function createRows(wordsPerRow: number, capacity: number): FlowRows {
  const buffer = new ArrayBuffer((LEAD + capacity * wordsPerRow) * 4);
  return {
    rows: 0,
    wordsPerRow,
    words: new Uint32Array(buffer),
    doubles: new Float64Array(buffer),
    slots: new Uint32Array(capacity * 4),
  };
}

/** Room for one row more; slots stay at most half full. */
function makeRoom(rows: FlowRows): void {
  if (LEAD + (rows.rows + 1) * rows.wordsPerRow > rows.words.length) {
    // `transfer` lets the allocator move pages instead of copying them.
    const buffer = (rows.words.buffer as ArrayBuffer).transfer((LEAD + rows.rows * 2 * rows.wordsPerRow) * 4);
    rows.words = new Uint32Array(buffer);
    rows.doubles = new Float64Array(buffer);
  }
  if ((rows.rows + 1) * 4 <= rows.slots.length) return;
  const slots = new Uint32Array(rows.slots.length * 2);
  const mask = slots.length / 2 - 1;
  for (let row = 0; row < rows.rows; row++) {
    const hash = rows.words[LEAD + row * rows.wordsPerRow + HASH]!;
    let slot = hash & mask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = row + 1;
  }
  rows.slots = slots;
}

/** The flows of one window at all interfaces. */
export class FlowTable {
  readonly v4: FlowRows;
  readonly v6: FlowRows;

  /** @param capacity  rows of each family to begin with, a power of two */
  constructor(capacity: number) {
    this.v4 = createRows(WORDS4, capacity);
    this.v6 = createRows(WORDS6, capacity);
  }

  get rows(): number {
    return this.v4.rows + this.v6.rows;
  }

  /** Forgets the flows and keeps the room. */
  clear(): void {
    for (const rows of [this.v4, this.v6]) {
      rows.rows = 0;
      rows.slots.fill(0);
    }
  }

  /**
   * Counts observations.
   *
   * @param from      first observation
   * @param to        behind the last
   * @param wanted    by decision number: 0 is passed over
   * @param maxRows   rows of both families at most
   * @param lost      by interface: packets whose flow found no room
   * @returns how many observations were counted; those passed over or lost are not
   */
  add(
    packets: PacketBatch,
    observations: ObservationBatch,
    from: number,
    to: number,
    classes: MergeClasses,
    wanted: Uint8Array,
    maxRows: number,
    lost: Float64Array,
  ): number {
    let counted = 0;
    for (let at = from; at < to; at += GROUP) {
      const end = Math.min(to, at + GROUP);
      this.#approach(packets, observations, at, end, classes.classOf);
      counted += this.#count(packets, observations, at, end, classes, wanted, maxRows, lost);
    }
    return counted;
  }

  /**
   * Computes the hashes of a group and touches the slots and rows that they lead to: many cache misses at once instead
   * of one after the other (0.6 of the time on a table larger than the cache).
   */
  #approach(
    packets: PacketBatch,
    observations: ObservationBatch,
    from: number,
    to: number,
    classOf: Uint32Array,
  ): void {
    const { packet: packetOf, decision: decisionOf } = observations;
    const { family, protocol, ports, src4, dst4, src6, dst6 } = packets;
    for (let i = from; i < to; i++) {
      const p = packetOf[i]!;
      const merged = classOf[decisionOf[i]!]!;
      const isFour = family[p] === 4;
      FOURS[i - from] = isFour ? 1 : 0;
      HASHES[i - from] = isFour
        ? hash4(src4[p]!, dst4[p]!, ports[p]!, protocol[p]!, merged)
        : hash6(src6, dst6, p * 4, ports[p]!, protocol[p]!, merged);
    }
    // Loops of few instructions: the processor has many of their misses under way at once.
    const count = to - from;
    const slots4 = this.v4.slots;
    const slots6 = this.v6.slots;
    const mask4 = slots4.length / 2 - 1;
    const mask6 = slots6.length / 2 - 1;
    for (let k = 0; k < count; k++) {
      ROWS[k] = FOURS[k] === 1 ? slots4[(HASHES[k]! & mask4) * 2 + 1]! : slots6[(HASHES[k]! & mask6) * 2 + 1]!;
    }
    const words4 = this.v4.words;
    const words6 = this.v6.words;
    let touched = 0;
    for (let k = 0; k < count; k++) {
      const row = ROWS[k]! - 1;
      if (row >= 0) touched ^= FOURS[k] === 1 ? words4[LEAD + row * WORDS4]! : words6[LEAD + row * WORDS6]!;
    }
    ROWS[0] = touched;
  }

  #count(
    packets: PacketBatch,
    observations: ObservationBatch,
    from: number,
    to: number,
    classes: MergeClasses,
    wanted: Uint8Array,
    maxRows: number,
    lost: Float64Array,
  ): number {
    const { packet: packetOf, decision: decisionOf } = observations;
    const { family, protocol, ports, src4, dst4, atMicros, ipBytes, tcpFlags } = packets;
    let counted = 0;
    for (let i = from; i < to; i++) {
      const decision = decisionOf[i]!;
      if (wanted[decision] === 0) continue;
      const p = packetOf[i]!;
      const hash = HASHES[i - from]!;
      let rows: FlowRows;
      let row: number;
      if (family[p] === 4) {
        rows = this.v4;
        row = find4(rows, hash, decision, protocol[p]!, ports[p]!, src4[p]!, dst4[p]!);
      } else {
        rows = this.v6;
        row = find6(rows, hash, decision, packets, p);
      }
      if (row < 0) {
        if (this.v4.rows + this.v6.rows >= maxRows) {
          const at = classes.interfaceOf[decision]!;
          lost[at] = lost[at]! + 1;
          continue;
        }
        row = this.#insert(rows, hash, packets, p, decision);
      }
      counted++;
      const at = atMicros[p]!;
      const word = LEAD + row * rows.wordsPerRow;
      const double = word >>> 1;
      const doubles = rows.doubles;
      doubles[double + PACKETS] = doubles[double + PACKETS]! + 1;
      doubles[double + BYTES] = doubles[double + BYTES]! + ipBytes[p]!;
      if (at < doubles[double + FIRST]!) doubles[double + FIRST] = at;
      if (at > doubles[double + LAST]!) doubles[double + LAST] = at;
      const flags = tcpFlags[p]!;
      if ((flags & 7) !== 0) rows.words[word + FLAGS] = rows.words[word + FLAGS]! | AWS_FLAGS[flags]!;
    }
    return counted;
  }

  /** Adds the row that a find just missed. */
  #insert(rows: FlowRows, hash: number, packets: PacketBatch, p: number, decision: number): number {
    const sibling = foundSibling;
    makeRoom(rows);
    const { words, doubles, slots } = rows;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    const row = rows.rows++;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = row + 1;
    const at = LEAD + row * rows.wordsPerRow;
    words[at + DECISION] = decision;
    words[at + PROTOCOL] = packets.protocol[p]!;
    words[at + PORTS] = packets.ports[p]!;
    words[at + HASH] = hash;
    words[at + FLAGS] = 0;
    words[at + NEXT] = 0;
    const isV4 = rows === this.v4;
    words[at + SRC] = isV4 ? packets.src4[p]! : packets.src6[p * 4]!;
    words[at + DST] = isV4 ? packets.dst4[p]! : packets.dst6[p * 4]!;
    if (!isV4) {
      for (let k = 0; k < 3; k++) {
        words[at + SRC6 + k] = packets.src6[p * 4 + 1 + k]!;
        words[at + DST6 + k] = packets.dst6[p * 4 + 1 + k]!;
      }
    }
    if (sibling >= 0) chain(rows, sibling, row);
    const double = at >>> 1;
    doubles[double + PACKETS] = 0;
    doubles[double + BYTES] = 0;
    doubles[double + FIRST] = Infinity;
    doubles[double + LAST] = -Infinity;
    return row;
  }
}

/** Puts a row behind the first of its record; the sibling found may itself be one that is led to. */
function chain(rows: FlowRows, sibling: number, row: number): void {
  const { words, wordsPerRow } = rows;
  const at = LEAD + row * wordsPerRow;
  const before = LEAD + sibling * wordsPerRow;
  words[at + FLAGS] = CHAINED;
  words[at + NEXT] = words[before + NEXT]!;
  words[before + NEXT] = row + 1;
}

// The first row of the record that the last find went by, for the insert that follows a miss; -1 none.
let foundSibling = -1;

function find4(
  rows: FlowRows,
  hash: number,
  decision: number,
  protocol: number,
  ports: number,
  src: number,
  dst: number,
): number {
  const { words, slots } = rows;
  const mask = slots.length / 2 - 1;
  foundSibling = -1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot * 2 + 1]! - 1;
    if (row < 0) return -1;
    if (slots[slot * 2] !== hash) continue;
    const at = LEAD + row * WORDS4;
    if (
      words[at + SRC] !== src ||
      words[at + DST] !== dst ||
      words[at + PORTS] !== ports ||
      words[at + PROTOCOL] !== protocol
    )
      continue;
    if (words[at + DECISION] === decision) return row;
    if (foundSibling < 0) foundSibling = row;
  }
}

function find6(rows: FlowRows, hash: number, decision: number, packets: PacketBatch, p: number): number {
  const { src6, dst6 } = packets;
  const { words, slots } = rows;
  const mask = slots.length / 2 - 1;
  const ports = packets.ports[p]!;
  const protocol = packets.protocol[p]!;
  const a = p * 4;
  foundSibling = -1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot * 2 + 1]! - 1;
    if (row < 0) return -1;
    if (slots[slot * 2] !== hash) continue;
    const at = LEAD + row * WORDS6;
    if (
      words[at + PORTS] !== ports ||
      words[at + PROTOCOL] !== protocol ||
      words[at + SRC] !== src6[a] ||
      words[at + DST] !== dst6[a] ||
      words[at + SRC6] !== src6[a + 1] ||
      words[at + SRC6 + 1] !== src6[a + 2] ||
      words[at + SRC6 + 2] !== src6[a + 3] ||
      words[at + DST6] !== dst6[a + 1] ||
      words[at + DST6 + 1] !== dst6[a + 2] ||
      words[at + DST6 + 2] !== dst6[a + 3]
    )
      continue;
    if (words[at + DECISION] === decision) return row;
    if (foundSibling < 0) foundSibling = row;
  }
}

// Both hashes are one-to-one in `merged` while the rest stays: rows of one hash and five-tuple are of one merge class.

function hash4(src: number, dst: number, ports: number, protocol: number, merged: number): number {
  let hash = Math.imul(src ^ Math.imul(merged, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 15)) + dst, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 13)) + ports, 0x27d4eb2f);
  hash = Math.imul((hash ^ (hash >>> 16)) + protocol, 0x165667b1);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function hash6(src: Uint32Array, dst: Uint32Array, a: number, ports: number, protocol: number, merged: number): number {
  let hash = Math.imul(merged, 0x9e3779b1);
  for (let k = 0; k < 4; k++) {
    hash = Math.imul((hash ^ (hash >>> 15)) + src[a + k]!, 0x85ebca6b);
    hash = Math.imul((hash ^ (hash >>> 13)) + dst[a + k]!, 0xc2b2ae35);
  }
  hash = Math.imul((hash ^ (hash >>> 16)) + ports, 0x27d4eb2f);
  hash = Math.imul((hash ^ (hash >>> 15)) + protocol, 0x165667b1);
  return (hash ^ (hash >>> 15)) >>> 0;
}
