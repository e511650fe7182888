/**
 * The errors of route tables and routes: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words, or `UnsupportedOperation` for what is not here.
 */
import { entry, errorsOf } from './error-table.ts';

export const ROUTE_ERRORS = {
  noDestination: entry(
    'MissingParameter',
    'unverified',
    'a route has no destination',
    () =>
      'The request must contain one of the parameters destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
  ),
  noTarget: entry(
    'MissingParameter',
    'unverified',
    'a route has no target',
    () =>
      'The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, carrierGatewayId, vpcEndpointId, instanceId',
  ),
  several: entry(
    'InvalidParameterCombination',
    'unverified',
    'a route has several destinations, or several targets',
    (one: string, other: string) => `The parameters ${one} and ${other} cannot be used together.`,
  ),
  destination: entry(
    'InvalidParameterValue',
    'emulated',
    'the destination of a route cannot be read',
    (_parameter: string, block: string) =>
      `Value (${block}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
  ),
  exists: entry(
    'RouteAlreadyExists',
    'emulated',
    'the table has a route to that destination',
    (destination: string) => `The route identified by ${destination} already exists.`,
  ),
  withinVpc: entry(
    'InvalidParameterValue',
    'reported',
    'a route to a part of the VPC leads to another target than an interface or a NAT gateway',
    (destination: string) =>
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  ),
  otherNetwork: entry(
    'InvalidParameterValue',
    'reported',
    'the target of a route, or what is to be associated, is not of the VPC of the table',
    (table: string, noun: string, id: string) => `route table ${table} and ${noun} ${id} belong to different networks`,
  ),
  endpointTarget: entry(
    'InvalidParameterValue',
    'reported',
    'a route is to lead to an endpoint of the gateway type; these make and take their routes themselves',
    () => 'Cannot create or replace a prefix list route targeting a VPC Endpoint.',
  ),
  localTarget: entry(
    'InvalidParameterValue',
    'unverified',
    'a route is to be created with the target local',
    () => 'Value (local) for parameter gatewayId is invalid. A local route cannot be created.',
  ),
  onlyIpv6: entry(
    'InvalidParameterValue',
    'unverified',
    'a route of IPv4 is to lead to an egress-only internet gateway',
    (id: string) => `${id} takes IPv6 traffic only.`,
  ),
  instanceWithout: entry(
    'InvalidInstanceID',
    'reported',
    'a route is to lead to an instance with no or several interfaces',
    (id: string) =>
      `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`,
  ),
  noRoute: entry(
    'InvalidRoute.NotFound',
    'reported',
    'a route to be deleted is not there',
    (member: string, destination: string, table: string) =>
      `no route with ${member} ${destination} in route table ${table}`,
  ),
  noRouteToReplace: entry(
    'InvalidParameterValue',
    'reported',
    'a route to be replaced is not there',
    (destination: string) =>
      `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`,
  ),
  localRoute: entry(
    'InvalidParameterValue',
    'reported',
    'a local route is to be deleted',
    (destination: string, table: string) => `cannot remove local route ${destination} in route table ${table}`,
  ),
  localStays: entry(
    'UnsupportedOperation',
    'unverified',
    'a local route is to lead to something else, which AWS allows and the model of flowgauge does not',
    (destination: string) => `flowgauge keeps the route to ${destination} local.`,
  ),
  notHere: entry(
    'UnsupportedOperation',
    'unverified',
    'a target or an association of a kind that flowgauge does not have: local and carrier gateways, core and ODB networks, address pools',
    (parameter: string) => `flowgauge has no such resource: ${parameter}.`,
  ),
  noSuchTarget: entry(
    'InvalidGatewayID.NotFound',
    'emulated',
    'a target is of a kind that is not made here (a virtual private or transit gateway), or no id of a gateway',
    (id: string) => `The gateway ID '${id}' does not exist`,
  ),
  tableInUse: entry(
    'DependencyViolation',
    'emulated',
    'a table to be deleted is the main one of its VPC, or associated',
    (table: string) => `The routeTable '${table}' has dependencies and cannot be deleted.`,
  ),
  associated: entry(
    'Resource.AlreadyAssociated',
    'reported',
    'a subnet or gateway to be associated has another table already',
    (table: string) => `the specified association for route table ${table} conflicts with an existing association`,
  ),
  noAssociation: entry(
    'InvalidAssociationID.NotFound',
    'emulated',
    'no table has an association of that id',
    (id: string) => `The association ID '${id}' does not exist`,
  ),
  mainAssociation: entry(
    'InvalidParameterValue',
    'reported',
    'the main association of a VPC is to be taken away',
    (id: string) => `cannot disassociate the main route table association ${id}`,
  ),
} as const;

export const routeError = errorsOf(ROUTE_ERRORS);
