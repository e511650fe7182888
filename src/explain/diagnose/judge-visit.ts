/**
 * What an interface says of a packet that leaves or enters it: controls, groups, ACL.
 *
 * In:    a visit. Out: its steps, in the order in which they are asked.
 * Holds: the first packet at an interface asks the groups; those after it, replies too, belong to its connection, unless
 *        the rule that admitted it is of the kind that is not tracked. ACLs judge each (rules V1, V3, V4).
 */
import type { NearMiss, PortRange, Reason, Stage, Step } from '../../api/explanation.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { AskedPacket } from '../../network/verdict/inquiry.ts';
import { nearMisses } from '../../network/verdict/near-misses.ts';
import { NONE } from '../../network/verdict/rule-index.ts';
import type { Address, Rule } from '../../network/vpc/snapshot.ts';
import { ALL_CLIENT_PORTS, icmpOf } from './flow.ts';
import { overPorts, rangesWhere } from './port-ranges.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

/** A packet at an interface. */
export type Visit = {
  readonly leg: 'request' | 'reply';
  readonly at: number;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** Null where the protocol has none. Of a reply a range: each of its ports may be the one. */
  readonly sourcePorts: PortRange | null;
  readonly ports: PortRange | null;
};

/** What became of it. */
export type Visited = Visit & {
  /** Controls, groups and ACL let it pass: its record says ACCEPT. */
  readonly passes: boolean;
  /** All before it let it come here. */
  readonly isReached: boolean;
};

/** What admitted the first packet of the conversation at an interface. */
export type Opened = { readonly rule: Rule | null; readonly isTracked: boolean };

/** Near misses that are told of a step. */
const MISSES = 5;

const NOTHING = { ruleId: null, leadsTo: null, asked: [], nearMisses: [], passingPorts: null } as const;

/**
 * @param opened  by interface; what is opened here is added
 */
export function judgeVisit(world: World, visit: Visit, opened: Map<number, Opened>): Step[] {
  const control = controlStep(world, visit);
  const groups = groupStep(world, visit, opened);
  const acl = aclStep(world, visit);
  const rules = visit.direction === 'egress' ? [groups, acl] : [acl, groups];
  return control === null ? rules : [control, ...rules];
}

function packetOf(visit: Visit, port: number): AskedPacket {
  return {
    protocol: visit.protocol,
    source: visit.source,
    destination: visit.destination,
    sourcePort: visit.sourcePorts?.[0] ?? 0,
    port,
    icmp: icmpOf(visit.protocol, visit.leg),
  };
}

const directionOf = (visit: Visit): number => (visit.direction === 'egress' ? EGRESS : INGRESS);

function stepOf(world: World, visit: Visit, stage: Stage, pass: boolean, reason: Reason, more: Partial<Step>): Step {
  const { leg, at, ports } = visit;
  return { ...NOTHING, leg, stage, interfaceId: interfaceAt(world, at).id, pass, reason, ports, ...more };
}

function controlStep(world: World, visit: Visit): Step | null {
  const said = world.inquiry.take(packetOf(visit, visit.ports?.[0] ?? 0)).control(visit.at, directionOf(visit));
  if (said === null) return null;
  const stage = said === 'EC' ? 'encryption-controls' : 'block-public-access';
  return stepOf(world, visit, stage, said === 'passes', 'control', { ports: null });
}

function missesOf(visit: Visit, rules: readonly Rule[], denied: number | null): NearMiss[] {
  const remote = visit.direction === 'egress' ? visit.destination : visit.source;
  const packet = { protocol: visit.protocol, remote, ports: visit.ports, icmp: icmpOf(visit.protocol, visit.leg) };
  return nearMisses(rules, packet, visit.direction, denied, MISSES).map(({ rule, differsIn }) => ({
    ruleId: rule.id,
    differsIn,
  }));
}

function groupStep(world: World, visit: Visit, opened: Map<number, Opened>): Step {
  const { inquiry, snapshot } = world;
  const { at } = visit;
  const stage = visit.direction === 'egress' ? 'sg-egress' : 'sg-ingress';
  const own = interfaceAt(world, at).groups.map((number) => snapshot.groups[number]!);
  const asked = own.map(({ id }) => id);
  const rules = own
    .flatMap((group) => (visit.direction === 'egress' ? group.egress : group.ingress))
    .map((number) => snapshot.rules[number]!);
  const before = opened.get(at);
  if (before?.isTracked)
    return stepOf(world, visit, stage, true, 'tracked', { asked, ruleId: before.rule?.id ?? null });
  const direction = directionOf(visit);
  const ask = (port: number): number | null => inquiry.take(packetOf(visit, port)).groups(at, direction);
  const first = ask(visit.ports?.[0] ?? 0);
  if (first === null) return stepOf(world, visit, stage, true, 'no-groups', {});
  const pieces = visit.ports === null ? [{ from: 0, to: 0, answer: first }] : overPorts(visit.ports, rules, ask);
  const pass = pieces.every(({ answer }) => answer !== NONE);
  if (before === undefined) {
    const isTracked = !pass || !inquiry.isUntracked(at, first, direction);
    opened.set(at, { rule: first > 0 ? (snapshot.rules[first] ?? null) : null, isTracked });
  }
  if (!pass)
    return stepOf(world, visit, stage, false, 'no-rule-fits', {
      asked,
      nearMisses: missesOf(visit, rules, null),
      passingPorts: passing(visit, pieces, (answer) => answer !== NONE),
    });
  const reason = first === 0 ? 'not-known' : before === undefined ? 'rule' : 'untracked';
  return stepOf(world, visit, stage, true, reason, { asked, ruleId: first === 0 ? null : snapshot.rules[first]!.id });
}

function aclStep(world: World, visit: Visit): Step {
  const { inquiry, snapshot } = world;
  const { at } = visit;
  const stage = visit.direction === 'egress' ? 'nacl-egress' : 'nacl-ingress';
  const acl = snapshot.acls[snapshot.subnets[interfaceAt(world, at).subnet]?.acl ?? 0]!;
  if (acl.number === 0) return stepOf(world, visit, stage, true, 'not-known', {});
  const asked = [acl.id];
  const rules = (visit.direction === 'egress' ? acl.egress : acl.ingress).map((number) => snapshot.rules[number]!);
  const direction = directionOf(visit);
  const ask = (port: number): number => inquiry.take(packetOf(visit, port)).acl(at, direction);
  const first = ask(visit.ports?.[0] ?? 0);
  if (first === 0) return stepOf(world, visit, stage, true, 'same-subnet', { asked });
  const pieces = visit.ports === null ? [{ from: 0, to: 0, answer: first }] : overPorts(visit.ports, rules, ask);
  const orderOf = (answer: number): number => snapshot.rules[-answer]?.order ?? 0;
  const [denied] = pieces.filter(({ answer }) => answer < 0).sort((a, b) => orderOf(a.answer) - orderOf(b.answer));
  const isReply = visit.leg === 'reply' && visit.ports !== null && visit.ports[0] !== visit.ports[1];
  const wide = isReply
    ? rangesWhere(overPorts(ALL_CLIENT_PORTS, rules, ask), (answer) => answer > 0)
    : passing(visit, pieces, (answer) => answer > 0);
  const rule = snapshot.rules[Math.abs(denied?.answer ?? first)]!;
  return stepOf(world, visit, stage, denied === undefined, 'rule', {
    asked,
    ruleId: rule.id,
    passingPorts: wide,
    nearMisses: denied === undefined ? [] : missesOf(visit, rules, rule.order),
  });
}

function passing<T>(
  visit: Visit,
  pieces: readonly { readonly from: number; readonly to: number; readonly answer: T }[],
  holds: (answer: T) => boolean,
): PortRange[] | null {
  return visit.ports === null || visit.ports[0] === visit.ports[1] ? null : rangesWhere(pieces, holds);
}
