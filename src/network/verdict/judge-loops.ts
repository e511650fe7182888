/**
 * The inner loops of judging: the heads of a group's conversations, and packets that change nothing but a time.
 *
 * In:    the memories below. Out: heads; observations.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. What looking up reads is read for the whole group in loops of few instructions: its
 *        misses of the cache overlap.
 * Fails: never.
 */
import { PACKET_BATCH_ROWS } from '../../model/batch.ts';
import type { Double, Views } from '../../model/linear-memory.ts';
import { ANSWERS, FAMILY_6, FLAGS, LAST, MOST_TOUCHED, NEXT, ORIGINS, STUB } from './connections.ts';
import {
  CLOSING,
  ESTABLISHED_MICROS,
  LIVE,
  OTHERS_MICROS,
  SEEN_HIGH,
  SEEN_LOW,
  TCP,
  UDP,
  UDP_STREAM_MICROS,
} from './states.ts';
import { HEAD, INGRESS_SHIFT, NO_ENTRY, SECOND, SHIFT_HIGH, SHIFT_LOW, WAY, WRONG } from './ways.ts';

/** The inbox: columns of packets and of observations, counted in their elements. */
const P = PACKET_BATCH_ROWS;
export const IN_AT = 0;
export const IN_SRC = P * 2;
export const IN_DST = P * 3;
export const IN_PORTS = P * 4;
export const IN_SRC6 = P * 6;
export const IN_DST6 = P * 10;
export const OUT_DECISION = P * 14;
export const OUT_PACKET = P * 32;
export const IN_ICMP = P * 34;
export const IN_ICMP_ID = P * 35;
export const IN_FAMILY = P * 72;
export const IN_PROTOCOL = P * 73;
export const IN_TCP = P * 74;
/** Of the rows of a group: the guarded time that finds what is remembered. */
const G = MOST_TOUCHED;
const GROUP_AT = P * 76;
export const NOWS: number = GROUP_AT / 8;
/**
 * Of IPv4 the addresses, of IPv6 the hash of both in `HIGHS`; the ports or what stands for them; the hash; the head as
 * far as it was there when the group was approached; the orientation; where the packet comes from (`ways.ts`).
 */
export const LOWS: number = GROUP_AT / 4 + G * 2;
export const HIGHS: number = LOWS + G;
export const KEYS: number = HIGHS + G;
export const HASHES: number = KEYS + G;
export const HEADS: number = HASHES + G;
export const TURNS: number = HEADS + G;
export const ORIGINS_OF: number = TURNS + G;
/** How many observations there are; what reading left. */
export const MADE: number = ORIGINS_OF + G;
const READ = MADE + 1;
const READS = MADE + 2;
export const INBOX_BYTES: number = (READS + G + 2) * 4;

const TO_WORDS = 4;
const TO_DOUBLES = 3;
const ICMP = 1;
const ICMP6 = 58;
/** What stands for ports: an ICMP of another type, an error, a time or information message. */
const OTHER_TYPE = 0x10000;
const ERRORS = 0x20000;
const TIMES = 0x30000;
const INFORMATION = 0x40000;
/** FIN, SYN and RST. */
const STATE_FLAGS = 7;
const STEADY = LIVE | SEEN_LOW | SEEN_HIGH;
const NOT_STEADY = STEADY | CLOSING;
/** What is kept of a packet that passed, but for its direction. */
const KEPT_PASSES = 2;
const EGRESS = 1;

/** What others call. */
export type JudgeLoops = {
  /** Looks for the heads of a group of rows of the inbox. */
  approach(from: number, to: number, mask: number, entryBits: number): void;
  /**
   * Judges rows of the group that begins at `base` while they go a known way and change nothing but the time of their
   * connections; the first that does not. `MADE` counts on.
   */
  steady(from: number, to: number, base: number): number;
};

/**
 * @param table  entries of `connections.ts`
 * @param inbox  the batch at hand
 * @param index  its slots
 * @param six    addresses of IPv6, eight words each
 */
export function judgeLoops(table: Views, inbox: Views, index: Views, six: Views): JudgeLoops {
  function icmpKey(protocol: number, icmp: number, id: number): number {
    const type = icmp >> 8;
    if (protocol === ICMP6) {
      if (type === 128 || type === 129) return id;
      return type < 128 ? ERRORS : OTHER_TYPE + type;
    }
    if (type === 0 || type === 8) return id;
    if (type >= 13 && type <= 16) return (type <= 14 ? TIMES : INFORMATION) + id;
    if ((type >= 3 && type <= 5) || type === 11 || type === 12) return ERRORS;
    return OTHER_TYPE + type;
  }

  /** 1 where a is below b, without a branch that would be guessed wrong every other time. */
  function isBelow(a: number, b: number): number {
    return ((~a & b) | ((~a | b) & ((a - b) | 0))) >>> 31;
  }

  function hash4(protocol: number, low: number, high: number, ports: number): number {
    let h = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(ports, 0x27d4eb2f);
    h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35) ^ Math.imul(protocol, 0x165667b1);
    h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
    return h ^ (h >>> 16);
  }

  /** 1 where the source of IPv6 is the higher end. */
  function isTurned6(at: number, ifEqual: number): number {
    for (let w = at; w < at + 4; w++) {
      const src = inbox.i32[w + IN_SRC6]!;
      const dst = inbox.i32[w + IN_DST6]!;
      if (src !== dst) return isBelow(dst, src);
    }
    return ifEqual;
  }

  /** A hash of the addresses of IPv6, the lower first. */
  function hashPair(at: number, turned: number): number {
    let a = at + (turned === 0 ? IN_SRC6 : IN_DST6);
    let b = at + (turned === 0 ? IN_DST6 : IN_SRC6);
    let h = 0;
    for (let i = 0; i < 4; i++) {
      h = Math.imul(((h ^ (h >>> 15)) + inbox.i32[a]!) | 0, 0x85ebca6b);
      h = Math.imul(((h ^ (h >>> 13)) + inbox.i32[b]!) | 0, 0xc2b2ae35);
      a++;
      b++;
    }
    return h ^ (h >>> 16);
  }

  function hash(from: number, to: number): void {
    let i = 0;
    for (let row = from; row < to; row++) {
      const protocol = inbox.u8[row + IN_PROTOCOL]!;
      const isIcmp = protocol === ICMP || protocol === ICMP6 ? 1 : 0;
      const key =
        isIcmp === 1
          ? icmpKey(protocol, inbox.u16[row + IN_ICMP]!, inbox.u16[row + IN_ICMP_ID]!)
          : inbox.i32[row + IN_PORTS]!;
      const ifEqual = isIcmp === 1 ? 0 : isBelow(key & 0xffff, key >>> 16);
      let turned = 0;
      let high = 0;
      let low = 0;
      if (inbox.u8[row + IN_FAMILY] === 4) {
        const src = inbox.i32[row + IN_SRC]!;
        const dst = inbox.i32[row + IN_DST]!;
        turned = src === dst ? ifEqual : isBelow(dst, src);
        const difference = (src ^ dst) & (0 - turned);
        low = src ^ difference;
        high = dst ^ difference;
      } else {
        turned = isTurned6(row << 2, ifEqual);
        high = hashPair(row << 2, turned);
      }
      const bits = turned << 4;
      const ports = isIcmp === 1 ? key : (key << bits) | (key >>> bits);
      inbox.i32[i + LOWS] = low;
      inbox.i32[i + HIGHS] = high;
      inbox.i32[i + KEYS] = ports;
      inbox.i32[i + TURNS] = turned;
      inbox.i32[i + HASHES] =
        inbox.u8[row + IN_FAMILY] === 4 ? hash4(protocol, low, high, ports) : hash4(protocol, high, 6, ports);
      i++;
    }
  }

  function touch(count: number, mask: number, entryBits: number): void {
    let read = 0;
    for (let i = 0; i < count; i++) read = read ^ index.i32[inbox.i32[i + HASHES]! & mask]!;
    for (let i = 0; i < count; i++) {
      const wanted = inbox.i32[i + HASHES]!;
      let slot = wanted & mask;
      let word = index.i32[slot]!;
      while (word !== 0 && ((word ^ wanted) & ~entryBits) !== 0) {
        slot = (slot + 1) & mask;
        word = index.i32[slot]!;
      }
      inbox.i32[i + HEADS] = word & entryBits;
    }
    for (let i = 0; i < count; i++) read = read ^ table.i32[inbox.i32[i + HEADS]! << TO_WORDS]!;
    let rest = 0;
    for (let i = 0; i < count; i++) {
      const at = inbox.i32[i + HEADS]! << TO_WORDS;
      // Without a branch, which would often be guessed wrong: a line that need not be read is overwritten by the next.
      inbox.i32[rest + READS] = table.i32[at + 1]!;
      rest = rest + (table.i32[at + FLAGS]! & FAMILY_6);
    }
    for (let i = 0; i < count; i++) {
      const next = table.i32[(inbox.i32[i + HEADS]! << TO_WORDS) + NEXT]! & entryBits;
      read = read ^ table.i32[next << TO_WORDS]!;
    }
    for (let i = 0; i < rest; i++) read = read ^ six.i32[inbox.i32[i + READS]! << 3]!;
    inbox.i32[READ] = read;
  }

  function differs6(number: number, at: number, turned: number): number {
    const own = number << 3;
    let a = at + (turned === 0 ? IN_SRC6 : IN_DST6);
    let b = at + (turned === 0 ? IN_DST6 : IN_SRC6);
    let differs = 0;
    for (let i = 0; i < 4; i++) {
      differs = differs | (six.i32[own + i]! ^ inbox.i32[a]!) | (six.i32[own + i + 4]! ^ inbox.i32[b]!);
      a++;
      b++;
    }
    return differs;
  }

  /** What an index leads to may be like the head that is wanted, and another. */
  function confirm(from: number, to: number): void {
    let i = 0;
    for (let row = from; row < to; row++) {
      const head = inbox.i32[i + HEADS]!;
      if (head !== 0) {
        const at = head << TO_WORDS;
        const isFour = inbox.u8[row + IN_FAMILY] === 4 ? 1 : 0;
        let differs =
          ((table.i32[at]! ^ inbox.u8[row + IN_PROTOCOL]!) & 255) |
          (table.i32[at + 2]! ^ inbox.i32[i + HIGHS]!) |
          (table.i32[at + 3]! ^ inbox.i32[i + KEYS]!) |
          ((table.i32[at + FLAGS]! & FAMILY_6) ^ (isFour === 1 ? 0 : FAMILY_6));
        if (differs === 0)
          differs =
            isFour === 1
              ? table.i32[at + 1]! ^ inbox.i32[i + LOWS]!
              : differs6(table.i32[at + 1]!, row << 2, inbox.i32[i + TURNS]!);
        if (differs !== 0) inbox.i32[i + HEADS] = 0;
      }
      i++;
    }
  }

  function approach(from: number, to: number, mask: number, entryBits: number): void {
    hash(from, to);
    touch(to - from, mask, entryBits);
    confirm(from, to);
  }

  function steadyMicros(protocol: number): Double {
    return protocol === TCP ? ESTABLISHED_MICROS : protocol === UDP ? UDP_STREAM_MICROS : OTHERS_MICROS;
  }

  /** 1 where a packet of an entry passes and changes nothing but the time; entry 0 has none. */
  function isSteady(entry: number, turned: number, direction: number, now: Double, protocol: number): number {
    const at = entry << TO_WORDS;
    if ((table.i32[at + turned + ANSWERS]! & 3) !== KEPT_PASSES + direction) return 0;
    if ((table.i32[at + FLAGS]! & NOT_STEADY) !== STEADY) return 0;
    return now <= table.f64[(entry << TO_DOUBLES) + LAST]! + steadyMicros(protocol) ? 1 : 0;
  }

  function give(entry: number, turned: number, row: number, made: number): void {
    const time = inbox.f64[row + IN_AT]!;
    const last = (entry << TO_DOUBLES) + LAST;
    if (time > table.f64[last]!) table.f64[last] = time;
    inbox.u16[made + OUT_PACKET] = row;
    inbox.i32[made + OUT_DECISION] = table.i32[(entry << TO_WORDS) + turned + ANSWERS]! >>> 2;
  }

  function steady(from: number, to: number, base: number): number {
    let made = inbox.i32[MADE]!;
    let row = from;
    for (; row < to; row++) {
      const i = row - base;
      const head = inbox.i32[i + HEADS]!;
      const origin = inbox.i32[i + ORIGINS_OF]!;
      if (head === 0 || origin === 0 || (inbox.u8[row + IN_TCP]! & STATE_FLAGS) !== 0) break;
      const turned = inbox.i32[i + TURNS]!;
      const at = head << TO_WORDS;
      const next = table.i32[at + NEXT]!;
      let source = at;
      if (((table.i32[at + ORIGINS]! >>> (turned << 4)) & 0xffff) !== origin) {
        if ((table.i32[at + FLAGS]! & STUB) !== 0 || next === 0) break;
        source = next << TO_WORDS;
        if (((table.i32[source + ORIGINS]! >>> (turned << 4)) & 0xffff) !== origin) break;
      }
      const way = (table.i32[source + FLAGS]! >>> (turned === 0 ? SHIFT_LOW : SHIFT_HIGH)) & WAY;
      const egress = way & NO_ENTRY;
      const ingress = (way >>> INGRESS_SHIFT) & NO_ENTRY;
      if ((way & WRONG) !== 0 || egress === NO_ENTRY || ingress === NO_ENTRY) break;
      const out = egress === HEAD ? head : egress === SECOND ? next : 0;
      const into = ingress === HEAD ? head : ingress === SECOND ? next : 0;
      const now = inbox.f64[i + NOWS]!;
      const protocol = inbox.u8[row + IN_PROTOCOL]!;
      if (out !== 0 && isSteady(out, turned, EGRESS, now, protocol) === 0) break;
      if (into !== 0 && isSteady(into, turned, 0, now, protocol) === 0) break;
      if (out !== 0) {
        give(out, turned, row, made);
        made++;
      }
      if (into !== 0) {
        give(into, turned, row, made);
        made++;
      }
    }
    inbox.i32[MADE] = made;
    return row;
  }

  return { approach, steady };
}
