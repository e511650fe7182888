/**
 * DisassociateRouteTable: a subnet takes the main table of its VPC again, a gateway none.
 *
 * In:    an association. Out: nothing. Fails: `InvalidAssociationID.NotFound`, `InvalidParameterValue` for the main one.
 * @see EC2 API Reference, "DisassociateRouteTable", August 2026
 */
import type { DisassociateRouteTableRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { disassociate, findAssociation } from '../route-associations.ts';
import { routeError } from '../route-errors.ts';

export const disassociateRouteTable = writeAction<DisassociateRouteTableRequest, object>({
  name: 'DisassociateRouteTable',
  run({ AssociationId: id }, { resources }) {
    const { table, association } = findAssociation(resources, id);
    if (association.Main === true) throw routeError('mainAssociation', id);
    disassociate(resources, table, id);
    return {};
  },
});
