/**
 * Rules that nearly admit a packet which no rule admits.
 *
 * In:    an interface, a direction, a packet. Out: rules of its groups and in what they differ, the nearest first.
 * Holds: a rule that differs in one thing is nearer than one that differs in two, and of ports the next is nearer. One
 *        that differs in all three is no near miss. Nothing is judged here.
 */
import { contains, hostCidr } from '../../network/vpc/addresses.ts';
import type { Address, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { ICMP, ICMP6 } from './judge-record.ts';

export type NearMiss = { readonly ruleId: string; readonly differsIn: readonly ('protocol' | 'port' | 'address')[] };

/** What a rule is asked for. */
export type AskedPacket = {
  readonly protocol: number;
  /** Destination port; null where it has none or none is known. */
  readonly port: number | null;
  readonly remote: Address;
};

const MOST = 3;

/** The nearest rules of an interface's groups. */
export function nearMisses(
  snapshot: VpcSnapshot,
  at: number,
  direction: 'ingress' | 'egress',
  packet: AskedPacket,
): NearMiss[] {
  const groups = snapshot.interfaces[at]?.groups ?? [];
  const rules = new Set(groups.flatMap((number) => snapshot.groups[number]?.[direction] ?? []));
  return [...rules]
    .flatMap((number) => {
      const rule = snapshot.rules[number];
      const found = rule === undefined ? null : missOf(rule, packet);
      return found === null ? [] : [found];
    })
    .sort((a, b) => a.differsIn.length - b.differsIn.length || a.far - b.far || (a.ruleId < b.ruleId ? -1 : 1))
    .slice(0, MOST)
    .map(({ ruleId, differsIn }) => ({ ruleId, differsIn }));
}

function missOf(rule: Rule, { protocol, port, remote }: AskedPacket): (NearMiss & { readonly far: number }) | null {
  const differsIn: ('protocol' | 'port' | 'address')[] = [];
  const isProtocol = rule.protocol < 0 || rule.protocol === protocol;
  if (!isProtocol) differsIn.push('protocol');
  const hasPort = port !== null && protocol !== ICMP && protocol !== ICMP6;
  const far = !hasPort ? 0 : Math.max(0, rule.fromPort - port, port - rule.toPort);
  if (far > 0 || (!hasPort && rule.icmpType >= 0)) differsIn.push('port');
  if (!holds(rule, remote)) differsIn.push('address');
  return differsIn.length === 0 || differsIn.length > 2 ? null : { ruleId: rule.id, differsIn, far };
}

function holds({ peer }: Rule, remote: Address): boolean {
  if (peer.kind === 'cidr') return contains(peer.cidr, remote);
  if (peer.kind === 'prefix-list') return peer.entries.some((cidr) => contains(cidr, remote));
  return [...peer.members.map(hostCidr), ...peer.prefixes].some((cidr) => contains(cidr, remote));
}
