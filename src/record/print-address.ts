/**
 * Addresses as text: IPv4 dotted, IPv6 by RFC 5952.
 *
 * In:    one u32, or four, most significant first. Out: bytes in an array, and where they end.
 * Holds: IPv6 is lower case, without leading zeros, the longest run of at least two zero groups (the first of equals)
 *        is `::`, and IPv4-mapped addresses have their last four octets dotted (RFC 5952, section 5).
 * Fails: never; the caller made room (`ADDRESS_WIDTH`, and four bytes more, for whole words are written).
 */
import type { Lines } from './lines.ts';

/** Most bytes of an address as text. */
export const ADDRESS_WIDTH = 45;

const SPACE = 32;
const COLON = 58;

/** "0." to "255.", the first character in the lowest byte; the top two bits say how many digits. */
const OCTETS = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  const text = `${n}.`;
  for (let i = 0; i < text.length; i++) OCTETS[n]! |= text.charCodeAt(i) << (i * 8);
  OCTETS[n]! |= (text.length - 1) << 30;
}

/** "00" to "ff", the first character in the lower byte. */
const HEX = new Uint16Array(256);
for (let n = 0; n < 256; n++) {
  const text = n.toString(16).padStart(2, '0');
  HEX[n] = text.charCodeAt(0) | (text.charCodeAt(1) << 8);
}

/** By which of the eight groups are zero (bit 7 is the first): first group of what `::` stands for and how many, as `first << 4 | groups`; 0 none. */
const ZERO_RUNS = new Uint8Array(256);
for (let zeros = 0; zeros < 256; zeros++) {
  let longest = 1;
  for (let first = 0; first < 8; first++) {
    let groups = 0;
    while (first + groups < 8 && (zeros & (128 >> (first + groups))) !== 0) groups++;
    if (groups <= longest) continue;
    longest = groups;
    ZERO_RUNS[zeros] = (first << 4) | groups;
  }
}

function writeOctet(view: DataView, at: number, octet: number): number {
  const entry = OCTETS[octet]!;
  view.setUint32(at, entry & 0x3fff_ffff, true);
  return at + 1 + (entry >>> 30);
}

/** Writes an IPv4 address and a byte behind it; returns the position of that byte. */
export function writeAddress4(view: DataView, at: number, word: number): number {
  const second = writeOctet(view, at, word >>> 24);
  const third = writeOctet(view, second, (word >>> 16) & 255);
  const fourth = writeOctet(view, third, (word >>> 8) & 255);
  return writeOctet(view, fourth, word & 255) - 1;
}

/** Writes a group of an IPv6 address and a colon; returns the position behind it. */
function writeGroup(view: DataView, at: number, group: number): number {
  const zeros = (Math.clz32(group | 1) - 16) >>> 2;
  view.setUint32(at, (HEX[group >>> 8]! | (HEX[group & 255]! << 16)) >>> (zeros * 8), true);
  const end = at + 4 - zeros;
  view.setUint8(end, COLON);
  return end + 1;
}

/** Two bits: whether the upper and the lower half of a word are zero. */
function zeroHalves(word: number): number {
  return ((((word >>> 16) - 1) >>> 30) & 2) | (((word & 0xffff) - 1) >>> 31);
}

/** Writes the IPv6 address in `words[from .. from + 3]`; returns the position behind it. */
export function writeAddress6(view: DataView, at: number, words: Uint32Array, from: number): number {
  const w0 = words[from]!;
  const w1 = words[from + 1]!;
  const w2 = words[from + 2]!;
  const w3 = words[from + 3]!;
  const run = ZERO_RUNS[(zeroHalves(w0) << 6) | (zeroHalves(w1) << 4) | (zeroHalves(w2) << 2) | zeroHalves(w3)]!;
  const first = run >>> 4;
  const behind = first + (run & 15);
  let end = at;
  if (run !== 0 && first === 0) view.setUint8(end++, COLON);
  for (let i = 0; i < 8; i++) {
    if (i === first && run !== 0) {
      view.setUint8(end++, COLON);
      i = behind - 1;
      continue;
    }
    if (i === 6 && first === 0 && behind === 5 && w2 === 0xffff) return writeAddress4(view, end, w3);
    const word = i < 4 ? (i < 2 ? w0 : w1) : i < 6 ? w2 : w3;
    end = writeGroup(view, end, (i & 1) === 0 ? word >>> 16 : word & 0xffff);
  }
  // The last group has a colon behind it, but not the last `::`.
  return behind === 8 ? end : end - 1;
}

/**
 * Writes a column of addresses.
 *
 * @param family  4 or 6, by line
 * @param words4  IPv4 addresses, by line
 * @param words6  IPv6 addresses; that of line `i` begins at `at6[i]`
 */
export function writeAddresses(
  lines: Lines,
  family: Uint8Array,
  words4: Uint32Array,
  words6: Uint32Array,
  at6: Int32Array,
): void {
  const { count, view, ends } = lines;
  for (let i = 0; i < count; i++) {
    const at = ends[i]!;
    const end = family[i] === 4 ? writeAddress4(view, at, words4[i]!) : writeAddress6(view, at, words6, at6[i]!);
    view.setUint8(end, SPACE);
    ends[i] = end + 1;
  }
}
