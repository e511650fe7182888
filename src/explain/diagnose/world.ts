/**
 * A snapshot, ready to be asked many questions.
 *
 * In:    a snapshot. Out: its routes, its rules as packets are asked them, and who is called what.
 * Holds: made once for each snapshot; a question costs no more for what it does not touch.
 */
import { Inquiry } from '../../network/verdict/inquiry.ts';
import { contains } from '../../network/vpc/addresses.ts';
import { createPaths } from '../../network/vpc/path.ts';
import type { Paths } from '../../network/vpc/path.ts';
import type { Address, Interface, PeeringEnd, Route, RouteTable, VpcSnapshot } from '../../network/vpc/snapshot.ts';

export type World = {
  readonly snapshot: VpcSnapshot;
  readonly paths: Paths;
  readonly inquiry: Inquiry;
  /** Positions of interfaces, by id and by the instance that has them. */
  readonly byId: ReadonlyMap<string, number>;
  readonly byInstance: ReadonlyMap<string, readonly number[]>;
  /** By public IPv4 address: who holds it, and the private address it stands for. */
  readonly byPublic: ReadonlyMap<number, { readonly at: number; readonly private4: number }>;
  /** Interfaces by position of their group, and of their subnet. */
  readonly inGroup: ReadonlyMap<number, readonly number[]>;
  readonly inSubnet: ReadonlyMap<number, readonly number[]>;
};

/** Makes a snapshot ready. */
export function createWorld(snapshot: VpcSnapshot): World {
  const paths = createPaths(snapshot);
  const byId = new Map<string, number>();
  const byInstance = new Map<string, number[]>();
  const byPublic = new Map<number, { at: number; private4: number }>();
  const inGroup = new Map<number, number[]>();
  const inSubnet = new Map<number, number[]>();
  const put = <K>(map: Map<K, number[]>, key: K, at: number): void => {
    const list = map.get(key);
    if (list) list.push(at);
    else map.set(key, [at]);
  };
  for (const one of snapshot.interfaces) {
    if (one.number === 0) continue;
    byId.set(one.id, one.number);
    if (one.instanceId !== null) put(byInstance, one.instanceId, one.number);
    for (const group of one.groups) put(inGroup, group, one.number);
    put(inSubnet, one.subnet, one.number);
    for (const { private4, public4 } of one.translations ?? []) byPublic.set(public4, { at: one.number, private4 });
  }
  return {
    snapshot,
    paths,
    inquiry: new Inquiry(snapshot, paths),
    byId,
    byInstance,
    byPublic,
    inGroup,
    inSubnet,
  };
}

/** An interface by its position. */
export function interfaceAt({ snapshot }: World, at: number): Interface {
  return snapshot.interfaces[at] as Interface;
}

/** The four words that look-ups take. */
export function wordsOf(address: Address): [number, number, number, number] {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = address.words;
  return [w0, w1, w2, w3];
}

/** The interface of a VPC that holds an address; 0 none. */
export function holderIn({ paths }: World, vpc: number, address: Address): number {
  return paths.holders.inVpc(vpc, address.family, ...wordsOf(address));
}

/** All interfaces that hold an address, in any VPC. */
export function holdersOf({ paths: { holders } }: World, address: Address): number[] {
  const found: number[] = [];
  for (let link = holders.find(address.family, ...wordsOf(address)); link !== 0; link = holders.next[link] ?? 0)
    found.push(holders.interfaceOf[link] as number);
  return found;
}

/** The public IPv4 address that stands for a private one of an interface; null none. */
export function publicOf(world: World, at: number, address: Address): Address | null {
  const found = interfaceAt(world, at).translations?.find(({ private4 }) => private4 === address.words[0]);
  return address.family === 4 && found ? { family: 4, words: [found.public4] } : null;
}

/** The end of a peering connection that another account has, and of which the model knows no more; null none. */
export function otherAccount({ snapshot }: World, peeringId: string): PeeringEnd | null {
  const peering = snapshot.peerings?.find(({ id }) => id === peeringId);
  const own = peering?.ends.find(({ vpc }) => vpc !== 0);
  const far = peering?.ends.find(({ vpc }) => vpc === 0);
  const account = snapshot.vpcs[own?.vpc ?? 0]?.accountId;
  return far && far.accountId !== null && far.accountId !== account ? far : null;
}

/** The route table of an interface's subnet; null where none is known. */
export function routeTableOf(world: World, at: number): RouteTable | null {
  const subnet = world.snapshot.subnets[interfaceAt(world, at).subnet];
  const table = world.snapshot.routeTables[subnet?.routeTable ?? 0];
  return table && table.number !== 0 ? table : null;
}

/** The route that packets of an interface take to an address; the target is what packets and records are told. */
export function routeTo(world: World, at: number, address: Address): Route | null {
  const target = world.paths.target(at, address.family, ...wordsOf(address));
  if (target === null) return null;
  let best: Route | null = null;
  for (const route of routeTableOf(world, at)?.routes ?? [])
    if (
      route.target === target &&
      (best === null || route.destination.bits > best.destination.bits) &&
      contains(route.destination, address)
    )
      best = route;
  return best;
}
