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
import type { Address, Cidr, Peer, Rule } from './snapshot.ts';

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

/** Finds peers of rules; rules that name the same list or group share it. */
function createPeers(c: Compilation, members: ReadonlyMap<string, Members>): (rule: RuleFact) => Peer {
  const named = new Map<string, Peer>();
  const shared = (key: string, make: () => Peer): Peer => {
    const peer = named.get(key) ?? make();
    named.set(key, peer);
    return peer;
  };
  return ({ id: ruleId, peer }: RuleFact): Peer => {
    if (peer.kind === 'cidr') return peer;
    const { id } = peer;
    if (peer.kind === 'prefix-list') {
      const list = c.model.prefixLists.get(id);
      if (!list) c.note(`${id}: its entries are not given; ${ruleId} lets nothing pass`);
      return shared(id, () => ({ kind: 'prefix-list', id, entries: list?.entries ?? [] }));
    }
    if (peer.peering !== undefined) {
      c.note(`${id}: behind a peering connection that is ${peer.peering}; ${ruleId} lets nothing pass`);
      return { kind: 'group', id, members: [], prefixes: [] };
    }
    const found = members.get(id);
    if (!found && !c.model.groups.has(id))
      c.note(`${id}: neither it nor an interface in it is given; ${ruleId} lets nothing pass`);
    return shared(`group ${id}`, () => ({
      kind: 'group',
      id,
      members: found?.members ?? [],
      prefixes: found?.prefixes ?? [],
    }));
  };
}

/** One shape for all, made without intermediate objects: there are many. */
function ruleOf(number: number, fact: RuleFact | AclEntryFact, allow: boolean, order: number, peer: Peer): Rule {
  return {
    number,
    id: fact.id,
    direction: fact.direction,
    allow,
    order,
    protocol: fact.protocol,
    fromPort: fact.fromPort,
    toPort: fact.toPort,
    icmpType: fact.icmpType,
    icmpCode: fact.icmpCode,
    peer,
  };
}

/** Adds all groups that are given, have rules, or are named by an interface. */
export function compileGroups(c: Compilation): void {
  const { model } = c;
  const members = membersByGroup(c);
  const peerOf = createPeers(c, members);
  const own = Map.groupBy(model.groupRules.values(), (rule) => rule.groupId);
  for (const id of new Set([...model.groups.keys(), ...own.keys(), ...members.keys()])) {
    const fact = model.groups.get(id);
    const rules = own.get(id) ?? fact?.rules ?? [];
    const known = fact !== undefined || own.has(id);
    if (!known) c.note(`${id}: named and not given; it lets all pass`);
    const numbers = (direction: 'ingress' | 'egress'): number[] =>
      rules
        .filter((rule) => rule.direction === direction)
        .map((rule) => c.rules.add(rule.id, (number) => ruleOf(number, rule, true, 0, peerOf(rule))));
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
    const numbers = (direction: 'ingress' | 'egress'): number[] =>
      fact.entries
        .filter((entry) => entry.direction === direction)
        .map((entry) => {
          const peer = { kind: 'cidr', cidr: entry.cidr } as const;
          return c.rules.add(entry.id, (number) => ruleOf(number, entry, entry.allow, entry.order, peer));
        });
    c.acls.set({
      number: c.acls.numberOf(fact.id),
      id: fact.id,
      known: true,
      ingress: numbers('ingress'),
      egress: numbers('egress'),
    });
  }
}
