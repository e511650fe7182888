/**
 * DescribeRouteTables.
 *
 * In:    ids, filters, a page. Out: tables with their routes and associations.
 * Fails: `InvalidRouteTableID.*`, those of filters and pages.
 * @see EC2 API Reference, "DescribeRouteTables", August 2026
 */
import type { DescribeRouteTablesRequest, DescribeRouteTablesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { Items } from '../items.ts';
import type { Association } from '../route-associations.ts';
import type { Route } from '../routes.ts';

type RouteTable = Items['RouteTables'];

const ofRoutes =
  (member: keyof Route) =>
  (table: RouteTable): (string | undefined)[] =>
    table.Routes?.map((route) => route[member]) ?? [];
const ofAssociations =
  (member: Exclude<keyof Association, 'AssociationState'>) =>
  (table: RouteTable): (string | boolean | undefined)[] =>
    table.Associations?.map((association) => association[member]) ?? [];

const FILTERS: FilterTable<RouteTable> = {
  'association.gateway-id': ofAssociations('GatewayId'),
  'association.main': ofAssociations('Main'),
  'association.route-table-association-id': ofAssociations('RouteTableAssociationId'),
  'association.route-table-id': ofAssociations('RouteTableId'),
  'association.subnet-id': ofAssociations('SubnetId'),
  'owner-id': 'OwnerId',
  'route-table-id': 'RouteTableId',
  'route.destination-cidr-block': ofRoutes('DestinationCidrBlock'),
  'route.destination-ipv6-cidr-block': ofRoutes('DestinationIpv6CidrBlock'),
  'route.destination-prefix-list-id': ofRoutes('DestinationPrefixListId'),
  'route.egress-only-internet-gateway-id': ofRoutes('EgressOnlyInternetGatewayId'),
  'route.gateway-id': ofRoutes('GatewayId'),
  'route.instance-id': ofRoutes('InstanceId'),
  'route.nat-gateway-id': ofRoutes('NatGatewayId'),
  'route.origin': ofRoutes('Origin'),
  'route.state': ofRoutes('State'),
  'route.transit-gateway-id': ofRoutes('TransitGatewayId'),
  'route.vpc-peering-connection-id': ofRoutes('VpcPeeringConnectionId'),
  'vpc-id': 'VpcId',
};

export const describeRouteTables = readAction<DescribeRouteTablesRequest, DescribeRouteTablesResult>({
  name: 'DescribeRouteTables',
  run(input, context) {
    const { items, ...next } = describeItems(context, 'RouteTables', FILTERS, { ...input, ids: input.RouteTableIds });
    return { RouteTables: items, ...next };
  },
});
