/**
 * The loops that look for the conversations of a group: keys, hashes, the first that may be meant, where packets come from.
 *
 * In:    packets. Out: columns of the group.
 * Holds: this is what is made into WebAssembly by `scripts/make-loops.ts` (see there what may be written here), and runs
 *        as it stands in tests. What looking up reads is read for the whole group in loops of few instructions: its
 *        misses of the cache overlap.
 * Fails: never.
 */
import { NO_ICMP } from '../../model/batch.ts';
import {
  IN_DEVICE,
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_FLAGS,
  IN_ICMP,
  IN_ICMP_ID,
  IN_LINK,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SIDE,
  IN_SRC,
  IN_SRC6,
  IN_VLAN,
} from '../../model/batch-memory.ts';
import type { Views } from '../../model/linear-memory.ts';
import { ENTRY_BITS, FAMILY_6, FLAGS, MASK, NEXT } from './entry-words.ts';
import { HASHES, HEADS, HIGHS, KEYS, LOWS, ORIGINS_OF, READ, READS, TURNS } from './group-columns.ts';
import { hashLoops } from './hash-steps.ts';
import { PLAIN_LINKS } from './ways.ts';

const TO_WORDS = 4;
const ICMP = 1;
const ICMP6 = 58;
/** What stands for ports: an ICMP of another type, an error, a time or information message. */
const OTHER_TYPE = 0x10000;
const ERRORS = 0x20000;
const TIMES = 0x30000;
const INFORMATION = 0x40000;

const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** In place of an origin that has no number here. */
const MISSING = -1;

/** What others call. */
export type ApproachLoops = {
  /** Looks for the heads of a group of rows, as far as the index tells: each may be another than is wanted. */
  approach(from: number, to: number): void;
  /**
   * Says where the packets of a group of rows come from, 0 of those that have no way; how many have an origin that is not among
   * the plain ones: below 0.
   */
  originate(from: number, to: number): number;
};

/**
 * @param table  entries of `connections.ts`
 * @param batch  packets
 * @param group  columns of the group
 * @param index  slots of the table
 * @param six    addresses of IPv6, eight words each
 * @param plain  numbers of origins, as `ways.ts` says
 */
export function approachLoops(
  table: Views,
  batch: Views,
  group: Views,
  index: Views,
  six: Views,
  plain: Views,
): ApproachLoops {
  const { hash4, hash6 } = hashLoops();

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

  /** 1 where the source of IPv6 is the higher end. */
  function isTurned6(at: number, ifEqual: number): number {
    for (let w = at; w < at + 4; w++) {
      const src = batch.i32[w + IN_SRC6]!;
      const dst = batch.i32[w + IN_DST6]!;
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
      h = Math.imul(((h ^ (h >>> 15)) + batch.i32[a]!) | 0, 0x85ebca6b);
      h = Math.imul(((h ^ (h >>> 13)) + batch.i32[b]!) | 0, 0xc2b2ae35);
      a++;
      b++;
    }
    return h ^ (h >>> 16);
  }

  function hash(from: number, to: number): void {
    let i = 0;
    for (let row = from; row < to; row++) {
      const protocol = batch.u8[row + IN_PROTOCOL]!;
      const isIcmp = protocol === ICMP || protocol === ICMP6 ? 1 : 0;
      const key =
        isIcmp === 1
          ? icmpKey(protocol, batch.u16[row + IN_ICMP]!, batch.u16[row + IN_ICMP_ID]!)
          : batch.i32[row + IN_PORTS]!;
      const ifEqual = isIcmp === 1 ? 0 : isBelow(key & 0xffff, key >>> 16);
      let turned = 0;
      let high = 0;
      let low = 0;
      if (batch.u8[row + IN_FAMILY] === 4) {
        const src = batch.i32[row + IN_SRC]!;
        const dst = batch.i32[row + IN_DST]!;
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
      group.i32[i + LOWS] = low;
      group.i32[i + HIGHS] = high;
      group.i32[i + KEYS] = ports;
      group.i32[i + TURNS] = turned;
      group.i32[i + HASHES] =
        batch.u8[row + IN_FAMILY] === 4 ? hash4(protocol, low, high, ports) : hash6(protocol, high, ports);
      i++;
    }
  }

  function touch(count: number): void {
    const mask = table.i32[MASK]!;
    const entryBits = table.i32[ENTRY_BITS]!;
    let read = 0;
    for (let i = 0; i < count; i++) read = read ^ index.i32[group.i32[i + HASHES]! & mask]!;
    for (let i = 0; i < count; i++) {
      const wanted = group.i32[i + HASHES]!;
      let slot = wanted & mask;
      let word = index.i32[slot]!;
      while (word !== 0 && ((word ^ wanted) & ~entryBits) !== 0) {
        slot = (slot + 1) & mask;
        word = index.i32[slot]!;
      }
      group.i32[i + HEADS] = word & entryBits;
    }
    for (let i = 0; i < count; i++) read = read ^ table.i32[group.i32[i + HEADS]! << TO_WORDS]!;
    let rest = 0;
    for (let i = 0; i < count; i++) {
      const at = group.i32[i + HEADS]! << TO_WORDS;
      // Without a branch, which would often be guessed wrong: a line that need not be read is overwritten by the next.
      group.i32[rest + READS] = table.i32[at + 1]!;
      rest = rest + (table.i32[at + FLAGS]! & FAMILY_6);
    }
    for (let i = 0; i < count; i++) {
      const next = table.i32[(group.i32[i + HEADS]! << TO_WORDS) + NEXT]! & entryBits;
      read = read ^ table.i32[next << TO_WORDS]!;
    }
    for (let i = 0; i < rest; i++) read = read ^ six.i32[group.i32[i + READS]! << 3]!;
    group.i32[READ] = read;
  }

  function approach(from: number, to: number): void {
    hash(from, to);
    touch(to - from);
  }

  /** 1 for TCP, UDP, SCTP and ICMP that is no error, of what has no flags. */
  function isWhole(row: number): number {
    const protocol = batch.u8[row + IN_PROTOCOL]!;
    if (protocol === TCP || protocol === UDP || protocol === SCTP) return 1;
    const icmp = batch.u16[row + IN_ICMP]!;
    if ((protocol !== ICMP && protocol !== ICMP6) || icmp === NO_ICMP) return 0;
    return icmpKey(protocol, icmp, 0) === ERRORS ? 0 : 1;
  }

  function originate(from: number, to: number): number {
    let missing = 0;
    for (let row = from; row < to; row++) {
      let origin = 0;
      if (batch.u8[row + IN_FLAGS] === 0 && isWhole(row) === 1) {
        const link = batch.i32[row + IN_LINK]!;
        const others = batch.u16[row + IN_VLAN]! | batch.u16[row + IN_DEVICE]!;
        if (others === 0 && link < PLAIN_LINKS)
          origin = plain.u16[Math.imul(batch.u8[row + IN_SIDE]!, PLAIN_LINKS) + link]!;
        if (origin === 0) {
          origin = MISSING;
          missing++;
        }
      }
      group.i32[row - from + ORIGINS_OF] = origin;
    }
    return missing;
  }

  return { approach, originate };
}
