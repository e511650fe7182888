/**
 * Routes as requests give them.
 *
 * In:    the destination and the target of a request, the table they are for. Out: a route as it is described.
 * Holds: there is one destination and one target, and the target is of the table's VPC. A route to what is not ready yet, such as
 *        a connection that waits, is a black hole until it is.
 * Fails: as `route-errors.ts` lists them, `….NotFound`, `….Malformed`.
 * @see VPC User Guide, "Example routing options" and "Route table concepts", August 2026
 */
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Context } from './action.ts';
import { isWithin, knownBlock, readBlock } from './address-blocks.ts';
import { itemWithId } from './find-items.ts';
import type { Items } from './items.ts';
import { interfacesOfInstance } from './network-interfaces.ts';
import { findPeering } from './peering.ts';
import { routeError } from './route-errors.ts';
import { blocksOfVpc } from './vpc-blocks.ts';

type RouteTable = Items['RouteTables'];
export type Route = NonNullable<RouteTable['Routes']>[number];

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;
const DESTINATION_WORDS = {
  DestinationCidrBlock: 'destination-cidr-block',
  DestinationIpv6CidrBlock: 'destination-ipv6-cidr-block',
  DestinationPrefixListId: 'destination-prefix-list-id',
} as const;
const TARGETS = [
  'GatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'VpcPeeringConnectionId',
  'EgressOnlyInternetGatewayId',
  'VpcEndpointId',
  'TransitGatewayId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'CoreNetworkArn',
  'OdbNetworkArn',
] as const;

/** The members of a request that make a route. */
export type RouteWish = { readonly [K in (typeof DESTINATIONS)[number] | (typeof TARGETS)[number]]?: string };
type Destination = {
  readonly member: (typeof DESTINATIONS)[number];
  readonly text: string;
  readonly words: string;
};

function onlyOne<M extends string>(wish: Readonly<Partial<Record<M, string>>>, members: readonly M[]): M | null {
  const [first, second] = members.filter((member) => wish[member] !== undefined);
  if (first !== undefined && second !== undefined) throw routeError('several', first, second);
  return first ?? null;
}

/** The destination that a request names, in canonical form. */
export function destinationOf(context: Context, wish: RouteWish): Destination {
  const member = onlyOne(wish, DESTINATIONS);
  if (member === null) throw routeError('noDestination');
  const given = wish[member] ?? '';
  const words = DESTINATION_WORDS[member];
  if (member === 'DestinationPrefixListId') {
    itemWithId(context.resources, 'ManagedPrefixLists', given);
    return { member, text: given, words };
  }
  const family = member === 'DestinationCidrBlock' ? 4 : 6;
  const wrong = (parameter: string, text: string): Error => routeError('destination', parameter, text);
  return { member, text: formatCidr(readBlock(member, given, family, wrong as never)), words };
}

/** The route of a table to a destination. */
export function routeTo(table: RouteTable, { member, text }: Destination): Route | undefined {
  return table.Routes?.find((route) => route[member] === text);
}

/** The route that a request wants. */
export function wantedRoute(context: Context, table: RouteTable, destination: Destination, wish: RouteWish): Route {
  const member = onlyOne(wish, TARGETS);
  if (member === null) throw routeError('noTarget');
  const target = targetOf(context, table, member, wish[member] ?? '', destination);
  checkWithinVpc(context, table, destination, target);
  return { [destination.member]: destination.text, ...target, Origin: 'CreateRoute' };
}

/** What leads to a part of the VPC itself leads through something in it. */
function checkWithinVpc({ resources }: Context, table: RouteTable, { member, text }: Destination, target: Route): void {
  if (member === 'DestinationPrefixListId') return;
  const vpc = resources.get('Vpcs', table.VpcId ?? '');
  const block = knownBlock(text);
  const isInside = vpc !== undefined && blocksOfVpc(vpc).some((own) => isWithin(block, knownBlock(own)));
  if (isInside && target.NetworkInterfaceId === undefined && target.NatGatewayId === undefined)
    throw routeError('withinVpc', text);
}

const ACTIVE = { State: 'active' };

function targetOf(
  context: Context,
  table: RouteTable,
  member: (typeof TARGETS)[number],
  id: string,
  destination: Destination,
): Route {
  const { resources } = context;
  const { VpcId: vpcId, RouteTableId: tableId = '' } = table;
  const other = (noun: string): Error => routeError('otherNetwork', tableId, noun, id);
  switch (member) {
    case 'GatewayId':
      return gatewayTarget(context, table, id);
    case 'NatGatewayId': {
      const nat = itemWithId(resources, 'NatGateways', id);
      if (nat.VpcId !== vpcId) throw other('nat gateway');
      return { NatGatewayId: id, State: nat.State === 'available' ? 'active' : 'blackhole' };
    }
    case 'NetworkInterfaceId':
      return interfaceTarget(itemWithId(resources, 'NetworkInterfaces', id), other('interface'), vpcId);
    case 'InstanceId': {
      const instance = itemWithId(resources, 'Instances', id);
      if (instance.VpcId !== vpcId) throw other('instance');
      const [first, second] = interfacesOfInstance(resources, instance);
      if (first === undefined || second !== undefined) throw routeError('instanceWithout', id);
      return interfaceTarget(first, other('instance'), vpcId);
    }
    case 'VpcPeeringConnectionId': {
      const peering = findPeering(context, id);
      if (![peering.AccepterVpcInfo?.VpcId, peering.RequesterVpcInfo?.VpcId].includes(vpcId)) throw other('peering');
      return { VpcPeeringConnectionId: id, State: peering.Status?.Code === 'active' ? 'active' : 'blackhole' };
    }
    case 'EgressOnlyInternetGatewayId': {
      const gateway = itemWithId(resources, 'EgressOnlyInternetGateways', id);
      if (!gateway.Attachments?.some(({ VpcId }) => VpcId === vpcId)) throw other('egress-only internet gateway');
      if (destination.member === 'DestinationCidrBlock') throw routeError('onlyIpv6', id);
      return { EgressOnlyInternetGatewayId: id, ...ACTIVE };
    }
    case 'VpcEndpointId':
      itemWithId(resources, 'VpcEndpoints', id);
      // Only those of a load balancer take routes, and these are not here.
      throw routeError('endpointTarget');
    case 'TransitGatewayId':
      throw routeError('noSuchTarget', id);
    default:
      throw routeError('notHere', member);
  }
}

function gatewayTarget({ resources }: Context, table: RouteTable, id: string): Route {
  if (id === 'local') throw routeError('localTarget');
  if (id.startsWith('vpce-')) throw routeError('endpointTarget');
  if (!id.startsWith('igw-')) throw routeError('noSuchTarget', id);
  const gateway = itemWithId(resources, 'InternetGateways', id);
  if (!gateway.Attachments?.some(({ VpcId }) => VpcId === table.VpcId))
    throw routeError('otherNetwork', table.RouteTableId ?? '', 'network gateway', id);
  return { GatewayId: id, ...ACTIVE };
}

function interfaceTarget(item: Items['NetworkInterfaces'], other: Error, vpcId: string | undefined): Route {
  if (item.VpcId !== vpcId) throw other;
  const { InstanceId: instance, InstanceOwnerId: owner } = item.Attachment ?? {};
  return {
    ...(instance === undefined
      ? {}
      : { InstanceId: instance, ...(owner === undefined ? {} : { InstanceOwnerId: owner }) }),
    NetworkInterfaceId: item.NetworkInterfaceId ?? '',
    ...ACTIVE,
  };
}
