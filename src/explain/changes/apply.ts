/**
 * A change applied to the facts of a model.
 *
 * In:    a model and the steps of a change. Out: the model as it would be after them.
 * Holds: the model that was given stays as it is; steps are taken in their order. A step about something that the model does not have
 *        changes nothing and is noted.
 * Fails: FG_CHANGE_VALUE for words that mean nothing.
 */
import type { ChangeNote, ChangeStep } from '../../api/change.ts';
import type { AclEntryFact, AclFact } from '../../network/vpc/acls.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { GroupFact, RuleFact } from '../../network/vpc/groups.ts';
import type { Model } from '../../network/vpc/model.ts';
import type { RouteFact } from '../../network/vpc/routes.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import type { Change } from './change.ts';
import type { Place } from './traffic.ts';
import { cidrOf, entryFactOf, routeFactOf, ruleFactOf } from './traffic.ts';

/** Maps of a model, to be changed. */
type Draft = {
  readonly groups: Map<string, GroupFact>;
  readonly groupRules: Map<string, RuleFact>;
  readonly acls: Map<string, AclFact>;
  readonly routeTables: Map<string, Model['routeTables'] extends ReadonlyMap<string, infer T> ? T : never>;
  readonly prefixLists: Map<string, Model['prefixLists'] extends ReadonlyMap<string, infer T> ? T : never>;
  readonly interfaces: Map<string, Model['interfaces'] extends ReadonlyMap<string, infer T> ? T : never>;
};

/** The model after a change. */
export function applyChange(model: Model, change: Change): { model: Model; notes: readonly ChangeNote[] } {
  const draft: Draft = {
    groups: new Map(model.groups),
    groupRules: new Map(model.groupRules),
    acls: new Map(model.acls),
    routeTables: new Map(model.routeTables),
    prefixLists: new Map(model.prefixLists),
    interfaces: new Map(model.interfaces),
  };
  const notes: ChangeNote[] = [...change.notes];
  for (const [at, step] of change.steps.entries()) {
    const missing = take(draft, step, { name: change.name, path: `changes[${at}]` });
    if (missing !== null) notes.push({ kind: 'not-in-model', what: missing, step: at });
  }
  return { model: { ...model, ...draft }, notes };
}

/** Takes a step; what the model does not have, or null. */
function take(draft: Draft, step: ChangeStep, place: Place): string | null {
  switch (step.do) {
    case 'add-group':
      if (!draft.groups.has(step.group)) draft.groups.set(step.group, { id: step.group, vpcId: '', rules: [] });
      return null;
    case 'add-rule':
    case 'remove-rule':
    case 'replace-rules':
      return takeRule(draft, step, place);
    case 'add-entry':
    case 'replace-entry':
    case 'remove-entry':
    case 'replace-entries':
      return takeEntry(draft, step, place);
    case 'add-route':
    case 'replace-route':
    case 'remove-route':
    case 'replace-routes':
      return takeRoute(draft, step, place);
    case 'add-prefix':
    case 'remove-prefix':
    case 'replace-prefixes':
      return takePrefix(draft, step, place);
    case 'attach-group':
    case 'detach-group':
      return takeGroup(draft, step);
  }
}

function peerText({ peer }: RuleFact): string {
  return peer.kind === 'cidr' ? formatCidr(peer.cidr) : peer.id;
}

/** The same for rules that say the same. */
function trafficText(rule: RuleFact): string {
  const { direction, protocol, fromPort, toPort, icmpType, icmpCode } = rule;
  return `${direction} ${protocol} ${fromPort}-${toPort} ${icmpType}/${icmpCode} ${peerText(rule)}`;
}

/** The rules of a group, wherever the model has them; from then on they are all rules with ids. */
function rulesOf(draft: Draft, group: string): RuleFact[] {
  const own = [...draft.groupRules.values()].filter((rule) => rule.groupId === group);
  const fact = draft.groups.get(group);
  const rules = own.length > 0 ? own : [...(fact?.rules ?? [])];
  draft.groups.set(group, { id: group, vpcId: fact?.vpcId ?? '', rules: [] });
  for (const rule of rules) draft.groupRules.set(rule.id, rule);
  return rules;
}

function takeRule(
  draft: Draft,
  step: Extract<ChangeStep, { do: 'add-rule' | 'remove-rule' | 'replace-rules' }>,
  place: Place,
): string | null {
  if ('rule' in step) {
    for (const group of draft.groups.keys())
      if (draft.groupRules.has(step.rule)) break;
      else rulesOf(draft, group);
    return draft.groupRules.delete(step.rule) ? null : step.rule;
  }
  const isKnown =
    draft.groups.has(step.group) || [...draft.groupRules.values()].some((one) => one.groupId === step.group);
  const rules = rulesOf(draft, step.group);
  const add = (rule: RuleFact): void => {
    // The same traffic keeps the rule that it has.
    const same = rules.find((one) => trafficText(one) === trafficText(rule));
    draft.groupRules.set(same?.id ?? rule.id, same ?? rule);
  };
  if (step.do === 'replace-rules') {
    for (const one of rules) if (one.direction === step.direction) draft.groupRules.delete(one.id);
    for (const [at, words] of step.rules.entries()) {
      const inside = { ...place, path: `${place.path}.rules[${at}]` };
      add(ruleFactOf(step.group, { ...words, direction: step.direction }, inside));
    }
    return isKnown ? null : step.group;
  }
  if (step.do === 'add-rule') {
    add(ruleFactOf(step.group, step, place));
    return isKnown ? null : step.group;
  }
  const wanted = trafficText(ruleFactOf(step.group, step, place));
  const same = rules.filter((one) => trafficText(one) === wanted);
  for (const one of same) draft.groupRules.delete(one.id);
  return same.length > 0
    ? null
    : `${step.group} ${step.direction} ${step.protocol} ${step.ports ?? 'all'} ${step.peer}`;
}

function takeEntry(
  draft: Draft,
  step: Extract<ChangeStep, { do: 'add-entry' | 'replace-entry' | 'remove-entry' | 'replace-entries' }>,
  place: Place,
): string | null {
  const acl = draft.acls.get(step.acl);
  if (acl === undefined) return step.acl;
  const set = (entries: readonly AclEntryFact[]): null => {
    draft.acls.set(step.acl, { ...acl, entries: [...entries].sort((a, b) => a.order - b.order) });
    return null;
  };
  const isLast = (entry: AclEntryFact): boolean => entry.id.endsWith('/*');
  if (step.do === 'replace-entries') {
    const entries = step.entries.map((words, at) =>
      entryFactOf(
        step.acl,
        { ...words, direction: step.direction },
        { ...place, path: `${place.path}.entries[${at}]` },
      ),
    );
    return set([...acl.entries.filter((one) => one.direction !== step.direction || isLast(one)), ...entries]);
  }
  const others = acl.entries.filter(
    (one) => one.direction !== step.direction || one.order !== step.number || isLast(one),
  );
  if (step.do === 'remove-entry') {
    set(others);
    const way = step.direction === 'ingress' ? 'in' : 'out';
    return others.length < acl.entries.length ? null : `${step.acl}/${way}/${step.number}`;
  }
  return set([...others, entryFactOf(step.acl, step, place)]);
}

/** Of two routes to one block the first counts: local ones, those that were given, those that gateways brought. */
function rankOf(route: RouteFact): number {
  return route.kind === 'local' ? 0 : route.propagated ? 2 : 1;
}

function destinationText({ destination }: RouteFact): string {
  return typeof destination === 'string' ? destination : formatCidr(destination);
}

function takeRoute(
  draft: Draft,
  step: Extract<ChangeStep, { do: 'add-route' | 'replace-route' | 'remove-route' | 'replace-routes' }>,
  place: Place,
): string | null {
  const table = draft.routeTables.get(step.table);
  if (table === undefined) return step.table;
  const set = (routes: readonly RouteFact[]): null => {
    draft.routeTables.set(step.table, { ...table, routes: [...routes].sort((a, b) => rankOf(a) - rankOf(b)) });
    return null;
  };
  const fixed = table.routes.filter((route) => route.kind === 'local' || route.propagated);
  if (step.do === 'replace-routes') {
    const routes = step.routes.map((words, at) =>
      routeFactOf(words, { ...place, path: `${place.path}.routes[${at}]` }),
    );
    return set([...fixed, ...routes.filter((route) => route.kind !== 'local')]);
  }
  const wanted = step.destination.startsWith('pl-')
    ? step.destination
    : formatCidr(cidrOf(step.destination, 'destination', place));
  const others = table.routes.filter((route) => destinationText(route) !== wanted);
  if (step.do === 'remove-route') {
    set(others);
    return others.length < table.routes.length ? null : `${step.table} ${step.destination}`;
  }
  return set([...others, routeFactOf(step, place)]);
}

function takePrefix(
  draft: Draft,
  step: Extract<ChangeStep, { do: 'add-prefix' | 'remove-prefix' | 'replace-prefixes' }>,
  place: Place,
): string | null {
  const list = draft.prefixLists.get(step.list);
  if (!list) return step.list;
  const set = (entries: readonly Cidr[]): null => {
    draft.prefixLists.set(step.list, { ...list, entries });
    return null;
  };
  if (step.do === 'replace-prefixes') return set(step.cidrs.map((text) => cidrOf(text, 'cidrs', place)));
  const cidr = cidrOf(step.cidr, 'cidr', place);
  const others = list.entries.filter((one) => formatCidr(one) !== formatCidr(cidr));
  if (step.do === 'add-prefix') return set([...others, cidr]);
  set(others);
  return others.length < list.entries.length ? null : `${step.list} ${step.cidr}`;
}

function takeGroup(draft: Draft, step: Extract<ChangeStep, { do: 'attach-group' | 'detach-group' }>): string | null {
  const one = draft.interfaces.get(step.interface);
  if (one === undefined) return step.interface;
  const others = one.groupIds.filter((id) => id !== step.group);
  if (step.do === 'detach-group') {
    draft.interfaces.set(step.interface, { ...one, groupIds: others });
    return others.length < one.groupIds.length ? null : `${step.group} at ${step.interface}`;
  }
  draft.interfaces.set(step.interface, { ...one, groupIds: [...others, step.group] });
  return draft.groups.has(step.group) ? null : step.group;
}
