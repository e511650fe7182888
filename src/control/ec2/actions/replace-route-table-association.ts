/**
 * ReplaceRouteTableAssociation: whatever has an association takes another table; of the main one, the whole VPC.
 *
 * In:    an association, a table of the same VPC. Out: the new association.
 * Fails: `InvalidAssociationID.NotFound`, `InvalidRouteTableID.*`, `InvalidParameterValue`.
 * @see EC2 API Reference, "ReplaceRouteTableAssociation", August 2026
 */
import type { ReplaceRouteTableAssociationRequest, ReplaceRouteTableAssociationResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { associate, disassociate, findAssociation } from '../route-associations.ts';
import { routeError } from '../route-errors.ts';

export const replaceRouteTableAssociation = writeAction<
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult
>({
  name: 'ReplaceRouteTableAssociation',
  run({ AssociationId: id, RouteTableId: tableId }, { newId, resources }) {
    const { VpcId: vpcId } = itemWithId(resources, 'RouteTables', tableId);
    const { table: before, association } = findAssociation(resources, id);
    if (before.VpcId !== vpcId) throw routeError('otherNetwork', tableId, 'association', id);
    disassociate(resources, before, id);
    const made = newId('rtbassoc-');
    // It may be the table that had it.
    associate(resources, itemWithId(resources, 'RouteTables', tableId), made, association);
    return { NewAssociationId: made, AssociationState: { State: 'associated' } };
  },
});
