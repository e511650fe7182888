/**
 * ReplaceRoute: gives a route another target.
 *
 * In:    a table, a destination, a target. Out: nothing. Holds: a local route stays local.
 * Fails: as `route-errors.ts` lists them, `….NotFound`, `….Malformed`.
 * @see EC2 API Reference, "ReplaceRoute", August 2026
 */
import type { ReplaceRouteRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { routeError } from '../route-errors.ts';
import { destinationOf, routeTo, wantedRoute } from '../routes.ts';

export const replaceRoute = writeAction<ReplaceRouteRequest, object>({
  name: 'ReplaceRoute',
  run({ LocalTarget: toLocal, ...input }, context) {
    const table = itemWithId(context.resources, 'RouteTables', input.RouteTableId);
    const destination = destinationOf(context, input);
    const before = routeTo(table, destination);
    if (before === undefined) throw routeError('noRouteToReplace', destination.text);
    if (before.GatewayId === 'local') {
      if (toLocal === true) return {};
      throw routeError('localStays', destination.text);
    }
    if (toLocal === true) throw routeError('notHere', 'LocalTarget');
    if (before.GatewayId?.startsWith('vpce-') === true) throw routeError('endpointTarget');
    const made = wantedRoute(context, table, destination, input);
    const routes = table.Routes?.map((route) => (route === before ? made : route)) ?? [];
    context.resources.put('RouteTables', { ...table, Routes: routes });
    return {};
  },
});
