/**
 * What must be done to get from one network to another: the difference of two models, step by step.
 *
 * In:    the facts before and after a change, in whatever form the change came. Out: steps in our JSON, for people to keep and to
 *        replay, each with what the tools of AWS need to know besides.
 * Holds: what is added comes before what is taken away, so that nothing that shall pass is blocked in between. Applied to the
 *        model before, the steps give the one after. Only what rules and routes decide by is compared.
 */
import type { ChangeStep, EntryWords, RouteWords, RuleWords } from '../../api/change.ts';
import type { AclEntryFact } from '../../network/vpc/acls.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { RuleFact } from '../../network/vpc/groups.ts';
import type { Model } from '../../network/vpc/model.ts';
import type { RouteFact } from '../../network/vpc/routes.ts';

export type RuleStep = { readonly do: 'add-rule' | 'remove-rule'; readonly group: string } & RuleWords;
export type EntryStep = { readonly do: 'add-entry' | 'replace-entry'; readonly acl: string } & EntryWords;
type RouteStep = { readonly do: 'add-route' | 'replace-route'; readonly table: string } & RouteWords;

/** A step, and what commands need besides. */
export type Planned =
  /** `ruleId`: of a rule that goes its `sgr-…`; null where it has none. */
  | { readonly step: RuleStep; readonly ruleId: string | null }
  /** `groups`: all that the interface has then. */
  | {
      readonly step: {
        readonly do: 'attach-group' | 'detach-group';
        readonly group: string;
        readonly interface: string;
      };
      readonly groups: readonly string[];
    }
  | {
      readonly step:
        | EntryStep
        | RouteStep
        | Extract<ChangeStep, { do: 'add-group' | 'remove-entry' | 'remove-route' }>
        | { readonly do: 'add-prefix' | 'remove-prefix'; readonly list: string; readonly cidr: string };
    };

const WORDS: Readonly<Record<number, string>> = { [-1]: 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** The steps. */
export function planned(before: Model, after: Model): Planned[] {
  const all = [
    ...groupSteps(before, after),
    ...ruleSteps(before, after),
    ...entrySteps(before, after),
    ...routeSteps(before, after),
    ...prefixSteps(before, after),
    ...memberSteps(before, after),
  ];
  const takes = ({ step }: Planned): number => (/^(?:remove|detach)-/u.test(step.do) ? 1 : 0);
  return all.sort((a, b) => takes(a) - takes(b));
}

/** What one has and the other has not. */
const lacking = (has: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...has].filter((one) => !other.has(one));

function groupSteps(before: Model, after: Model): Planned[] {
  const made = [...after.groups.keys()].filter((id) => !before.groups.has(id));
  return made.map((group) => ({ step: { do: 'add-group', group } }));
}

/** Rules by what they say: one that says the same is the same, whatever its id. */
function rulesOf({ groups, groupRules }: Model): Map<string, RuleFact> {
  const own = new Map<string, RuleFact>();
  const apart = new Set<string>();
  for (const rule of groupRules.values()) {
    apart.add(rule.groupId);
    own.set(`${rule.groupId} ${JSON.stringify(ruleWords(rule))}`, rule);
  }
  for (const { id, rules } of groups.values())
    if (!apart.has(id)) for (const rule of rules) own.set(`${id} ${JSON.stringify(ruleWords(rule))}`, rule);
  return own;
}

function portsOf({ protocol, fromPort, toPort, icmpType, icmpCode }: AclEntryFact | RuleFact): { ports?: string } {
  if (icmpType >= 0) return { ports: icmpCode < 0 ? String(icmpType) : `${icmpType}/${icmpCode}` };
  const isAll = (protocol !== 6 && protocol !== 17) || (fromPort === 0 && toPort === 65535);
  return isAll ? {} : { ports: fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}` };
}

const protocolWord = (protocol: number): string => WORDS[protocol] ?? String(protocol);

function ruleWords(rule: RuleFact): RuleWords {
  return {
    direction: rule.direction,
    protocol: protocolWord(rule.protocol),
    ...portsOf(rule),
    peer: rule.peer.kind === 'cidr' ? formatCidr(rule.peer.cidr) : rule.peer.id,
  };
}

function ruleSteps(before: Model, after: Model): Planned[] {
  const [was, is] = [rulesOf(before), rulesOf(after)];
  const steps: Planned[] = [];
  for (const [key, rule] of is)
    if (!was.has(key)) steps.push({ step: { do: 'add-rule', group: rule.groupId, ...ruleWords(rule) }, ruleId: null });
  for (const [key, rule] of was)
    if (!is.has(key)) {
      const ruleId = rule.id.startsWith('sgr-') ? rule.id : null;
      steps.push({ step: { do: 'remove-rule', group: rule.groupId, ...ruleWords(rule) }, ruleId });
    }
  return steps;
}

function entryWords(entry: AclEntryFact): EntryWords {
  return {
    direction: entry.direction,
    number: entry.order,
    action: entry.allow ? 'allow' : 'deny',
    protocol: protocolWord(entry.protocol),
    ...portsOf(entry),
    cidr: formatCidr(entry.cidr),
  };
}

function entrySteps(before: Model, after: Model): Planned[] {
  const steps: Planned[] = [];
  for (const [acl, { entries }] of after.acls) {
    const was = new Map((before.acls.get(acl)?.entries ?? []).map((entry) => [entry.id, entry]));
    for (const entry of entries) {
      const old = was.get(entry.id);
      was.delete(entry.id);
      const words = entryWords(entry);
      if (old === undefined) steps.push({ step: { do: 'add-entry', acl, ...words } });
      else if (JSON.stringify(entryWords(old)) !== JSON.stringify(words))
        steps.push({ step: { do: 'replace-entry', acl, ...words } });
    }
    for (const { direction, order } of was.values())
      steps.push({ step: { do: 'remove-entry', acl, direction, number: order } });
  }
  return steps;
}

const destinationOf = ({ destination }: RouteFact): string =>
  typeof destination === 'string' ? destination : formatCidr(destination);

function routeSteps(before: Model, after: Model): Planned[] {
  const steps: Planned[] = [];
  for (const [table, { routes }] of after.routeTables) {
    const old = before.routeTables.get(table)?.routes ?? [];
    const was = new Map(old.map((route) => [destinationOf(route), route.targetId]));
    for (const route of routes) {
      const destination = destinationOf(route);
      const target = was.get(destination);
      was.delete(destination);
      if (target === route.targetId) continue;
      const verb = target === undefined ? 'add-route' : 'replace-route';
      steps.push({ step: { do: verb, table, destination, target: route.targetId } });
    }
    for (const destination of was.keys()) steps.push({ step: { do: 'remove-route', table, destination } });
  }
  return steps;
}

function prefixSteps(before: Model, after: Model): Planned[] {
  const steps: Planned[] = [];
  for (const [list, fact] of after.prefixLists) {
    const was = new Set((before.prefixLists.get(list)?.entries ?? []).map(formatCidr));
    const is = new Set((fact?.entries ?? []).map(formatCidr));
    for (const cidr of lacking(is, was)) steps.push({ step: { do: 'add-prefix', list, cidr } });
    for (const cidr of lacking(was, is)) steps.push({ step: { do: 'remove-prefix', list, cidr } });
  }
  return steps;
}

function memberSteps(before: Model, after: Model): Planned[] {
  const steps: Planned[] = [];
  for (const [id, { groupIds: groups }] of after.interfaces) {
    const was = new Set(before.interfaces.get(id)?.groupIds ?? []);
    const is = new Set(groups);
    for (const group of lacking(is, was)) steps.push({ step: { do: 'attach-group', group, interface: id }, groups });
    for (const group of lacking(was, is)) steps.push({ step: { do: 'detach-group', group, interface: id }, groups });
  }
  return steps;
}
