/**
 * CreateRoute: adds a route to a table.
 *
 * In:    a table, a destination, a target. Out: that it is done.
 * Fails: as `route-errors.ts` lists them, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "CreateRoute", August 2026
 */
import type { CreateRouteRequest, CreateRouteResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { routeError } from '../route-errors.ts';
import { destinationOf, routeTo, wantedRoute } from '../routes.ts';

export const createRoute = writeAction<CreateRouteRequest, CreateRouteResult>({
  name: 'CreateRoute',
  run(input, context) {
    const table = itemWithId(context.resources, 'RouteTables', input.RouteTableId);
    const destination = destinationOf(context, input);
    if (routeTo(table, destination) !== undefined) throw routeError('exists', destination.text);
    const made = wantedRoute(context, table, destination, input);
    context.resources.put('RouteTables', { ...table, Routes: [...(table.Routes ?? []), made] });
    return { Return: true };
  },
});
