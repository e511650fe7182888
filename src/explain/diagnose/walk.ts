/**
 * The way of a conversation: the request hop by hop, then its reply back along the same hops.
 *
 * In:    a flow whose ends are known. Out: every step, and where each interface saw it.
 * Holds: nothing ends at a step that does not pass: what is behind it is asked as if it had, so that all that is in the
 *        way is known at once. A NAT gateway gives the request its own address and ports.
 */
import type { PortRange, Step } from '../../api/explanation.ts';
import type { Address } from '../../network/vpc/snapshot.ts';
import type { Flow, FlowEnd, Hop, Link, Stretch } from './flow.ts';
import { ALL_CLIENT_PORTS, icmpOf } from './flow.ts';
import type { Opened, Visit, Visited } from './judge-visit.ts';
import { judgeVisit } from './judge-visit.ts';
import type { NextHop } from './next-hop.ts';
import { nextHop } from './next-hop.ts';
import { returnStep } from './return-route.ts';
import { entryOf, routeStep, stepAt } from './route-step.ts';
import type { World } from './world.ts';
import { interfaceAt, publicOf } from './world.ts';

export type Walked = {
  readonly steps: readonly Step[];
  readonly visits: readonly Visited[];
  readonly hops: readonly Hop[];
};

/** A packet that is passed on more often goes in a circle. */
const MOST_HOPS = 6;

/** Follows a flow. */
export function walk(world: World, flow: Flow): Walked {
  const walker = new Walker(world, flow);
  walker.request();
  walker.reply();
  return walker;
}

class Walker {
  readonly steps: Step[] = [];
  readonly visits: Visited[] = [];
  readonly hops: Hop[] = [];
  readonly #world: World;
  readonly #flow: Flow;
  readonly #opened = new Map<number, Opened>();
  /** Nothing so far has stopped it. */
  #isOpen = true;

  constructor(world: World, flow: Flow) {
    this.#world = world;
    this.#flow = flow;
  }

  request(): void {
    const { from, to, sourcePorts } = this.#flow;
    if (from.at === 0) this.#enter({ source: from.address, destination: heldBy(this.#world, to), sourcePorts });
    else this.#begin({ source: heldBy(this.#world, from), destination: to.address, sourcePorts });
  }

  /** From beyond the model to an interface of it. */
  #enter(stretch: Stretch): void {
    const { from, to } = this.#flow;
    const { link, steps } = entryOf(this.#world, from.address, { at: to.at, address: stretch.destination });
    this.steps.push(...steps);
    this.#isOpen = steps.every(({ pass }) => pass);
    this.#arrive({ at: to.at, entered: stretch, left: null, cameBy: link, cameFrom: 0 });
  }

  #begin(stretch: Stretch): void {
    const { from } = this.#flow;
    this.#neverLogged(from.at, stretch);
    let hop: Hop = { at: from.at, entered: null, left: stretch, cameBy: null, cameFrom: 0 };
    for (let i = 0; i < MOST_HOPS; i++) {
      const next = this.#leave(hop);
      if (next === null) return;
      hop = next;
    }
  }

  #neverLogged(at: number, { source, destination, sourcePorts }: Stretch): void {
    const { protocol, port } = this.#flow;
    const asked = { protocol, source, destination, sourcePort: sourcePorts?.[0] ?? 0, port: port ?? 0 };
    const kind = this.#world.inquiry.take({ ...asked, icmp: icmpOf(protocol, 'request') }).neverLogged(at);
    if (kind !== null)
      this.steps.push(stepAt(this.#world, 'request', 'never-logged', at, true, 'never-logged', { asked: [kind] }));
  }

  /** The request leaves an interface; where it goes through one more, that one. */
  #leave(hop: Hop): Hop | null {
    const world = this.#world;
    const { to } = this.#flow;
    const left = hop.left as Stretch;
    const next = nextHop(world, hop.at, left.destination);
    const isAppliance = next.link === 'appliance' && next.at !== 0 && next.at !== to.at && next.at !== hop.at;
    const arrivesAt = isAppliance ? 0 : to.at;
    const isLost = next.link === null || (arrivesAt !== 0 && next.at !== arrivesAt);
    this.steps.push(routeStep(world, 'request', hop.at, next, !isLost));
    this.#judge(this.#visitOf('request', hop.at, 'egress', left));
    this.hops.push(hop);
    if (isAppliance) return this.#through(next.at, left, hop);
    const source = this.#beyondGateway(hop.at, next, left);
    if (to.at !== 0) {
      const reached = isLost ? this.#supposed(hop.at) : next.link;
      this.#arrive({
        at: to.at,
        entered: { ...left, source: isLost ? left.source : source, destination: next.translated ?? heldBy(world, to) },
        left: null,
        cameBy: reached,
        cameFrom: hop.at,
      });
      return null;
    }
    if (next.link !== null) this.#outside(next);
    return null;
  }

  /** Behind an internet gateway a public address stands for the private one. */
  #beyondGateway(at: number, next: NextHop, { source }: Stretch): Address {
    if (next.link !== 'internet' || source.family === 6) return source;
    const known = publicOf(this.#world, at, source);
    this.#isOpen &&= known !== null;
    const leadsTo = next.route === null ? null : { kind: next.route.target.kind, id: next.route.target.id };
    this.steps.push(
      stepAt(this.#world, 'request', 'public-address', at, known !== null, known ? 'held' : 'none', { leadsTo }),
    );
    return known ?? source;
  }

  /** The way that there should be to the interface that was asked about. */
  #supposed(from: number): Link {
    const { snapshot } = this.#world;
    const to = this.#flow.to.at;
    return snapshot.interfaces[from]?.vpc === snapshot.interfaces[to]?.vpc ? 'local' : 'peering';
  }

  /** Nobody of the model gets it. */
  #outside({ link, route }: NextHop): void {
    const leadsTo = route === null ? null : { kind: route.target.kind, id: route.target.id };
    const more = { leadsTo, interfaceId: null };
    if (link === 'local')
      this.steps.push(stepAt(this.#world, 'request', 'receiver', 0, false, 'nobody-holds-it', more));
    else {
      const isKnown = link === 'internet' || link === 'egress-only' || link === 'service';
      const isHere = link === 'peering' && (route?.target.peerVpc ?? 0) !== 0;
      if (isHere) this.steps.push(stepAt(this.#world, 'request', 'receiver', 0, false, 'nobody-holds-it', more));
      else
        this.steps.push(stepAt(this.#world, 'request', 'far-side', 0, true, isKnown ? 'outside' : 'not-known', more));
    }
  }

  /** Through an interface that passes it on: an appliance, or a NAT gateway. */
  #through(at: number, entered: Stretch, before: Hop): Hop {
    const world = this.#world;
    const own = interfaceAt(world, at);
    const isNat = own.kind === 'nat_gateway';
    if (own.kind === 'interface')
      this.steps.push(
        stepAt(
          world,
          'request',
          'source-dest-check',
          at,
          !own.sourceDestCheck,
          own.sourceDestCheck ? 'control' : 'none',
        ),
      );
    this.#judge(this.#visitOf('request', at, 'ingress', entered));
    const mine = own.addresses.find(({ family }) => family === entered.source.family);
    const left =
      isNat && mine
        ? { source: mine, destination: entered.destination, sourcePorts: entered.sourcePorts && ALL_CLIENT_PORTS }
        : entered;
    return { at, entered, left, cameBy: 'appliance', cameFrom: before.at };
  }

  #arrive(hop: Hop): void {
    const entered = hop.entered as Stretch;
    if (this.#flow.from.at === 0) this.#neverLogged(hop.at, entered);
    this.#judge(this.#visitOf('request', hop.at, 'ingress', entered));
    this.hops.push(hop);
  }

  reply(): void {
    for (const hop of this.hops.toReversed()) {
      if (hop.left !== null) this.#judge(this.#visitOf('reply', hop.at, 'ingress', hop.left));
      if (hop.entered !== null) {
        this.steps.push(returnStep(this.#world, hop, hop.entered.source, this.hops));
        this.#judge(this.#visitOf('reply', hop.at, 'egress', hop.entered));
      }
    }
  }

  #judge(visit: Visit): void {
    const steps = judgeVisit(this.#world, visit, this.#opened);
    this.visits.push({ ...visit, passes: steps.every(({ pass }) => pass), isReached: this.#isOpen });
    this.steps.push(...steps);
    this.#isOpen = this.steps.every(({ pass }) => pass);
  }

  #visitOf(leg: 'request' | 'reply', at: number, direction: 'ingress' | 'egress', stretch: Stretch): Visit {
    const { protocol, port } = this.#flow;
    const own: PortRange | null = port === null ? null : [port, port];
    const { source, destination, sourcePorts } = stretch;
    return leg === 'request'
      ? { leg, at, direction, protocol, source, destination, sourcePorts, ports: own }
      : {
          leg,
          at,
          direction,
          protocol,
          source: destination,
          destination: source,
          sourcePorts: own,
          ports: sourcePorts,
        };
  }
}

/** The address by which an interface is known to the packets inside its VPC. */
function heldBy(world: World, { address, at }: FlowEnd): Address {
  const known = address.family === 4 ? world.byPublic.get(address.words[0] ?? 0) : undefined;
  return at !== 0 && known?.at === at ? { family: 4, words: [known.private4] } : address;
}
