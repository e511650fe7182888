/**
 * DeleteRoute: takes a route from a table.
 *
 * In:    a table, a destination. Out: nothing.
 * Fails: `InvalidRoute.NotFound`, `InvalidParameterValue`, `InvalidRouteTableID.*`.
 * @see EC2 API Reference, "DeleteRoute", August 2026
 */
import type { DeleteRouteRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { routeError } from '../route-errors.ts';
import { destinationOf, routeTo } from '../routes.ts';

export const deleteRoute = writeAction<DeleteRouteRequest, object>({
  name: 'DeleteRoute',
  run(input, context) {
    const { RouteTableId: id } = input;
    const table = itemWithId(context.resources, 'RouteTables', id);
    const destination = destinationOf(context, input);
    const route = routeTo(table, destination);
    if (route === undefined) throw routeError('noRoute', destination.words, destination.text, id);
    if (route.GatewayId === 'local') throw routeError('localRoute', destination.text, id);
    if (route.GatewayId?.startsWith('vpce-') === true) throw routeError('endpointTarget');
    context.resources.put('RouteTables', { ...table, Routes: table.Routes?.filter((one) => one !== route) ?? [] });
    return {};
  },
});
