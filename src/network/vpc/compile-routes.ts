/**
 * Route tables → routes with prefix lists opened and targets resolved.
 *
 * In:    facts. Out: route tables of the snapshot; of two routes to one block the first is the one that counts.
 * Holds: a VPC's own blocks are always local, given or not. A VPC without route tables has one with these alone.
 */
import type { Compilation } from './compile.ts';
import type { RouteFact } from './routes.ts';
import type { Cidr, Route, RouteTarget } from './snapshot.ts';

const GATEWAYS = [
  ['igw-', 'internet-gateway'],
  ['vgw-', 'virtual-private-gateway'],
  ['eigw-', 'egress-only-internet-gateway'],
  ['lgw-', 'local-gateway'],
] as const;

const numbersOf = (c: Compilation, ids: readonly string[]): number[] =>
  ids.map((id) => c.interfaces.find(id)).filter((number) => number > 0);

/** Whether a gateway is given, and attached to other VPCs or none: then a route to it is a blackhole (VPC User Guide). */
function isDetached(c: Compilation, id: string, vpcId: string): boolean {
  const attached = c.model.attachedGateways.get(id)?.vpcIds ?? null;
  return attached !== null && !attached.includes(vpcId);
}

function gatewayTarget(c: Compilation, route: RouteFact, vpcId: string): RouteTarget {
  const id = route.targetId;
  const kind = GATEWAYS.find(([prefix]) => id.startsWith(prefix))?.[1];
  if (kind) return { kind: isDetached(c, id, vpcId) ? 'blackhole' : kind, id, interface: 0 };
  if (!id.startsWith('vpce-')) return { kind: 'other', id, interface: 0 };
  const endpoint = c.model.endpoints.get(id);
  if (!endpoint) c.note(`${id}: named and not given; it is taken to work, and its policy to allow`);
  // Routes to a gateway endpoint lead to a prefix list; those to a load balancer's endpoint to a block.
  if (endpoint ? endpoint.gateway : typeof route.destination === 'string')
    return { kind: 'gateway-endpoint', id, interface: 0 };
  const interfaces = numbersOf(c, endpoint?.interfaceIds ?? []);
  return { kind: 'interface', id, interface: interfaces[0] ?? 0, interfaces };
}

function peeringTarget(c: Compilation, id: string, vpcId: string): RouteTarget {
  const peering = c.model.peerings.get(id);
  if (!peering) c.note(`${id}: named and not given; taken for one inside the region`);
  if (peering && !peering.active) return { kind: 'blackhole', id, interface: 0 };
  const other = peering?.ends.find((end) => end.vpcId !== vpcId);
  return {
    kind: peering?.interRegion ? 'peering-inter-region' : 'peering',
    id,
    interface: 0,
    peerVpc: c.vpcs.find(other?.vpcId ?? null),
    ...(other === undefined ? {} : { peer: other }),
  };
}

function transitInterfaces(c: Compilation, id: string, vpcId: string): number[] {
  const attachments = [...c.model.transits.values()].filter(
    (one) => one.transitGatewayId === id && one.vpcId === vpcId,
  );
  const all = [...c.model.interfaces.values()].filter((one) => one.kind === 'transit_gateway' && one.vpcId === vpcId);
  // The description of such an interface ends with its attachment's id.
  const own = all.filter((one) => attachments.some((attachment) => one.description.includes(attachment.id)));
  const gateways = new Set(
    [...c.model.transits.values()].filter((one) => one.vpcId === vpcId).map((one) => one.transitGatewayId),
  );
  const found = own.length > 0 || gateways.size > 1 ? own : all;
  return numbersOf(
    c,
    found.map((one) => one.id),
  );
}

/**
 * Traffic reaches a transit gateway from the zones alone in which it has a subnet of the VPC, and over an attachment that
 * carries (Transit Gateway guide, "VPC attachments").
 */
function transitTarget(c: Compilation, id: string, vpcId: string): RouteTarget {
  const attachments = [...c.model.transits.values()].filter(
    (one) => one.transitGatewayId === id && one.vpcId === vpcId,
  );
  const carrying = attachments.filter(({ works }) => works);
  if (attachments.length > 0 && carrying.length === 0) return { kind: 'blackhole', id, interface: 0 };
  const interfaces = transitInterfaces(c, id, vpcId);
  const zones = carrying
    .flatMap(({ subnetIds }) => subnetIds)
    .map((subnetId) => c.model.subnets.get(subnetId)?.zoneId ?? null);
  const told = zones.filter((zone) => zone !== null);
  return {
    kind: 'transit-gateway',
    id,
    interface: interfaces[0] ?? 0,
    interfaces,
    // One subnet whose zone is not known may be in any.
    ...(told.length > 0 && told.length === zones.length ? { zones: told } : {}),
  };
}

function targetOf(c: Compilation, route: RouteFact, vpcId: string): RouteTarget {
  const id = route.targetId;
  if (route.blackhole) return { kind: 'blackhole', id, interface: 0 };
  switch (route.kind) {
    case 'egress-only-internet-gateway':
      return { kind: isDetached(c, id, vpcId) ? 'blackhole' : route.kind, id, interface: 0 };
    case 'local':
    case 'local-gateway':
    case 'other':
      return { kind: route.kind, id, interface: 0 };
    case 'gateway':
      return gatewayTarget(c, route, vpcId);
    case 'peering':
      return peeringTarget(c, id, vpcId);
    case 'nat-gateway': {
      const gateway = c.model.natGateways.get(id);
      if (gateway?.regional) c.note(`${id}: a regional NAT gateway has no interface; its own records are not made`);
      else if (!gateway) c.note(`${id}: named and not given; its interface is not known`);
      if (gateway?.works === false) return { kind: 'blackhole', id, interface: 0 };
      return { kind: 'nat-gateway', id, interface: numbersOf(c, gateway?.interfaceIds ?? [])[0] ?? 0 };
    }
    case 'transit-gateway':
      return transitTarget(c, id, vpcId);
    case 'interface':
      return { kind: 'interface', id, interface: c.interfaces.find(id) };
    case 'instance': {
      const attached = [...c.model.interfaces.values()].filter((one) => one.instanceId === id);
      return {
        kind: 'interface',
        id,
        interface:
          numbersOf(
            c,
            attached.map((one) => one.id),
          )[0] ?? 0,
      };
    }
  }
}

function destinationsOf(c: Compilation, tableId: string, route: RouteFact): readonly Cidr[] {
  if (typeof route.destination !== 'string') return [route.destination];
  const list = c.model.prefixLists.get(route.destination);
  if (!list) c.note(`${tableId}: the entries of ${route.destination} are not given; its routes to them are not known`);
  return list?.entries ?? [];
}

const keyOf = (cidr: Cidr): string => `${cidr.words.join('.')}/${cidr.bits}`;

/** Adds all route tables that are given, and one for each VPC. */
export function compileRouteTables(c: Compilation): void {
  const add = (id: string, vpcId: string, facts: readonly RouteFact[]): void => {
    const own = c.vpcs.list[c.vpcs.find(vpcId)]?.cidrs ?? [];
    const local = { kind: 'local', id: 'local', interface: 0 } as const;
    const given = facts.flatMap((fact) => {
      const target = targetOf(c, fact, vpcId);
      return destinationsOf(c, id, fact).map((destination): Route => ({ destination, target }));
    });
    const seen = new Set<string>();
    const routes = [...given, ...own.map((destination): Route => ({ destination, target: local }))].filter((route) => {
      const key = keyOf(route.destination);
      return !seen.has(key) && seen.add(key);
    });
    c.routeTables.set({ number: c.routeTables.numberOf(id), id, routes });
  };
  for (const fact of c.model.routeTables.values()) {
    add(fact.id, fact.vpcId, fact.routes);
    for (const id of fact.edgeIds) c.note(`${id}: ${fact.id} routes what comes in by it, which is not followed`);
  }
  for (const number of c.vpcs.used) add(`local ${c.vpcs.list[number]?.id}`, c.vpcs.list[number]?.id ?? '', []);
}
