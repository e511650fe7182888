/**
 * Where traffic of an interface goes next.
 *
 * In:    an interface and a remote address. Out: the code of traffic-path (spec 8) and the interface that is next hop.
 * Holds: the route is that of the interface's subnet, the longest prefix; code and next hop are the next step as seen
 *        from the interface, not the whole journey. Multicast, broadcast and link-local addresses have no route.
 *        A transit gateway or a load balancer's endpoint is met in the interface's own zone where it has one there.
 *        An egress-only internet gateway counts as an internet gateway.
 */
import { Holders } from './holders.ts';
import { LongestPrefix } from './longest-prefix.ts';
import type { RouteTarget, VpcSnapshot } from './snapshot.ts';

/** traffic-path by kind of target: before Nitro, on Nitro; 0 where no code fits. */
const CODES: Readonly<Record<RouteTarget['kind'], readonly [number, number]>> = {
  local: [1, 1],
  'internet-gateway': [2, 8],
  'egress-only-internet-gateway': [2, 8],
  'virtual-private-gateway': [3, 3],
  peering: [4, 4],
  'peering-inter-region': [5, 5],
  'local-gateway': [6, 6],
  'gateway-endpoint': [2, 7],
  // Seen on AWS in 2026: the sender's interface shows 1, the NAT gateway's own shows 8.
  'nat-gateway': [1, 1],
  'transit-gateway': [1, 1],
  interface: [1, 1],
  blackhole: [0, 0],
  other: [0, 0],
};

const TO_LOCAL = 1;
const TO_PEER = 2;
const TO_INTERFACE = 3;

/** Looks up next steps in one snapshot. */
export type Paths = {
  /**
   * Egress: `next hop * 16 + traffic-path`; the next hop is the receiver's or the target's interface, 0 not known.
   *
   * @param interfaceNumber  of the sender
   * @param w0               with `w1` … `w3` the receiver's address; IPv4 is `w0` alone
   */
  look(interfaceNumber: number, family: number, w0: number, w1: number, w2: number, w3: number): number;
  /** Ingress: the sender's interface, in the same VPC or behind a peering connection; 0 where it is not local. */
  sender(interfaceNumber: number, family: number, w0: number, w1: number, w2: number, w3: number): number;
  /** The target of the route to an address; null where there is none. */
  target(interfaceNumber: number, family: number, w0: number, w1: number, w2: number, w3: number): RouteTarget | null;
  readonly holders: Holders;
  /** By interface, 1: a route names an interface; others have next hops only where somebody holds the address. */
  readonly named: Uint8Array;
};

function unrouted(family: number, w0: number): boolean {
  if (family === 4) return w0 >>> 28 === 14 || w0 === 0xffffffff || w0 >>> 16 === 0xa9fe;
  return w0 >>> 24 === 0xff || w0 >>> 22 === 0x3fa;
}

/** Compiles the routes of a snapshot. */
export function createPaths(snapshot: VpcSnapshot): Paths {
  const holders = new Holders(snapshot);
  const { interfaces, subnets, routeTables } = snapshot;
  const targets: (RouteTarget | null)[] = [null];
  const four: (LongestPrefix | null)[] = [];
  const six: (LongestPrefix | null)[] = [];
  const bases: number[] = [];
  for (const table of routeTables) {
    const blocks = table.routes.map((route) => route.destination);
    bases.push(targets.length - 1);
    for (const { target } of table.routes) targets.push(target);
    four.push(table.number === 0 ? null : new LongestPrefix(4, blocks));
    six.push(table.number === 0 ? null : new LongestPrefix(6, blocks));
  }
  const codes = targets.map((target) => (target ? CODES[target.kind] : ([0, 0] as const)));
  const step = Uint8Array.from(targets, (target) => {
    if (target?.kind === 'local') return TO_LOCAL;
    if (target?.kind === 'peering' || target?.kind === 'peering-inter-region') return TO_PEER;
    return target?.interface ? TO_INTERFACE : 0;
  });
  const names = routeTables.map(({ routes }, i) =>
    routes.some((_, at) => step[(bases[i] ?? 0) + at + 1] === TO_INTERFACE),
  );
  const slow = Uint8Array.from(codes, ([code]) => code);
  const nitro = Uint8Array.from(codes, ([, code]) => code);
  const tableOf = Uint32Array.from(interfaces, (one) => subnets[one.subnet]?.routeTable ?? 0);
  const vpcOf = Uint32Array.from(interfaces, (one) => one.vpc);
  const onNitro = Uint8Array.from(interfaces, (one) => (one.nitro ? 1 : 0));

  const find = (at: number, family: number, w0: number, w1: number, w2: number, w3: number): number => {
    if (unrouted(family, w0)) return 0;
    const number = tableOf[at] as number;
    const table = (family === 4 ? four : six)[number];
    const route = table ? table.find(w0, w1, w2, w3) : 0;
    return route === 0 ? 0 : (bases[number] as number) + route;
  };
  const targetInterface = (at: number, target: RouteTarget): number => {
    const several = target.interfaces;
    if (!several || several.length < 2) return target.interface;
    const zone = interfaces[at]?.azId;
    return several.find((number) => interfaces[number]?.azId === zone) ?? target.interface;
  };
  const nextHop = (
    at: number,
    found: number,
    family: number,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
  ): number => {
    const kind = step[found] as number;
    if (kind === 0) return 0;
    if (kind === TO_LOCAL) return holders.inVpc(vpcOf[at] as number, family, w0, w1, w2, w3);
    const target = targets[found] as RouteTarget;
    if (kind === TO_INTERFACE) return targetInterface(at, target);
    return target.peerVpc ? holders.inVpc(target.peerVpc, family, w0, w1, w2, w3) : 0;
  };
  return {
    holders,
    named: Uint8Array.from(tableOf, (number) => (names[number] === true ? 1 : 0)),
    look(at, family, w0, w1, w2, w3) {
      const found = find(at, family, w0, w1, w2, w3);
      if (found === 0) return 0;
      const code = (onNitro[at] === 1 ? nitro : slow)[found] as number;
      return nextHop(at, found, family, w0, w1, w2, w3) * 16 + code;
    },
    sender(at, family, w0, w1, w2, w3) {
      const vpc = vpcOf[at] as number;
      const local = vpc === 0 ? 0 : holders.inVpc(vpc, family, w0, w1, w2, w3);
      if (local !== 0) return local;
      const found = find(at, family, w0, w1, w2, w3);
      return step[found] === TO_PEER ? nextHop(at, found, family, w0, w1, w2, w3) : 0;
    },
    target: (at, family, w0, w1, w2, w3) => targets[find(at, family, w0, w1, w2, w3)] ?? null,
  };
}
