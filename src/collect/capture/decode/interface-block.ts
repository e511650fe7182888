/**
 * The interface description block of pcapng, and the time stamps that its options define.
 *
 * In:    the block's body. Out: the interface. Holds: options may be missing, repeated or cut; the last one counts.
 *        Time stamps become whole microseconds, exactly; a time before 1970 or beyond 2^53 is -1.
 * Fails: never.
 * @see draft-ietf-opsawg-pcapng, section 4.2
 */
import type { SourceDevice } from '../../../model/batch.ts';
import { macText } from './link-pairs.ts';

/** Reads the u16 or u32 at a place in the section's byte order. */
export type Read = (bytes: Uint8Array, at: number) => number;

/** How an interface counts time. */
export type TimeScale = {
  /** Units to a second: 10^n, or 2^n with `binary`. */
  readonly power: number;
  readonly binary: boolean;
  readonly offsetSeconds: number;
};

export type InterfaceBlock = {
  readonly device: SourceDevice;
  readonly snapLength: number;
  readonly time: TimeScale;
};

/**
 * Reads an interface block.
 *
 * @param at   first byte of the body (link type); @param end  behind the options
 */
export function readInterfaceBlock(bytes: Uint8Array, at: number, end: number, u16: Read, u32: Read): InterfaceBlock {
  const linkType = u16(bytes, at);
  const addresses: string[] = [];
  let name = '';
  let mac: string | null = null;
  let power = 6;
  let binary = false;
  let offsetSeconds = 0;
  let p = at + 8;
  while (p + 4 <= end) {
    const code = u16(bytes, p);
    const length = u16(bytes, p + 2);
    const value = p + 4;
    if (code === 0 || value + length > end) break;
    if (code === 2) name = new TextDecoder().decode(bytes.subarray(value, value + length)).replace(/\0+$/, '');
    else if (code === 4 && length >= 4) addresses.push(text4(bytes, value));
    else if (code === 5 && length >= 16) addresses.push(text6(bytes, value));
    else if (code === 6 && length >= 6) mac = macText(bytes, value);
    else if (code === 9 && length >= 1) {
      power = bytes[value]! & 0x7f;
      binary = bytes[value]! >= 0x80;
    } else if (code === 14 && length >= 8) {
      // The order of the two halves is the order of the bytes.
      const bigEndian = u16(bytes, value) === ((bytes[value]! << 8) | bytes[value + 1]!);
      const high = u32(bytes, bigEndian ? value : value + 4);
      const low = u32(bytes, bigEndian ? value + 4 : value);
      offsetSeconds = (high | 0) * 0x1_0000_0000 + low;
    }
    p = value + ((length + 3) & ~3);
  }
  return {
    device: { name, ifindex: 0, mac, addresses, linkType },
    snapLength: u32(bytes, at + 4),
    time: { power, binary, offsetSeconds },
  };
}

/** Microseconds since 1970 of a time stamp of two words; -1 where that is no time. */
export function timeOf(high: number, low: number, time: TimeScale): number {
  let micros: number;
  if (!time.binary && time.power === 6) micros = high * 0x1_0000_0000 + low;
  else if (!time.binary && time.power >= 7 && time.power <= 9) {
    // 64 bits divided by at most 1000 in two steps, each of which a double holds exactly.
    const divisor = 10 ** (time.power - 6);
    micros = Math.floor(high / divisor) * 0x1_0000_0000;
    micros += Math.floor(((high % divisor) * 0x1_0000_0000 + low) / divisor);
  } else if (!time.binary && time.power < 6) {
    micros = (high * 0x1_0000_0000 + low) * 10 ** (6 - time.power);
  } else {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    const power = BigInt(time.power);
    micros = Number(time.binary ? (ticks * 1_000_000n) >> power : ticks / 10n ** (power - 6n));
  }
  micros += time.offsetSeconds * 1e6;
  return micros >= 0 && micros <= Number.MAX_SAFE_INTEGER ? micros : -1;
}

function text4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** As RFC 5952 writes it: lower-case, the longest run of zero groups (the first of equals, two at least) as `::`. */
function text6(bytes: Uint8Array, at: number): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[at + i]! << 8) | bytes[at + i + 1]!).toString(16));
  let best = 0;
  let bestLength = 1;
  for (let from = 0; from < 8; from += 1) {
    let to = from;
    while (to < 8 && groups[to] === '0') to += 1;
    if (to - from > bestLength) {
      best = from;
      bestLength = to - from;
    }
  }
  if (bestLength < 2) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + bestLength).join(':')}`;
}
