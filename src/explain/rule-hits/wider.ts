/**
 * Where a rule allows more than it was used for.
 *
 * In:    a rule and what was counted of it. Out: what it allows beside what was used; null where that is all of it.
 * Holds: a referenced group is as wide as its members are now. Numbers of addresses are text: IPv6 has more than a
 *        number holds. This is what was seen in the records at hand, and no more.
 */
import type { Wider } from '../../api/rule-hits.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Cidr, Rule } from '../../network/vpc/snapshot.ts';
import type { RuleTally } from './rule-tallies.ts';

/** What a rule allows and nobody used. */
export function widerThanUsed(rule: Rule, tally: RuleTally): Wider | null {
  const allowed = addressesOf(rule);
  const hasPorts = rule.protocol === 6 || rule.protocol === 17 || rule.protocol < 0;
  const ports = hasPorts ? { allowed: rule.toPort - rule.fromPort + 1, used: tally.ports.size } : null;
  const isWider = rule.protocol < 0 || (ports !== null && ports.used < ports.allowed) || BigInt(tally.peers) < allowed;
  if (!isWider) return null;
  return {
    ports,
    addresses: { allowed: allowed.toString(), used: tally.peers, within: tally.around.map(formatCidr) },
    protocols: rule.protocol < 0 ? tally.protocols : null,
  };
}

function addressesOf({ peer }: Rule): bigint {
  if (peer.kind === 'cidr') return sizeOf(peer.cidr);
  const blocks = peer.kind === 'prefix-list' ? peer.entries : peer.prefixes;
  const members = peer.kind === 'group' ? peer.members.length : 0;
  return blocks.reduce((sum, block) => sum + sizeOf(block), BigInt(members));
}

function sizeOf({ family, bits }: Cidr): bigint {
  return 1n << BigInt((family === 4 ? 32 : 128) - bits);
}
