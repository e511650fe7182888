/**
 * Addresses and address blocks as words.
 *
 * In:    the text of an IPv4 or IPv6 address or block. Out: one or four u32 words, most significant first; and text again.
 * Holds: a parsed block's host bits are 0; what prints here parses to the same words.
 * Fails: never; text that is no address gives null.
 */
import type { Address, Cidr } from './snapshot.ts';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseIpv4(text: string): number | null {
  const match = IPV4.exec(text);
  if (!match) return null;
  let word = 0;
  for (let i = 1; i <= 4; i++) {
    const part = match[i] ?? '';
    const byte = Number(part);
    if (byte > 255 || (part.length > 1 && part.startsWith('0'))) return null;
    word = word * 256 + byte;
  }
  return word;
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [position, part] of parts.entries()) {
    if (part.includes('.')) {
      const word = position === parts.length - 1 ? parseIpv4(part) : null;
      if (word === null) return null;
      groups.push(word >>> 16, word & 0xffff);
    } else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parseIpv6(text: string): number[] | null {
  const gap = text.indexOf('::');
  const head = parseGroups(gap < 0 ? text : text.slice(0, gap));
  const tail = gap < 0 ? [] : parseGroups(text.slice(gap + 2));
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return [0, 2, 4, 6].map((i) => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0);
}

/** The words of an address, or null. A zone (`fe80::1%eth0`) is not part of an address. */
export function parseAddress(text: string): Address | null {
  if (text.includes(':')) {
    const words = parseIpv6(text);
    return words && { family: 6, words };
  }
  const word = parseIpv4(text);
  return word === null ? null : { family: 4, words: [word] };
}

/** The bits of word number `index` (0 most significant) that a prefix of `bits` covers, as a u32 mask. */
export function maskWord(bits: number, index: number): number {
  const covered = Math.min(32, Math.max(0, bits - index * 32));
  return covered === 0 ? 0 : (0xffffffff << (32 - covered)) >>> 0;
}

/** A block, or null. Host bits that are set are cleared, as EC2 does. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const address = parseAddress(text.slice(0, slash));
  const bitsText = text.slice(slash + 1);
  const bits = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : 999;
  if (!address || bits > (address.family === 4 ? 32 : 128)) return null;
  return { family: address.family, bits, words: address.words.map((word, i) => (word & maskWord(bits, i)) >>> 0) };
}

/** The block that holds one address only. */
export function hostCidr(address: Address): Cidr {
  return { ...address, bits: address.family === 4 ? 32 : 128 };
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
