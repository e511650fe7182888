/**
 * The inner loops of the printer: taking records into a group, and writing the lines of a group field by field.
 *
 * In:    the memories below. Out: lines, one after the other.
 * Holds: this runs as it stands, for who prints little, and as WebAssembly that `scripts/make-loops.ts` makes of it (see
 *        there what may be written here). Every line has room of the same width, so each field is a small loop of its own
 *        over the lines, which the processor runs ahead in; a record at a time took four times as long. Writers put a space
 *        behind each field; the last one becomes the newline. They may write `SLACK` bytes behind what they write: whole
 *        words are written, whatever the text's length.
 * Fails: never; the caller sees to it that there is room.
 */
import { FLOW_BATCH_ROWS, STATUS_OK } from '../model/batch.ts';
import type { Double, Views } from '../model/linear-memory.ts';

/** Most lines of a group: what is in print stays in the first-level cache. */
export const GROUP_LINES = 64;
export const SLACK = 32;

/** Columns of a flow batch (`flowBatchOver`), counted in their elements. */
const R = FLOW_BATCH_ROWS;
const IN_BYTES = R;
const IN_FIRST = R * 3;
const IN_LAST = R * 4;
export const IN_SRC = R * 10;
export const IN_DST = R * 14;
const IN_DECISION = R * 18;
const IN_PORTS = R * 19;
const IN_STATUS = R * 80;
const IN_JOINS = R * 81;
const IN_FAMILY = R * 82;
const IN_PROTOCOL = R * 83;
const IN_TCP = R * 84;

/** Words of the group: its records; rows that were passed because they are not wanted. */
export const COUNT = 0;
export const FILTERED = 1;
/** Its doubles: packets of a run; the ten thousand seconds that the last time printed lies in. */
export const SUM = 1;
const SHARED_FROM = 2;
/** The digits of those but for the last four: how many, and where. */
const SHARED_LENGTH = 6;
const SHARED = 32;
/** Columns of words, by record. */
const G = GROUP_LINES;
export const ROW = G;
export const STAMP = G * 2;
export const FAMILY = G * 3;
export const PROTOCOL = G * 4;
export const SRCPORT = G * 5;
export const DSTPORT = G * 6;
export const TCP_FLAGS = G * 7;
/** IPv4 as the packet had it. */
export const PACKET_SRC = G * 8;
export const PACKET_DST = G * 9;
/** IPv4 as srcaddr and dstaddr show it: the interface's side is its primary address. */
export const SHOWN_SRC = G * 10;
export const SHOWN_DST = G * 11;
export const DIRECTION = G * 12;
export const INTERFACE = G * 13;
export const TRAFFIC_PATH = G * 14;
export const NEXT_HOP = G * 15;
/** Where texts are that somebody has looked up. */
export const TEXT_FROM = G * 16;
export const TEXT_LENGTH = G * 17;
/** Where each line ends so far. */
const ENDS = G * 18;
/** Columns of doubles. */
export const PACKETS = G * 10;
export const BYTES = G * 11;
export const START = G * 12;
export const END = G * 13;
/** Tables, which `group.ts` fills: by word, by two bytes, by byte. */
export const FOUR_DIGITS = G * 28;
export const OCTETS = G * 28 + 10_000;
export const HEX = G * 56 + 20_512;
export const ZERO_RUNS = G * 112 + 41_536;
/** The lines. Nothing but text is ever there, and in the texts, so it may be copied as doubles: no text is a NaN. */
export const LINES = G * 112 + 41_792;

/** Words of a stamp: what of the packet's IPv4 addresses is shown, what instead, and whose record it is. */
export const KEEP_SRC = 0;
export const OWN_SRC = 1;
export const KEEP_DST = 2;
export const OWN_DST = 3;
export const BYTES_HIDDEN = 4;
export const OWN_DIRECTION = 5;
export const OWN_INTERFACE = 6;
/** Behind them, for each piece that is fixed, where its text is: pairs of begin and length. */
export const STAMP_WORDS = 8;

/** What is known of a decision, where it is not the number of its stamp. */
export const NOT_SEEN = 0;
export const LEFT_OUT = -1;

const SPACE = 32;
const NEWLINE = 10;
const DASH = 45;
const COLON = 58;
const ZERO = 48;

/** What others call. */
export type PrintLoops = {
  /**
   * Takes rows into the group, from `from` on, until it is full or a row is not like most: a decision that is not known, a
   * status that is not OK, a row that the next one is tied to. Where it stopped. `decisions`: how many have a place.
   */
  take(from: number, rows: number, decisions: number): number;
  /** Fills the columns of the group from its rows, and begins its lines of so many bytes. `stride`: words of a stamp. */
  fill(stride: number, width: number): void;
  /** Writes the text of each record's stamp; `at`: which word of the stamp says where it is. */
  stamped(stride: number, at: number): void;
  /** Writes the texts at `TEXT_FROM`. */
  placed(): void;
  /** Writes a column of addresses; those of IPv6 are in the batch at `six`. */
  addresses(column: number, six: number): void;
  /** Writes a column of ports, protocols or flags. */
  small(column: number): void;
  /** Writes a column of packets or bytes; below 0 is not known and `-`. */
  counters(column: number): void;
  /** Writes a column of Unix seconds: as `counters`, faster where the times lie near each other. */
  seconds(column: number): void;
  /** Behind the last record from `from` on that ends within these seconds, at this interface where it is not below 0; their packets are in `SUM`. */
  run(from: number, begin: Double, end: Double, own: number): number;
  /** Puts lines together at `to`; how many bytes they have. */
  give(from: number, end: number, width: number, to: number): number;
};

/**
 * @param group   the group and its lines, as above; the first memory is the fastest one
 * @param batch   columns of a flow batch
 * @param stamps  the stamp of each decision
 * @param known   stamps
 * @param texts   bytes of texts
 */
export function printLoops(group: Views, batch: Views, stamps: Views, known: Views, texts: Views): PrintLoops {
  function take(from: number, rows: number, decisions: number): number {
    let count = group.i32[COUNT]!;
    let filtered = 0;
    let row = from;
    while (row < rows && count < GROUP_LINES) {
      if (batch.u8[row + IN_STATUS] !== STATUS_OK) break;
      if (row + 1 < rows && batch.u8[row + 1 + IN_JOINS] === 1) break;
      const decision = batch.i32[row + IN_DECISION]!;
      if (decision >>> 0 >= decisions >>> 0) break;
      const stamp = stamps.i32[decision]!;
      if (stamp === NOT_SEEN) break;
      if (stamp > 0) {
        group.i32[count + ROW] = row;
        group.i32[count + STAMP] = stamp;
        count++;
      } else filtered++;
      row++;
    }
    group.i32[COUNT] = count;
    group.i32[FILTERED] = group.i32[FILTERED]! + filtered;
    return row;
  }

  // Few columns in each loop: so the processor looks ahead far enough to have several words of a table under way at once.

  function fillSides(count: number, stride: number): void {
    for (let i = 0; i < count; i++) {
      const words = Math.imul(group.i32[i + STAMP]!, stride);
      const from = group.i32[i + ROW]! << 2;
      const src = batch.i32[from + IN_SRC]!;
      const dst = batch.i32[from + IN_DST]!;
      group.i32[i + PACKET_SRC] = src;
      group.i32[i + PACKET_DST] = dst;
      group.i32[i + SHOWN_SRC] = (src & known.i32[words + KEEP_SRC]!) | known.i32[words + OWN_SRC]!;
      group.i32[i + SHOWN_DST] = (dst & known.i32[words + KEEP_DST]!) | known.i32[words + OWN_DST]!;
      group.i32[i + DIRECTION] = known.i32[words + OWN_DIRECTION]!;
      group.i32[i + INTERFACE] = known.i32[words + OWN_INTERFACE]!;
    }
  }

  function fillHeads(count: number): void {
    for (let i = 0; i < count; i++) {
      const row = group.i32[i + ROW]!;
      const ports = batch.i32[row + IN_PORTS]!;
      group.i32[i + SRCPORT] = ports >>> 16;
      group.i32[i + DSTPORT] = ports & 0xffff;
      group.i32[i + FAMILY] = batch.u8[row + IN_FAMILY]!;
      group.i32[i + PROTOCOL] = batch.u8[row + IN_PROTOCOL]!;
      group.i32[i + TCP_FLAGS] = batch.u8[row + IN_TCP]!;
    }
  }

  function fill(stride: number, width: number): void {
    const count = group.i32[COUNT]!;
    fillSides(count, stride);
    fillHeads(count);
    let begin = LINES;
    for (let i = 0; i < count; i++) {
      const row = group.i32[i + ROW]!;
      group.f64[i + PACKETS] = batch.f64[row]!;
      group.f64[i + BYTES] = batch.f64[row + IN_BYTES]!;
      group.f64[i + START] = Math.floor(batch.f64[row + IN_FIRST]! / 1e6);
      group.f64[i + END] = Math.floor(batch.f64[row + IN_LAST]! / 1e6);
      group.i32[i + ENDS] = begin;
      begin = begin + width;
    }
  }

  /** Copies the text of a record, 32 bytes at a time. */
  function placeText(i: number, from: number, length: number): void {
    const to = group.i32[i + ENDS]!;
    for (let at = 0; at < length; at = at + 32) {
      const source = from + at;
      const target = to + at;
      group.view.setFloat64(target, texts.view.getFloat64(source, true), true);
      group.view.setFloat64(target + 8, texts.view.getFloat64(source + 8, true), true);
      group.view.setFloat64(target + 16, texts.view.getFloat64(source + 16, true), true);
      group.view.setFloat64(target + 24, texts.view.getFloat64(source + 24, true), true);
    }
    group.i32[i + ENDS] = to + length;
  }

  function placed(): void {
    const count = group.i32[COUNT]!;
    for (let i = 0; i < count; i++) placeText(i, group.i32[i + TEXT_FROM]!, group.i32[i + TEXT_LENGTH]!);
  }

  function stamped(stride: number, at: number): void {
    const count = group.i32[COUNT]!;
    for (let i = 0; i < count; i++) {
      const place = Math.imul(group.i32[i + STAMP]!, stride) + at;
      group.i32[i + TEXT_FROM] = known.i32[place]!;
      group.i32[i + TEXT_LENGTH] = known.i32[place + 1]!;
    }
    placed();
  }

  /** The four ASCII digits of an entry of `FOUR_DIGITS`, the first in the lowest byte. */
  function textOf(entry: number): number {
    return (entry & 0x0f0f0f0f) | 0x30303030;
  }

  /** Bits of the leading zeros of an entry: 0, 8, 16 or 24. */
  function zeroBitsOf(entry: number): number {
    return (entry >>> 1) & 24;
  }

  /** Writes 0 to 9999 without leading zeros; where they end. */
  function upToFour(at: number, n: number): number {
    const entry = group.i32[n + FOUR_DIGITS]!;
    const zeroBits = zeroBitsOf(entry);
    group.view.setUint32(at, textOf(entry) >>> zeroBits, true);
    return at + 4 - (zeroBits >>> 3);
  }

  /** Writes exactly four digits. */
  function four(at: number, n: number): number {
    group.view.setUint32(at, textOf(group.i32[n + FOUR_DIGITS]!), true);
    return at + 4;
  }

  function upToEight(at: number, n: number): number {
    if (n < 10_000) return upToFour(at, n);
    const high = (n / 10_000) | 0;
    return four(upToFour(at, high), n - Math.imul(high, 10_000));
  }

  /** Writes any whole number below 2^53; where it ends. */
  function whole(at: number, n: Double): number {
    if (n < 100_000_000) return upToEight(at, n | 0);
    const high = Math.floor(n / 100_000_000);
    const low = (n - high * 100_000_000) | 0;
    const middle = (low / 10_000) | 0;
    return four(four(upToEight(at, high | 0), middle), low - Math.imul(middle, 10_000));
  }

  // Without a branch: how many digits a port has cannot be foreseen.
  function small(column: number): void {
    const count = group.i32[COUNT]!;
    for (let i = 0; i < count; i++) {
      const n = group.i32[column + i]!;
      const at = group.i32[i + ENDS]!;
      const high = (n / 10_000) | 0;
      const entry = group.i32[n - Math.imul(high, 10_000) + FOUR_DIGITS]!;
      // All ones where there is a fifth digit, else 0.
      const five = -high >> 31;
      group.u8[at] = ZERO + high;
      const zeroBits = zeroBitsOf(entry) & ~five;
      group.view.setUint32(at - five, textOf(entry) >>> zeroBits, true);
      const end = at - five + 4 - (zeroBits >>> 3);
      group.u8[end] = SPACE;
      group.i32[i + ENDS] = end + 1;
    }
  }

  function counters(column: number): void {
    const count = group.i32[COUNT]!;
    for (let i = 0; i < count; i++) {
      const n = group.f64[column + i]!;
      let at = group.i32[i + ENDS]!;
      if (n >= 0) at = whole(at, n);
      else {
        group.u8[at] = DASH;
        at = at + 1;
      }
      group.u8[at] = SPACE;
      group.i32[i + ENDS] = at + 1;
    }
  }

  function seconds(column: number): void {
    const count = group.i32[COUNT]!;
    let from: Double = group.f64[SHARED_FROM]!;
    for (let i = 0; i < count; i++) {
      const value = group.f64[column + i]!;
      const at = group.i32[i + ENDS]!;
      let last: Double = value - from;
      let end = at;
      // Eight digits are written at once: until the year 33658 no second has more before its last four.
      if (value < 10_000 || value >= 1_000_000_000_000) end = whole(at, value);
      else {
        if (last < 0 || last >= 10_000) {
          const high = Math.floor(value / 10_000);
          from = high * 10_000;
          last = value - from;
          group.i32[SHARED_LENGTH] = whole(SHARED, high) - SHARED;
          group.f64[SHARED_FROM] = from;
        }
        group.view.setFloat64(at, group.view.getFloat64(SHARED, true), true);
        end = four(at + group.i32[SHARED_LENGTH]!, last | 0);
      }
      group.u8[end] = SPACE;
      group.i32[i + ENDS] = end + 1;
    }
  }

  /** Writes an octet and a dot. */
  function octet(at: number, n: number): number {
    const entry = group.i32[n + OCTETS]!;
    group.view.setUint32(at, entry & 0x3fff_ffff, true);
    return at + 1 + (entry >>> 30);
  }

  function address4(at: number, word: number): number {
    const third = octet(octet(at, word >>> 24), (word >>> 16) & 255);
    return octet(octet(third, (word >>> 8) & 255), word & 255) - 1;
  }

  /** Writes a group of an IPv6 address and a colon. */
  function hextet(at: number, n: number): number {
    const zeros = (Math.clz32(n | 1) - 16) >>> 2;
    const digits = group.u16[(n >>> 8) + HEX]! | (group.u16[(n & 255) + HEX]! << 16);
    group.view.setUint32(at, digits >>> (zeros << 3), true);
    const end = at + 4 - zeros;
    group.u8[end] = COLON;
    return end + 1;
  }

  /** Two bits: whether the upper and the lower half of a word are zero. */
  function zeroHalves(word: number): number {
    return ((((word >>> 16) - 1) >>> 30) & 2) | (((word & 0xffff) - 1) >>> 31);
  }

  /** By RFC 5952; `from`: word of the batch. */
  function address6(at: number, from: number): number {
    const upper = (zeroHalves(batch.i32[from]!) << 6) | (zeroHalves(batch.i32[from + 1]!) << 4);
    const lower = (zeroHalves(batch.i32[from + 2]!) << 2) | zeroHalves(batch.i32[from + 3]!);
    const run = group.u8[(upper | lower) + ZERO_RUNS]!;
    const first = run >>> 4;
    const behind = first + (run & 15);
    let end = at;
    if (run !== 0 && first === 0) {
      group.u8[end] = COLON;
      end = end + 1;
    }
    for (let i = 0; i < 8; i++) {
      if (i === first && run !== 0) {
        group.u8[end] = COLON;
        end = end + 1;
        i = behind - 1;
        continue;
      }
      const word = batch.i32[from + (i >> 1)]!;
      // An IPv4-mapped address has its last four octets dotted.
      if (i === 6 && first === 0 && behind === 5 && batch.i32[from + 2] === 0xffff) return address4(end, word);
      end = hextet(end, (i & 1) === 0 ? word >>> 16 : word & 0xffff);
    }
    // The last group has a colon behind it, but not the last `::`.
    return behind === 8 ? end : end - 1;
  }

  function addresses(column: number, six: number): void {
    const count = group.i32[COUNT]!;
    for (let i = 0; i < count; i++) {
      const at = group.i32[i + ENDS]!;
      const isFour = group.i32[i + FAMILY] === 4;
      const end = isFour ? address4(at, group.i32[column + i]!) : address6(at, (group.i32[i + ROW]! << 2) + six);
      group.u8[end] = SPACE;
      group.i32[i + ENDS] = end + 1;
    }
  }

  function run(from: number, begin: Double, end: Double, own: number): number {
    const count = group.i32[COUNT]!;
    let sum: Double = 0;
    let i = from;
    while (i < count) {
      const at = group.f64[i + END]!;
      if (at < begin || at >= end || (own >= 0 && group.i32[i + INTERFACE] !== own)) break;
      sum = sum + group.f64[i + PACKETS]!;
      i++;
    }
    group.f64[SUM] = sum;
    return i;
  }

  function give(from: number, end: number, width: number, to: number): number {
    let at = to;
    for (let i = from; i < end; i++) {
      const begin = LINES + Math.imul(i, width);
      const length = group.i32[i + ENDS]! - begin;
      for (let done = 0; done < length; done = done + 32) {
        const source = begin + done;
        const target = at + done;
        group.view.setFloat64(target, group.view.getFloat64(source, true), true);
        group.view.setFloat64(target + 8, group.view.getFloat64(source + 8, true), true);
        group.view.setFloat64(target + 16, group.view.getFloat64(source + 16, true), true);
        group.view.setFloat64(target + 24, group.view.getFloat64(source + 24, true), true);
      }
      at = at + length;
      group.u8[at - 1] = NEWLINE;
    }
    return at - to;
  }

  return { take, fill, stamped, placed, addresses, small, counters, seconds, run, give };
}
