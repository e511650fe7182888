/**
 * The loops of the flow table that go over rows: hashes, the slots filled anew, rows given out.
 *
 * In:    the memories below. Out: hashes in the inbox, slots, columns of a flow batch.
 * Holds: as `flow-loops.ts`. A hash is one-to-one in the merge class while the rest stays.
 * Fails: never.
 */
import { FLOW_BATCH_ROWS } from '../../model/batch.ts';
import {
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SRC,
  IN_SRC6,
  OB_DECISION,
  OB_PACKET,
} from '../../model/batch-memory.ts';
import type { Double, Views } from '../../model/linear-memory.ts';
import {
  BYTES,
  CHAINED,
  DECISION,
  DST,
  DST6,
  FIRST_UNIT,
  FOUND,
  GIVEN,
  GIVE_AT,
  GIVE_LEADER,
  HASHES,
  KIND,
  LEADS,
  MASK,
  NEXT6,
  PACKETS,
  PORTS,
  PROTOCOL_AND_FAMILY,
  SECOND,
  SIX,
  SRC,
  SRC6,
  START,
  TIMES,
  TO_BYTES,
  TO_BYTES_HIGH,
  TO_DECISION,
  TO_DST,
  TO_FAMILY,
  TO_FIRST,
  TO_FIRST_SECOND,
  TO_FLAGS,
  TO_JOINS,
  TO_LAST,
  TO_LOST,
  TO_PACKETS,
  TO_PORTS,
  TO_PROTOCOL,
  TO_SRC,
  TO_STATUS,
  TO_TCP,
  TO_WORDS,
  UNITS,
  WORD,
} from './flow-columns.ts';

/** What others call. */
export type RowLoops = {
  /** Computes the hashes of a group of observations. */
  approach(from: number, to: number): void;
  /** Fills the slots anew, which are all 0. */
  link(): void;
  /** Adds rows of a family to the columns of a batch that has so many, until it is full or none is left; how many it has then. */
  give(start: number, family: number): number;
};

/**
 * @param rows   the table
 * @param batch  packets and observations at hand
 * @param inbox  what is noted of them
 * @param slots  as `flow-loops.ts` has them
 * @param facts  pairs by decision, of which the first is the merge class
 * @param out    columns of a flow batch
 */
export function rowLoops(rows: Views, batch: Views, inbox: Views, slots: Views, facts: Views, out: Views): RowLoops {
  function hash4(merged: number, src: number, dst: number, ports: number, protocol: number): number {
    let hash = Math.imul(src ^ Math.imul(merged, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(((hash ^ (hash >>> 15)) + dst) | 0, 0xc2b2ae35);
    hash = Math.imul(((hash ^ (hash >>> 13)) + ports) | 0, 0x27d4eb2f);
    hash = Math.imul(((hash ^ (hash >>> 16)) + protocol) | 0, 0x165667b1);
    return hash ^ (hash >>> 15);
  }

  /** One of the four words of both IPv6 addresses. */
  function step6(before: number, src: number, dst: number): number {
    const hash = Math.imul(((before ^ (before >>> 15)) + src) | 0, 0x85ebca6b);
    return Math.imul(((hash ^ (hash >>> 13)) + dst) | 0, 0xc2b2ae35);
  }

  function end6(before: number, ports: number, protocol: number): number {
    let hash = Math.imul(((before ^ (before >>> 16)) + ports) | 0, 0x27d4eb2f);
    hash = Math.imul(((hash ^ (hash >>> 15)) + protocol) | 0, 0x165667b1);
    return hash ^ (hash >>> 15);
  }

  function hashOfPacket(p: number, merged: number): number {
    const ports = batch.i32[p + IN_PORTS]!;
    const protocol = batch.u8[p + IN_PROTOCOL]!;
    if (batch.u8[p + IN_FAMILY] === 4)
      return hash4(merged, batch.i32[p + IN_SRC]!, batch.i32[p + IN_DST]!, ports, protocol);
    let hash = Math.imul(merged, 0x9e3779b1);
    for (let at = p << 2; at < (p << 2) + 4; at++)
      hash = step6(hash, batch.i32[at + IN_SRC6]!, batch.i32[at + IN_DST6]!);
    return end6(hash, ports, protocol);
  }

  function hashOfRow(unit: number): number {
    const at = unit << TO_WORDS;
    const merged = facts.i32[rows.i32[at + DECISION]! << 1]!;
    const ports = rows.i32[at + PORTS]!;
    const protocol = rows.i32[at + KIND]! & 255;
    if ((rows.i32[at + KIND]! & SIX) === 0)
      return hash4(merged, rows.i32[at + SRC]!, rows.i32[at + DST]!, ports, protocol);
    let hash = step6(Math.imul(merged, 0x9e3779b1), rows.i32[at + SRC]!, rows.i32[at + DST]!);
    for (let word = at; word < at + 3; word++) hash = step6(hash, rows.i32[word + SRC6]!, rows.i32[word + DST6]!);
    return end6(hash, ports, protocol);
  }

  /**
   * Computes the hashes of a group and touches the slots and rows that they lead to, in loops of few instructions: many
   * cache misses at once instead of one after the other (0.6 of the time on a table larger than the cache).
   */
  function approach(from: number, to: number): void {
    const mask = rows.i32[MASK]!;
    const units = (mask << 1) | 1;
    let k = 0;
    for (let i = from; i < to; i++) {
      const merged = facts.i32[batch.i32[i + OB_DECISION]! << 1]!;
      inbox.i32[k + HASHES] = hashOfPacket(batch.u16[i + OB_PACKET]!, merged);
      k++;
    }
    for (let j = 0; j < k; j++) inbox.i32[j + FOUND] = slots.i32[inbox.i32[j + HASHES]! & mask]! & units;
    let touched = 0;
    for (let j = 0; j < k; j++) touched = touched ^ rows.i32[inbox.i32[j + FOUND]! << TO_WORDS]!;
    inbox.i32[FOUND] = touched;
  }

  function unitsOf(unit: number): number {
    return (rows.i32[(unit << TO_WORDS) + KIND]! & SIX) === 0 ? 1 : 2;
  }

  function link(): void {
    const mask = rows.i32[MASK]!;
    const end = rows.i32[UNITS]!;
    for (let unit = FIRST_UNIT; unit < end; unit = unit + unitsOf(unit)) {
      const hash = hashOfRow(unit);
      let slot = hash & mask;
      while (slots.i32[slot] !== 0) slot = (slot + 1) & mask;
      slots.i32[slot] = (hash & ~((mask << 1) | 1)) | unit;
    }
  }

  function giveRow(unit: number, to: number, joins: number): void {
    const at = unit << TO_WORDS;
    const kind = rows.i32[at + KIND]!;
    out.u8[to + TO_STATUS] = 0;
    out.u8[to + TO_JOINS] = joins;
    out.u8[to + TO_FAMILY] = (kind & SIX) === 0 ? 4 : 6;
    out.u8[to + TO_PROTOCOL] = kind & 255;
    out.u8[to + TO_TCP] = (kind >>> TO_FLAGS) & 31;
    out.i32[to + TO_DECISION] = rows.i32[at + DECISION]!;
    out.i32[to + TO_PORTS] = rows.i32[at + PORTS]!;
    const address = to << 2;
    out.i32[address + TO_SRC] = rows.i32[at + SRC]!;
    out.i32[address + TO_DST] = rows.i32[at + DST]!;
    if ((kind & SIX) !== 0) {
      for (let k = 0; k < 3; k++) {
        out.i32[address + k + TO_SRC + 1] = rows.i32[at + k + SRC6]!;
        out.i32[address + k + TO_DST + 1] = rows.i32[at + k + DST6]!;
      }
    }
    const first: Double = (kind >>> TO_FIRST_SECOND) & SECOND;
    const last: Double = rows.i32[at + TIMES]! & SECOND;
    const packetsHigh: Double = kind >>> TO_PACKETS;
    const bytesHigh: Double = rows.i32[at + TIMES]! >>> TO_BYTES_HIGH;
    out.f64[to] = packetsHigh * WORD + (rows.i32[at + PACKETS]! >>> 0);
    out.f64[to + TO_BYTES] = bytesHigh * WORD + (rows.i32[at + BYTES]! >>> 0);
    out.f64[to + TO_LOST] = 0;
    out.f64[to + TO_FIRST] = rows.f64[START]! + first * 1_000_000;
    out.f64[to + TO_LAST] = rows.f64[START]! + last * 1_000_000;
  }

  /** 1 where two rows are of one record. */
  function isSame(a: number, b: number): number {
    const x = a << TO_WORDS;
    const y = b << TO_WORDS;
    let differs = (rows.i32[x + KIND]! ^ rows.i32[y + KIND]!) & PROTOCOL_AND_FAMILY;
    for (let word = SRC; word <= PORTS; word++) differs = differs | (rows.i32[x + word]! ^ rows.i32[y + word]!);
    if ((rows.i32[x + KIND]! & SIX) !== 0 && differs === 0)
      for (let word = SRC6; word < NEXT6; word++) differs = differs | (rows.i32[x + word]! ^ rows.i32[y + word]!);
    const own = facts.i32[rows.i32[x + DECISION]! << 1]!;
    return differs === 0 && own === facts.i32[rows.i32[y + DECISION]! << 1] ? 1 : 0;
  }

  /** Behind a row of the record of a leader the next: the newest first, the leader before all; 0 none. */
  function following(leader: number, row: number): number {
    if ((rows.i32[(leader << TO_WORDS) + KIND]! & LEADS) === 0) return 0;
    const mask = rows.i32[MASK]!;
    const units = (mask << 1) | 1;
    const below = row === leader ? units : row;
    const hash = hashOfRow(leader);
    let found = 0;
    for (let slot = hash & mask; slots.i32[slot] !== 0; slot = (slot + 1) & mask) {
      const word = slots.i32[slot]!;
      const unit = word & units;
      if (((word ^ hash) & ~units) !== 0 || unit <= found || unit >= below || unit === leader) continue;
      if (isSame(leader, unit) === 1) found = unit;
    }
    return found;
  }

  function lengthOf(leader: number): number {
    let length = 0;
    for (let unit = leader; unit !== 0; unit = following(leader, unit)) length++;
    return length;
  }

  /** Whether a row is given out with another, or is of the other family. */
  function isPassed(unit: number, family: number): number {
    const kind = rows.i32[(unit << TO_WORDS) + KIND]!;
    return (kind & CHAINED) | ((kind & SIX) ^ (family === 4 ? 0 : SIX));
  }

  function after(unit: number, family: number): number {
    return family === 4 ? unit + unitsOf(unit) : rows.i32[(unit << TO_WORDS) + NEXT6]!;
  }

  function give(start: number, family: number): number {
    const end = family === 4 ? rows.i32[UNITS]! : 0;
    let to = start;
    let at = rows.i32[GIVE_AT]!;
    let leader = rows.i32[GIVE_LEADER]!;
    let unit = leader === 0 ? 0 : following(leader, rows.i32[GIVEN]!);
    let joins = 1;
    while (to < FLOW_BATCH_ROWS) {
      if (unit === 0) {
        while (at !== end && isPassed(at, family) !== 0) at = after(at, family);
        if (at === end) break;
        const length = lengthOf(at);
        // A record begins in the next batch where it does not fit here, but would there.
        if (to + length > FLOW_BATCH_ROWS && to > 0 && length <= FLOW_BATCH_ROWS) break;
        leader = at;
        unit = at;
        at = after(at, family);
        joins = 0;
      }
      giveRow(unit, to, joins);
      to++;
      joins = 1;
      rows.i32[GIVEN] = unit;
      unit = following(leader, unit);
    }
    rows.i32[GIVE_AT] = at;
    rows.i32[GIVE_LEADER] = unit === 0 ? 0 : leader;
    return to;
  }

  return { approach, link, give };
}
