/**
 * Groups, their rules and network ACLs → numbered rules with their peers resolved.
 *
 * In:    facts. Out: rules, groups and ACLs of the snapshot.
 * Holds: `SecurityGroupRules` of a group replace its permissions. A group that is named and not given is not `known`:
 *        it lets all pass, and is noted (rule V1). A referenced group has the addresses that its members hold now.
 */
import type { AclEntryFact } from './acls.ts';
import type { Compilation } from './compile.ts';
import type { RuleFact } from './groups.ts';
import type { Address, Cidr, Peer } from './snapshot.ts';

type Members = { readonly members: readonly Address[]; readonly prefixes: readonly Cidr[] };

function membersByGroup(c: Compilation): Map<string, { members: Address[]; prefixes: Cidr[] }> {
  const found = new Map<string, { members: Address[]; prefixes: Cidr[] }>();
  for (const one of c.model.interfaces.values())
    for (const id of one.groupIds) {
      const entry = found.get(id) ?? { members: [], prefixes: [] };
      entry.members.push(...one.addresses);
      entry.prefixes.push(...one.prefixes);
      found.set(id, entry);
    }
  return found;
}

/** Finds peers of rules; rules with the same peer share it. */
function createPeers(c: Compilation, members: ReadonlyMap<string, Members>): (rule: RuleFact) => Peer {
  const blocks = new Map<Cidr, Peer>();
  const named = new Map<string, Peer>();
  const shared = <K>(known: Map<K, Peer>, key: K, make: () => Peer): Peer => {
    const peer = known.get(key) ?? make();
    known.set(key, peer);
    return peer;
  };
  return ({ id: ruleId, peer }: RuleFact): Peer => {
    if (peer.kind === 'cidr') return shared(blocks, peer.cidr, () => peer);
    const { id } = peer;
    if (peer.kind === 'prefix-list') {
      const list = c.model.prefixLists.get(id);
      if (!list) c.note(`${id}: its entries are not given; ${ruleId} lets nothing pass`);
      return shared(named, id, () => ({ kind: 'prefix-list', id, entries: list?.entries ?? [] }));
    }
    const found = members.get(id);
    if (!found && !c.model.groups.has(id))
      c.note(`${id}: neither it nor an interface in it is given; ${ruleId} lets nothing pass`);
    return shared(named, `group ${id}`, () => ({
      kind: 'group',
      id,
      members: found?.members ?? [],
      prefixes: found?.prefixes ?? [],
    }));
  };
}

/** Adds all groups that are given, have rules, or are named by an interface. */
export function compileGroups(c: Compilation): void {
  const { model } = c;
  const members = membersByGroup(c);
  const peerOf = createPeers(c, members);
  const own = Map.groupBy(model.groupRules.values(), (rule) => rule.groupId);
  const add = (rule: RuleFact): number => {
    const { id, direction, protocol, fromPort, toPort, icmpType, icmpCode } = rule;
    const number = c.rules.numberOf(id);
    const traffic = { protocol, fromPort, toPort, icmpType, icmpCode };
    c.rules.set({ number, id, direction, allow: true, order: 0, ...traffic, peer: peerOf(rule) });
    return number;
  };
  for (const id of new Set([...model.groups.keys(), ...own.keys(), ...members.keys()])) {
    const fact = model.groups.get(id);
    const rules = own.get(id) ?? fact?.rules ?? [];
    const known = fact !== undefined || own.has(id);
    if (!known) c.note(`${id}: named and not given; it lets all pass`);
    const numbers = (direction: 'ingress' | 'egress'): number[] =>
      rules.filter((rule) => rule.direction === direction).map((rule) => add(rule));
    c.groups.set({
      number: c.groups.numberOf(id),
      id,
      vpcId: fact?.vpcId ?? '',
      known,
      ingress: numbers('ingress'),
      egress: numbers('egress'),
    });
  }
}

/** Adds all ACLs that are given. */
export function compileAcls(c: Compilation): void {
  for (const fact of c.model.acls.values()) {
    const add = (entry: AclEntryFact): number => {
      const { id, direction, allow, order, protocol, fromPort, toPort, icmpType, icmpCode, cidr } = entry;
      const number = c.rules.numberOf(id);
      const traffic = { protocol, fromPort, toPort, icmpType, icmpCode };
      c.rules.set({ number, id, direction, allow, order, ...traffic, peer: { kind: 'cidr', cidr } });
      return number;
    };
    const numbers = (direction: 'ingress' | 'egress'): number[] =>
      fact.entries.filter((entry) => entry.direction === direction).map(add);
    c.acls.set({
      number: c.acls.numberOf(fact.id),
      id: fact.id,
      known: true,
      ingress: numbers('ingress'),
      egress: numbers('egress'),
    });
  }
}
