/**
 * The inner loops of the flow table: counting observations, and giving rows out.
 *
 * In:    the memories below. Out: rows, and columns of a flow batch.
 * Holds: this runs as it stands, for small tables, and as WebAssembly that `scripts/make-loops.ts` makes of it (see there
 *        what may be written here). A row of IPv4 is one unit of 64 bytes, a line of the cache; of IPv6 it is two. Rows lie in
 *        the order of first sight. Rows that are one record but for rule and stage (same merge class, rule W6) are
 *        chained to the first of them. Unit 0 is the table's own.
 * Fails: never; a row beyond the bound is refused, and noted as lost.
 */
import { FLOW_BATCH_ROWS, PACKET_BATCH_ROWS } from '../../model/batch.ts';
import {
  IN_AT,
  IN_BYTES,
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SRC,
  IN_SRC6,
  IN_TCP,
  OB_DECISION,
  OB_PACKET,
} from '../../model/batch-memory.ts';
import type { Views } from '../../model/linear-memory.ts';

/** Words of a unit, and doubles. */
export const UNIT_BYTES = 64;
const TO_WORDS = 4;
const TO_DOUBLES = 3;

/** Words of a row: decision, protocol and family, ports, src, dst, hash, flags, next; then its doubles; then the rest of IPv6. */
export const DECISION = 0;
export const KIND = 1;
const PORTS = 2;
const SRC = 3;
const DST = 4;
const HASH = 5;
/** AWS's OR of the TCP flags; `CHAINED` beside it marks a row that another row leads to. */
const FLAGS = 6;
const CHAINED = 0x100;
/** The next row of the same record; 0 none. */
const NEXT = 7;
/** Doubles of a row: packets, bytes, first and last packet. */
const PACKETS = 4;
const BYTES = 5;
const FIRST = 6;
const LAST = 7;
/** Words 1 to 3 of the IPv6 addresses; the next row of IPv6, 0 none. */
const SRC6 = 16;
const DST6 = 19;
const NEXT6 = 22;
/** Family in `KIND`. */
export const KIND_4 = 0x400;
export const KIND_6 = 0x600;

/** Words of unit 0: the first unit not used, rows, slots - 1, first and last row of IPv6, noted losses. */
export const UNITS = 0;
export const ROWS = 1;
export const MASK = 2;
export const FIRST_6 = 3;
const LAST_6 = 4;
export const LOST = 5;
/** Giving out: the next row to look at, and the next of a record that did not fit. */
export const GIVE_AT = 6;
export const GIVE_CHAINED = 7;
/** What a search leaves: the first row of the record, 0 none; the free slot. */
const SIBLING = 8;
const FREE = 9;

/** The inbox: interfaces of observations that were lost; counted in words. */
const P = PACKET_BATCH_ROWS;
export const IN_LOST = 0;
/** Observations whose cache misses are taken together, their hashes and the units they lead to. */
const GROUP = 64;
const HASHES = P * 2;
const FOUND = HASHES + GROUP;
/** Of flows that somebody else has counted, in doubles: packets, bytes, last packet; the first one is in `IN_AT`. */
export const IN_PACKETS: number = P + GROUP;
export const IN_OCTETS: number = P * 2 + GROUP;
export const IN_LAST: number = P * 3 + GROUP;
export const INBOX_BYTES: number = (P * 4 + GROUP) * 8;

/** Columns of a flow batch (`flowBatchOver`), counted in their elements. */
const R = FLOW_BATCH_ROWS;
const TO_BYTES = R;
const TO_LOST = R * 2;
const TO_FIRST = R * 3;
const TO_LAST = R * 4;
const TO_SRC = R * 10;
const TO_DST = R * 14;
const TO_DECISION = R * 18;
const TO_PORTS = R * 19;
const TO_STATUS = R * 80;
const TO_JOINS = R * 81;
const TO_FAMILY = R * 82;
const TO_PROTOCOL = R * 83;
const TO_TCP = R * 84;

/** What others call. */
export type FlowLoops = {
  /** Counts observations; there is room for them all. How many were counted: those not wanted or lost are not. */
  add(from: number, to: number, maxRows: number): number;
  /** The same for flows with packets and bytes; what has no room is noted by its place in the inbox. */
  addFlows(from: number, to: number, maxRows: number): number;
  /** Fills the slots anew, which are all 0. */
  link(): void;
  /** Adds rows of a family to the columns of a batch that has so many, until it is full or none is left; how many it has then. */
  give(start: number, family: number): number;
};

/**
 * @param rows   the table
 * @param batch  packets and observations at hand
 * @param inbox  what is noted of them
 * @param slots  pairs: hash, unit; at most half of them used
 * @param facts  pairs by decision: merge class; interface * 2 + 1 where it is wanted
 * @param out    columns of a flow batch
 */
export function flowLoops(rows: Views, batch: Views, inbox: Views, slots: Views, facts: Views, out: Views): FlowLoops {
  // Both hashes are one-to-one in `merged` while the rest stays: rows of one hash and five-tuple are of one merge class.

  function hash4(p: number, merged: number): number {
    let hash = Math.imul(batch.i32[p + IN_SRC]! ^ Math.imul(merged, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(((hash ^ (hash >>> 15)) + batch.i32[p + IN_DST]!) | 0, 0xc2b2ae35);
    hash = Math.imul(((hash ^ (hash >>> 13)) + batch.i32[p + IN_PORTS]!) | 0, 0x27d4eb2f);
    hash = Math.imul(((hash ^ (hash >>> 16)) + batch.u8[p + IN_PROTOCOL]!) | 0, 0x165667b1);
    return hash ^ (hash >>> 15);
  }

  function hash6(p: number, merged: number): number {
    let hash = Math.imul(merged, 0x9e3779b1);
    for (let at = p << 2; at < (p << 2) + 4; at++) {
      hash = Math.imul(((hash ^ (hash >>> 15)) + batch.i32[at + IN_SRC6]!) | 0, 0x85ebca6b);
      hash = Math.imul(((hash ^ (hash >>> 13)) + batch.i32[at + IN_DST6]!) | 0, 0xc2b2ae35);
    }
    hash = Math.imul(((hash ^ (hash >>> 16)) + batch.i32[p + IN_PORTS]!) | 0, 0x27d4eb2f);
    hash = Math.imul(((hash ^ (hash >>> 15)) + batch.u8[p + IN_PROTOCOL]!) | 0, 0x165667b1);
    return hash ^ (hash >>> 15);
  }

  /**
   * Computes the hashes of a group and touches the slots and rows that they lead to, in loops of few instructions: many
   * cache misses at once instead of one after the other (0.6 of the time on a table larger than the cache).
   */
  function approach(from: number, to: number): void {
    const mask = rows.i32[MASK]!;
    let k = 0;
    for (let i = from; i < to; i++) {
      const p = batch.u16[i + OB_PACKET]!;
      const merged = facts.i32[batch.i32[i + OB_DECISION]! << 1]!;
      inbox.i32[k + HASHES] = batch.u8[p + IN_FAMILY] === 4 ? hash4(p, merged) : hash6(p, merged);
      k++;
    }
    for (let j = 0; j < k; j++) inbox.i32[j + FOUND] = slots.i32[((inbox.i32[j + HASHES]! & mask) << 1) + 1]!;
    let touched = 0;
    for (let j = 0; j < k; j++) touched = touched ^ rows.i32[inbox.i32[j + FOUND]! << TO_WORDS]!;
    inbox.i32[FOUND] = touched;
  }

  function differs4(at: number, p: number): number {
    return (
      (rows.i32[at + SRC]! ^ batch.i32[p + IN_SRC]!) |
      (rows.i32[at + DST]! ^ batch.i32[p + IN_DST]!) |
      (rows.i32[at + PORTS]! ^ batch.i32[p + IN_PORTS]!) |
      (rows.i32[at + KIND]! ^ (batch.u8[p + IN_PROTOCOL]! | KIND_4))
    );
  }

  function differs6(at: number, p: number): number {
    const from = p << 2;
    return (
      (rows.i32[at + PORTS]! ^ batch.i32[p + IN_PORTS]!) |
      (rows.i32[at + KIND]! ^ (batch.u8[p + IN_PROTOCOL]! | KIND_6)) |
      (rows.i32[at + SRC]! ^ batch.i32[from + IN_SRC6]!) |
      (rows.i32[at + SRC6]! ^ batch.i32[from + IN_SRC6 + 1]!) |
      (rows.i32[at + SRC6 + 1]! ^ batch.i32[from + IN_SRC6 + 2]!) |
      (rows.i32[at + SRC6 + 2]! ^ batch.i32[from + IN_SRC6 + 3]!) |
      (rows.i32[at + DST]! ^ batch.i32[from + IN_DST6]!) |
      (rows.i32[at + DST6]! ^ batch.i32[from + IN_DST6 + 1]!) |
      (rows.i32[at + DST6 + 1]! ^ batch.i32[from + IN_DST6 + 2]!) |
      (rows.i32[at + DST6 + 2]! ^ batch.i32[from + IN_DST6 + 3]!)
    );
  }

  /** The row of a packet, 0 none. */
  function find(p: number, hash: number, decision: number): number {
    const mask = rows.i32[MASK]!;
    const isFour = batch.u8[p + IN_FAMILY] === 4 ? 1 : 0;
    rows.i32[SIBLING] = 0;
    for (let slot = (hash & mask) << 1; ; slot = (slot + 2) & ((mask << 1) | 1)) {
      const unit = slots.i32[slot + 1]!;
      if (unit === 0) {
        rows.i32[FREE] = slot;
        return 0;
      }
      if (slots.i32[slot] !== hash) continue;
      const at = unit << TO_WORDS;
      if ((isFour === 1 ? differs4(at, p) : differs6(at, p)) !== 0) continue;
      if (rows.i32[at + DECISION] === decision) return unit;
      if (rows.i32[SIBLING] === 0) rows.i32[SIBLING] = unit;
    }
  }

  /** Adds the row that a search just missed. */
  function insert(p: number, hash: number, decision: number): number {
    const unit = rows.i32[UNITS]!;
    const at = unit << TO_WORDS;
    const slot = rows.i32[FREE]!;
    slots.i32[slot] = hash;
    slots.i32[slot + 1] = unit;
    rows.i32[ROWS] = rows.i32[ROWS]! + 1;
    rows.i32[at + DECISION] = decision;
    rows.i32[at + PORTS] = batch.i32[p + IN_PORTS]!;
    rows.i32[at + HASH] = hash;
    rows.i32[at + FLAGS] = 0;
    rows.i32[at + NEXT] = 0;
    if (batch.u8[p + IN_FAMILY] === 4) {
      rows.i32[UNITS] = unit + 1;
      rows.i32[at + KIND] = batch.u8[p + IN_PROTOCOL]! | KIND_4;
      rows.i32[at + SRC] = batch.i32[p + IN_SRC]!;
      rows.i32[at + DST] = batch.i32[p + IN_DST]!;
    } else {
      const from = p << 2;
      rows.i32[UNITS] = unit + 2;
      rows.i32[at + KIND] = batch.u8[p + IN_PROTOCOL]! | KIND_6;
      rows.i32[at + SRC] = batch.i32[from + IN_SRC6]!;
      rows.i32[at + DST] = batch.i32[from + IN_DST6]!;
      for (let k = 0; k < 3; k++) {
        rows.i32[at + k + SRC6] = batch.i32[from + k + IN_SRC6 + 1]!;
        rows.i32[at + k + DST6] = batch.i32[from + k + IN_DST6 + 1]!;
      }
      rows.i32[at + NEXT6] = 0;
      const last = rows.i32[LAST_6]!;
      if (last === 0) rows.i32[FIRST_6] = unit;
      else rows.i32[(last << TO_WORDS) + NEXT6] = unit;
      rows.i32[LAST_6] = unit;
    }
    // Behind the first of its record; the sibling found may itself be one that is led to.
    const sibling = rows.i32[SIBLING]!;
    if (sibling !== 0) {
      rows.i32[at + FLAGS] = CHAINED;
      rows.i32[at + NEXT] = rows.i32[(sibling << TO_WORDS) + NEXT]!;
      rows.i32[(sibling << TO_WORDS) + NEXT] = unit;
    }
    const double = unit << TO_DOUBLES;
    rows.f64[double + PACKETS] = 0;
    rows.f64[double + BYTES] = 0;
    rows.f64[double + FIRST] = Infinity;
    rows.f64[double + LAST] = -Infinity;
    return unit;
  }

  function count(from: number, to: number, maxRows: number): number {
    let counted = 0;
    for (let i = from; i < to; i++) {
      const decision = batch.i32[i + OB_DECISION]!;
      const fact = facts.i32[(decision << 1) + 1]!;
      if ((fact & 1) === 0) continue;
      const p = batch.u16[i + OB_PACKET]!;
      const hash = inbox.i32[i - from + HASHES]!;
      let unit = find(p, hash, decision);
      if (unit === 0) {
        if (rows.i32[ROWS]! >= maxRows) {
          const lost = rows.i32[LOST]!;
          inbox.i32[lost + IN_LOST] = fact >> 1;
          rows.i32[LOST] = lost + 1;
          continue;
        }
        unit = insert(p, hash, decision);
      }
      counted++;
      const double = unit << TO_DOUBLES;
      const at = batch.f64[p + IN_AT]!;
      rows.f64[double + PACKETS] = rows.f64[double + PACKETS]! + 1;
      rows.f64[double + BYTES] = rows.f64[double + BYTES]! + (batch.i32[p + IN_BYTES]! >>> 0);
      if (at < rows.f64[double + FIRST]!) rows.f64[double + FIRST] = at;
      if (at > rows.f64[double + LAST]!) rows.f64[double + LAST] = at;
      // AWS's flags (rule W6) of a TCP flag byte: FIN 1, SYN 2, RST 4, and 16 only beside SYN.
      const flags = batch.u8[p + IN_TCP]!;
      if ((flags & 7) !== 0) {
        const word = (unit << TO_WORDS) + FLAGS;
        rows.i32[word] = rows.i32[word]! | (flags & 7) | ((flags & 18) === 18 ? 16 : 0);
      }
    }
    return counted;
  }

  function addFlows(from: number, to: number, maxRows: number): number {
    let rowsCounted = 0;
    for (let i = from; i < to; i++) {
      const decision = batch.i32[i + OB_DECISION]!;
      if ((facts.i32[(decision << 1) + 1]! & 1) === 0) continue;
      const merged = facts.i32[decision << 1]!;
      const hash = batch.u8[i + IN_FAMILY] === 4 ? hash4(i, merged) : hash6(i, merged);
      let unit = find(i, hash, decision);
      if (unit === 0) {
        if (rows.i32[ROWS]! >= maxRows) {
          const lost = rows.i32[LOST]!;
          inbox.i32[lost + IN_LOST] = i;
          rows.i32[LOST] = lost + 1;
          continue;
        }
        unit = insert(i, hash, decision);
      }
      rowsCounted++;
      const double = unit << TO_DOUBLES;
      rows.f64[double + PACKETS] = rows.f64[double + PACKETS]! + inbox.f64[i + IN_PACKETS]!;
      rows.f64[double + BYTES] = rows.f64[double + BYTES]! + inbox.f64[i + IN_OCTETS]!;
      if (batch.f64[i + IN_AT]! < rows.f64[double + FIRST]!) rows.f64[double + FIRST] = batch.f64[i + IN_AT]!;
      if (inbox.f64[i + IN_LAST]! > rows.f64[double + LAST]!) rows.f64[double + LAST] = inbox.f64[i + IN_LAST]!;
      const word = (unit << TO_WORDS) + FLAGS;
      rows.i32[word] = rows.i32[word]! | batch.u8[i + IN_TCP]!;
    }
    return rowsCounted;
  }

  function add(from: number, to: number, maxRows: number): number {
    let counted = 0;
    for (let at = from; at < to; at = at + GROUP) {
      const end = at + GROUP < to ? at + GROUP : to;
      approach(at, end);
      counted = counted + count(at, end, maxRows);
    }
    return counted;
  }

  function unitsOf(unit: number): number {
    return rows.i32[(unit << TO_WORDS) + KIND]! >= KIND_6 ? 2 : 1;
  }

  function link(): void {
    const mask = rows.i32[MASK]!;
    const end = rows.i32[UNITS]!;
    for (let unit = 1; unit < end; unit = unit + unitsOf(unit)) {
      const hash = rows.i32[(unit << TO_WORDS) + HASH]!;
      let slot = (hash & mask) << 1;
      while (slots.i32[slot + 1] !== 0) slot = (slot + 2) & ((mask << 1) | 1);
      slots.i32[slot] = hash;
      slots.i32[slot + 1] = unit;
    }
  }

  function giveRow(unit: number, to: number, joins: number): void {
    const at = unit << TO_WORDS;
    const double = unit << TO_DOUBLES;
    const kind = rows.i32[at + KIND]!;
    out.u8[to + TO_STATUS] = 0;
    out.u8[to + TO_JOINS] = joins;
    out.u8[to + TO_FAMILY] = kind >> 8;
    out.u8[to + TO_PROTOCOL] = kind & 255;
    out.u8[to + TO_TCP] = rows.i32[at + FLAGS]! & 255;
    out.i32[to + TO_DECISION] = rows.i32[at + DECISION]!;
    out.i32[to + TO_PORTS] = rows.i32[at + PORTS]!;
    const address = to << 2;
    out.i32[address + TO_SRC] = rows.i32[at + SRC]!;
    out.i32[address + TO_DST] = rows.i32[at + DST]!;
    if (kind >= KIND_6) {
      for (let k = 0; k < 3; k++) {
        out.i32[address + k + TO_SRC + 1] = rows.i32[at + k + SRC6]!;
        out.i32[address + k + TO_DST + 1] = rows.i32[at + k + DST6]!;
      }
    }
    out.f64[to] = rows.f64[double + PACKETS]!;
    out.f64[to + TO_BYTES] = rows.f64[double + BYTES]!;
    out.f64[to + TO_LOST] = 0;
    out.f64[to + TO_FIRST] = rows.f64[double + FIRST]!;
    out.f64[to + TO_LAST] = rows.f64[double + LAST]!;
  }

  function lengthOf(first: number): number {
    let length = 0;
    for (let unit = first; unit !== 0; unit = rows.i32[(unit << TO_WORDS) + NEXT]!) length++;
    return length;
  }

  /** Whether a row is given out with another, or is of the other family. */
  function isPassed(unit: number, family: number): number {
    const at = unit << TO_WORDS;
    return (rows.i32[at + FLAGS]! & CHAINED) | ((rows.i32[at + KIND]! >> 8) ^ family);
  }

  function after(unit: number, family: number): number {
    return family === 4 ? unit + unitsOf(unit) : rows.i32[(unit << TO_WORDS) + NEXT6]!;
  }

  function give(start: number, family: number): number {
    const end = family === 4 ? rows.i32[UNITS]! : 0;
    let to = start;
    let at = rows.i32[GIVE_AT]!;
    let unit = rows.i32[GIVE_CHAINED]!;
    let joins = 1;
    while (to < FLOW_BATCH_ROWS) {
      if (unit === 0) {
        while (at !== end && isPassed(at, family) !== 0) at = after(at, family);
        if (at === end) break;
        const length = lengthOf(at);
        // A record begins in the next batch where it does not fit here, but would there.
        if (to + length > FLOW_BATCH_ROWS && to > 0 && length <= FLOW_BATCH_ROWS) break;
        unit = at;
        at = after(at, family);
        joins = 0;
      }
      giveRow(unit, to, joins);
      to++;
      joins = 1;
      unit = rows.i32[(unit << TO_WORDS) + NEXT]!;
    }
    rows.i32[GIVE_AT] = at;
    rows.i32[GIVE_CHAINED] = unit;
    return to;
  }

  return { add, addFlows, link, give };
}
