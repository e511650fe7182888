/**
 * The straightforward way: every rule of the network is looked at for each question, as a script over describe answers would.
 *
 * In:    a snapshot, two interfaces and a port. Out: whether a TCP connection from one to the other is let in both ways.
 * Holds: no index and nothing remembered; the same answer as the engine's, which the row checks.
 */
import { contains } from '../../src/network/vpc/addresses.ts';
import type { Address, Interface, Rule, VpcSnapshot } from '../../src/network/vpc/snapshot.ts';

const TCP = 6;

/** Ports of a reply that stand for all that a client may choose from. */
const REPLY_PORTS: readonly [number, number] = [32_768, 60_999];

/** Whether it is allowed, and rules that fit but for one aspect are collected on the way as a diagnosis does. */
export function isAllowed(snapshot: VpcSnapshot, fromId: string, toId: string, port: number): boolean {
  const from = snapshot.interfaces.find(({ id }) => id === fromId)!;
  const to = snapshot.interfaces.find(({ id }) => id === toId)!;
  const [source, destination] = [from.addresses[0]!, to.addresses[0]!];
  const isSame = from.subnet === to.subnet;
  const ports = [port, port] as const;
  return (
    isAdmitted(snapshot, from, 'egress', destination, ports) &&
    (isSame || passesAcl(snapshot, from, 'egress', destination, ports)) &&
    (isSame || passesAcl(snapshot, to, 'ingress', source, ports)) &&
    isAdmitted(snapshot, to, 'ingress', source, ports) &&
    (isSame || passesAcl(snapshot, to, 'egress', source, REPLY_PORTS)) &&
    (isSame || passesAcl(snapshot, from, 'ingress', destination, REPLY_PORTS))
  );
}

function fits(rule: Rule, remote: Address, [low, high]: readonly [number, number]): boolean {
  if (rule.protocol !== -1 && rule.protocol !== TCP) return false;
  if (high < rule.fromPort || low > rule.toPort) return false;
  const { peer } = rule;
  if (peer.kind === 'cidr') return contains(peer.cidr, remote);
  if (peer.kind === 'prefix-list') return peer.entries.some((block) => contains(block, remote));
  return peer.members.some(({ words }) => words[0] === remote.words[0]);
}

function isAdmitted(
  { rules, groups }: VpcSnapshot,
  own: Interface,
  direction: 'ingress' | 'egress',
  remote: Address,
  ports: readonly [number, number],
): boolean {
  const mine = new Set(own.groups.flatMap((number) => groups[number]![direction]));
  let found = false;
  for (const rule of rules) if (mine.has(rule.number) && fits(rule, remote, ports)) found = true;
  return found;
}

function passesAcl(
  { rules, acls, subnets }: VpcSnapshot,
  own: Interface,
  direction: 'ingress' | 'egress',
  remote: Address,
  ports: readonly [number, number],
): boolean {
  const acl = acls[subnets[own.subnet]!.acl]!;
  const mine = new Set(acl[direction]);
  const entries = rules.filter(({ number }) => mine.has(number)).sort((a, b) => a.order - b.order);
  return entries.find((rule) => fits(rule, remote, ports))?.allow === true;
}
