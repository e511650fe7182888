/**
 * Rules that fit a packet but for one or two aspects.
 *
 * In:    rules of a group or an ACL, and a packet that none of them lets pass. Out: those that come nearest, nearest first.
 * Holds: asked only where a step failed; it decides nothing. An ACL's entry that would let it pass and stands behind the
 *        one that denies differs in `order`.
 */
import { contains } from '../vpc/addresses.ts';
import type { Address, Rule } from '../vpc/snapshot.ts';

/** A packet, or the packets to a range of ports. */
export type MissedPacket = {
  readonly protocol: number;
  /** The far end: source of what comes in, destination of what goes out. */
  readonly remote: Address;
  readonly ports: readonly [from: number, to: number] | null;
  readonly icmp: number | null;
};

export type Miss = { readonly rule: Rule; readonly differsIn: readonly string[] };

const MOST_ASPECTS = 2;
const ICMP = 1;
const ICMP6 = 58;
const WITH_PORTS = new Set([6, 17]);

/**
 * @param denied  place of the entry that denied, of an ACL; null for groups
 * @param most    how many are wanted
 */
export function nearMisses(
  rules: readonly Rule[],
  packet: MissedPacket,
  direction: 'ingress' | 'egress',
  denied: number | null,
  most: number,
): Miss[] {
  const misses: Miss[] = [];
  for (const rule of rules) {
    if (!rule.allow || rule.direction !== direction) continue;
    const differsIn = aspectsOf(rule, packet);
    if (denied !== null && rule.order > denied) differsIn.push('order');
    if (differsIn.length > 0 && differsIn.length <= MOST_ASPECTS) misses.push({ rule, differsIn });
  }
  return misses.sort((a, b) => a.differsIn.length - b.differsIn.length).slice(0, most);
}

function aspectsOf(rule: Rule, packet: MissedPacket): string[] {
  const aspects: string[] = [];
  const peer = peerAspect(rule, packet.remote);
  if (peer !== null) aspects.push(peer);
  const isProtocol = rule.protocol === -1 || rule.protocol === packet.protocol;
  if (!isProtocol) aspects.push('protocol');
  if (packet.ports !== null && (isProtocol || WITH_PORTS.has(rule.protocol))) {
    const [from, to] = packet.ports;
    if (from < rule.fromPort || to > rule.toPort) aspects.push('port');
  }
  const isIcmp = packet.protocol === ICMP || packet.protocol === ICMP6;
  if (isIcmp && isProtocol && packet.icmp !== null && !fitsIcmp(rule, packet.icmp)) aspects.push('icmp-type');
  return aspects;
}

function fitsIcmp(rule: Rule, icmp: number): boolean {
  return (rule.icmpType < 0 || rule.icmpType === icmp >> 8) && (rule.icmpCode < 0 || rule.icmpCode === (icmp & 0xff));
}

/** `source` or `destination`, `family`, or null where the peer holds the address. */
function peerAspect({ peer, direction }: Rule, remote: Address): string | null {
  const other = direction === 'ingress' ? 'source' : 'destination';
  if (peer.kind === 'cidr') {
    if (peer.cidr.family !== remote.family) return 'family';
    return contains(peer.cidr, remote) ? null : other;
  }
  const blocks = peer.kind === 'prefix-list' ? peer.entries : peer.prefixes;
  if (blocks.some((block) => contains(block, remote))) return null;
  if (peer.kind === 'prefix-list') return blocks.some(({ family }) => family === remote.family) ? other : 'family';
  const isHeld = peer.members.some(
    ({ family, words }) => family === remote.family && words.every((word, i) => word === remote.words[i]),
  );
  return isHeld ? null : other;
}
