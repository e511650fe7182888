/**
 * The loop that reads records of a pcap file: whole IP packets in Ethernet frames, the rows that nearly all are.
 *
 * In:    a piece of a little-endian file, how it is to be read. Out: rows of a batch; where it stopped.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. It does what `pcap.ts`, `frames.ts` and `headers.ts` would, which are the reading to be
 *        compared with; a record that it cannot read whole it leaves to them, with the row as it is: fragments, tags, extension
 *        headers, ICMP errors, what was cut or is malformed, a pair of addresses not seen before.
 * Fails: never; no byte is read at or beyond the end of the piece.
 */
import {
  IN_AT,
  IN_BYTES,
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_ICMP,
  IN_ICMP_ID,
  IN_LINK,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SRC,
  IN_SRC6,
  IN_TCP,
} from '../../../model/batch-memory.ts';
import type { Double, Views } from '../../../model/linear-memory.ts';
import { LAST, LAST_PAIR, MASK, MULTIPLIERS, SHIFT, SLOTS } from './link-pairs.ts';

/** Words before the bytes of a piece: 1, times are nanoseconds; the longest frame; 1, pairs are wanted; where the loop stopped. */
export const NANOS = 0;
export const LONGEST = 1;
export const WANTED = 2;
export const STOPPED = 3;
/** Where a piece begins. */
export const PIECE_AT = 64;

const RECORD = 16;
const ETHERNET = 14;
const ICMP4 = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const SCTP = 132;

/** What others call. */
export type FrameLoops = {
  /**
   * Reads records from `at` on into rows from `row` to before `rows`; the row behind the last. `STOPPED` is where the first
   * record is that was not read.
   */
  read(at: number, end: number, row: number, rows: number): number;
};

/**
 * @param piece  the words above, then bytes of the file
 * @param batch  packets
 * @param links  pairs of link-layer addresses, as `link-pairs.ts` says
 */
export function frameLoops(piece: Views, batch: Views, links: Views): FrameLoops {
  function u16(at: number): number {
    return (piece.u8[at]! << 8) | piece.u8[at + 1]!;
  }

  function u32(at: number): number {
    const word = piece.view.getUint32(at, true);
    return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  }

  /** The number of the pair that a frame begins with; -1 none yet. */
  function pairOf(at: number): number {
    if (piece.i32[WANTED] === 0) return 0;
    const w0 = piece.view.getUint32(at, true);
    const w1 = piece.view.getUint32(at + 4, true);
    const w2 = piece.view.getUint32(at + 8, true);
    const isLast = (w0 ^ links.i32[LAST_PAIR]!) | (w1 ^ links.i32[LAST_PAIR + 1]!) | (w2 ^ links.i32[LAST_PAIR + 2]!);
    if (isLast === 0 && links.i32[LAST] !== 0) return links.i32[LAST]!;
    const mask = links.i32[MASK]!;
    const a = Math.imul(w0, links.i32[MULTIPLIERS]!);
    const b = Math.imul(w1, links.i32[MULTIPLIERS + 1]!);
    const c = Math.imul(w2, links.i32[MULTIPLIERS + 2]!);
    let slot = (((a + b + c) | 0) >>> links.i32[SHIFT]!) << 2;
    for (;;) {
      const number = links.i32[slot + SLOTS + 3]!;
      if (number === 0) return -1;
      const differs =
        (links.i32[slot + SLOTS]! ^ w0) | (links.i32[slot + SLOTS + 1]! ^ w1) | (links.i32[slot + SLOTS + 2]! ^ w2);
      if (differs === 0) return number;
      slot = (slot + 4) & mask;
    }
  }

  /** Echo, timestamp and information messages of ICMP, echo of ICMPv6. */
  function hasIdentifier(protocol: number, type: number): number {
    if (protocol === ICMP6) return type === 128 || type === 129 ? 1 : 0;
    return type === 0 || type === 8 || (type >= 13 && type <= 16) ? 1 : 0;
  }

  function isError(protocol: number, type: number): number {
    if (protocol === ICMP6) return type >= 1 && type <= 4 ? 1 : 0;
    return (type >= 3 && type <= 5) || type === 11 || type === 12 ? 1 : 0;
  }

  function hasPorts(protocol: number): number {
    return protocol === TCP || protocol === UDP || protocol === SCTP ? 1 : 0;
  }

  /** 1 where what stands behind the IP header is there and is no more than columns of a row. */
  function isSimple(protocol: number, isIcmp: number, at: number, limit: number): number {
    if (hasPorts(protocol) === 1) return at + 4 <= limit ? 1 : 0;
    if (isIcmp === 0) return 1;
    if (at + 2 > limit || isError(protocol, piece.u8[at]!) === 1) return 0;
    return hasIdentifier(protocol, piece.u8[at]!) === 0 || at + 6 <= limit ? 1 : 0;
  }

  function transport(protocol: number, isIcmp: number, at: number, limit: number, row: number): void {
    if (hasPorts(protocol) === 1) {
      batch.i32[row + IN_PORTS] = u32(at);
      if (protocol === TCP && at + 14 <= limit) batch.u8[row + IN_TCP] = piece.u8[at + 13]!;
    } else if (isIcmp === 1) {
      batch.u16[row + IN_ICMP] = u16(at);
      if (hasIdentifier(protocol, piece.u8[at]!) === 1) batch.u16[row + IN_ICMP_ID] = u16(at + 4);
    }
  }

  /** How far a packet of so many bytes was kept. */
  function limitOf(at: number, end: number, size: number): number {
    return size >>> 0 < (end - at) >>> 0 ? at + size : end;
  }

  /** An IPv4 packet; 0 where it is left. */
  function four(at: number, end: number, wire: number, row: number): number {
    if (end - at < 20) return 0;
    const first = piece.u8[at]!;
    const header = (first & 15) << 2;
    if (first >>> 4 !== 4 || header < 20 || end - at < header) return 0;
    const total = u16(at + 2);
    const size = total === 0 ? wire : total;
    if (size >>> 0 < header >>> 0 || (u16(at + 6) & 0x3fff) !== 0) return 0;
    const protocol = piece.u8[at + 9]!;
    const isIcmp = protocol === ICMP4 ? 1 : 0;
    const limit = limitOf(at, end, size);
    if (isSimple(protocol, isIcmp, at + header, limit) === 0) return 0;
    batch.u8[row + IN_FAMILY] = 4;
    batch.u8[row + IN_PROTOCOL] = protocol;
    batch.i32[row + IN_BYTES] = size;
    batch.i32[row + IN_SRC] = u32(at + 12);
    batch.i32[row + IN_DST] = u32(at + 16);
    transport(protocol, isIcmp, at + header, limit, row);
    return 1;
  }

  /** An IPv6 packet without extension headers; 0 where it is left. */
  function six(at: number, end: number, wire: number, row: number): number {
    if (end - at < 40 || piece.u8[at]! >>> 4 !== 6) return 0;
    const protocol = piece.u8[at + 6]!;
    if (protocol === 0 || protocol === 43 || protocol === 44 || protocol === 60) return 0;
    const length = u16(at + 4);
    const size = length === 0 ? wire : length + 40;
    const isIcmp = protocol === ICMP6 ? 1 : 0;
    const limit = limitOf(at, end, size);
    if (limit < at + 40 || isSimple(protocol, isIcmp, at + 40, limit) === 0) return 0;
    batch.u8[row + IN_FAMILY] = 6;
    batch.u8[row + IN_PROTOCOL] = protocol;
    batch.i32[row + IN_BYTES] = size;
    const to = row << 2;
    for (let i = 0; i < 4; i++) {
      batch.i32[to + i + IN_SRC6] = u32(at + (i << 2) + 8);
      batch.i32[to + i + IN_DST6] = u32(at + (i << 2) + 24);
    }
    transport(protocol, isIcmp, at + 40, limit, row);
    return 1;
  }

  function read(start: number, end: number, first: number, rows: number): number {
    const longest = piece.i32[LONGEST]!;
    const isNanos = piece.i32[NANOS]!;
    let at = start;
    let row = first;
    while (row < rows) {
      const body = at + RECORD;
      if (body + ETHERNET > end) break;
      const kept = piece.view.getUint32(at + 8, true);
      if (kept >>> 0 > longest >>> 0 || kept < ETHERNET || kept > end - body) break;
      const told = piece.view.getUint32(at + 12, true);
      const wire = (told >>> 0 > kept >>> 0 ? told : kept) - ETHERNET;
      const type = u16(body + 12);
      const pair = pairOf(body);
      if (pair < 0) break;
      const frame = body + ETHERNET;
      let isRead = 0;
      if (type === 0x0800) isRead = four(frame, body + kept, wire, row);
      else if (type === 0x86dd) isRead = six(frame, body + kept, wire, row);
      if (isRead === 0) break;
      const seconds: Double = piece.view.getUint32(at, true) >>> 0;
      let micros: Double = piece.view.getUint32(at + 4, true) >>> 0;
      if (isNanos === 1) micros = Math.floor(micros / 1000);
      batch.f64[row + IN_AT] = seconds * 1e6 + micros;
      batch.i32[row + IN_LINK] = pair;
      row++;
      at = body + kept;
    }
    piece.i32[STOPPED] = at;
    return row;
  }

  return { read };
}
