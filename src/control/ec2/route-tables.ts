/**
 * What a new route table holds, and the local routes that follow the blocks of a VPC.
 *
 * In:    a VPC. Out: route tables as they are described.
 * Holds: every table of a VPC has one local route for each of its blocks.
 */
import type { WriteContext } from './action.ts';
import type { Items } from './items.ts';
import type { Tag } from './tags.ts';
import { blocksOfVpc } from './vpc-blocks.ts';

type RouteTable = Items['RouteTables'];
type Route = NonNullable<RouteTable['Routes']>[number];

/** The local route to a block of the VPC. */
function localRoute(block: string): Route {
  const destination = block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block };
  return { ...destination, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
}

/** Makes a route table of a VPC; `isMain`: subnets that have none of their own take it. */
export function addRouteTable(
  { account, newId, resources }: WriteContext,
  vpc: Items['Vpcs'],
  isMain: boolean,
  tags: readonly Tag[],
): RouteTable {
  const id = newId('rtb-');
  const main = {
    Main: true,
    RouteTableAssociationId: newId('rtbassoc-'),
    RouteTableId: id,
    AssociationState: { State: 'associated' },
  };
  const table: RouteTable = {
    Associations: isMain ? [main] : [],
    PropagatingVgws: [],
    RouteTableId: id,
    Routes: blocksOfVpc(vpc).map(localRoute),
    Tags: tags,
    VpcId: vpc.VpcId,
    OwnerId: account,
  };
  resources.put('RouteTables', table);
  return table;
}

/** Gives all tables of a VPC the local routes to its blocks, and takes those to others away. */
export function followBlocks({ resources }: WriteContext, vpc: Items['Vpcs']): void {
  const blocks = blocksOfVpc(vpc);
  const blockOf = (route: Route): string => route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? '';
  for (const table of resources.where('RouteTables', 'VpcId', vpc.VpcId ?? '')) {
    const kept = (table.Routes ?? []).filter((route) => route.GatewayId !== 'local' || blocks.includes(blockOf(route)));
    const had = new Set(kept.filter(({ GatewayId }) => GatewayId === 'local').map(blockOf));
    const added = blocks.filter((block) => !had.has(block)).map(localRoute);
    resources.put('RouteTables', { ...table, Routes: [...kept, ...added] });
  }
}

/** Takes a subnet that is deleted from the table that it had. */
export function forgetSubnet({ resources }: WriteContext, vpcId: string, subnetId: string): void {
  for (const table of resources.where('RouteTables', 'VpcId', vpcId)) {
    const kept = (table.Associations ?? []).filter(({ SubnetId }) => SubnetId !== subnetId);
    if (kept.length < (table.Associations?.length ?? 0)) resources.put('RouteTables', { ...table, Associations: kept });
  }
}

/** Routes to a target that is gone lead nowhere: they stay, as black holes. */
export function breakRoutes(context: Pick<WriteContext, 'resources'>, vpcId: string, targetId: string): void {
  changeStates(context, vpcId, targetId, 'blackhole');
}

/** Routes to a target that is back lead there again. */
export function mendRoutes(context: Pick<WriteContext, 'resources'>, vpcId: string, targetId: string): void {
  changeStates(context, vpcId, targetId, 'active');
}

function changeStates(
  { resources }: Pick<WriteContext, 'resources'>,
  vpcId: string,
  targetId: string,
  state: string,
): void {
  const changes = (route: Route): boolean => route.State !== state && Object.values(route).includes(targetId);
  for (const table of resources.where('RouteTables', 'VpcId', vpcId)) {
    const routes = table.Routes ?? [];
    if (!routes.some(changes)) continue;
    const after = routes.map((route) => (changes(route) ? { ...route, State: state } : route));
    resources.put('RouteTables', { ...table, Routes: after });
  }
}
