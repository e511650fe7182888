/**
 * Network ACLs as chains (rule V1).
 *
 * In:    an interface of a snapshot, a direction. Out: a chain that returns for what passes and leads to the reject else.
 * Holds: entries stand in their order, the last one denies the rest. Not asked where both addresses lie in the subnet. An
 *        interface has chains of its own, for a reject names it.
 */
import type { Decision, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { REJECT_CHAIN } from '../privileged/nft-script.ts';
import type { DecisionBook } from './book.ts';
import type { Side } from './compile-groups.ts';
import { addressField, blockMatch, disjoint, hex, listText, together, upperMatch } from './matches.ts';
import type { Rules } from './ruleset.ts';

/**
 * Adds the chain of an interface's ACL.
 *
 * @param named  true: entries that pass are what decides, so they are named (an interface without groups)
 * @returns      false where no ACL is asked; then there is no chain
 */
export function addAclChain(
  { interfaces, subnets, acls, rules }: VpcSnapshot,
  at: number,
  side: Side,
  name: string,
  named: boolean,
  book: DecisionBook,
  to: Rules,
): boolean {
  const subnet = subnets[interfaces[at]!.subnet];
  const acl = acls[subnet?.acl ?? 0];
  const entries = acl?.[side] ?? [];
  if (subnet === undefined || entries.length === 0) return false;
  const decision = (rule: Rule, action: 'ACCEPT' | 'REJECT'): Decision => ({
    interface: at,
    direction: side,
    action,
    stage: side === 'ingress' ? 'nacl-ingress' : 'nacl-egress',
    rule: rule.number,
    rejectReason: null,
    source: 'kernel',
  });
  const lines: string[] = [];
  for (const family of [4, 6] as const) {
    const blocks = disjoint(subnet.cidrs, family);
    const [from, into] = [addressField(family, 'saddr'), addressField(family, 'daddr')];
    if (blocks.length > 0) lines.push(`${from} ${listText(blocks)} ${into} ${listText(blocks)} return`);
  }
  for (const number of entries.slice(0, -1)) {
    const rule = rules[number]!;
    if (rule.peer.kind !== 'cidr') continue;
    const { cidr } = rule.peer;
    const upper = upperMatch(rule, cidr.family);
    if (upper === null) continue;
    const remote = blockMatch(cidr, side === 'ingress' ? 'saddr' : 'daddr') || `meta nfproto ipv${cidr.family}`;
    lines.push(together(remote, upper, rule.allow ? pass(rule) : deny(rule)));
  }
  lines.push(deny(rules[entries.at(-1)!]!));
  to.chain(name, lines);
  return true;

  function pass(rule: Rule): string {
    return named ? `meta mark set ${hex(book.mark(decision(rule, 'ACCEPT')))} return` : 'return';
  }
  function deny(rule: Rule): string {
    return `meta mark set ${hex(book.mark(decision(rule, 'REJECT')))} goto ${REJECT_CHAIN}`;
  }
}
