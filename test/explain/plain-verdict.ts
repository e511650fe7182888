/**
 * Rules asked one after the other: what the engine is compared with, in tests and benchmarks.
 *
 * In:    a snapshot, an interface, a packet as objects. Out: whether groups and ACL let it pass.
 * Holds: nothing of network/verdict is used, and nothing is prepared: each rule is looked at for each packet.
 */
import type { Address, Cidr, Interface, Peer, Rule, VpcSnapshot } from '../../src/network/vpc/snapshot.ts';

/** A packet that would open a conversation, or its reply. */
export type PlainPacket = {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: number;
  readonly remote: Address;
  readonly local: Address;
  /** Destination port. */
  readonly port: number;
};

function bitAt(words: readonly number[], bit: number): number {
  return ((words[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1;
}

function holds(cidr: Cidr, address: Address): boolean {
  if (cidr.family !== address.family) return false;
  for (let bit = 0; bit < cidr.bits; bit++) if (bitAt(cidr.words, bit) !== bitAt(address.words, bit)) return false;
  return true;
}

function fitsPeer(peer: Peer, remote: Address): boolean {
  if (peer.kind === 'cidr') return holds(peer.cidr, remote);
  if (peer.kind === 'prefix-list') return peer.entries.some((entry) => holds(entry, remote));
  const full = remote.family === 4 ? 32 : 128;
  return (
    peer.members.some((member) => holds({ ...member, bits: full }, remote)) ||
    peer.prefixes.some((prefix) => holds(prefix, remote))
  );
}

function fitsTraffic(rule: Rule, protocol: number, port: number): boolean {
  if (rule.protocol === -1) return true;
  if (rule.protocol !== protocol) return false;
  if (protocol !== 6 && protocol !== 17) return true;
  return port >= rule.fromPort && port <= rule.toPort;
}

/** Whether a group rule admits it. */
export function plainGroups({ groups, rules }: VpcSnapshot, one: Interface, packet: PlainPacket): boolean {
  if (one.groups.length === 0) return true;
  for (const number of one.groups) {
    const group = groups[number];
    if (!group || !group.known) return true;
    for (const of of packet.direction === 'ingress' ? group.ingress : group.egress) {
      const rule = rules[of];
      if (rule && fitsTraffic(rule, packet.protocol, packet.port) && fitsPeer(rule.peer, packet.remote)) return true;
    }
  }
  return false;
}

/** Whether the ACL lets it pass. */
export function plainAcl({ subnets, acls, rules }: VpcSnapshot, one: Interface, packet: PlainPacket): boolean {
  const subnet = subnets[one.subnet];
  const acl = acls[subnet?.acl ?? 0];
  if (!subnet || !acl?.known) return true;
  const inside = (address: Address): boolean => subnet.cidrs.some((cidr) => holds(cidr, address));
  if (inside(packet.local) && inside(packet.remote)) return true;
  for (const number of packet.direction === 'ingress' ? acl.ingress : acl.egress) {
    const entry = rules[number];
    if (!entry) continue;
    // The last entry is for both families.
    const isLast = entry.id.endsWith('/*');
    if (isLast || (fitsTraffic(entry, packet.protocol, packet.port) && fitsPeer(entry.peer, packet.remote)))
      return entry.allow;
  }
  return true;
}

/** Request and reply of a conversation at an interface: whether each passes. */
export function plainConversation(
  snapshot: VpcSnapshot,
  one: Interface,
  request: PlainPacket,
  replyPort: number,
): readonly [request: boolean, reply: boolean] {
  const reply: PlainPacket = {
    ...request,
    direction: request.direction === 'ingress' ? 'egress' : 'ingress',
    port: replyPort,
  };
  return [plainGroups(snapshot, one, request) && plainAcl(snapshot, one, request), plainAcl(snapshot, one, reply)];
}
