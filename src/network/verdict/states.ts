/**
 * How long a connection lives (rule V3).
 *
 * In:    flags and times of an entry. Out: whether it is a connection at an instant, and what a packet changes.
 * Holds: a packet exactly at the end of an age still finds the connection. `last` never goes back, whatever the
 *        order of the packets. After RST the end is fixed; FINs sent again do not move it.
 */
import { CLOSES, DOUBLES, FLAGS, LAST, STRIDE } from './entry-words.ts';
import type { Connections } from './connections.ts';

/** Bits of an entry's flags, after those of `connections.ts`. */
export const LIVE = 2;
export const UNTRACKED = 4;
/** Packets passed from the lower end, from the higher end of the pair. */
export const SEEN_LOW = 8;
export const SEEN_HIGH = 16;
export const FIN_LOW = 32;
export const FIN_HIGH = 64;
export const CLOSING = 128;
/** Kept by `room.ts`: the entry is counted against the bound. */
export const COUNTED = 256;

export const SEEN_BOTH = SEEN_LOW | SEEN_HIGH;
export const FIN_BOTH = FIN_LOW | FIN_HIGH;
/** What the flags say of the connection; the other bits are of the entry, whatever it is now. */
export const STATE = LIVE | UNTRACKED | SEEN_BOTH | FIN_BOTH | CLOSING;

export const TCP = 6;
export const UDP = 17;
export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** Ages, as EC2 tracks connections: EC2 User Guide, "Connection tracking", November 2024. */
export const ESTABLISHED_MICROS = 432_000e6;
export const OTHERS_MICROS = 600e6;
export const UDP_ONE_WAY_MICROS = 30e6;
export const UDP_STREAM_MICROS = 180e6;
export const AFTER_RST_MICROS = 10e6;
export const AFTER_FINS_MICROS = 120e6;
/** How long it is known that a connection was closed, or that a conversation was judged. */
export const REMEMBERED_MICROS = 600e6;

/** The last instant at which an entry is a connection; -Infinity where it is none. */
export function deadline(table: Connections, entry: number): number {
  const flags = table.words[entry * STRIDE + FLAGS] as number;
  if ((flags & LIVE) === 0) return -Infinity;
  if ((flags & CLOSING) !== 0) return table.doubles[entry * DOUBLES + CLOSES] as number;
  const both = (flags & SEEN_BOTH) === SEEN_BOTH;
  const last = table.doubles[entry * DOUBLES + LAST] as number;
  const protocol = (table.words[entry * STRIDE] as number) & 255;
  if (protocol === TCP) return last + (both ? ESTABLISHED_MICROS : OTHERS_MICROS);
  if (protocol === UDP) return last + (both ? UDP_STREAM_MICROS : UDP_ONE_WAY_MICROS);
  return last + OTHERS_MICROS;
}

/** Takes a packet that passed into the state of its connection. True: it ends sooner than before. */
export function passed(table: Connections, entry: number, turned: number, now: number, tcpFlags: number): boolean {
  const { words, doubles } = table;
  const times = entry * DOUBLES;
  if (now > (doubles[times + LAST] as number)) doubles[times + LAST] = now;
  const at = entry * STRIDE + FLAGS;
  const before = words[at] as number;
  let flags = before | (turned === 0 ? SEEN_LOW : SEEN_HIGH);
  let sooner = false;
  if ((tcpFlags & (FIN | RST)) !== 0) {
    if ((tcpFlags & FIN) !== 0) flags |= turned === 0 ? FIN_LOW : FIN_HIGH;
    const ends =
      (tcpFlags & RST) !== 0
        ? now + AFTER_RST_MICROS
        : (flags & FIN_BOTH) === FIN_BOTH
          ? now + AFTER_FINS_MICROS
          : Infinity;
    if (
      ends !== Infinity &&
      ((flags & CLOSING) === 0 || ((tcpFlags & RST) !== 0 && ends < (doubles[times + CLOSES] as number)))
    ) {
      doubles[times + CLOSES] = ends;
      flags |= CLOSING;
      sooner = true;
    }
  }
  if (flags !== before) words[at] = flags;
  return sooner;
}
