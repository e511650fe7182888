/**
 * What rules look for, in the words of `nft`.
 *
 * In:    rules and addresses of a snapshot. Out: text; null where nothing can fit in a family.
 */
import { formatAddress, formatCidr } from '../../network/vpc/addresses.ts';
import { contains } from '../../network/vpc/addresses.ts';
import type { Cidr, Rule } from '../../network/vpc/snapshot.ts';

const TCP = 6;
const UDP = 17;
const SCTP = 132;
const WITH_PORTS = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [SCTP, 'sctp'],
]);
const ICMP = { 4: 1, 6: 58 } as const;

/** `0x…`, as marks are written. */
export function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}

/** `ip saddr`, and the like. */
export function addressField(family: 4 | 6, end: 'saddr' | 'daddr'): string {
  return `${family === 4 ? 'ip' : 'ip6'} ${end}`;
}

/** A block; a host without its length. */
export function blockText(cidr: Cidr): string {
  const isHost = cidr.bits === (cidr.family === 4 ? 32 : 128);
  return isHost ? formatAddress(cidr) : formatCidr(cidr);
}

/** Blocks without those that others hold: nft takes no two that overlap. */
export function disjoint(cidrs: readonly Cidr[], family: 4 | 6): Cidr[] {
  const kept: Cidr[] = [];
  for (const cidr of cidrs.filter((one) => one.family === family).sort((a, b) => a.bits - b.bits))
    if (!kept.some((one) => contains(one, cidr))) kept.push(cidr);
  return kept;
}

/** `{ 10.0.0.1, 10.0.1.0/24 }`. */
export function listText(cidrs: readonly Cidr[]): string {
  return `{ ${cidrs.map(blockText).join(', ')} }`;
}

/** Text that matches an address; '' where all do. */
export function blockMatch(cidr: Cidr, end: 'saddr' | 'daddr'): string {
  return cidr.bits === 0 ? '' : `${addressField(cidr.family, end)} ${blockText(cidr)}`;
}

/** Text that matches protocol, ports, ICMP type and code of a rule; '' where all do, null where none does. */
export function upperMatch(rule: Rule, family: 4 | 6): string | null {
  const { protocol, fromPort, toPort, icmpType, icmpCode } = rule;
  if (protocol === -1) return '';
  const word = WITH_PORTS.get(protocol);
  const isWhole = fromPort === 0 && toPort === 65535;
  if (word !== undefined && !isWhole)
    return `${word} dport ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
  const isIcmp = protocol === ICMP[4] || protocol === ICMP[6];
  if (!isIcmp || icmpType < 0) return `meta l4proto ${protocol}`;
  if (protocol !== ICMP[family]) return null;
  const icmp = family === 4 ? 'icmp' : 'icmpv6';
  return `${icmp} type ${icmpType}${icmpCode < 0 ? '' : ` ${icmp} code ${icmpCode}`}`;
}

/** One text of several that may be empty. */
export function together(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
