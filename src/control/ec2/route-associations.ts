/**
 * Which table the subnets and gateways of a VPC take.
 *
 * In:    associations of route tables. Out: the same, changed.
 * Holds: a VPC has one main association; a subnet or gateway has at most one of its own.
 * Fails: as `route-errors.ts` lists them.
 */
import type { Change } from './action.ts';
import type { Items } from './items.ts';
import { routeError } from './route-errors.ts';

type RouteTable = Items['RouteTables'];
export type Association = NonNullable<RouteTable['Associations']>[number];

/** The association with an id, and the table that has it. */
export function findAssociation(
  resources: Change,
  id: string,
): { readonly table: RouteTable; readonly association: Association } {
  for (const table of resources.list('RouteTables')) {
    const association = table.Associations?.find(({ RouteTableAssociationId }) => RouteTableAssociationId === id);
    if (association !== undefined) return { table, association };
  }
  throw routeError('noAssociation', id);
}

/** Adds an association to a table. */
export function associate(resources: Change, table: RouteTable, id: string, of: Partial<Association>): void {
  const made: Association = {
    Main: false,
    ...of,
    RouteTableAssociationId: id,
    RouteTableId: table.RouteTableId ?? '',
    AssociationState: { State: 'associated' },
  };
  resources.put('RouteTables', { ...table, Associations: [...(table.Associations ?? []), made] });
}

/** Takes an association from its table. */
export function disassociate(resources: Change, table: RouteTable, id: string): void {
  const kept = table.Associations?.filter(({ RouteTableAssociationId }) => RouteTableAssociationId !== id) ?? [];
  resources.put('RouteTables', { ...table, Associations: kept });
}
