/**
 * What addresses are printed from: IPv4 dotted, IPv6 by RFC 5952.
 *
 * In:    nothing. Out: tables for `print-loops.ts`.
 * Holds: IPv6 is lower case, without leading zeros, the longest run of at least two zero groups (the first of equals)
 *        is `::`, and IPv4-mapped addresses have their last four octets dotted (RFC 5952, section 5).
 */

/** Most bytes of an address as text. */
export const ADDRESS_WIDTH = 45;

/** "0." to "255.", the first character in the lowest byte; the top two bits say how many digits. */
export const OCTET_TEXTS: Uint32Array<ArrayBuffer> = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  const text = `${n}.`;
  for (let i = 0; i < text.length; i++) OCTET_TEXTS[n]! |= text.charCodeAt(i) << (i * 8);
  OCTET_TEXTS[n]! |= (text.length - 1) << 30;
}

/** "00" to "ff", the first character in the lower byte. */
export const HEX_PAIRS: Uint16Array<ArrayBuffer> = new Uint16Array(256);
for (let n = 0; n < 256; n++) {
  const text = n.toString(16).padStart(2, '0');
  HEX_PAIRS[n] = text.charCodeAt(0) | (text.charCodeAt(1) << 8);
}

/** By which of the eight groups are zero (bit 7 is the first): first group of what `::` stands for and how many, as `first << 4 | groups`; 0 none. */
export const ZERO_RUN_OF: Uint8Array<ArrayBuffer> = new Uint8Array(256);
for (let zeros = 0; zeros < 256; zeros++) {
  let longest = 1;
  for (let first = 0; first < 8; first++) {
    let groups = 0;
    while (first + groups < 8 && (zeros & (128 >> (first + groups))) !== 0) groups++;
    if (groups <= longest) continue;
    longest = groups;
    ZERO_RUN_OF[zeros] = (first << 4) | groups;
  }
}
