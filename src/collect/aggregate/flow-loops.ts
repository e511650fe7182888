/**
 * The inner loops of the flow table: finding rows and counting in them.
 *
 * In:    the memories below, hashes from `row-loops.ts`. Out: rows.
 * Holds: this runs as it stands, for small tables, and as WebAssembly that `scripts/make-loops.ts` makes of it (see there
 *        what may be written here). A row of IPv4 is half a line of the cache, of IPv6 a whole one. Rows lie in the order of
 *        first sight. Rows that are one record but for rule and stage (same merge class, rule W6) have the same hash, so the
 *        first of them leads to the others.
 * Fails: never; a row beyond the bound is refused, and noted as lost. A row counts to 2^38 packets and 2^54 bytes, which no
 *        source has in a window.
 */
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
import type { Double, Views } from '../../model/linear-memory.ts';
import {
  BYTES,
  CHAINED,
  DECISION,
  DST,
  DST6,
  FIRST_6,
  FREE,
  HASHES,
  IN_LAST,
  IN_LOST,
  IN_OCTETS,
  IN_PACKETS,
  KIND,
  LAST_6,
  LAST_SECOND_MICROS,
  LEADS,
  LOST,
  MASK,
  NEXT6,
  PACKETS,
  PORTS,
  PROTOCOL_AND_FAMILY,
  ROWS,
  SECOND,
  SIBLING,
  SIX,
  SRC,
  SRC6,
  START,
  TIMES,
  TO_BYTES_HIGH,
  TO_FIRST_SECOND,
  TO_FLAGS,
  TO_PACKETS,
  TO_WORDS,
  UNITS,
  WORD,
} from './flow-columns.ts';

/** What others call: for observations of one group, whose hashes are in the inbox and for which there is room. */
export type FlowLoops = {
  /** Counts observations. How many were counted: those not wanted or lost are not. */
  count(from: number, to: number, maxRows: number): number;
  /** The same for flows with packets and bytes; what has no room is noted by its place in the inbox. */
  countFlows(from: number, to: number, maxRows: number): number;
};

/**
 * @param rows   the table
 * @param batch  packets and observations at hand
 * @param inbox  what is noted of them
 * @param slots  a unit and, in the bits that no unit has, a part of the hash; 0 none; at most half of them used
 * @param facts  pairs by decision: merge class; interface * 2 + 1 where it is wanted
 */
export function flowLoops(rows: Views, batch: Views, inbox: Views, slots: Views, facts: Views): FlowLoops {
  function differs4(at: number, p: number): number {
    return (
      (rows.i32[at + SRC]! ^ batch.i32[p + IN_SRC]!) |
      (rows.i32[at + DST]! ^ batch.i32[p + IN_DST]!) |
      (rows.i32[at + PORTS]! ^ batch.i32[p + IN_PORTS]!) |
      ((rows.i32[at + KIND]! ^ batch.u8[p + IN_PROTOCOL]!) & PROTOCOL_AND_FAMILY)
    );
  }

  function differs6(at: number, p: number): number {
    const from = p << 2;
    return (
      (rows.i32[at + PORTS]! ^ batch.i32[p + IN_PORTS]!) |
      ((rows.i32[at + KIND]! ^ (batch.u8[p + IN_PROTOCOL]! | SIX)) & PROTOCOL_AND_FAMILY) |
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
    const units = (mask << 1) | 1;
    const isFour = batch.u8[p + IN_FAMILY] === 4 ? 1 : 0;
    rows.i32[SIBLING] = 0;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = slots.i32[slot]!;
      if (word === 0) {
        rows.i32[FREE] = slot;
        return 0;
      }
      if (((word ^ hash) & ~units) !== 0) continue;
      const at = (word & units) << TO_WORDS;
      if ((isFour === 1 ? differs4(at, p) : differs6(at, p)) !== 0) continue;
      const own = rows.i32[at + DECISION]!;
      if (own === decision) return word & units;
      if (rows.i32[SIBLING] === 0 && facts.i32[own << 1] === facts.i32[decision << 1]) rows.i32[SIBLING] = word & units;
    }
  }

  /** Adds the row that a search just missed. */
  function insert(p: number, hash: number, decision: number): number {
    const unit = rows.i32[UNITS]!;
    const at = unit << TO_WORDS;
    slots.i32[rows.i32[FREE]!] = (hash & ~((rows.i32[MASK]! << 1) | 1)) | unit;
    rows.i32[ROWS] = rows.i32[ROWS]! + 1;
    rows.i32[at + DECISION] = decision;
    rows.i32[at + PORTS] = batch.i32[p + IN_PORTS]!;
    rows.i32[at + PACKETS] = 0;
    rows.i32[at + BYTES] = 0;
    rows.i32[at + TIMES] = 0;
    let kind = batch.u8[p + IN_PROTOCOL]! | (SECOND << TO_FIRST_SECOND);
    if (batch.u8[p + IN_FAMILY] === 4) {
      rows.i32[UNITS] = unit + 1;
      rows.i32[at + SRC] = batch.i32[p + IN_SRC]!;
      rows.i32[at + DST] = batch.i32[p + IN_DST]!;
    } else {
      const from = p << 2;
      kind = kind | SIX;
      rows.i32[UNITS] = unit + 2;
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
    const sibling = rows.i32[SIBLING]! << TO_WORDS;
    if (sibling !== 0) {
      kind = kind | CHAINED;
      rows.i32[sibling + KIND] = rows.i32[sibling + KIND]! | LEADS;
    }
    rows.i32[at + KIND] = kind;
    return unit;
  }

  /** The second of the window in which a time lies. Times beyond what a Double tells apart may seem to lie outside. */
  function secondOf(atMicros: Double): number {
    const within = atMicros - rows.f64[START]!;
    const micros = within > LAST_SECOND_MICROS ? LAST_SECOND_MICROS : within | 0;
    return micros < 0 ? 0 : (micros / 1_000_000) | 0;
  }

  /** Takes flags and times of something into a row. */
  function widen(at: number, flags: number, first: number, last: number): void {
    let kind = rows.i32[at + KIND]! | (flags << TO_FLAGS);
    const times = rows.i32[at + TIMES]!;
    if (first < ((kind >>> TO_FIRST_SECOND) & SECOND))
      kind = (kind & ~(SECOND << TO_FIRST_SECOND)) | (first << TO_FIRST_SECOND);
    if (last > (times & SECOND)) rows.i32[at + TIMES] = (times & ~SECOND) | last;
    rows.i32[at + KIND] = kind;
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
      const at = unit << TO_WORDS;
      const packets = (rows.i32[at + PACKETS]! + 1) | 0;
      rows.i32[at + PACKETS] = packets;
      if (packets === 0) rows.i32[at + KIND] = (rows.i32[at + KIND]! + (1 << TO_PACKETS)) | 0;
      const size = batch.i32[p + IN_BYTES]!;
      const bytes = (rows.i32[at + BYTES]! + size) | 0;
      rows.i32[at + BYTES] = bytes;
      if (bytes >>> 0 < size >>> 0) rows.i32[at + TIMES] = (rows.i32[at + TIMES]! + (1 << TO_BYTES_HIGH)) | 0;
      // AWS's flags (rule W6) of a TCP flag byte: FIN 1, SYN 2, RST 4, and 16 only beside SYN.
      const flags = batch.u8[p + IN_TCP]!;
      const second = secondOf(batch.f64[p + IN_AT]!);
      widen(at, (flags & 7) | ((flags & 18) === 18 ? 16 : 0), second, second);
    }
    return counted;
  }

  /** Packets of a row. */
  function packetsOf(at: number): Double {
    const high: Double = rows.i32[at + KIND]! >>> TO_PACKETS;
    return high * WORD + (rows.i32[at + PACKETS]! >>> 0);
  }

  function bytesOf(at: number): Double {
    const high: Double = rows.i32[at + TIMES]! >>> TO_BYTES_HIGH;
    return high * WORD + (rows.i32[at + BYTES]! >>> 0);
  }

  /** The lower 32 bits of a count of which the others are known. */
  function lowOf(sum: Double, high: Double): number {
    return ((sum - high * WORD - 2_147_483_648) | 0) ^ -2_147_483_648;
  }

  function countFlows(from: number, to: number, maxRows: number): number {
    let rowsCounted = 0;
    for (let i = from; i < to; i++) {
      const decision = batch.i32[i + OB_DECISION]!;
      if ((facts.i32[(decision << 1) + 1]! & 1) === 0) continue;
      const hash = inbox.i32[i - from + HASHES]!;
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
      const at = unit << TO_WORDS;
      const packets = packetsOf(at) + inbox.f64[i + IN_PACKETS]!;
      const bytes = bytesOf(at) + inbox.f64[i + IN_OCTETS]!;
      const packetsHigh = Math.floor(packets / WORD);
      const bytesHigh = Math.floor(bytes / WORD);
      rows.i32[at + PACKETS] = lowOf(packets, packetsHigh);
      rows.i32[at + BYTES] = lowOf(bytes, bytesHigh);
      rows.i32[at + KIND] = (rows.i32[at + KIND]! & ((1 << TO_PACKETS) - 1)) | ((packetsHigh | 0) << TO_PACKETS);
      rows.i32[at + TIMES] = (rows.i32[at + TIMES]! & SECOND) | ((bytesHigh | 0) << TO_BYTES_HIGH);
      widen(at, batch.u8[i + IN_TCP]!, secondOf(batch.f64[i + IN_AT]!), secondOf(inbox.f64[i + IN_LAST]!));
    }
    return rowsCounted;
  }

  return { count, countFlows };
}
