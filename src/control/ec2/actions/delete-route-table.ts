/**
 * DeleteRouteTable: takes a table away that nothing takes.
 *
 * In:    a table. Out: nothing. Fails: `DependencyViolation`, `InvalidRouteTableID.*`.
 * @see EC2 API Reference, "DeleteRouteTable", August 2026
 */
import type { DeleteRouteTableRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { forgetTable } from '../endpoints.ts';
import { itemWithId } from '../find-items.ts';
import { routeError } from '../route-errors.ts';

export const deleteRouteTable = writeAction<DeleteRouteTableRequest, object>({
  name: 'DeleteRouteTable',
  run({ RouteTableId: id }, { resources }) {
    const table = itemWithId(resources, 'RouteTables', id);
    if ((table.Associations?.length ?? 0) > 0) throw routeError('tableInUse', id);
    forgetTable(resources, id);
    resources.remove('RouteTables', id);
    return {};
  },
});
