/**
 * DeleteVpcPeeringConnection: either side ends a connection; one that waits, only who asked for it.
 *
 * In:    a connection. Out: that it is done. Holds: routes of both sides through it lead nowhere.
 * Fails: `OperationNotPermitted`, `InvalidStateTransition`, `InvalidVpcPeeringConnectionID.*`.
 * @see EC2 API Reference, "DeleteVpcPeeringConnection", August 2026
 */
import type { DeleteVpcPeeringConnectionRequest, DeleteVpcPeeringConnectionResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { checkTransition, endPeering, findPeering, isOwnSide } from '../peering.ts';
import { peeringError } from '../peering-errors.ts';

export const deleteVpcPeeringConnection = writeAction<
  DeleteVpcPeeringConnectionRequest,
  DeleteVpcPeeringConnectionResult
>({
  name: 'DeleteVpcPeeringConnection',
  run({ VpcPeeringConnectionId: id }, context) {
    const peering = findPeering(context, id);
    checkTransition(peering, ['pending-acceptance', 'active'], 'deleting');
    if (peering.Status?.Code === 'pending-acceptance' && !isOwnSide(context, peering, 'RequesterVpcInfo'))
      throw peeringError('notAsked', context.account, 'delete', id);
    endPeering(context, peering, 'deleted', `Deleted by ${context.account}`);
    return { Return: true };
  },
});
