/**
 * Where a packet that leaves an interface goes next.
 *
 * In:    an interface and a destination. Out: the route, and who is there: an interface, the outside, or nobody.
 * Holds: it asks the same routes as packets and records (`Paths`). What a transit gateway does inside is not in a model:
 *        it is taken to lead to whoever holds the address in another VPC, and that is said as `not-known`. It is not
 *        reached from a zone in which it has no subnet (Transit Gateway guide, "VPC attachments").
 */
import type { Address, Route } from '../../network/vpc/snapshot.ts';
import type { Link } from './flow.ts';
import type { World } from './world.ts';
import { holderIn, holdersOf, interfaceAt, routeTo, wordsOf } from './world.ts';

export type NextHop = {
  readonly route: Route | null;
  /** Null where the packet is lost. */
  readonly link: Link | null;
  /** Who gets it; 0 beyond the model, or nobody. */
  readonly at: number;
  /** The address there that stands for a public destination; null: the destination itself. */
  readonly translated: Address | null;
};

const LOST = { link: null, at: 0, translated: null } as const;

/** The next hop of a packet from an interface. */
export function nextHop(world: World, from: number, destination: Address): NextHop {
  const route = routeTo(world, from, destination);
  if (route === null) return { route, ...LOST };
  const found = { route, translated: null };
  const { target } = route;
  switch (target.kind) {
    case 'local':
      return { ...found, link: 'local', at: holderIn(world, interfaceAt(world, from).vpc, destination) };
    case 'peering':
    case 'peering-inter-region':
      return { ...found, link: 'peering', at: target.peerVpc ? holderIn(world, target.peerVpc, destination) : 0 };
    case 'transit-gateway': {
      const { vpc: own, azId } = interfaceAt(world, from);
      if (azId !== null && target.zones?.includes(azId) === false) return { route, ...LOST };
      const there = holdersOf(world, destination).find((at) => interfaceAt(world, at).vpc !== own);
      return { ...found, link: 'transit', at: there ?? 0 };
    }
    case 'internet-gateway': {
      const known = destination.family === 4 ? world.byPublic.get(destination.words[0] ?? 0) : undefined;
      if (known === undefined) return { ...found, link: 'internet', at: 0 };
      return { route, link: 'internet', at: known.at, translated: { family: 4, words: [known.private4] } };
    }
    case 'egress-only-internet-gateway':
      return { ...found, link: 'egress-only', at: 0 };
    case 'nat-gateway':
    case 'interface':
      return { ...found, link: 'appliance', at: applianceOf(world, from, destination) };
    case 'gateway-endpoint':
      return { ...found, link: 'service', at: 0 };
    case 'blackhole':
      return { route, ...LOST };
    default:
      return { ...found, link: 'gateway', at: 0 };
  }
}

function applianceOf(world: World, from: number, destination: Address): number {
  return world.paths.look(from, destination.family, ...wordsOf(destination)) >>> 4;
}
