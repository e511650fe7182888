/**
 * VPC endpoints and the routes to those of the gateway type.
 *
 * In:    endpoints, route tables. Out: the same, changed.
 * Holds: an endpoint of the gateway type has a route in each of its tables, and in no other.
 */
import type { Change } from './action.ts';
import type { Items } from './items.ts';

export type Endpoint = Items['VpcEndpoints'];

/** A table that is deleted is none of an endpoint any more. */
export function forgetTable(resources: Change, tableId: string): void {
  for (const one of resources.list('VpcEndpoints')) {
    const { RouteTableIds: ids = [] } = one;
    if (ids.includes(tableId))
      resources.put('VpcEndpoints', { ...one, RouteTableIds: ids.filter((id) => id !== tableId) });
  }
}
