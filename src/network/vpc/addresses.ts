/**
 * Addresses and address blocks as words.
 *
 * In:    the text of an IPv4 or IPv6 address or block. Out: one or four u32 words, most significant first; and text again.
 * Holds: a parsed block's host bits are 0; what prints here parses to the same words.
 * Fails: never; text that is no address gives null.
 */
import type { Address, Cidr } from './snapshot.ts';

const DOT = 46;
const ZERO = 48;
const COLON = 58;
const SMALL_A = 97;

/** The word that a part of a text is, -1 where it is no address. A model has many: no regular expression, no object. */
function parseIpv4(text: string, from: number, to: number): number {
  let word = 0;
  let byte = 0;
  let digits = 0;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0) return -1;
      word = word * 256 + byte;
      byte = 0;
      digits = 0;
      dots++;
    } else {
      const digit = code - ZERO;
      // Nothing follows a 0 that a byte begins with.
      if (digit < 0 || digit > 9 || (digits > 0 && byte === 0)) return -1;
      byte = byte * 10 + digit;
      digits++;
      if (byte > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? word * 256 + byte : -1;
}

/** The value of a hexadecimal digit, -1 where it is none. */
function hexOf(code: number): number {
  const digit = code - ZERO;
  if (digit >= 0 && digit <= 9) return digit;
  const letter = (code | 32) - SMALL_A;
  return letter >= 0 && letter <= 5 ? letter + 10 : -1;
}

/** The words of an address that ends before `to`, or null. */
function parseIpv6(text: string, to: number): number[] | null {
  const groups: number[] = [];
  let gap = -1;
  let at = 0;
  while (at < to) {
    if (text.charCodeAt(at) === COLON) {
      // Only a double colon can be here, and once: a single one is read behind its group.
      if (gap >= 0 || at + 1 >= to || text.charCodeAt(at + 1) !== COLON) return null;
      gap = groups.length;
      at += 2;
      continue;
    }
    const begin = at;
    let group = 0;
    for (let digit = 0; at < to && (digit = hexOf(text.charCodeAt(at))) >= 0; at++) group = group * 16 + digit;
    if (at < to && text.charCodeAt(at) === DOT) {
      const word = parseIpv4(text, begin, to);
      if (word < 0) return null;
      groups.push(word >>> 16, word & 0xffff);
      break;
    }
    if (at === begin || at - begin > 4) return null;
    groups.push(group);
    if (at === to) break;
    if (text.charCodeAt(at) !== COLON || at + 1 === to) return null;
    if (text.charCodeAt(at + 1) !== COLON) at++;
  }
  const missing = 8 - groups.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return null;
  if (gap >= 0) groups.splice(gap, 0, ...[0, 0, 0, 0, 0, 0, 0, 0].slice(0, missing));
  return [0, 2, 4, 6].map((i) => (((groups[i] as number) << 16) | (groups[i + 1] as number)) >>> 0);
}

/** The words of an address, or null. A zone (`fe80::1%eth0`) is not part of an address. */
export function parseAddress(text: string): Address | null {
  if (text.includes(':')) {
    const words = parseIpv6(text, text.length);
    return words && { family: 6, words };
  }
  const word = parseIpv4(text, 0, text.length);
  return word < 0 ? null : { family: 4, words: [word] };
}

/** The bits of word number `index` (0 most significant) that a prefix of `bits` covers, as a u32 mask. */
export function maskWord(bits: number, index: number): number {
  const covered = Math.min(32, Math.max(0, bits - index * 32));
  return covered === 0 ? 0 : (0xffffffff << (32 - covered)) >>> 0;
}

/** The prefix length at the end of a text, -1 where it is none. */
function parseBits(text: string, from: number, most: number): number {
  const digits = text.length - from;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(from) === ZERO)) return -1;
  let bits = 0;
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    bits = bits * 10 + digit;
  }
  return bits > most ? -1 : bits;
}

/** A block, or null. Host bits that are set are cleared, as EC2 does. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const word = parseIpv4(text, 0, slash);
  if (word >= 0) {
    const bits = parseBits(text, slash + 1, 32);
    return bits < 0 ? null : { family: 4, bits, words: [(word & maskWord(bits, 0)) >>> 0] };
  }
  const words = text.includes(':') ? parseIpv6(text, slash) : null;
  const bits = parseBits(text, slash + 1, 128);
  if (words === null || bits < 0) return null;
  return { family: 6, bits, words: words.map((part, i) => (part & maskWord(bits, i)) >>> 0) };
}

/** The block that holds one address only. */
export function hostCidr({ family, words }: Address): Cidr {
  return { family, bits: family === 4 ? 32 : 128, words };
}

/** Whether a block holds an address; blocks of the other family hold none. */
export function contains(cidr: Cidr, address: Address): boolean {
  if (cidr.family !== address.family) return false;
  return cidr.words.every((word, i) => ((address.words[i] ?? 0) & maskWord(cidr.bits, i)) >>> 0 === word);
}

/**
 * The text of an address, IPv6 as RFC 5952 wants it.
 *
 * For messages and ids; the printer of records has its own, which makes no strings.
 */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const word = address.words[0] ?? 0;
    return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.');
  }
  const groups = address.words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const text = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':');
  if (best.at < 0) return text(groups);
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
}

/** The text of a block. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr)}/${cidr.bits}`;
}
