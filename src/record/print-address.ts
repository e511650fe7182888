/**
 * Addresses as text: IPv4 dotted, IPv6 by RFC 5952.
 *
 * In:    one u32, or four, most significant first. Out: bytes in an array, and where they end.
 * Holds: IPv6 is lower case, without leading zeros, the longest run of at least two zero groups (the first of equals)
 *        is `::`, and IPv4-mapped addresses have their last four octets dotted (RFC 5952, section 5).
 * Fails: never; the caller made room (`ADDRESS_WIDTH`).
 */

/** Most bytes of an address as text. */
export const ADDRESS_WIDTH = 45;

/** "0" to "255": three bytes and a length each. */
const OCTETS = new Uint8Array(1024);
for (let n = 0; n < 256; n++) {
  const text = String(n);
  for (let i = 0; i < text.length; i++) OCTETS[n * 4 + i] = text.charCodeAt(i);
  OCTETS[n * 4 + 3] = text.length;
}

const HEX = new Uint8Array(16);
for (let n = 0; n < 16; n++) HEX[n] = n.toString(16).charCodeAt(0);

const DOT = 46;
const COLON = 58;

function writeOctet(out: Uint8Array, at: number, n: number): number {
  const i = n << 2;
  // Three bytes always: what is too much is overwritten by what follows, and no branch is mispredicted.
  out[at] = OCTETS[i]!;
  out[at + 1] = OCTETS[i + 1]!;
  out[at + 2] = OCTETS[i + 2]!;
  return at + OCTETS[i + 3]!;
}

/** Writes an IPv4 address; returns the position behind it. */
export function writeAddress4(out: Uint8Array, at: number, word: number): number {
  let end = writeOctet(out, at, word >>> 24);
  out[end] = DOT;
  end = writeOctet(out, end + 1, (word >>> 16) & 255);
  out[end] = DOT;
  end = writeOctet(out, end + 1, (word >>> 8) & 255);
  out[end] = DOT;
  return writeOctet(out, end + 1, word & 255);
}

function writeGroup(out: Uint8Array, at: number, n: number): number {
  if (n >= 0x1000) out[at++] = HEX[n >> 12]!;
  if (n >= 0x100) out[at++] = HEX[(n >> 8) & 15]!;
  if (n >= 0x10) out[at++] = HEX[(n >> 4) & 15]!;
  out[at] = HEX[n & 15]!;
  return at + 1;
}

/** The eight groups of the address being written; not kept across calls. */
const groups = new Uint16Array(8);

/** Writes the IPv6 address in `words[from .. from + 3]`; returns the position behind it. */
export function writeAddress6(out: Uint8Array, at: number, words: Uint32Array, from: number): number {
  for (let i = 0; i < 4; i++) {
    const word = words[from + i]!;
    groups[i * 2] = word >>> 16;
    groups[i * 2 + 1] = word & 0xffff;
  }
  let zerosAt = -1;
  let zeros = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > zeros) {
      zerosAt = i;
      zeros = end - i;
    }
    if (end > i) i = end;
  }
  const mapped = zerosAt === 0 && zeros === 5 && groups[5] === 0xffff;
  let end = at;
  for (let i = 0; i < 8; i++) {
    if (i === zerosAt) {
      out[end++] = COLON;
      if (i === 0) out[end++] = COLON;
      i += zeros - 1;
      continue;
    }
    if (mapped && i === 6) return writeAddress4(out, end, words[from + 3]!);
    end = writeGroup(out, end, groups[i]!);
    if (i < 7) out[end++] = COLON;
  }
  return end;
}
