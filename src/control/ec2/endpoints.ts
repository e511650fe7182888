/**
 * VPC endpoints: the routes of those of the gateway type, the interfaces of the others.
 *
 * In:    endpoints, route tables, subnets. Out: the same, changed.
 * Holds: an endpoint of the gateway type has a route in each of its tables, and in no other; one of the interface type has an
 *        interface in each of its subnets.
 * Fails: as `endpoint-errors.ts` lists them, `….NotFound`, `….Malformed`.
 */
import type { Change, WriteContext } from './action.ts';
import { endpointError } from './endpoint-errors.ts';
import { itemWithId } from './find-items.ts';
import type { Items } from './items.ts';
import { addInterface, groupsOf, managedInterface, removeInterface } from './network-interfaces.ts';
import type { NetworkInterface } from './network-interfaces.ts';
import { awsPrefixList } from './prefix-lists.ts';

export type Endpoint = Items['VpcEndpoints'];
type RouteTable = Items['RouteTables'];

/** A table that is deleted is none of an endpoint any more. */
export function forgetTable(resources: Change, tableId: string): void {
  for (const one of resources.list('VpcEndpoints')) {
    const { RouteTableIds: ids = [] } = one;
    if (ids.includes(tableId))
      resources.put('VpcEndpoints', { ...one, RouteTableIds: ids.filter((id) => id !== tableId) });
  }
}

/** Gives a table of the endpoint's VPC the route to its service. */
export function addEndpointRoute(context: WriteContext, endpoint: Endpoint, tableId: string): void {
  const { region, resources } = context;
  const { VpcEndpointId: id = '', VpcId: vpcId = '', ServiceName: service = '' } = endpoint;
  const table = itemWithId(resources, 'RouteTables', tableId);
  if (table.VpcId !== vpcId) throw endpointError('otherVpc', tableId, vpcId);
  const list = awsPrefixList(region, service);
  if (list === null) throw endpointError('service', service);
  const { PrefixListId: listId = '' } = list;
  if (table.Routes?.some(({ DestinationPrefixListId }) => DestinationPrefixListId === listId) === true)
    throw endpointError('routeExists', tableId, listId);
  if (resources.get('ManagedPrefixLists', listId) === undefined) resources.put('ManagedPrefixLists', list);
  const route = { DestinationPrefixListId: listId, GatewayId: id, Origin: 'CreateRoute', State: 'active' };
  resources.put('RouteTables', { ...table, Routes: [...(table.Routes ?? []), route] });
}

/** Takes the route to an endpoint from a table. */
export function removeEndpointRoute(resources: Change, { VpcEndpointId: id }: Endpoint, tableId: string): void {
  const table: RouteTable | undefined = resources.get('RouteTables', tableId);
  if (table === undefined) return;
  resources.put('RouteTables', { ...table, Routes: table.Routes?.filter(({ GatewayId }) => GatewayId !== id) ?? [] });
}

/** Gives an endpoint an interface in a subnet. */
export function addEndpointInterface(
  context: WriteContext,
  { VpcEndpointId: id, VpcId: vpcId = '', Groups: groups = [] }: Endpoint,
  subnetId: string,
): NetworkInterface {
  const subnet = itemWithId(context.resources, 'Subnets', subnetId);
  if (subnet.VpcId !== vpcId) throw endpointError('otherVpc', subnetId, vpcId);
  return addInterface(context, {
    ...managedInterface(context, subnet, `VPC Endpoint Interface ${id}`),
    kind: 'vpc_endpoint',
    groupIds: groups.flatMap(({ GroupId }) => GroupId ?? []),
  });
}

/** Takes the interface of an endpoint away. */
export function removeEndpointInterface(context: WriteContext, interfaceId: string): void {
  const item = context.resources.get('NetworkInterfaces', interfaceId);
  if (item !== undefined) removeInterface(context, item);
}

/** Gives all interfaces of an endpoint the groups that it has. */
export function setEndpointGroups(
  { resources }: WriteContext,
  { NetworkInterfaceIds: ids = [], Groups: groups = [] }: Endpoint,
): void {
  for (const id of ids) {
    const item = itemWithId(resources, 'NetworkInterfaces', id);
    resources.put('NetworkInterfaces', { ...item, Groups: groups });
  }
}

/** The groups of an endpoint: of its VPC; the default one where none is named. */
export function endpointGroups(
  { resources }: WriteContext,
  vpcId: string,
  ids: readonly string[] | undefined,
): NonNullable<Endpoint['Groups']> {
  return groupsOf(resources, { VpcId: vpcId }, ids === undefined || ids.length === 0 ? undefined : ids);
}

/** No two subnets of an endpoint are in one zone. */
export function checkZones({ resources }: WriteContext, subnetIds: readonly string[]): void {
  const zones = new Set<string>();
  for (const id of subnetIds) {
    const { AvailabilityZone: zone = '' } = itemWithId(resources, 'Subnets', id);
    if (zones.has(zone)) throw endpointError('sameZone', id);
    zones.add(zone);
  }
}

/** A policy of a request; that of full access where none is given. */
export function policyOf(given: string | undefined): string {
  if (given === undefined)
    return '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
  try {
    const read: unknown = JSON.parse(given);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return given;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw endpointError('policy');
}
