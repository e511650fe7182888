/**
 * Steps of routing on the way there, and how traffic from beyond the model comes in.
 */
import type { Reason, Stage, Step } from '../../api/explanation.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Address } from '../../network/vpc/snapshot.ts';
import type { FlowEnd, Link } from './flow.ts';
import type { NextHop } from './next-hop.ts';
import { nextHop } from './next-hop.ts';
import type { World } from './world.ts';
import { holderIn, interfaceAt, publicOf, routeTableOf } from './world.ts';

/** A step that is no rule's. */
export function stepAt(
  world: World,
  leg: 'request' | 'reply',
  stage: Stage,
  at: number,
  pass: boolean,
  reason: Reason,
  more: Partial<Step> = {},
): Step {
  const interfaceId = at === 0 ? null : interfaceAt(world, at).id;
  return {
    leg,
    stage,
    interfaceId,
    ruleId: null,
    pass,
    reason,
    asked: [],
    leadsTo: null,
    ports: null,
    passingPorts: null,
    nearMisses: [],
    ...more,
  };
}

/** Whether two addresses are the same. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.words.every((word, i) => word === b.words[i]);
}

/** What a route says: its table, itself, where it leads. */
export function routeStep(world: World, leg: 'request' | 'reply', at: number, next: NextHop, pass: boolean): Step {
  const table = routeTableOf(world, at);
  const { route } = next;
  const asked = table === null ? [] : [table.id];
  if (route === null) return stepAt(world, leg, 'route', at, false, 'no-route', { asked });
  const reason = pass
    ? 'rule'
    : route.target.kind === 'blackhole'
      ? 'blackhole'
      : next.link === null
        ? 'not-in-zone'
        : 'leads-elsewhere';
  return stepAt(world, leg, 'route', at, pass, reason, {
    asked,
    ruleId: `${table?.id}/${formatCidr(route.destination)}`,
    leadsTo: { kind: route.target.kind, id: route.target.id },
  });
}

/** Whether an address is one that the internet does not carry. */
export function isPrivate({ family, words }: Address): boolean {
  const w = words[0] ?? 0;
  if (family === 6) return w >>> 25 === 0x7e || w >>> 22 === 0x3fa;
  return w >>> 24 === 10 || w >>> 20 === 0xac1 || w >>> 16 === 0xc0a8 || w >>> 22 === 0x191 || w >>> 16 === 0xa9fe;
}

/** How traffic of an address beyond the model comes to an interface, told by the way back to it. */
export function entryOf(world: World, from: Address, to: FlowEnd): { readonly link: Link; readonly steps: Step[] } {
  const { route } = nextHop(world, to.at, from);
  const kind = route?.target.kind ?? null;
  const leadsTo = route === null ? null : { kind: route.target.kind, id: route.target.id };
  if (kind === 'local') {
    const reason = holderIn(world, interfaceAt(world, to.at).vpc, from) === 0 ? 'nobody-holds-it' : 'held';
    return { link: 'local', steps: [stepAt(world, 'request', 'receiver', 0, true, reason)] };
  }
  const comesByGateway =
    kind !== null && !/^(internet-gateway|nat-gateway|egress-only.*|blackhole|interface)$/.test(kind);
  if (comesByGateway)
    return {
      link:
        kind === 'peering' || kind === 'peering-inter-region'
          ? 'peering'
          : kind === 'transit-gateway'
            ? 'transit'
            : 'gateway',
      steps: [stepAt(world, 'request', 'far-side', 0, true, 'not-known', { leadsTo })],
    };
  if (isPrivate(from)) return { link: 'gateway', steps: [stepAt(world, 'request', 'far-side', 0, true, 'not-known')] };
  if (to.address.family === 6) return { link: 'internet', steps: [] };
  const known = publicOf(world, to.at, to.address) !== null;
  return {
    link: 'internet',
    steps: [stepAt(world, 'request', 'public-address', to.at, known, known ? 'held' : 'none', { leadsTo })],
  };
}
